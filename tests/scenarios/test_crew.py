"""Which workers take part."""

from scenarios.crew import Crew


def test_as_many_take_part_as_there_were_at_the_start() -> None:
    crew = Crew(2, set())
    assert [crew.enlist(node, 1) for node in ("a", "b", "c")] == [0, 1, None]
    assert [crew.number(node) for node in ("a", "b", "c", "d")] == [0, 1, None, None]
    assert crew.nodes == ["a", "b"]


def test_who_comes_again_keeps_its_number() -> None:
    crew = Crew(2, set())
    crew.enlist("a", 1)
    assert crew.enlist("a", 4) == 0
    assert crew.addresses == {0: 4}


def test_the_lost_get_nothing_to_do() -> None:
    lost: set[int] = set()
    crew = Crew(2, lost)
    crew.enlist("a", 1)
    crew.enlist("b", 1)
    lost.add(0)
    assert crew.nodes == ["b"]
    assert crew.number("a") == 0


def test_a_process_of_this_host_is_known_by_its_id() -> None:
    crew = Crew(1, set())
    crew.is_process("a", 77)
    assert (crew.node_of(77), crew.node_of(78)) == ("a", None)
