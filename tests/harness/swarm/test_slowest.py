"""What is kept of the slowest messages."""

from harness.ledger.observations import Opened, SendOutcome, Sent
from harness.swarm.longest import MOST
from harness.swarm.slowest import Slowest

MEASURED_NS = 1_000


def sent(latency_ns: int, *, sender: int = 0, due_ns: int = 5_000, **more: object) -> Sent:
    values = {"outcome": SendOutcome.ACKED, "sent_ns": due_ns, "done_ns": due_ns + latency_ns}
    return Sent(1, 0, sender, 0, 0, due_ns, **(values | more))


def slowest(*observations: object) -> list[int]:
    kept = Slowest(lambda sender: sender != 9)
    kept.look([sent(10**9)])  # before t0 is known nothing is measured
    kept.start(MEASURED_NS)
    kept.look(observations)
    return [each.done_ns - each.due_ns for each in kept.found()]


def test_only_the_slowest_are_kept_the_slowest_first() -> None:
    latencies = [(number * 7_919) % 1_009 for number in range(1_000)]
    kept = slowest(*(sent(latency) for latency in latencies))
    assert kept == sorted(latencies, reverse=True)[:MOST]


def test_what_says_nothing_of_the_target_is_left_out() -> None:
    assert slowest(
        Opened(1, 0, False, 0, 10),
        sent(70),
        sent(900, sender=9),
        sent(900, outcome=SendOutcome.UNKNOWN),
        sent(900, outcome=SendOutcome.REFUSED),
        sent(900, due_ns=MEASURED_NS - 1),
    ) == [70]


def test_equally_slow_ones_stand_in_the_order_in_which_they_came() -> None:
    kept = Slowest(lambda _: True)
    kept.start(0)
    kept.look([sent(5, due_ns=2), sent(5, due_ns=1), sent(6, due_ns=3)])
    assert [each.due_ns for each in kept.found()] == [3, 2, 1]
