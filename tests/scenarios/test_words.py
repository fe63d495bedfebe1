"""Words are made before the run, from its seed."""

from harness.target import default_profile
from scenarios.words import ANSWERS, TEXTS, prepare
from tests.harness.swarm.simulation import plan_for

PROFILE = default_profile("ws://shop/")


def test_the_same_seed_makes_the_same_words() -> None:
    assert prepare(plan_for(seed=4), PROFILE) == prepare(plan_for(seed=4), PROFILE)
    assert prepare(plan_for(seed=4), PROFILE) != prepare(plan_for(seed=5), PROFILE)


def test_there_are_enough_words_of_the_asked_locale() -> None:
    lexicon = prepare(plan_for(), PROFILE)
    assert (len(lexicon.texts), len(lexicon.answers)) == (TEXTS, ANSWERS)
    assert all(lexicon.texts)
    assert not "".join(lexicon.texts).isascii()
    assert "".join(prepare(plan_for(locale="en_US"), PROFILE).texts).isascii()
