"""Options about what goes on beside a load: looking at the server, telling monitoring."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.cli.beside import Beside
    from harness.cli.recording import Recording
    from reports.progress import Progress

Observe = Annotated[
    list[str] | None,
    typer.Option(
        metavar="URL", help="A metrics page of the server, in Prometheus' format; repeatable."
    ),
]
ObservePid = Annotated[
    list[int] | None,
    typer.Option(metavar="PID", min=1, help="A server's process on this machine; repeatable."),
]
Otel = Annotated[
    bool,
    typer.Option(
        "--otel", help="Export live numbers by OTLP, as OTEL_EXPORTER_OTLP_ENDPOINT and others say."
    ),
]
PrometheusPort = Annotated[
    int | None,
    typer.Option(
        "--prometheus",
        metavar="PORT",
        min=0,
        max=65535,
        help="Offer live numbers to Prometheus on loopback; 0: any free port.",
    ),
]


@dataclass(frozen=True, slots=True)
class Besides:
    """What the options say."""

    observe: tuple[str, ...] = ()
    observe_pid: tuple[int, ...] = ()
    otel: bool = False
    prometheus: int | None = None

    @classmethod
    def of(
        cls, observe: list[str] | None, pids: list[int] | None, otel: bool, prometheus: int | None
    ) -> "Besides":
        """The options as a value, each source once."""
        return cls(
            tuple(dict.fromkeys(observe or ())), tuple(dict.fromkeys(pids or ())), otel, prometheus
        )

    def or_own(self, page: str, pid: int) -> "Besides":
        """The same, looking at a server of our own where no other source was named."""
        from harness.observation.local_process import observable

        if self.observe or self.observe_pid:
            return self
        return replace(self, observe=(page,), observe_pid=(pid,) if observable() else ())

    @contextmanager
    def prepared(self, recording: "Recording", progress: "Progress") -> "Iterator[Beside]":
        """All of it, for the run that is being recorded.

        UsageError when something cannot be; no run is left behind then.
        """
        from harness.errors import UsageError

        try:
            beside = self._made(recording.run_id)
        except UsageError:
            recording.discard()
            raise
        with closing(beside):
            if beside.page is not None:
                progress.say(f"live numbers on {beside.page.url}")
            yield beside

    def _made(self, run_id: str) -> "Beside":
        from harness.cli.beside import Beside
        from harness.observation import LocalProcess, MetricsPage, Observer
        from harness.telemetry import Board, OtlpExport, PrometheusPage

        processes = [LocalProcess(pid) for pid in self.observe_pid]
        pages = [MetricsPage(url) for url in self.observe]
        board = Board()
        export = OtlpExport(board, run_id) if self.otel else None
        page = None
        if self.prometheus is not None:
            page = PrometheusPage(board, self.prometheus, run_id)
        return Beside(Observer([*pages, *processes]), board, page, export)
