"""What goes on beside a load: when its looks become records, and on whose clock."""

import time

import pytest
from rich.console import Console

from harness.cli.beside import Beside
from harness.cli.beside_options import Besides
from harness.cli.live_line import Live
from harness.errors import UsageError
from harness.observation import Exposition, Look, Observer
from harness.telemetry import INSTRUMENTS, Board
from reports.progress import Progress
from schemas.load_records import LoadBegan, Observed
from schemas.records import Note


class Looks(Observer):
    """An observer that has seen what a test says."""

    def __init__(self, *at_s: float, troubles: tuple[str, ...] = ()) -> None:
        super().__init__([])
        self._taken = [Look("page", False, at, {"x": 1.0}) for at in at_s]
        self._troubles = list(troubles)

    def taken(self) -> list[Look]:
        taken, self._taken = self._taken, []
        return taken

    def troubles(self) -> list[str]:
        return self._troubles


def live(elapsed_s: float = 0.0, **changes: object) -> Live:
    fields = dict.fromkeys(
        ("logged_in", "rate", "sent", "acked", "delivered", "anomalies", "invalid"), 0
    )
    fields |= {"failed_connects": 0, "errors": 0, "duration_s": 10.0, **changes}
    return Live(act="running", elapsed_s=elapsed_s, **fields)


def test_looks_wait_until_the_load_has_begun_and_count_from_then() -> None:
    now = time.monotonic()
    with Beside(Looks(now - 5, now - 1)) as beside:
        beside.see(live())
        assert beside.records() == []
        beside.see(live(elapsed_s=3.0))
        began, *looks = beside.records()
    assert isinstance(began, LoadBegan)
    assert [each.at_s for each in looks if isinstance(each, Observed)] == pytest.approx(
        [-2, 2], abs=0.5
    )
    assert beside.last_records() == []


def test_looks_at_a_load_that_never_began_are_kept() -> None:
    with Beside(Looks(time.monotonic() + 1)) as beside:
        assert beside.records() == []
    (record,) = beside.last_records()
    assert isinstance(record, Observed)
    assert record.at_s == pytest.approx(1, abs=0.5)


def test_troubles_are_notes_at_the_end() -> None:
    with Beside(Looks(troubles=("page slept",))) as beside:
        assert beside.records() == []
    assert beside.last_records() == [Note(text="page slept")]


def test_every_instrument_is_fed_by_the_live_line() -> None:
    board = Board()
    with Beside(board=board) as beside:
        beside.see(live(1.0, ack_p50_us=1_500, ack_p99_us=2_000_000, sent=7))
    assert set(board.reading) == {each.key for each in INSTRUMENTS}
    assert (board.reading["sent"], board.reading["ack_p99_s"]) == (7, 2.0)


def test_a_latency_that_is_not_known_is_not_told() -> None:
    assert "ack_p50_s" not in live().reading()


def test_our_own_server_is_looked_at_where_nobody_named_another() -> None:
    assert Besides().or_own("http://h/metrics", 7).observe == ("http://h/metrics",)
    named = Besides(observe=("http://other/",))
    assert named.or_own("http://h/metrics", 7) == named


class Recording:
    run_id = "r1"
    discarded = False

    def discard(self) -> None:
        self.discarded = True


def test_a_wrong_source_leaves_no_run_behind() -> None:
    recording = Recording()
    with (
        pytest.raises(UsageError, match="cannot be observed"),
        Besides(observe=("nowhere",)).prepared(recording, Progress(Console())),
    ):
        pytest.fail("prepared")
    assert recording.discarded


class Held:
    """A source that says whether it was given back."""

    name, local, closed = "page", False, 0

    def read(self) -> Exposition:
        return Exposition({})

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("entered", [True, False])
def test_what_is_held_is_given_back_once(entered: bool) -> None:
    source = Held()
    beside = Beside(Observer([source]))
    if entered:
        with beside:
            pass
    beside.close()
    assert source.closed == 1
