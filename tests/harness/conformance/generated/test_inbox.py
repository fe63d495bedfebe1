"""What came on a connection against what was due: which clause each mistake breaks."""

from harness.conformance.generated.acts import Seat
from harness.conformance.generated.contract import Due, Said
from harness.conformance.generated.inbox import Inbox
from harness.session_rules import SessionRules
from schemas.messages import text, title
from schemas.words import Role, TitleType

C1, C1B, C2 = Seat(Role.CUSTOMER, 0), Seat(Role.CUSTOMER, 0, 1), Seat(Role.CUSTOMER, 1)
S1 = Seat(Role.STAFF, 0)


def said(number, message, sender=S1, conversation=0):
    return Said(number, conversation, sender, message)


def msg(message, content=None):
    told = message.content if content is None else content
    return {"type": message.type, "content": told, "titletype": message.titletype}


A, B, C = (text(f"0a0a0a.{letter}") for letter in "abc")
ALL = [said(1, A), said(2, B), said(3, C)]


def inbox(*due, missed=False, to=C1):
    box = Inbox(SessionRules(), home=0)
    for each in due:
        box.owe(Due(to, each, None, None, missed))
    return box


def clauses(box, *arrived, known=ALL, sender=S1):
    review = box.review(sender, arrived)
    return [found.clause for found in box.complaints(review, arrived, known)]


def test_all_in_order_is_settled():
    box = inbox(*ALL)
    assert box.review(S1, [msg(A), msg(B), msg(C)]).settled


def test_what_is_still_to_come_is_missing_without_a_gap():
    review = inbox(*ALL).review(S1, [msg(A)])
    assert [slot.said.number for slot in review.missing] == [2, 3]
    assert not review.gap


def test_a_loss_shows_by_a_gap():
    box = inbox(*ALL)
    assert box.review(S1, [msg(A), msg(C)]).gap
    assert clauses(box, msg(A), msg(C)) == ["delivery-stored"]


def test_a_lost_replay_and_a_lost_echo_have_clauses_of_their_own():
    assert clauses(inbox(*ALL, missed=True), msg(A), msg(C)) == ["replay-unread"]
    mine = said(1, A, sender=C1B)
    assert clauses(inbox(mine), sender=C1) == ["device-echo"]


def test_twice_is_once_too_often():
    assert clauses(inbox(*ALL), msg(A), msg(B), msg(B), msg(C)) == ["delivery-once"]


def test_swapped_is_out_of_order():
    assert clauses(inbox(*ALL), msg(A), msg(C), msg(B)) == ["delivery-order"]


def test_changed_content_is_named_and_explains_the_loss():
    assert clauses(inbox(*ALL), msg(A, "0a0a0a."), msg(B), msg(C)) == ["content-text"]


def test_what_was_read_may_not_come_again():
    assert clauses(inbox(said(2, B)), msg(A), msg(B)) == ["replay-read-not"]


def test_what_was_said_elsewhere_is_a_leak():
    other = said(4, text("0a0a0a.d"), conversation=1)
    assert clauses(
        inbox(*ALL), msg(A), msg(B), msg(C), msg(other.message), known=[*ALL, other]
    ) == ["isolation"]


def test_what_nobody_said_was_refused():
    unsaid = {"type": "video", "content": "x", "titletype": None}
    assert clauses(inbox(*ALL), msg(A), msg(B), msg(C), unsaid) == ["delivery-refused-never"]


def test_what_may_come_need_not():
    box = inbox(said(3, C))
    box.allow(said(1, A))
    box.allow(said(2, B))
    assert box.review(S1, [msg(C)]).settled
    assert box.review(S1, [msg(B), msg(C)]).settled
    assert not box.review(S1, [msg(A), msg(A), msg(C)]).settled


def test_equal_topics_are_given_to_what_is_due_where_that_can_be():
    topics = [said(number, title(TitleType.PRO, "P-1001")) for number in (1, 2, 3)]
    box = inbox(topics[1])
    box.allow(topics[0])
    box.allow(topics[2])
    assert box.review(S1, [msg(topics[0].message)]).settled


def test_what_has_come_already_was_what_is_due_now():
    box = inbox()
    box.allow(said(1, A))
    box.owe(Due(C1, said(1, A), None, None))
    assert box.review(S1, [msg(A)]).settled
