"""Words are made before the run, from its seed."""

from harness.populations.habits import CustomerHabits
from harness.target import default_profile
from scenarios.words import ANSWERS, TEXTS, prepare
from tests.harness.swarm.simulation import plan_for

PROFILE = default_profile("ws://shop/")


def test_the_same_seed_makes_the_same_words() -> None:
    assert prepare(plan_for(seed=4), PROFILE) == prepare(plan_for(seed=4), PROFILE)
    assert prepare(plan_for(seed=4), PROFILE) != prepare(plan_for(seed=5), PROFILE)


def test_there_are_enough_words_of_the_asked_languages() -> None:
    lexicon = prepare(plan_for(), PROFILE)
    assert (len(lexicon.texts), len(lexicon.answers)) == (TEXTS, ANSWERS)
    assert {text.isascii() for text in lexicon.texts} == {True, False}
    only_english = prepare(plan_for(locales=("en_US",)), PROFILE)
    assert "".join(only_english.texts).isascii()


def test_texts_have_the_lengths_that_were_asked_for() -> None:
    plan = plan_for(customer=CustomerHabits(text_chars=(7, 300)))
    lengths = [len(text) for text in prepare(plan, PROFILE).texts]
    assert (min(lengths), max(lengths)) == (7, 300)
    assert sorted(lengths)[TEXTS // 2] < 60
