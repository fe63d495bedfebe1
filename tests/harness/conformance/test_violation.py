"""In how many ways a violation is sent."""

import pytest

from harness.blocking.wire import Shape
from harness.conformance.violation import Wrong

SLUG = "rfc-mask-required"


@pytest.mark.parametrize(
    ("wrong", "shapes"),
    [
        (Wrong(SLUG, (b"one",)), [Shape.ONE_WRITE, Shape.BYTEWISE]),
        (Wrong(SLUG, (b"one", b"two")), list(Shape)),
        (Wrong(SLUG, (bytes(70_000),)), [Shape.ONE_WRITE]),
        (Wrong(SLUG, (b"one", b"two"), only=Shape.PIECEWISE), [Shape.PIECEWISE]),
    ],
    ids=["one frame", "two frames", "a long one", "one way only"],
)
def test_a_violation_is_sent_in_every_way_that_differs(wrong, shapes):
    assert list(wrong.shapes) == shapes
