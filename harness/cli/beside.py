"""What goes on beside a load, fed by its live lines; nothing here can end the load.

Looks at the server carry the clock of this process. They become records once the load has said how
long it runs, which tells when its seconds began.
"""

import time
from collections import deque
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from harness.cli.live_line import Live
from harness.observation import Look, Observer
from harness.telemetry import Board, OtlpExport, PrometheusPage
from schemas.load_records import LoadBegan, Observed
from schemas.records import Note, Record

_MOST_WAITING = 2_000


class Beside:
    """A context manager around a load. Without anything asked for it does nothing."""

    def __init__(
        self,
        observer: Observer | None = None,
        board: Board | None = None,
        page: PrometheusPage | None = None,
        export: OtlpExport | None = None,
    ) -> None:
        self._observer = observer or Observer([])
        self._board, self.page, self._export = board or Board(), page, export
        self._stack = ExitStack()
        self._waiting: deque[Look] = deque(maxlen=_MOST_WAITING)
        self._began: datetime | None = None
        self._began_s = self._entered_s = 0.0
        self._news: list[Record] = []

    def __enter__(self) -> "Beside":
        self._entered_s = time.monotonic()
        for part in (self._observer, self.page, self._export):
            if part is not None:
                self._stack.enter_context(part)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def close(self) -> None:
        """Give back what is held by one that was perhaps never entered."""
        self._observer.close()
        if self.page is not None:
            self.page.close()

    def see(self, live: Live) -> None:
        """The load stands as ``live`` says."""
        if self._began is None and live.elapsed_s > 0:
            self._began = datetime.now(UTC) - timedelta(seconds=live.elapsed_s)
            self._began_s = time.monotonic() - live.elapsed_s
            text = self._began.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self._news.append(LoadBegan(at=text))
        self._board.put(live.reading())

    def records(self) -> list[Record]:
        """What has come up for the log since the last call."""
        self._waiting.extend(self._observer.taken())
        news, self._news = self._news, []
        if self._began is not None:
            news += [self._observed(look, self._began_s) for look in self._waiting]
            self._waiting.clear()
        return news

    def last_records(self) -> list[Record]:
        """What is left once the load is over; looks at a load that never began count from ours."""
        news = self.records()
        news += [self._observed(look, self._entered_s) for look in self._waiting]
        self._waiting.clear()
        troubles = self._observer.troubles()
        troubles += self._export.troubles() if self._export is not None else []
        return news + [Note(text=text) for text in troubles]

    def _observed(self, look: Look, zero_s: float) -> Observed:
        return Observed(
            source=look.source,
            at_s=round(look.at_s - zero_s, 3),
            values=look.values,
            local=look.local,
        )
