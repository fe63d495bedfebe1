"""Options that several commands share, and the target they mean."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.embedded import REFERENCE, shipped_profile
from schemas.generate import Generate
from schemas.verdicts import Level

if TYPE_CHECKING:
    from harness.target.choice import TargetChoice


class Allowed(StrEnum):
    """What is not done to servers of others unless it is asked for."""

    HOSTILE = "hostile"


Target = Annotated[
    str | None,
    typer.Argument(
        metavar="[TARGET]", help="The server's ws:// or wss:// URL.", show_default=False
    ),
]
ProfileFile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="FILE",
        help=f"What is known about the server; '{REFERENCE}' is the reference server's own.",
    ),
]
AccountsFile = Annotated[
    Path | None,
    typer.Option("--accounts", metavar="CSV", help="Accounts to log in with: sn,name,role,token."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where to write the run; default: runs/<time>."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an earlier run in that folder.")]
GatedLevel = Annotated[
    Level, typer.Option("--level", help="The lowest level at which a failed case counts.")
]
ThresholdsFile = Annotated[
    Path | None,
    typer.Option(
        "--thresholds",
        metavar="FILE",
        help="Hold the run to these (TOML); one with abort = true ends the load when it is missed.",
    ),
]
Generating = Annotated[
    Generate, typer.Option("--generate", help="How much the generated cases try.")
]
Allow = Annotated[
    list[Allowed] | None,
    typer.Option("--allow", help="hostile: malformed frames, floods and resets off loopback too."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print summary.json on standard output, nothing else.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Hold defaults against the server as if declared.")
]


def choice_of(target: str | None, profile: str | None, accounts: Path | None) -> "TargetChoice":
    """The target that the options mean."""
    from harness.target.choice import TargetChoice

    file = str(shipped_profile()) if profile == REFERENCE else profile or ""
    return TargetChoice(
        url=target or "",
        profile=file and str(Path(file).absolute()),
        accounts=str(accounts.absolute()) if accounts else "",
    )
