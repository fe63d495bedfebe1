"""The observer: regular looks, slow and broken sources, and an end that always comes."""

import threading
import time
from collections.abc import Callable

import pytest

from harness.observation import Exposition, Observer, Unobservable

DEADLINE_S = 20.0


class Scripted:
    """A source that answers what a test says."""

    local = False

    def __init__(self, name: str, answer: Callable[[], Exposition]) -> None:
        self.name, self._answer = name, answer
        self.reads = 0
        self.closed = threading.Event()

    def read(self) -> Exposition:
        self.reads += 1
        return self._answer()

    def close(self) -> None:
        self.closed.set()


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def raising(error: Exception) -> Callable[[], Exposition]:
    def answer() -> Exposition:
        raise error

    return answer


def test_looks_come_in_order_until_the_end_and_each_once() -> None:
    one, other = (Scripted(name, lambda: Exposition({"x": 1})) for name in "ab")
    with Observer([one, other], every_s=0.005) as observer:
        wait_for(lambda: min(one.reads, other.reads) > 4)
        first = observer.taken()
    rest = observer.taken()
    times = [look.at_s for look in (*first, *rest)]
    assert len(times) == one.reads + other.reads
    assert [look.at_s for look in first] == sorted(look.at_s for look in first)
    assert len(set(times)) == len(times)
    assert one.closed.is_set()
    assert observer.troubles() == []


@pytest.mark.parametrize(
    ("error", "why"), [(Unobservable("it slept"), "it slept"), (KeyError("own"), "KeyError")]
)
def test_a_failing_source_is_told_of_and_ends_nothing(error: Exception, why: str) -> None:
    broken, well = Scripted("broken", raising(error)), Scripted("well", lambda: Exposition({}))
    with Observer([broken, well], every_s=0.005) as observer:
        wait_for(lambda: min(broken.reads, well.reads) > 2)
    assert {look.source for look in observer.taken()} == {"well"}
    times = f"{broken.reads} of {broken.reads} times"
    assert observer.troubles() == [f"broken could not be observed {times}: {why}"]


def test_what_was_left_out_is_told() -> None:
    source = Scripted("page", lambda: Exposition({"x": 1}, damaged=2, left_out=7))
    with Observer([source], every_s=60) as observer:
        wait_for(lambda: source.reads)
    assert observer.troubles() == [
        f"page: {2 * source.reads} lines were no samples and were left out",
        "page: up to 7 series a page were left out",
    ]


def test_a_source_that_hangs_delays_no_other() -> None:
    go_on = threading.Event()
    stuck = Scripted("stuck", lambda: Exposition({"waited": go_on.wait(DEADLINE_S)}))
    well = Scripted("well", lambda: Exposition({"x": 1}))
    with Observer([stuck, well], every_s=0.005) as observer:
        wait_for(lambda: well.reads > 4)
        go_on.set()
    assert len(observer.taken()) > 4


def test_a_source_without_end_is_closed_and_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.observation.observer._JOIN_S", 0.02)
    released = threading.Event()
    stuck = Scripted("stuck", lambda: Exposition({"waited": released.wait(DEADLINE_S)}))
    with Observer([stuck], every_s=0.005) as observer:
        wait_for(lambda: stuck.reads)
    assert stuck.closed.is_set()
    assert observer.troubles() == ["stuck was still being read at the end"]
    released.set()


def test_a_page_that_costs_much_is_asked_less_often() -> None:
    def costly() -> Exposition:
        until = time.thread_time() + 0.01
        while time.thread_time() < until:
            pass
        return Exposition({})

    source = Scripted("page", costly)
    with Observer([source], every_s=0.001) as observer:
        wait_for(lambda: source.reads > 3)
    first, *_, last = [look.at_s for look in observer.taken()][:-1]
    assert last - first > 0.09 * (source.reads - 3)
