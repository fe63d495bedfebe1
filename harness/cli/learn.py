"""`chatsocket profile learn`: a profile from one short conversation with the server."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.options import AccountsFile, ProfileFile, Target, choice_of
from harness.errors import OutputUnusable
from schemas.verdicts import ExitCode

if TYPE_CHECKING:
    from harness.learning import Notebook

OutFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where to write it; default: print it."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing file.")]
Alone = Annotated[
    bool,
    typer.Option("--alone", help="Nobody else's staff is logged in: no offer goes elsewhere."),
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print JSON: each key, its value (null: unknown), what showed it."),
]


def learn(  # noqa: PLR0913 - one parameter per option
    *,
    target: Target = None,
    profile: ProfileFile = None,
    accounts: AccountsFile = None,
    out: OutFile = None,
    force: Force = False,
    alone: Alone = False,
    as_json: AsJson = False,
) -> int:
    """Play a short valid conversation and write a profile of what the server showed.

    Each key stands below the frames that show it; what was not shown stays a comment. A profile
    that is given says how to reach the server and which products and orders exist.
    """
    from datetime import datetime
    from secrets import token_hex

    from harness.learning import learn as visit
    from harness.learning import profile_text
    from harness.target import MintedAccounts, accounts_of

    _check_free(out, force=force)
    described = choice_of(target, profile, accounts).load()
    source = accounts_of(described, token_hex(3))
    notes = visit(described, source, alone=alone or isinstance(source, MintedAccounts))
    text = profile_text(described, notes, datetime.now().astimezone())
    if out is not None:
        _write(out, text)
    if as_json:
        typer.echo(_told(described.shown_url, out, notes, text), nl=False)
    elif out is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(
            f"Wrote {out}: {len(notes.values)} keys learned. Read it, then:"
            f" chatsocket check --profile {out}"
        )
    return ExitCode.PASSED


def _told(url: str, out: Path | None, notes: "Notebook", text: str) -> str:
    import msgspec

    from harness.cli.whole_files import json_text

    keys = [msgspec.to_builtins(each) for each in notes.lessons]
    return json_text({"url": url, "file": out and str(out), "keys": keys, "profile": text})


def _check_free(out: Path | None, *, force: bool) -> None:
    """Say before the conversation, not after it, that there is nowhere to write."""
    if out is None:
        return
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise OutputUnusable(out, "it is no file in an existing folder")
    if out.exists() and not force:
        raise OutputUnusable(out, "it exists", "add --force to replace it")


def _write(out: Path, text: str) -> None:
    from harness.cli.whole_files import write_all

    write_all(out.absolute().parent, {out.name: text})
