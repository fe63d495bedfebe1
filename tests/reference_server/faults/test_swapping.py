"""Deliveries that change places."""

import asyncio

import pytest

from reference_server.faults import swapping
from reference_server.faults.swapping import Swapping
from schemas.fault_journal import Did
from schemas.messages import confirm, receipt, text
from tests.reference_server.faults.stand_ins import Noted, Written, delivery, frame

ALWAYS = 1.0
DEADLINE_S = 5.0


def answer(content, word):
    msg = {"SendSn": "S1", "SendType": "staff", "type": "staff", "content": content}
    members = {"MsgStatus": "Send", "Result": True, "msg": {**msg, "titletype": word}}
    return frame(members)


def written(*pieces, patience_s=DEADLINE_S):
    """What leaves when ``pieces`` are written and every delivery may be struck."""

    async def scene():
        behind, noted = Written(), Noted(ALWAYS)
        line = Swapping(behind, noted.deed)
        line.write(b"".join(pieces))
        async with asyncio.timeout(DEADLINE_S):
            while len(behind.pieces) < len(pieces) and patience_s < DEADLINE_S:
                await asyncio.sleep(0.001)
        line.close()
        return behind.pieces, noted.acts

    return asyncio.run(scene())


def test_a_delivery_leaves_after_the_next_of_its_sender():
    first, second = delivery("S1", "one"), delivery("S1", "two")
    pieces, acts = written(first, second)
    assert pieces == [second, first]
    assert [(act.did, act.message.content) for act in acts] == [(Did.REORDERED, "one")]


def test_answers_in_between_are_not_held_up():
    first, second = delivery("S1", "one"), delivery("S1", "two")
    between = frame({"MsgStatus": "Send", "Result": True, "msg": None})
    assert written(first, between, second)[0] == [between, second, first]


def test_without_a_next_one_it_leaves_in_its_place_and_nothing_is_noted(monkeypatch):
    monkeypatch.setattr(swapping, "PATIENCE_S", 0.01)
    first = delivery("S1", "one")
    assert written(first, patience_s=1.0) == ([first], [])


def test_a_close_lets_go_of_it():
    first = delivery("S1", "one")
    assert written(first) == ([first], [])


def test_another_senders_message_does_not_overtake():
    first, second = delivery("S1", "one"), delivery("S2", "two")
    assert written(first, second) == ([first, second], [])


def test_nothing_overtakes_a_staff_word():
    first, second = delivery("S1", "one"), delivery("S1", "two")
    word = delivery("S1", "C1", kind="staff")
    assert written(first, word, second)[0] == [first, word, second]


def test_nothing_overtakes_a_title():
    first, second = delivery("S1", "one"), delivery("S1", "two")
    title = delivery("S1", "P-1001", kind="title")
    assert written(first, title, second) == ([first, title, second], [])


@pytest.mark.loopback
def test_it_leaves_before_its_receiver_says_that_all_is_read(start):
    server = start("--fault", "reordering=1")
    customer, staff = server.customer("C1"), server.staff("S1")
    staff.ask(confirm("C1"))
    staff.ask(text("held back"))
    customer.tell(receipt())
    heard = [customer.next() for _ in range(3)]
    assert [(each["MsgStatus"], each["msg"]["type"]) for each in heard] == [
        ("Receive", "staff"),
        ("Receive", "text"),
        ("Send", "text"),
    ]


@pytest.mark.parametrize("offered", [delivery("C1", "one", send_type="customer")])
def test_what_is_only_offered_is_left_alone(offered):
    later = delivery("C1", "two", send_type="customer")
    assert written(offered, later) == ([offered, later], [])
    confirmed = answer("C1", "confirm")
    assert written(confirmed, offered, later)[0] == [confirmed, later, offered]
    closed = answer("C1", "assignment")
    assert written(confirmed, closed, offered, later)[0] == [confirmed, closed, offered, later]
