"""The catalogue as data: whole, named well, tied to the register, and bending what it says."""

import re

import pytest

from reference_server.faults import CATALOGUE, CHAPTERS, FaultRefused, assemble
from reference_server.parts import Parts
from schemas.clauses import register
from schemas.fault_listing import FoundBy
from schemas.judge import FrameJudge
from schemas.registry import Tier, WireDialect
from schemas.verdicts import Level
from tests.reference_server.faults.play import C1, C2, S1, talk, words

HONEST = talk(Parts())
MISSING_WHERE_MISSPELLED = {
    "out-msgstatus-present",
    "out-result-present",
    "out-receive-unread-count",
    "out-titletype-word",
}
JUDGED = FrameJudge(dialect=WireDialect(tier=Tier.STRICT))


def test_there_are_at_least_eighty_faults_and_no_name_is_used_twice():
    assert len(CATALOGUE) >= 80
    assert sum(map(len, CHAPTERS.values())) == len(CATALOGUE)


def test_every_clause_that_a_server_can_break_has_a_fault_that_breaks_it():
    broken = {clause for fault in CATALOGUE.values() for clause in fault.clauses}
    assert {slug for slug in register() if slug not in broken} == {
        slug for slug, entry in register().items() if entry.untestable
    }


@pytest.mark.parametrize("fault", CATALOGUE.values(), ids=CATALOGUE)
def test_a_fault_is_named_and_described(fault):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fault.name)
    assert re.fullmatch(r"[A-Z].*\.", fault.intent)
    assert set(fault.clauses) <= set(register())


@pytest.mark.parametrize("fault", CATALOGUE.values(), ids=CATALOGUE)
def test_a_fault_breaks_a_clause_or_moves_what_a_load_run_measures(fault):
    assert fault.clauses if fault.found_by is not FoundBy.LOAD else fault.moves
    assert fault.found_by is FoundBy.LOAD or not fault.by_chance


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_default_is_a_value_the_fault_takes(name):
    takes = CATALOGUE[name].takes
    assert takes is None or takes.read(takes.default) is not None


def test_all_faults_can_be_had_together():
    assert assemble(CATALOGUE, Parts()).hall.__mro__


def _found_in(parts):
    texts = [each for heard in talk(parts).texts.values() for each in heard]
    return {finding.clause for each in texts for finding in JUDGED.judge(each).findings}


def test_the_honest_frames_break_nothing():
    assert _found_in(Parts()) == set()


FRAME_FAULTS = [
    fault
    for chapter in ("JSON types of members", "shape of frames", "JSON text")
    for fault in CHAPTERS[chapter]
]


@pytest.mark.parametrize("fault", FRAME_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_of_a_frame_is_found_by_the_frame_judge_under_its_own_clause(fault):
    found = _found_in(assemble([fault.name], Parts()))
    wanted = {clause for clause in fault.clauses if clause.startswith("out-")}
    assert wanted <= found
    noted = {clause for clause in found - wanted if register()[clause].level is not Level.INFO}
    assert noted <= MISSING_WHERE_MISSPELLED


def test_the_honest_server_hears_and_delivers_everything():
    assert words(HONEST.heard(S1), "Receive") == ["one", "two", "three", "/a.jpg", "P-1001"]
    assert HONEST.heard(C2) == HONEST.heard(C1)[:1]


def test_faults_add_up():
    parts = assemble(["duplicate-delivery", "unread-off-by-one", "misrouted-delivery"], Parts())
    heard = talk(parts)
    assert words(heard.heard(S1), "Receive")[:2] == ["one", "one"]
    assert heard.heard(S1)[-2]["NoReadQty"] == 6
    assert words(heard.heard(C2), "Receive")[:1] == ["one"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("mising-ack", "There is no fault 'mising-ack': did you mean 'missing-ack'?"),
        ("missing-ack=3", "The fault missing-ack takes no value: write --fault missing-ack."),
        ("delay=", "The fault delay takes a duration such as 20ms, not ''"),
        ("delay=20", "The fault delay takes a duration such as 20ms, not '20'"),
        ("loss=1.5", "The fault loss takes a share over 0 and up to 1, such as 0.01, not '1.5'"),
        ("stall=1s", "The fault stall takes DURATION@AFTER, such as 1s@5s, not '1s'"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_sentence(asked, sentence):
    with pytest.raises(FaultRefused) as refused:
        assemble([asked], Parts())
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_the_same_fault_is_not_had_twice():
    with pytest.raises(FaultRefused, match="given twice"):
        assemble(["delay=1ms", "delay=2ms"], Parts())
