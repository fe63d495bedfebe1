"""The staff desk's bookkeeping: one holder at a time, and nothing for whom it holds nothing new."""

from reference_server.conversation import Connection, Conversation
from reference_server.desk import Desk
from reference_server.outgoing import OutMsg
from schemas.account_tokens import Identity
from schemas.words import Role


def staff(number: int) -> Connection:
    return Connection(number, Identity(f"S{number}", Role.STAFF, "n"))


def talk(sn: str, messages: int = 1) -> Conversation:
    conversation = Conversation(sn)
    for _ in range(messages):
        msg = OutMsg(sn, "n", Role.CUSTOMER, "text", "x", "t", False, None, None, None)
        conversation.add(Role.CUSTOMER, msg)
    return conversation


def test_offers_go_round_the_idle_connections():
    desk, one, two = Desk(), staff(1), staff(2)
    desk.arrive(one)
    desk.arrive(two)
    assert [desk.place(talk(sn)) for sn in ("A", "B", "C")] == [one, two, one]


def test_what_nobody_can_take_waits_for_the_next_arrival_oldest_first():
    desk = Desk()
    first, second = talk("A"), talk("B")
    assert desk.place(first) is None
    assert desk.place(second) is None
    assert desk.arrive(staff(1)) == [first, second]
    assert desk.arrive(staff(2)) == []


def test_a_conversation_without_unread_messages_is_offered_to_nobody():
    desk = Desk()
    desk.arrive(staff(1))
    empty = talk("A", messages=0)
    assert desk.place(empty) is None
    assert desk.arrive(staff(2)) == []


def test_settling_ends_an_offer_and_a_wait():
    desk, one = Desk(), staff(1)
    waiting = talk("A")
    desk.place(waiting)
    desk.settle(waiting)
    assert desk.arrive(one) == []
    offered = talk("B")
    desk.place(offered)
    desk.settle(offered)
    assert (offered.offered_to, one.offers) == (None, {})


def test_a_withdrawn_connection_gets_nothing_and_leaves_its_offers():
    desk, one = Desk(), staff(1)
    desk.arrive(one)
    offered = talk("A")
    desk.place(offered)
    assert desk.withdraw(one) == [offered]
    assert desk.place(talk("B")) is None


def test_nobody_is_offered_what_it_was_sent():
    desk, one, two = Desk(), staff(1), staff(2)
    conversation = talk("A")
    one.note_sent(conversation, conversation.newest)
    desk.arrive(one)
    assert desk.place(conversation) is None
    assert desk.arrive(two) == [conversation]
