"""Members of the message before that a reused object still has."""

import pytest

from schemas.messages import confirm, text, title
from schemas.words import TitleType
from tests.reference_server.faults.play import C1, S1, stage

LACKING_TOPIC = '{"type":"title","content":"returns"}'
LACKING_READ = '{"type":"text","content":"two"}'


@pytest.mark.parametrize(("faults", "accepted"), [((), False), (("topic-remembered",), True)])
def test_a_title_has_the_topic_of_the_one_before(faults, accepted):
    scene = stage(*faults)
    scene.say(C1, title(TitleType.PRO, "P-1001"))
    scene.say(C1, title(TitleType.OTHER, "shipping"))
    scene.say_text(C1, LACKING_TOPIC)
    answer = scene.heard(C1)[-1]
    assert answer["Result"] is accepted
    assert not accepted or answer["msg"]["titletype"] == "other"


@pytest.mark.parametrize("faults", [(), ("read-remembered",)])
@pytest.mark.parametrize("before", [False, True])
def test_read_is_that_of_the_message_before(faults, before):
    scene = stage(*faults)
    scene.say(S1, confirm("C1"))
    scene.say(C1, text("one", read=before))
    scene.say(S1, text("unread"))
    scene.say_text(C1, LACKING_READ)
    scene.say(S1, text("and this"))
    marked = before and bool(faults)
    assert scene.told(C1)[-1]["NoReadQty"] == (1 if marked else 2 + (not before))


@pytest.mark.parametrize(
    ("faults", "has_info"), [((), False), (("info-outlives-its-title",), True)]
)
def test_info_stays_when_its_title_has_gone(faults, has_info):
    scene = stage(*faults)
    assert scene.answer(C1, text("before"))["msg"]["info"] is None
    assert scene.answer(C1, title(TitleType.PRO, "P-1001"))["msg"]["info"] is not None
    assert (scene.answer(C1, text("behind"))["msg"]["info"] is not None) is has_info
