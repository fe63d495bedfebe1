"""What one connection has been sent, and from which count on."""

import pytest

from harness.blocking.inbox import COUNT, Inbox, Start, Whose, all_ours
from harness.events import Delivered


def sent(content, count=1, sender="S1", time="t"):
    msg = {"SendSn": sender, "type": "text", "content": content, "time": time}
    return Delivered({"MsgStatus": "Receive", COUNT: count, "msg": msg}, msg)


def by_content(msg):
    return Whose(msg["content"].partition(" ")[0])


def told(inbox):
    return [event.frame[COUNT] for event in inbox.since(0)]


def filled(inbox, *deliveries):
    for at, delivery in enumerate(deliveries):
        inbox.take(at, delivery)
    return inbox


def test_what_nobody_disturbs_is_as_it_was_told():
    inbox = filled(Inbox(all_ours, by_sender=False), sent("a", 1), sent("b", 2))
    assert told(inbox) == [1, 2]
    assert [event.msg["content"] for event in inbox.since(1)] == ["b"]


def test_what_is_of_an_earlier_case_is_not_there():
    inbox = Inbox(by_content, by_sender=False)
    filled(inbox, sent("earlier one"), sent("ours"), sent("foreign one"))
    assert [event.msg["content"] for event in inbox.since(0)] == ["ours", "foreign one"]
    assert inbox.foreign == 1


@pytest.mark.parametrize(
    ("start", "expected"), [(Start.NOTHING, [8, 9]), (Start.TOLD, [1, 2]), (Start.NEXT, [1, 2])]
)
def test_counting_begins_where_it_can(start, expected):
    inbox = filled(Inbox(all_ours, by_sender=False), sent("left over", 7))
    inbox.begin_anew(start)
    filled(inbox, sent("a", 8), sent("b", 9))
    assert told(inbox) == expected


def test_reading_makes_an_end_of_the_offset():
    inbox = filled(Inbox(all_ours, by_sender=False), sent("left over", 7))
    inbox.begin_anew(Start.TOLD)
    inbox.read()
    assert told(filled(inbox, sent("a", 1))) == [1]


def test_what_a_server_says_of_its_own_counts_only_if_it_counted_it():
    counted = filled(Inbox(by_content, by_sender=False), sent("foreign", 1), sent("ours", 2))
    assert told(counted) == [0, 1]
    uncounted = filled(Inbox(by_content, by_sender=False), sent("foreign", 0), sent("ours", 1))
    assert told(uncounted) == [0, 1]


def test_staff_counts_by_customer():
    inbox = filled(Inbox(all_ours, by_sender=True), sent("x", 5, "C9"))
    inbox.begin_anew(Start.TOLD)
    filled(inbox, sent("a", 1, "C1"), sent("y", 6, "C9"))
    assert told(inbox) == [1, 1]


def test_the_next_connection_knows_what_was_left_over_and_how_much():
    first = filled(Inbox(all_ours, by_sender=False), sent("confirm", 3, time="1"))
    first.begin_anew(Start.TOLD)
    second = Inbox(all_ours, by_sender=False)
    second.succeed(first)
    filled(second, sent("confirm", 3, time="1"), sent("confirm", 4, time="2"))
    assert [event.msg["time"] for event in second.since(0)] == ["2"]
    assert told(second) == [1]
    third, fourth = Inbox(all_ours, by_sender=False), Inbox(all_ours, by_sender=False)
    third.succeed(first)
    fourth.succeed(third)  # which has heard nothing yet
    assert filled(fourth, sent("confirm", 3, time="1")).since(0) == []


@pytest.mark.parametrize("counts", [(1, 2), (2, 2)], ids=["running", "total"])
def test_what_others_left_over_is_in_the_offset_of_the_next_connection_once(counts):
    first = filled(Inbox(by_content, by_sender=False), sent("foreign closing", 1))
    first.begin_anew(Start.TOLD)
    filled(first, sent("ours confirm", 2))
    second = Inbox(by_content, by_sender=False)
    second.succeed(first)
    filled(second, sent("foreign closing", counts[0]), sent("ours confirm", counts[1]))
    assert told(filled(second, sent("ours", 3)))[-1] == 2
    assert second.foreign == 1
