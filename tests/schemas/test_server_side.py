"""What the server used: interpolation, windows, restarts, and no process counted twice."""

import pytest

from schemas.load_records import Observed, Second
from schemas.server_side import CPU, FDS, MEMORY, server_side, value_at

SECONDS = [Second(second=number, counts={"acked": 100}) for number in range(20)]


def look(at_s: float, cpu: float, source: str = "page", *, local: bool = False) -> Observed:
    return Observed(source=source, at_s=at_s, values={CPU: cpu}, local=local)


def test_messages_are_divided_by_the_cpu_seconds_of_the_measured_window() -> None:
    looks = [look(at - 0.3, 0.1 * at) for at in range(-3, 14)]
    found = server_side(looks, SECONDS, 2, 10)
    assert found is not None
    assert found.cpu_seconds == pytest.approx(0.8)
    assert found.cpu_share == pytest.approx(0.1)
    assert found.messages_per_cpu_second == pytest.approx(1_000)
    assert found.looks == 17


def test_only_whole_seconds_that_were_observed_count() -> None:
    found = server_side([look(1.5, 1.0), look(4.5, 4.0)], SECONDS, 0, 10)
    assert found is not None
    assert (found.cpu_seconds, found.messages_per_cpu_second) == (2.0, 100.0)


def test_a_restarted_server_leaves_its_cpu_unknown() -> None:
    found = server_side([look(0, 5), look(1, 6), look(2, 0.1), look(9, 3)], SECONDS, 0, 9)
    assert found is not None
    assert (found.cpu_seconds, found.messages_per_cpu_second) == (None, None)


def test_a_process_is_not_counted_again_through_its_page() -> None:
    looks = [look(at, at, source, local=source == "process 7") for at in range(10)
             for source in ("page", "process 7")]  # fmt: skip
    found = server_side(looks, SECONDS, 0, 9)
    assert found is not None
    assert (found.cpu_share, found.sources) == (1.0, ["page", "process 7"])


def test_several_servers_add_up() -> None:
    looks = [look(at, at, source) for at in range(10) for source in ("a", "b")]
    found = server_side(looks, SECONDS, 0, 9)
    assert found is not None
    assert (found.cpu_seconds, found.messages_per_cpu_second) == (18.0, 50.0)


def test_memory_and_descriptors_are_peaks_within_the_window() -> None:
    looks = [
        Observed(source="p", at_s=at, values={MEMORY: memory, FDS: fds})
        for at, memory, fds in [(-1, 900, 90), (1, 100, 5), (2, 300, 4), (30, 900, 90)]
    ]
    found = server_side(looks, SECONDS, 0, 10)
    assert found is not None
    assert (found.memory_max_bytes, found.fds_max, found.cpu_seconds) == (300, 5, None)


def test_without_a_look_nothing_is_said() -> None:
    assert server_side([], SECONDS, 0, 10) is None


@pytest.mark.parametrize(("at_s", "value"), [(-1, None), (0, 0.0), (1, 5.0), (2, 10.0), (3, None)])
def test_values_between_looks_lie_on_the_line(at_s: float, value: float | None) -> None:
    assert value_at([(0.0, 0.0), (2.0, 10.0)], at_s) == value
