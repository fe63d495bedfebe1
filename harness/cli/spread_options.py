"""Options about where a load is made: on which machines, from which addresses."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from dataclasses import dataclass
from typing import Annotated

import typer

from harness.durations import seconds
from harness.errors import UsageError

ExpectWorkers = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Wait for so many `chatsocket worker` instead of starting any."
    ),
]
Bind = Annotated[
    str | None,
    typer.Option(
        metavar="HOST[:PORT]", help="Where expected workers connect; default: 127.0.0.1:5557."
    ),
]
Within = Annotated[
    str, typer.Option("--workers-within", metavar="TIME", help="How long to wait for them.")
]
SourceIps = Annotated[
    str,
    typer.Option(
        metavar="A,B|CIDR", help="Addresses of this machine that connections come from in turn."
    ),
]


@dataclass(frozen=True, slots=True)
class Spread:
    """What the options say."""

    expect: int | None = None
    bind: str | None = None
    within: str = "60s"
    source_ips: str = ""

    def check(self, workers: int) -> None:
        """UsageError where the options do not go together or cannot be; opens no connection."""
        from harness.preflight.machine import source_addresses
        from harness.preflight.meeting_place import host_and_port

        seconds(self.within, "--workers-within")
        if self.bind is not None:
            host_and_port(self.bind)
        if self.expect is None and self.bind is not None:
            raise UsageError("--bind is for workers of other machines", "add --expect-workers N")
        if self.expect is not None and workers > 1:
            raise UsageError("--workers and --expect-workers exclude each other", "give one")
        if self.expect is not None and self.source_ips:
            raise UsageError(
                "--source-ips here says nothing to workers elsewhere",
                "give it to `chatsocket worker`",
            )
        source_addresses(self.source_ips)

    def argv(self) -> list[str]:
        """The same for the master's process."""
        argv = ["--source-ips", self.source_ips] if self.source_ips else []
        if self.expect is not None:
            within_s = seconds(self.within, "--workers-within")
            argv += ["--expect-workers", str(self.expect), "--within", f"{within_s:g}"]
            argv += ["--bind", self.meeting_place]
        return argv

    @property
    def meeting_place(self) -> str:
        """HOST:PORT."""
        from harness.preflight.meeting_place import LOOPBACK, host_and_port

        host, port = host_and_port(self.bind or LOOPBACK)
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def notice(self) -> str:
        """What the user must do now; empty when nothing."""
        if self.expect is None:
            return ""
        return (
            f"waiting for {self.expect} workers: on each machine run"
            f" `chatsocket worker --master {self.meeting_place}`"
        )
