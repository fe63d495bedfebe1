"""Faults of upkeep."""

import pytest

from schemas.fault_journal import Acted, Did, read_journal
from schemas.messages import text

pytestmark = pytest.mark.loopback


def test_after_so_many_messages_some_connection_is_dropped(start, tmp_path):
    path = tmp_path / "journal"
    server = start("--fault", "drop-every=3", "--fault-journal", str(path), "--fault-seed", "1")
    customer = server.customer()
    for number in range(3):
        customer.tell(text(f"word {number}"))
    assert customer.close_code() is None
    assert server.customer("C2").ask(text("still there"))["Result"] is True
    server.process.terminate()
    server.process.wait()
    acts = [each for each in read_journal(path) if isinstance(each, Acted)]
    assert [(act.did, act.connection) for act in acts] == [(Did.DROPPED, 1)]
