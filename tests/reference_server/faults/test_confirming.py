"""What is refused to staff has an effect all the same, or is not refused."""

import pytest

from schemas.messages import confirm, text
from schemas.words import Role
from tests.reference_server.faults.play import C1, C2, S1, stage

S2 = 8


def attended(*faults):
    scene = stage(*faults)
    scene.login(C2, "C2", Role.CUSTOMER)
    scene.say(S1, confirm("C1"))
    return scene


@pytest.mark.parametrize(("faults", "taken"), [((), False), (("own-case-confirmed-again",), True)])
def test_ones_own_customer_can_be_confirmed_again(faults, taken):
    scene = attended(*faults)
    assert scene.answer(S1, confirm("C1"))["Result"] is taken
    assert scene.answer(S1, confirm("C2"))["Result"] is False


@pytest.mark.parametrize(("faults", "count"), [((), 2), (("refused-confirm-marks",), 1)])
def test_a_refused_confirm_marks(faults, count):
    scene = attended(*faults)
    scene.say(C1, text("one"))
    assert scene.answer(S1, confirm("C2", read=True))["Result"] is False
    scene.say(C1, text("two"))
    assert scene.told(S1)[-1]["NoReadQty"] == count


@pytest.mark.parametrize(
    ("faults", "told"), [((), ["one", "two"]), (("refused-confirm-ends-offers",), ["one"])]
)
def test_a_refused_confirm_ends_the_offers(faults, told):
    scene = attended(*faults)
    scene.login(S2, "S2", Role.STAFF)
    scene.say(C2, text("one"))
    scene.say(S2, confirm("C1"))
    scene.say(C2, text("two"))
    assert [each["msg"]["content"] for each in scene.told(S2)] == told
