"""The number of unread messages that a delivery tells."""

import pytest

from harness.conformance.counting import is_told
from harness.conformance.stops import Broken
from harness.events import Delivered


def told(count):
    return Delivered(frame={"MsgStatus": "Receive", "NoReadQty": count}, msg={})


def test_the_right_number_is_right():
    is_told(told(3), 3, "unread-count")


@pytest.mark.parametrize("count", [2, None, "3"])
def test_any_other_breaks_the_clause_where_it_stands(count):
    with pytest.raises(Broken) as stop:
        is_told(told(count), 3, "read-marks")
    assert (stop.value.finding.clause, stop.value.finding.pointer) == ("read-marks", "/NoReadQty")
