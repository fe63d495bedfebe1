"""The journal's records survive their way through a file."""

import msgspec
import pytest

from schemas.fault_journal import (
    Acted,
    Did,
    Direction,
    Ended,
    FrameNoted,
    Identified,
    JournalHeader,
    Opened,
    Saying,
    encode,
    read_journal,
)

SAYING = Saying(type="text", content="0a1b2c.1.2.3.4.deadbeef", sender="C1")
RECORDS = [
    JournalHeader(journal_version="1.0", at_ns=1, unix_ns=2, pid=3, faults=["loss=0.01"], seed=4),
    Opened(at_ns=5, connection=1, peer="127.0.0.1:5"),
    Identified(at_ns=6, peer="127.0.0.1:5", sn="C1", role="customer"),
    FrameNoted(
        at_ns=7,
        connection=1,
        direction=Direction.WRITTEN,
        opcode=1,
        size=99,
        status="Receive",
        message=SAYING,
    ),
    Acted(at_ns=8, fault="loss", did=Did.LOST, to_sn="S1", message=SAYING),
    Ended(at_ns=9, connection=1),
]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "journal.ndjson"
    path.write_bytes(b"".join(encode(record) + b"\n" for record in RECORDS))
    return path


def test_what_is_written_is_read_again(path):
    assert list(read_journal(path)) == RECORDS


def test_a_last_line_that_was_cut_off_is_left_out(path):
    path.write_bytes(path.read_bytes()[:-10])
    assert list(read_journal(path)) == RECORDS[:-1]


def test_a_damaged_line_is_not_passed_over(path):
    path.write_bytes(b"{}\n" + path.read_bytes())
    with pytest.raises(msgspec.DecodeError):
        list(read_journal(path))
