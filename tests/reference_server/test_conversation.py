"""A conversation's own state: positions, unread entries, time."""

from reference_server.conversation import Connection, Conversation
from reference_server.hall import Hall
from reference_server.outgoing import OutMsg
from schemas.account_tokens import Identity
from schemas.words import Role


def message(content: str) -> OutMsg:
    return OutMsg("C1", "n", Role.CUSTOMER, "text", content, "t", False, None, None, None)


def connection(number: int, role: Role) -> Connection:
    return Connection(number, Identity(f"X{number}", role, "n"))


def test_positions_count_from_one_over_both_sides():
    talk = Conversation("C1")
    assert talk.add(Role.CUSTOMER, message("a")).position == 1
    assert talk.add(Role.STAFF, message("b")).position == 2
    assert (talk.unread_by(Role.STAFF), talk.unread_by(Role.CUSTOMER)) == (1, 1)


def test_marking_reaches_up_to_a_position_and_says_whether_it_changed_anything():
    talk = Conversation("C1")
    for word in "abc":
        talk.add(Role.CUSTOMER, message(word))
    assert talk.mark_read(Role.STAFF, 2)
    assert talk.unread_by(Role.STAFF) == 1
    assert not talk.mark_read(Role.STAFF, 2)
    assert not talk.mark_read(Role.CUSTOMER, 3)


def test_unsent_is_what_is_unread_beyond_what_was_sent():
    talk = Conversation("C1")
    staff = connection(1, Role.STAFF)
    for word in "abc":
        talk.add(Role.CUSTOMER, message(word))
    staff.note_sent(talk, 1)
    assert [each.msg.content for each in talk.unsent(staff)] == ["b", "c"]
    assert talk.has_news_for(staff)
    staff.note_sent(talk, 3)
    staff.note_sent(talk, 2)
    assert talk.unsent(staff) == []
    assert not talk.has_news_for(staff)


def test_an_empty_hall_recalls_nothing():
    assert Hall().login(1, Identity("S1", Role.STAFF, "n")).records == []
