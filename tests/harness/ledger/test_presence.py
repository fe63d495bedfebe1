"""Who is entitled to which conversation, from when, until when."""

from harness.ledger.observations import Bound, Opened, Unbound
from harness.ledger.presence import Presence, end_all

CUSTOMER, STAFF, CASE = 1, 2, 0


def with_both() -> Presence:
    presence = Presence(staffed=True)
    presence.opened(Opened(CUSTOMER, CASE, False, 1, 2))
    presence.opened(Opened(STAFF, 9, True, 1, 3))
    return presence


def test_a_customer_is_entitled_from_its_login_and_staff_while_bound() -> None:
    presence = with_both()
    case, staff = presence.conversation(CASE), presence.connections[STAFF]
    assert [c.number for c in case.entitled] == [CUSTOMER]
    presence.bound(Bound(STAFF, CASE, 5))
    presence.bound(Bound(STAFF, CASE, 6))
    assert staff.entitled == {case: 5}
    assert staff.binding == 1
    presence.unbound(Unbound(STAFF, CASE, 8))
    assert (staff.entitled, staff.held, staff.released_ns) == ({}, case, 8)


def test_without_staff_the_next_message_opens_a_case_again() -> None:
    presence = with_both()
    case = presence.conversation(CASE)
    presence.bound(Bound(STAFF, CASE, 5))
    case.opening = False
    end_all(presence.connections[CUSTOMER])
    assert not case.opening
    end_all(presence.connections[STAFF])
    assert case.opening
    assert case.entitled == {}


def test_what_was_never_opened_is_bound_to_nothing() -> None:
    presence = Presence(staffed=False)
    presence.bound(Bound(STAFF, CASE, 5))
    presence.unbound(Unbound(STAFF, CASE, 6))
    assert presence.conversation(CASE).entitled == {}
    assert presence.of_worker(0) == []
