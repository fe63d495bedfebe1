"""`chatsocket faults`: the reference server's ways to misbehave, as it lists them itself."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from schemas.fault_listing import ListedFault

LISTING_S = 30.0


def faults(
    *,
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help="Only those whose name or intent has it.")
    ] = "",
    clause: Annotated[
        str, typer.Option("--clause", metavar="ID", help="Only those that break this clause.")
    ] = "",
    found_by: Annotated[
        str, typer.Option("--found-by", help="Only what check, load or restart finds.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List how `chatsocket serve --fault NAME` can misbehave, and the clauses that each breaks."""
    from harness.cli.whole_files import json_text
    from harness.errors import UnknownName
    from schemas.clauses import register
    from schemas.fault_listing import FoundBy

    if clause and clause not in register():
        raise UnknownName("clause", clause, list(register()))
    if found_by and found_by not in tuple(FoundBy):
        raise UnknownName("way to find a fault", found_by, list(FoundBy))
    listed = _listed()
    found = [each for each in listed if _fits(each, text, clause, found_by)]
    if as_json:
        import msgspec

        typer.echo(json_text([msgspec.to_builtins(each) for each in found]), nl=False)
        return
    for each in found:
        typer.echo(_lines(each))
    typer.echo(f"{len(found)} of {len(listed)} faults.")


def _listed() -> "list[ListedFault]":
    """The catalogue, asked of the server: the harness imports nothing of it."""
    import msgspec

    from harness.errors import OwnFault
    from schemas.fault_listing import ListedFault

    argv = [sys.executable, "-m", "reference_server", "--list-faults", "--json"]
    ended = subprocess.run(argv, capture_output=True, timeout=LISTING_S, check=False)  # noqa: S603
    if ended.returncode:
        raise OwnFault("the reference server did not list its faults", "install the project anew")
    return msgspec.json.decode(ended.stdout, type=list[ListedFault])


def _fits(fault: "ListedFault", text: str, clause: str, found_by: str) -> bool:
    words = f"{fault.name} {fault.intent}".casefold()
    return (
        text.casefold() in words
        and (not clause or clause in fault.clauses)
        and found_by in ("", fault.found_by)
    )


def _lines(fault: "ListedFault") -> str:
    name = f"{fault.name}={fault.default}" if fault.default else fault.name
    breaks = f"breaks {', '.join(fault.clauses)}" if fault.clauses else "breaks no clause"
    moves = f"; moves {', '.join(fault.moves)}" if fault.moves else ""
    takes = f"; takes {fault.takes}" if fault.takes else ""
    return f"{name}  [{fault.chapter}]\n    {fault.intent}\n    {breaks}{moves}{takes}"
