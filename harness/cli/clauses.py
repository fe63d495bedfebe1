"""`chatsocket clauses`: the register of clauses, and which cases check each."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.verdicts import Level

if TYPE_CHECKING:
    from harness.conformance import CaseInfo
    from schemas.clauses import Clause

MAX_NAMED_CASES = 4

Cases = Mapping[str, "tuple[CaseInfo, ...]"]


def clauses(
    *,
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help="Only those whose id or sentence has it.")
    ] = "",
    level: Annotated[Level | None, typer.Option("--level", help="Only this level.")] = None,
    source: Annotated[
        str,
        typer.Option("--source", help="Only from there: table, sample, prose, D10, 'RFC 6455'."),
    ] = "",
    key: Annotated[
        str, typer.Option("--key", help="Only those that this profile key or table grades.")
    ] = "",
    group: Annotated[
        str, typer.Option("--group", metavar="GROUP", help="Only those that its cases check.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what can be checked: id, level, source, sentence, and the cases that check it."""
    from harness.cli.whole_files import json_text
    from schemas.clauses import register

    cases = _cases_by_clause(group)
    found = [
        entry
        for entry in register().values()
        if _fits(entry, text, level, source, key) and (not group or entry.id in cases)
    ]
    if as_json:
        typer.echo(json_text([_told(entry, cases.get(entry.id, ())) for entry in found]), nl=False)
        return
    for entry in found:
        typer.echo(_lines(entry, cases.get(entry.id, ())))
    typer.echo(f"{len(found)} of {len(register())} clauses.")


def _cases_by_clause(group: str) -> Cases:
    """The cases of ``group``, or all, under each clause that they look for."""
    from harness.conformance import SuiteOptions, groups_named, list_cases

    found: dict[str, tuple[CaseInfo, ...]] = {}
    for case in list_cases(SuiteOptions(groups=groups_named([group] if group else ()))):
        for slug in () if case.passive else case.clauses:
            found[slug] = (*found.get(slug, ()), case)
    return found


def _fits(entry: "Clause", text: str, level: Level | None, source: str, key: str) -> bool:
    words = f"{entry.id} {entry.sentence}".casefold()
    whole = rf"(?<!\w){re.escape(source)}(?!\w)"  # D1 is not D10
    return (
        text.casefold() in words
        and level in (None, entry.level)
        and (not source or re.search(whole, entry.source, re.IGNORECASE) is not None)
        and (not key or f"{entry.key}.".startswith(f"{key}."))
    )


def _status(entry: "Clause", cases: "Iterable[CaseInfo]") -> str:
    if names := [case.id for case in cases]:
        more = len(names) - MAX_NAMED_CASES
        tail = f" and {more} more" if more > 0 else ""
        return f"checked by {', '.join(names[:MAX_NAMED_CASES])}{tail}"
    return f"untestable: {entry.untestable}" if entry.untestable else "checked by no case"


def _lines(entry: "Clause", cases: "Iterable[CaseInfo]") -> str:
    graded = f"; {entry.key}" if entry.key else ""
    head = f"{entry.id}  [{entry.level}: {entry.source}{graded}]"
    return f"{head}\n    {entry.sentence}\n    {_status(entry, cases)}"


def _told(entry: "Clause", cases: "Iterable[CaseInfo]") -> dict[str, Any]:
    import msgspec

    return {**msgspec.structs.asdict(entry), "cases": [case.id for case in cases]}
