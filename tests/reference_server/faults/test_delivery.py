"""Faults of delivery that no running server shows: what a crash reveals."""

import pytest

from schemas.messages import confirm, text

pytestmark = pytest.mark.loopback


def replayed(start, path, *faults):
    """What staff is sent after a crash that followed an acknowledged message."""
    server = start("--db", str(path), *faults)
    answer = server.customer().ask(text("kept?"))
    assert answer["Result"] is True
    server.process.kill()
    server.process.wait()
    staff = start("--db", str(path)).staff()
    staff.tell(confirm("C1"))
    first = staff.next()
    return first["msg"]["content"] if first["MsgStatus"] == "Receive" else None


def test_an_acknowledged_message_survives_a_crash(start, tmp_path):
    assert replayed(start, tmp_path / "honest") == "kept?"


def test_acknowledging_before_the_commit_is_revealed_by_a_crash(start, tmp_path):
    assert replayed(start, tmp_path / "faulty", "--fault", "ack-before-commit") is None
