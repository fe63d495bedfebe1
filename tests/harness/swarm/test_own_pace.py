"""How fast one connection may speak."""

from harness.pace import Pace
from harness.swarm.allowance import Allowance
from harness.swarm.own_pace import own_pace

NS = 1_000_000_000


def test_a_target_that_bears_any_number_sets_no_pace() -> None:
    assert own_pace(Allowance(), Pace(0)) is None


def test_a_connection_keeps_to_its_own_limit_and_what_is_beside_to_both() -> None:
    beside = Pace(1, 1.0)
    one, other = own_pace(Allowance(2, 1), beside), own_pace(Allowance(2, 1), beside)
    assert one is not None
    assert other is not None
    one.sent(NS, scheduled=False)
    assert one.wait_s(NS, scheduled=True) == 0
    assert other.wait_s(NS, scheduled=False) == 1
    one.sent(NS, scheduled=True)
    assert one.wait_s(NS + NS // 2, scheduled=True) == 0.5
    assert other.wait_s(NS + NS // 2, scheduled=True) == 0
