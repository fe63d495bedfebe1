"""Times that are wrong in some digits, or for some senders, alone."""

from datetime import datetime

import pytest

from schemas.messages import confirm, text
from tests.reference_server.faults.play import C1, NOW, S1, stage


def time_of(scene, number, now_ms=NOW):
    scene.now_ms = now_ms
    return datetime.fromisoformat(scene.answer(number, text("what time is it"))["msg"]["time"])


def written(scene, now_ms):
    scene.now_ms = now_ms
    return scene.answer(C1, text("tick"))["msg"]["time"]


@pytest.mark.parametrize(
    ("ms", "digits"), [(0, ".0"), (7, ".7"), (34, ".34"), (304, ".304"), (999, ".999")]
)
def test_milliseconds_lose_their_leading_noughts(ms, digits):
    honest, bent = (written(stage(*each), NOW + ms) for each in ((), ("time-digits-unpadded",)))
    assert f".{ms:03}" in honest
    assert bent == honest.replace(f".{ms:03}", digits)


def test_only_staff_has_another_zone():
    scene = stage("staff-time-wrong-zone")
    scene.say(S1, confirm("C1"))
    customer, staff = time_of(scene, C1), time_of(scene, S1)
    assert customer.timestamp() * 1000 == NOW
    assert abs(staff - customer).total_seconds() == 9 * 3600
