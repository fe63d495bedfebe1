"""One captured connection: held back until it is known, left alone when it is no chat."""

import json

from harness.captures.book import Book
from harness.captures.connection import HELD_BYTES, HELD_MESSAGES, Connection
from harness.captures.steps import Message
from harness.captures.terms import Claims, Terms
from tests.harness.captures.made_captures import HONEST, PROFILE, ack, delivery, login


def connection(*, foreign: bool = False) -> tuple[Connection, Book]:
    book = Book()
    terms = Terms.of(PROFILE, Claims())
    return Connection("connection", terms, book, foreign=foreign, ours=False), book


def heard(data: str) -> Message:
    return Message("connection", False, data)


def test_nothing_is_judged_before_the_owner_is_known_and_all_is_then() -> None:
    one, book = connection()
    one.take(heard(json.dumps(login())))
    one.take(heard(json.dumps(delivery("S1", "x", 1))))
    assert (one.messages, book.page("login-first").at_stake) == (0, 0)
    one.take(heard(json.dumps(ack("C1", "text", "to nothing"))))
    assert (one.messages, book.page("login-first").at_stake) == (3, 1)
    assert book.page("ack-one-per-message").broken == 1


def test_what_is_held_back_is_bounded() -> None:
    one, _ = connection()
    for _ in range(HELD_MESSAGES):
        one.take(heard("{}"))
    assert one.messages == HELD_MESSAGES
    one, _ = connection()
    one.take(heard('{"a":"' + "x" * HELD_BYTES + '"}'))
    assert one.messages == 1


def test_a_foreign_socket_that_never_speaks_of_ours_is_passed_by() -> None:
    one, book = connection(foreign=True)
    for _ in range(HELD_MESSAGES + 9):
        one.take(heard('{"hot":"reload"}'))
    one.take(heard(json.dumps(login())))
    assert one.close() is None
    assert (one.messages, one.passed_by) == (0, HELD_MESSAGES + 10)
    assert book.page("out-msgstatus-present").broken == 0


def test_a_misspelled_member_shows_that_it_is_ours() -> None:
    one, book = connection(foreign=True)
    one.take(heard('{"msgstatus":"Login"}'))
    one.close()
    assert book.page("out-member-spelling").broken == 1


def test_the_ending_tells_account_and_times() -> None:
    one, _ = connection()
    for at, sent, data in HONEST:
        one.take(Message("connection", sent, data, round(at * 1e9)))
    ending = one.close()
    assert ending is not None
    assert (ending.sn, ending.counted, ending.waiting, ending.doubt) == ("C1", 2, 0, None)
    assert (ending.ended_ns or 0) - (ending.began_ns or 0) == 80_000_000
