"""The session without sockets: what it makes of honest, broken and shuffled answers."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.events import (
    Answered,
    Delivered,
    LoggedIn,
    LoginRefused,
    Skipped,
    Unreadable,
    Unsolicited,
)
from harness.session import State
from schemas.account_tokens import Identity
from schemas.messages import InMsg, assignment, confirm, image, receipt, text
from schemas.modes import AckMode, ContentMode, ReadReceipt
from schemas.words import MessageType, Role
from tests.harness.session_talk import CUSTOMER, STAFF, Talk


def test_login_makes_ready() -> None:
    talk = Talk()
    assert isinstance(talk.feed({"MsgStatus": "Login", "Result": True})[0], LoggedIn)
    assert talk.session.state is State.READY
    assert talk.broken == []


def test_a_refused_login_tells_why() -> None:
    talk = Talk()
    (event,) = talk.feed({"MsgStatus": "Login", "Result": False, "Error": "wrong token"})
    assert isinstance(event, LoginRefused)
    assert event.error == "wrong token"
    talk.feed(talk.delivery(text("x"), 1, STAFF))
    assert talk.broken == ["isolation"]


@pytest.mark.parametrize("status", ["Send", "Receive"])
def test_nothing_comes_before_login(status: str) -> None:
    talk = Talk()
    frame = talk.delivery(text("x"), 1, STAFF) | {"MsgStatus": status, "NoReadQty": 1}
    if status == "Send":
        del frame["NoReadQty"]
    assert isinstance(talk.feed(frame)[0], Unsolicited)
    assert talk.broken == ["login-first"]


def test_a_server_without_login_frames_is_ready_at_once() -> None:
    talk = Talk(login_frame=False)
    assert isinstance(talk.feed(talk.delivery(text("x"), 1, STAFF))[0], Delivered)
    assert talk.broken == []


def test_a_second_login_is_one_too_many() -> None:
    talk = Talk().login().login()
    assert talk.broken == ["login-once"]


def test_answers_are_matched_in_order() -> None:
    talk = Talk().login()
    first, second = text("one"), image("/a.png")
    talk.session.send(first, 1, tag="a")
    talk.session.send(second, 2, tag="b")
    answers = [*talk.feed(talk.ack(first)), *talk.feed(talk.ack(second))]
    assert [(a.pending.tag, a.accepted) for a in answers] == [("a", True), ("b", True)]
    assert (talk.session.outstanding, talk.broken) == (0, [])


def test_an_answer_to_a_later_message_skips_the_earlier() -> None:
    talk = Talk().login()
    talk.session.send(text("one"), 1)
    talk.session.send(text("two"), 2)
    skipped, answered = talk.feed(talk.ack(text("two")))
    assert isinstance(skipped, Skipped)
    assert isinstance(answered, Answered)
    assert talk.broken == ["ack-one-per-message"]


def test_the_same_answer_once_more_is_one_too_many_while_another_is_waited_for() -> None:
    talk = Talk().login()
    talk.session.send(text("one"), 0)
    talk.feed(talk.ack(text("one")))
    talk.session.send(text("two"), 0)
    assert isinstance(talk.feed(talk.ack(text("one")))[0], Unsolicited)
    assert isinstance(talk.feed(talk.ack(text("two")))[0], Answered)
    assert talk.broken == ["ack-one-per-message"]


def test_an_answer_to_what_somebody_else_said_is_one_too_many() -> None:
    talk = Talk().login()
    talk.session.send(text("mine"), 0)
    anothers = {"MsgStatus": "Send", "Result": True, "msg": talk.msg(text("hers"), STAFF)}
    assert isinstance(talk.feed(anothers)[0], Unsolicited)
    assert isinstance(talk.feed(talk.ack(text("mine")))[0], Answered)
    assert talk.broken == ["ack-one-per-message"]


def test_an_answer_too_many_is_unsolicited_and_consumes_nothing() -> None:
    talk = Talk().login()
    assert isinstance(talk.feed(talk.ack(text("never sent")))[0], Unsolicited)
    assert talk.broken == ["ack-one-per-message"]


@pytest.mark.parametrize(
    ("sent", "came", "clause"),
    [
        (text("<b>"), text("&lt;b&gt;"), "content-text"),
        (image("/a.png"), image("/b.png"), "content-image"),
        (text("x"), image("x"), "ack-echo"),
        (text("x"), InMsg("text", "x", titletype="pro"), "ack-echo"),
    ],
)
def test_a_changed_echo_breaks_the_clause_of_what_changed(
    sent: InMsg, came: InMsg, clause: str
) -> None:
    talk = Talk().login()
    talk.session.send(sent, 1)
    assert isinstance(talk.feed(talk.ack(came))[0], Unsolicited)
    assert (talk.broken, talk.session.outstanding) == ([clause], 1)


def test_an_accepted_unknown_type_is_judged_like_any_other() -> None:
    talk = Talk().login()
    talk.session.send(InMsg("dance", "x"), 1)
    talk.feed(talk.ack(InMsg("dance", "y")))
    assert talk.broken == ["out-type-word", "ack-echo"]


def test_a_title_type_on_text_may_come_back_or_not() -> None:
    talk = Talk().login()
    for came in (InMsg("text", "x", titletype="pro"), text("x")):
        talk.session.send(InMsg("text", "x", titletype="pro"), 1)
        talk.feed(talk.ack(came))
    assert (talk.broken, talk.session.outstanding) == ([], 0)


def test_the_profile_says_what_may_become_of_content() -> None:
    contents = dict.fromkeys(MessageType, ContentMode.SAME) | {
        MessageType.IMAGE: ContentMode.SUFFIX,
        MessageType.TEXT: ContentMode.ANY,
    }
    talk = Talk(contents=contents).login()
    talk.session.send(image("/a.png"), 1)
    talk.session.send(text("<b>"), 1)
    talk.feed(talk.ack(image("https://cdn.example/a.png")))
    talk.feed(talk.ack(text("")))
    assert (talk.broken, talk.session.outstanding) == ([], 0)


def test_a_refusal_without_msg_takes_the_oldest() -> None:
    talk = Talk().login()
    talk.session.send(text("one"), 1, tag="one")
    talk.session.send(text("two"), 2)
    (event,) = talk.feed({"MsgStatus": "Send", "Result": False, "Error": "no"})
    assert (event.pending.tag, event.accepted) == ("one", False)


def test_bare_answers_take_the_oldest() -> None:
    talk = Talk(ack=AckMode.BARE).login()
    talk.session.send(text("one"), 1)
    assert talk.feed({"MsgStatus": "Send", "Result": True, "msg": None})[0].accepted
    assert talk.broken == []


def test_without_answers_nothing_waits() -> None:
    talk = Talk(ack=AckMode.NONE).login()
    talk.session.send(text("one"), 1)
    assert talk.session.outstanding == 0


def test_raw_bytes_are_answered_by_any_one_send() -> None:
    talk = Talk().login()
    talk.session.expect_answer(1)
    (event,) = talk.feed({"MsgStatus": "Send", "Result": False, "Error": "not JSON"})
    assert isinstance(event, Answered)


def test_what_waits_too_long_is_overdue_until_given_up() -> None:
    talk = Talk().login()
    talk.session.send(text("one"), 1_000)
    assert talk.session.overdue(2_000, 1_000) == ()
    (entry,) = talk.session.overdue(2_001, 1_000)
    talk.session.give_up(entry)
    talk.feed(talk.ack(text("one")))
    assert talk.broken == ["ack-one-per-message"]


def test_the_acknowledged_sender_must_be_this_account() -> None:
    talk = Talk().login()
    talk.session.send(text("x"), 1)
    talk.feed(talk.ack(text("x"), msg=talk.msg(text("x"), Identity("C2", Role.CUSTOMER, "陳大文"))))
    assert talk.broken == ["sender-identity"]


def test_staff_is_bound_from_the_answered_confirm_to_the_answered_assignment() -> None:
    talk = Talk(STAFF).login()
    steps = []
    for word in (confirm("C1"), assignment("C1")):
        talk.session.send(word, 1)
        steps.append(talk.session.bound)
        talk.feed(talk.ack(word))
        steps.append(talk.session.bound)
    assert steps == [None, "C1", "C1", None]


def test_a_refused_confirm_binds_nobody() -> None:
    talk = Talk(STAFF).login()
    talk.session.send(confirm("C1"), 1)
    talk.feed({"MsgStatus": "Send", "Result": False, "Error": "taken"})
    assert talk.session.bound is None


def test_a_count_that_goes_down_unread_is_wrong() -> None:
    talk = Talk().login()
    for count in (1, 2, 2):
        talk.feed(talk.delivery(text("x"), count, STAFF))
    assert talk.broken == ["unread-count"]


def test_a_read_message_resets_the_count() -> None:
    talk = Talk().login()
    talk.feed(talk.delivery(text("x"), 1, STAFF))
    talk.session.send(receipt(), 1)
    talk.feed(talk.ack(receipt()))
    talk.feed(talk.delivery(text("y"), 1, STAFF))
    assert (talk.broken, talk.session.promised("C1")) == ([], 0)


def test_where_the_flag_means_nothing_the_count_goes_on() -> None:
    talk = Talk(read_receipt=ReadReceipt.NONE).login()
    talk.feed(talk.delivery(text("x"), 1, STAFF))
    talk.session.send(text("hi", read=True), 1)
    talk.feed(talk.ack(text("hi", read=True)))
    talk.feed(talk.delivery(text("y"), 1, STAFF))
    assert talk.broken == ["unread-count"]


def test_an_idle_staff_connection_is_told_counts_that_others_read_down() -> None:
    talk = Talk(STAFF).login()
    for count in (1, 2, 1):
        talk.feed(talk.delivery(text("x"), count, CUSTOMER))
    assert talk.broken == []


def test_bound_staff_counts_from_its_confirm() -> None:
    talk = Talk(STAFF).login()
    talk.feed(talk.delivery(text("x"), 1, CUSTOMER))
    talk.session.send(confirm("C1", read=True), 1)
    talk.feed(talk.ack(confirm("C1", read=True)))
    for count in (1, 2, 1):
        talk.feed(talk.delivery(text("y"), count, CUSTOMER))
    assert talk.broken == ["unread-count"]


@pytest.mark.parametrize("frame", ["[]", "nonsense", '{"MsgStatus": 5, "Result": true}', "{}"])
def test_hostile_frames_are_findings_never_exceptions(frame: str) -> None:
    talk = Talk().login()
    assert isinstance(talk.feed(frame)[0], Unreadable)
    assert talk.broken != []


def test_a_clause_that_is_off_is_not_reported() -> None:
    talk = Talk(off=frozenset({"login-once"})).login().login()
    assert talk.broken == []


@given(st.integers(0, 2**32))
def test_an_honest_interleaving_has_no_findings_and_answers_everything(seed: int) -> None:
    chance, talk = random.Random(seed), Talk().login()
    waiting: list[InMsg] = []
    unread, answered, sent = 0, 0, 0
    for number in range(40):
        match chance.randrange(3):
            case 0:
                message = text(f"m{number % 5}", read=chance.random() < 0.3)
                talk.session.send(message, number)
                waiting.append(message)
                sent += 1
            case 1 if waiting:
                message = waiting.pop(0)
                accepted = chance.random() < 0.8
                unread = 0 if message.read and accepted else unread
                events = talk.feed(talk.ack(message) if accepted else _refused(talk, message))
                answered += isinstance(events[-1], Answered)
            case _:
                unread += 1
                talk.feed(talk.delivery(text("from staff"), unread, STAFF))
    for message in waiting:
        talk.feed(talk.ack(message))
    assert talk.broken == [], f"seed {seed}: {talk.findings}"
    assert talk.session.outstanding == 0
    assert answered + len(waiting) == sent


def _refused(talk: Talk, message: InMsg) -> dict[str, Any]:
    return talk.ack(message, Result=False, Error="no")


@given(st.lists(st.dictionaries(st.sampled_from(["MsgStatus", "Result", "msg"]), st.none())))
def test_any_sequence_of_objects_is_survived(frames: list[dict[str, Any]]) -> None:
    talk = Talk()
    for frame in frames:
        talk.feed(frame)
