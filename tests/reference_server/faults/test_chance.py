"""Faults that strike by chance: what they did is what the journal says."""

import io
import time
from collections import Counter

import msgspec
import pytest

from reference_server.faults import assemble
from reference_server.faults.journal import Journal
from reference_server.parts import Parts
from schemas.fault_journal import Acted, Did
from schemas.messages import confirm, text
from schemas.words import Role
from tests.reference_server.faults.play import C1, C2, S1, Talk, words

SAID = [f"token-{number:03d} words" for number in range(200)]


def played(fault, seed=7):
    """C1 says 200 things to the staff bound to it, C2 stands by; what S1 and C2 hear, and acts."""
    file = io.BytesIO()
    journal = Journal(lambda: file, time.monotonic_ns)
    scene = Talk(assemble([fault], Parts(), seed=seed, journal=journal))
    scene.login(C1, "C1", Role.CUSTOMER)
    scene.login(C2, "C2", Role.CUSTOMER)
    scene.login(S1, "S1", Role.STAFF)
    scene.say(S1, confirm("C1"))
    for content in SAID:
        scene.say(C1, text(content))
    acts = [msgspec.json.decode(line, type=Acted) for line in file.getvalue().splitlines()]
    return words(scene.heard(S1), "Receive"), words(scene.heard(C2), "Receive"), acts


def struck(acts, did):
    assert {act.did for act in acts} == {did}
    assert 0 < len(acts) < len(SAID)
    return [act.message.content for act in acts]


def test_loss_takes_what_the_journal_names():
    heard, _, acts = played("loss=0.1")
    lost = struck(acts, Did.LOST)
    assert heard == [content for content in SAID if content not in lost]
    assert {(act.to_sn, act.message.sender) for act in acts} == {("S1", "C1")}


def test_duplication_repeats_what_the_journal_names():
    heard, _, acts = played("duplication=0.1")
    twice = [content for content, times in Counter(heard).items() if times == 2]
    assert twice == struck(acts, Did.DUPLICATED)


def test_corruption_leaves_a_token_whole():
    heard, _, acts = played("corruption=0.1")
    changed = [said for said, came in zip(SAID, heard, strict=True) if said != came]
    assert changed == struck(acts, Did.CORRUPTED)
    assert all(came[:9] == said[:9] for said, came in zip(SAID, heard, strict=True))


def test_misrouting_reaches_a_stranger_besides():
    heard, strangers, acts = played("misrouting=0.1")
    assert heard == SAID
    assert strangers == struck(acts, Did.MISROUTED)
    assert {act.to_sn for act in acts} == {"C2"}


def test_what_is_offered_or_replayed_is_left_alone():
    scene = Talk(assemble(["loss=1"], Parts()))
    scene.login(C1, "C1", Role.CUSTOMER)
    scene.login(S1, "S1", Role.STAFF)
    scene.say(C1, text("offered"))
    assert words(scene.heard(S1), "Receive") == ["offered"]
    scene.say(S1, confirm("C1"))
    scene.say(C1, text("bound"))
    assert words(scene.heard(S1), "Receive") == ["offered"]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_seed_decides(seed):
    again = [played("loss=0.1", seed)[0] for _ in range(2)]
    assert again[0] == again[1] != played("loss=0.1", seed + 1)[0]
