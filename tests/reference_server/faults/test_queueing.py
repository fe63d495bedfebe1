"""A server that takes so many messages a second and no more."""

import time

import pytest

from reference_server.faults.queueing import Counter
from schemas.fault_journal import Acted, Did, read_journal
from schemas.messages import text

MS = 1_000_000


def test_one_after_another_is_served_and_idle_time_is_not_saved_up():
    counter = Counter(10 * MS)
    assert [counter.due_ns(now * MS) for now in (0, 0, 5, 100, 100)] == [
        due * MS for due in (10, 20, 30, 110, 120)
    ]


@pytest.mark.loopback
def test_what_comes_faster_waits_in_one_line_and_nothing_is_lost(start, tmp_path):
    path = tmp_path / "journal"
    server = start("--fault", "queue=100", "--fault-journal", str(path))
    customers = [server.customer("C1"), server.customer("C2")]
    began = time.monotonic()
    for number in range(15):
        for customer in customers:
            customer.tell(text(f"word {number}"))
    answers = [[customer.next() for _ in range(15)] for customer in customers]
    took_s = time.monotonic() - began
    for each in answers:
        assert [answer["msg"]["content"] for answer in each] == [f"word {n}" for n in range(15)]
    server.process.terminate()
    server.process.wait()
    acts = [each for each in read_journal(path) if isinstance(each, Acted)]
    assert [act.did for act in acts] == [Did.DELAYED] * 30
    assert 290_000 <= max(act.amount_us for act in acts) <= took_s * 1e6
    assert min(act.amount_us for act in acts) >= 10_000
