"""What goes another way than live comes otherwise there, and as it was said live."""

import pytest

from schemas.messages import assignment, confirm, image, text, title
from schemas.words import Role, TitleType
from tests.reference_server.faults.play import C1, C2, S1, stage

OTHER, LATER = 8, 9
WORDS = text("<b>&amp;</b> 👋 " + "x" * 4_200)
SAID = (WORDS, image("/Upload/A.JPG"), title(TitleType.PRO, "P-1001"))


def shown(told):
    """What can be bent of a message: its content, and whether it has info."""
    msgs = [each["msg"] for each in told if each["msg"]["type"] != "staff"]
    return [(msg["content"], msg["info"] is not None) for msg in msgs]


def live(scene):
    """As staff is told that attends."""
    scene.say(S1, confirm("C1"))
    for message in SAID:
        scene.say(C1, message)
    return shown(scene.told(S1))


def offered(scene):
    """As staff is told for whom it has waited."""
    scene.leave(S1)
    for message in SAID:
        scene.say(C1, message)
    scene.login(LATER, "S2", Role.STAFF)
    return shown(scene.told(LATER))


def replayed(scene):
    """As a customer is told who was away."""
    scene.say(S1, confirm("C1", read=True))
    scene.leave(C1)
    for message in SAID:
        scene.say(S1, message)
    scene.login(LATER, "C1", Role.CUSTOMER)
    return shown(scene.told(LATER))


def mirrored(scene):
    """As the account's other device is told."""
    scene.login(OTHER, "C1", Role.CUSTOMER)
    for message in SAID:
        scene.say(C1, message)
    return shown(scene.told(OTHER))


WAYS = (live, offered, replayed, mirrored)
BENT = {
    "kept-words-escaped": {replayed},
    "kept-emoji-lost": {offered, replayed},
    "kept-words-cut": {offered, replayed},
    "kept-images-lower-case": {offered, replayed},
    "offered-words-escaped": {offered},
    "offered-without-info": {offered},
    "mirrored-words-escaped": {mirrored},
    "mirrored-without-info": {mirrored},
    "mirrored-images-twice": {mirrored},
}


@pytest.mark.parametrize("way", WAYS)
def test_an_honest_server_says_the_same_on_each_way(way):
    assert way(stage()) == [(each.content, each.type == "title") for each in SAID]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", BENT)
def test_it_is_bent_on_its_own_way_alone(fault, way):
    assert (way(stage(fault)) != way(stage())) is (way in BENT[fault])


@pytest.mark.parametrize(
    ("fault", "at", "differs"),
    [
        ("kept-words-escaped", 0, lambda said: said.startswith("&lt;b&gt;")),
        ("kept-emoji-lost", 0, lambda said: "👋" not in said and " ? " in said),
        ("kept-words-cut", 0, lambda said: len(said) == 4_000),
        ("kept-images-lower-case", 1, lambda said: said == "/upload/a.jpg"),
    ],
)
def test_what_waited_is_bent_as_it_says(fault, at, differs):
    assert differs(replayed(stage(fault))[at][0])


def attended(*faults):
    scene = stage(*faults)
    scene.say(S1, confirm("C1"))
    scene.told(C1)
    return scene


@pytest.mark.parametrize(
    ("faults", "names"), [((), ["S1", "S2"]), (("kept-under-another-name",), ["S2", "S2"])]
)
def test_what_one_has_said_is_anothers(faults, names):
    scene = attended(*faults)
    scene.leave(C1)
    scene.say(S1, text("from me"))
    scene.say(S1, assignment("C1"))
    scene.login(OTHER, "S2", Role.STAFF)
    scene.say(OTHER, confirm("C1"))
    scene.say(OTHER, text("from me, now"))
    scene.login(LATER, "C1", Role.CUSTOMER)
    told = [each["msg"] for each in scene.told(LATER) if each["msg"]["type"] == "text"]
    assert [msg["SendSn"] for msg in told] == names


@pytest.mark.parametrize(("faults", "count"), [((), 25), (("replay-to-staff-a-page",), 20)])
def test_staff_is_sent_a_page(faults, count):
    scene = stage(*faults)
    for number in range(25):
        scene.say(C1, text(str(number)))
    scene.login(OTHER, "S2", Role.STAFF)
    scene.say(OTHER, confirm("C1"))
    told = [each["msg"]["content"] for each in scene.told(OTHER)]
    assert told == [str(number) for number in range(25 - count, 25)]


@pytest.mark.parametrize(
    ("faults", "counts"), [((), [1, 1, 2]), (("offers-counted-together",), [1, 2, 3])]
)
def test_offers_are_counted_together(faults, counts):
    scene = stage(*faults)
    scene.login(C2, "C2", Role.CUSTOMER)
    for customer in (C1, C2, C1):
        scene.say(customer, text("anybody?"))
    assert [each["NoReadQty"] for each in scene.told(S1)] == counts


@pytest.mark.parametrize(("faults", "count"), [((), 3), (("closing-forgets-devices",), 1)])
def test_a_second_device_is_forgotten_with_the_closing(faults, count):
    scene = attended(*faults)
    scene.login(OTHER, "C1", Role.CUSTOMER)
    scene.told(OTHER)
    for message in (assignment("C1"), confirm("C1"), text("me again")):
        scene.say(S1, message)
    assert len(scene.told(C1)) == 3
    assert len(scene.told(OTHER)) == count


@pytest.mark.parametrize(
    ("faults", "counts"),
    [((), {"text": 1, "image": 1}), (("read-by-staff-texts-only",), {"text": 1, "image": 2})],
)
def test_only_texts_of_staff_mark(faults, counts):
    reading = {"text": text("seen", read=True), "image": image("/seen.jpg", read=True)}
    for kind, count in counts.items():
        scene = attended(*faults)
        scene.say(C1, text("one"))
        scene.say(S1, reading[kind])
        scene.say(C1, text("two"))
        assert scene.told(S1)[-1]["NoReadQty"] == count


@pytest.mark.parametrize(("faults", "words"), [((), "  a\n"), (("posted-words-trimmed",), "a")])
def test_posted_words_are_trimmed(faults, words):
    scene = attended(*faults)
    scene.post(LATER, "C1", text("  a\n"))
    scene.say(C1, text("  by socket "))
    assert [each["msg"]["content"] for each in scene.told(S1)] == [words, "  by socket "]
