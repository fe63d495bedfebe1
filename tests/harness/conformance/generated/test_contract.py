"""The model of the contract, by its example (contract §4) and decision by decision."""

from harness.conformance.generated.acts import Cast, Seat
from harness.conformance.generated.contract import Contract, Terms
from schemas.messages import assignment, confirm, text
from schemas.words import Role

C1, C1B, C2 = Seat(Role.CUSTOMER, 0), Seat(Role.CUSTOMER, 0, 1), Seat(Role.CUSTOMER, 1)
S1, S2 = Seat(Role.STAFF, 0), Seat(Role.STAFF, 1)


def contract(terms=None, *seats):
    model = Contract(Cast(customers=2, devices=2, staff=2), terms or Terms())
    for seat in seats or (C1, S1, S2):
        model.enter(seat)
    return model


def told(dues):
    return [(str(due.to), due.said.message.content, due.low, due.high) for due in dues]


def bound(terms=None, *seats):
    model = contract(terms, *seats)
    model.confirm(S1, 0, confirm("C1", read=True), set())
    model.read(C1)
    return model


def test_the_customer_is_told_of_its_case():
    dues = contract().confirm(S1, 0, confirm("C1"), set())
    assert told(dues) == [("customer 1", "C1", 1, 1)]


def test_what_was_said_before_the_case_was_taken_is_replayed_to_who_takes_it():
    model = contract()
    model.say(C1, [text("a")])
    model.say(C1, [text("b")])
    dues = model.confirm(S1, 0, confirm("C1", read=True), set())
    assert told(dues)[1:] == [("staff 1", "a", 2, 2), ("staff 1", "b", 2, 2)]
    assert all(due.missed for due in dues[1:])


def test_what_it_was_offered_is_not_replayed_and_read_by_its_confirm():
    model = contract()
    model.say(C1, [text("a")])
    (seat, said) = model.offerable()[0]
    assert (seat, said.message.content) == (S1, "a")
    dues = model.confirm(S1, 0, confirm("C1", read=True), {said.number})
    assert told(dues) == [("customer 1", "C1", 1, 1)]


def test_running_counts_number_the_replay():
    model = contract(Terms(running=True))
    model.say(C1, [text("a")])
    model.say(C1, [text("b")])
    dues = model.confirm(S1, 0, confirm("C1"), set())
    assert [due.low for due in dues[1:]] == [1, 2]


def test_counts_of_what_is_sent_at_once_lie_between_one_more_and_all():
    dues = bound().say(C1, [text("a"), text("b"), text("c")])
    assert [(due.low, due.high) for due in dues] == [(1, 3), (2, 3), (3, 3)]


def test_other_devices_are_told_their_own_sides_count():
    model = bound(None, C1, C1B, S1)
    model.say(S1, [text("a")])
    dues = model.say(C1, [text("b")])
    assert told(dues) == [("staff 1", "b", 1, 1), ("customer 1 on device 2", "b", 1, 1)]


def test_reading_marks_only_the_side_that_reads():
    model = bound()
    model.say(S1, [text("a")])
    model.say(C1, [text("b")])
    model.say(C1, [text("c", read=True)])
    assert told(model.say(S1, [text("d")])) == [("customer 1", "d", 1, 1)]
    assert told(model.say(C1, [text("e")])) == [("staff 1", "e", 3, 3)]


def test_where_the_flag_is_ignored_nothing_is_ever_read():
    model = bound(Terms(marks=False, closing_marks=False))
    model.say(S1, [text("a")])
    model.say(C1, [text("b", read=True)])
    assert told(model.say(S1, [text("c")])) == [("customer 1", "c", 3, 3)]


def test_who_returns_gets_what_its_side_has_not_read():
    model = bound()
    model.leave(C1)
    model.say(S1, [text("a")])
    dues = model.enter(C1)
    assert told(dues) == [("customer 1", "a", 1, 1)]
    model.read(C1)
    model.leave(C1)
    assert model.enter(C1) == []


def test_closing_frees_the_case_and_tells_the_customer():
    model = bound()
    assert told(model.close(S1, assignment("C1"))) == [("customer 1", "C1", 1, 1)]
    assert model.conversation_of(S1) is None


def test_closing_reads_where_only_the_closing_surely_does():
    model = bound(Terms(marks=False))
    model.say(C1, [text("a")])
    model.close(S1, assignment("C1", read=True))
    assert told(model.confirm(S2, 0, confirm("C1"), set())) == [("customer 1", "C1", 3, 3)]


def test_closing_reads_nothing_where_the_flag_is_ignored():
    model = bound(Terms(marks=False, closing_marks=False), C1, S1, S2)
    model.say(C1, [text("a")])
    model.close(S1, assignment("C1", read=True))
    dues = model.confirm(S2, 0, confirm("C1"), set())
    assert told(dues)[1:] == [("staff 2", "a", 1, 1)]


def test_leaving_frees_the_case():
    model = bound()
    model.leave(S1)
    assert model.talks[0].bound is None
    assert model.say(C1, [text("a")]) == []


def test_conversations_do_not_mix():
    model = bound(None, C1, C2, S1, S2)
    model.confirm(S2, 1, confirm("C2"), set())
    assert told(model.say(C2, [text("a")])) == [("staff 2", "a", 1, 1)]


def test_where_the_url_binds_staff_is_bound_from_its_login():
    model = contract(Terms(by_url=True))
    assert told(model.say(S1, [text("a")])) == [("customer 1", "a", 1, 1)]


def test_new_messages_are_told_once():
    model = bound()
    model.take_new()
    model.say(C1, [text("a")])
    assert [said.message.content for said in model.take_new()] == ["a"]
    assert model.take_new() == []
