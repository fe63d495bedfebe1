"""Shows how a run is getting on: live bars on a terminal, plain lines otherwise.

Draws what it is fed and keeps no clock: times come with the snapshots.
"""

from types import TracebackType

import msgspec
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from reports import figures
from reports.plain_text import one_line

_LINE_CHARS = 400
_PLAIN_EVERY_S = 5.0
_PLAIN_STEPS = 8


class LoadSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """How the load stands, all workers together.

    ``elapsed_s`` counts from t0 towards ``duration_s``. ``sent`` are messages of customers, and
    ``rate`` how many of these went out per second lately; ``acked`` and ``delivered`` count those
    of staff too. ``connections`` are those open now. ``phase`` says what is being done.
    """

    elapsed_s: float = 0.0
    duration_s: float = 0.0
    rate: float = 0.0
    sent: int = 0
    acked: int = 0
    delivered: int = 0
    errors: int = 0
    connections: int = 0
    phase: str = "running"


class Progress:
    """A run's progress on ``console``; a context manager that leaves the last state standing."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: dict[str, RenderableType] = {}
        self._live = Live(console=console, refresh_per_second=8) if console.is_terminal else None
        self._plain_step = -1
        self._plain_load: tuple[str, float] | None = None

    def __enter__(self) -> "Progress":
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, text: str) -> None:
        """One line of its own, above the bars where there are any."""
        self._console.print(Text(one_line(text, _LINE_CHARS)), soft_wrap=True, highlight=False)

    def conformance(self, done: int, total: int, failed: int) -> None:
        """``done`` of ``total`` cases are over and ``failed`` of these did not pass."""
        words = f"{done} of {total} cases"
        words += f", {failed} failed" if failed else ""
        if self._live is not None:
            self._draw("conformance", done / total if total else 0.0, words)
        elif (step := _PLAIN_STEPS * done // max(total, 1)) > self._plain_step:
            self._plain_step = step
            self.say(f"conformance: {words}")

    def load(self, snapshot: LoadSnapshot) -> None:
        """The load stands as ``snapshot`` says."""
        words = _load_words(snapshot)
        if self._live is not None:
            whole = snapshot.duration_s
            self._draw("load", snapshot.elapsed_s / whole if whole else 0.0, words)
        elif self._is_news(snapshot):
            self._plain_load = (snapshot.phase, snapshot.elapsed_s)
            self.say(f"load: {words}")

    def _is_news(self, snapshot: LoadSnapshot) -> bool:
        """Whether a plain line is due: at the start, in a new phase, and every few seconds."""
        if self._plain_load is None:
            return True
        phase, elapsed_s = self._plain_load
        return phase != snapshot.phase or snapshot.elapsed_s - elapsed_s >= _PLAIN_EVERY_S

    def _draw(self, name: str, share: float, words: str) -> None:
        row = Table.grid(padding=(0, 2))
        row.add_column(width=11)
        row.add_column(width=24)
        row.add_column(no_wrap=True, overflow="ellipsis")
        bar = ProgressBar(total=1.0, completed=min(max(share, 0.0), 1.0), width=24)
        row.add_row(Text(name), bar, Text(words))
        self._rows[name] = row
        if self._live is not None:
            self._live.update(Group(*self._rows.values()))


def _load_words(snapshot: LoadSnapshot) -> str:
    """Everything of a snapshot in one line."""
    errors = f", {figures.count(snapshot.errors)} errors" if snapshot.errors else ""
    return (
        f"{one_line(snapshot.phase, 40)} {snapshot.elapsed_s:.0f} of {snapshot.duration_s:.0f} s, "
        f"{figures.per_second(snapshot.rate)}/s, {figures.count(snapshot.sent)} sent by customers, "
        f"in all {figures.count(snapshot.acked)} acknowledged, "
        f"{figures.count(snapshot.delivered)} delivered{errors}, "
        f"{figures.count(snapshot.connections)} connections"
    )
