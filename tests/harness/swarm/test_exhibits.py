"""What the master keeps of messages' frames, and what it asks for."""

from harness.swarm.exhibits import MOST_ASKED, Exhibits
from harness.swarm.reports import Exchange


def exchange(seq: int, answer: str = "{}") -> Exchange:
    return Exchange(1, 2, seq, f"sent {seq}", answer)


def key(seq: int) -> tuple[int, int, int]:
    return 1, 2, seq


def test_a_message_is_asked_for_once_and_not_where_it_is_known() -> None:
    exhibits = Exhibits()
    exhibits.add([exchange(5)], [key(5)])
    assert exhibits.ask([key(4), key(5), key(6), key(4)]) == [key(4), key(6)]
    assert exhibits.ask([key(4), key(7)]) == [key(7)]


def test_no_more_is_asked_for_than_can_be_kept() -> None:
    exhibits = Exhibits()
    assert len(exhibits.ask(map(key, range(2 * MOST_ASKED)))) == MOST_ASKED
    assert exhibits.ask([key(9_999)]) == []


def test_what_was_asked_for_stays_and_what_is_no_longer_among_the_others_goes() -> None:
    exhibits = Exhibits()
    exhibits.ask([key(1)])
    exhibits.add([exchange(1), exchange(2)], [key(2)])
    exhibits.add([exchange(3)], [key(3)])
    assert [key(seq) in exhibits for seq in (1, 2, 3)] == [True, False, True]


def test_an_answer_that_never_came_is_no_frame() -> None:
    exhibits = Exhibits()
    exhibits.add([exchange(1), exchange(2, answer="")], [key(1), key(2)])
    assert exhibits.frames(key(1)) == ["sent 1", "{}"]
    assert exhibits.frames(key(2)) == ["sent 2"]
    assert exhibits.frames(key(3)) == []
