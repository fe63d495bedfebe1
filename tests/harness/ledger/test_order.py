"""The order of a connection's frames, with places that are known only later."""

import pytest

from harness.ledger.order import FrameOrder, Place


@pytest.fixture
def order() -> FrameOrder:
    return FrameOrder(0)


def resolve(order: FrameOrder, place: Place, seq: int) -> list[int]:
    place.seq, place.resolved = seq, True
    return list(order.late())


def test_tokens_among_themselves_are_the_workers_to_judge(order):
    assert [order.token(seq, 0) for seq in (1, 3, 2)] == [False, False, False]


def test_token_behind_a_later_word_is_late(order):
    place = Place(7, 0)
    order.word(place)
    assert resolve(order, place, 5) == []
    assert order.token(4, 0)
    assert not order.token(6, 0)


def test_word_behind_a_later_token_is_late(order):
    order.token(6, 0)
    place = Place(7, 0)
    order.word(place)
    assert resolve(order, place, 5) == [5]


def test_order_behind_an_unknown_place_is_judged_when_it_is_known(order):
    place = Place(7, 0)
    order.word(place)
    assert not order.token(4, 0)
    assert not order.token(6, 0)
    assert resolve(order, place, 5) == [4]


def test_place_that_stays_unknown_has_no_order(order):
    place = Place(7, 0)
    order.word(place)
    order.token(4, 0)
    assert resolve(order, place, -1) == []
    assert len(order) == 0


def test_new_binding_begins_a_new_order(order):
    place = Place(7, 0)
    order.word(place)
    resolve(order, place, 5)
    assert not order.token(4, 1)


def test_neighbours_of_a_place(order):
    order.token(3, 0)
    first, second, third = Place(7, 0), Place(7, 0), Place(8, 0)
    for place in (first, second, third):
        order.word(place)
    order.token(9, 0)
    assert order.before(first) == 3
    assert order.behind(first) == 9
    assert order.equals_behind(first) == [second]
    assert order.unresolved() == [first, second, third]


def test_neighbours_are_of_the_same_binding(order):
    place = Place(7, 0)
    order.word(place)
    order.token(9, 1)
    assert order.behind(place) is None


def test_too_long_a_queue_names_its_first(order):
    places = [Place(7, 0) for _ in range(1_025)]
    for place in places:
        assert order.overflow is None
        order.word(place)
    assert order.overflow is places[0]
