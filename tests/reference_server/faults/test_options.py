"""The command line of faults, and what a faulty server leaves behind."""

import json
import re
import signal

import pytest

from reference_server.faults import CATALOGUE
from schemas.fault_journal import Acted, Did, Direction, FrameNoted, Identified, read_journal
from schemas.messages import confirm, text
from tests.reference_server.conftest import DEADLINE_S, spawn

pytestmark = pytest.mark.loopback


def printed(*arguments):
    with spawn(*arguments) as process:
        out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, err) == (0, "")
    return out


def test_the_list_names_every_fault_with_its_clauses():
    out = printed("--list-faults")
    for fault in CATALOGUE.values():
        assert re.search(rf"^  {re.escape(fault.name)}[= ].*{re.escape(fault.intent)}", out, re.M)
        assert all(clause in out for clause in fault.clauses)


def test_the_list_as_json_holds_what_the_catalogue_holds():
    listed = {each["name"]: each for each in json.loads(printed("--list-faults", "--json"))}
    assert set(listed) == set(CATALOGUE)
    assert listed["delay"]["default"] == "20ms"
    assert listed["missing-ack"]["clauses"] == ["ack-one-per-message"]
    assert listed["loss"]["moves"] == ["lost"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--fault", "dellay=20ms"), "There is no fault 'dellay': did you mean 'delay'?"),
        (("--fault", "delay=soon"), "takes a duration such as 20ms, not 'soon'"),
        (("--fault-seed", "-1"), "'-1' is no seed: give a whole number"),
        (("--fault-journal", "/no/such/folder/j"), "Cannot write the journal /no/such/folder/j"),
    ],
)
def test_misuse_is_one_sentence_and_exit_2(refusal, arguments, sentence):
    assert sentence in refusal(*arguments)


@pytest.mark.parametrize("wrong", [("--fault", "no-such-fault"), ("--host", "192.0.2.1")])
def test_a_server_that_does_not_start_leaves_no_journal(refusal, tmp_path, wrong):
    path = tmp_path / "journal.ndjson"
    refusal(*wrong, "--fault-journal", str(path))
    assert not path.exists()


def test_chance_prints_its_seed_and_an_honest_server_none(start):
    server = start("--fault", "loss", "--fault-seed", "42")
    server.process.send_signal(signal.SIGTERM)
    assert server.process.communicate(timeout=DEADLINE_S)[1] == "fault seed: 42\n"
    honest = start()
    honest.process.send_signal(signal.SIGTERM)
    assert honest.process.communicate(timeout=DEADLINE_S)[1] == ""


def journal_of(start, path, *faults):
    """The journal of a short talk with a server that has these faults."""
    asked = [word for fault in faults for word in ("--fault", fault)]
    server = start(*asked, "--fault-journal", str(path), "--fault-seed", "1")
    customer, staff = server.customer(), server.staff()
    staff.ask(confirm("C1"))
    for number in range(5):
        customer.ask(text(f"word {number}"))
        if "loss=1" not in faults:
            staff.next()
    server.process.send_signal(signal.SIGTERM)
    server.process.communicate(timeout=DEADLINE_S)
    return list(read_journal(path))


def test_the_journal_holds_every_frame_in_both_directions(start, tmp_path):
    header, *records = journal_of(start, tmp_path / "j")
    assert (header.faults, header.seed) == ([], 1)
    stamps = [record.at_ns for record in records]
    assert stamps == sorted(stamps)
    frames = [each for each in records if isinstance(each, FrameNoted) and each.message]
    seen = [(each.direction, each.status) for each in frames if "word 3" in each.message.content]
    written = Direction.WRITTEN
    assert sorted(seen) == [
        (Direction.RECEIVED, ""),
        (written, "Receive"),
        (written, "Send"),
    ]
    accounts = {each.sn: each.peer for each in records if isinstance(each, Identified)}
    assert set(accounts) == {"C1", "S1"}


def test_the_journal_holds_what_a_fault_did(start, tmp_path):
    records = journal_of(start, tmp_path / "j", "loss=1")
    acts = [each for each in records if isinstance(each, Acted)]
    assert [(act.fault, act.did, act.to_sn) for act in acts] == [("loss", Did.LOST, "S1")] * 5
    assert [act.message.content for act in acts] == [f"word {number}" for number in range(5)]


def test_what_is_noted_as_written_was_written_late(start, tmp_path):
    records = journal_of(start, tmp_path / "j", "delay=30ms")
    frames = [each for each in records if isinstance(each, FrameNoted) and each.message]
    for number in range(5):
        came, answered = (
            next(each.at_ns for each in frames if each.status == status and _is(each, number))
            for status in ("", "Send")
        )
        assert answered - came >= 30_000_000
    delays = [each for each in records if isinstance(each, Acted)]
    assert {act.did for act in delays} == {Did.DELAYED}
    assert min(act.amount_us for act in delays) >= 30_000


def _is(record, number):
    return record.message.content == f"word {number}"
