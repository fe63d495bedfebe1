"""`chatsocket schema`: schemas from a help page, its drift, and the contract for other tools."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.errors import UsageError, shown
from schemas.verdicts import ExitCode

if TYPE_CHECKING:
    from schemas.help_page.derivation import Derived
    from schemas.help_page.drift import Change

DEFAULT_SERVER = "ws://127.0.0.1:8765"
SHOWN_CHARS = 32

app = typer.Typer(help="The contract as schemas: derive, compare, export.", no_args_is_help=True)

Page = Annotated[
    str,
    typer.Argument(
        metavar="PAGE",
        help="A help page: its http(s) URL, its saved HTML, its text in a file, or - for stdin.",
    ),
]


class Format(StrEnum):
    """How a document is written."""

    JSON = "json"
    YAML = "yaml"


@app.command("derive")
def derive(
    page: Page,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write one file per type; default: print all."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all as JSON beside --out too, with the files.")
    ] = False,
) -> None:
    """Turn a help page into literal schemas: the right JSON type or null, nothing required."""
    from harness.cli.whole_files import json_text, write_all
    from harness.page_source import as_usage_error, load_page
    from schemas.help_page.derivation import derive as derive_page
    from schemas.modes import Tier
    from schemas.registry import URN

    with as_usage_error(page):
        found = derive_page(load_page(page), URN.format(tier=Tier.LITERAL, name="{name}"))
    files = {f"{name}.json": json_text(body) for name, body in found.schemas.items()}
    if out is not None:
        write_all(out, files)
    if out is None or as_json:
        written = {} if out is None else {"files": [str(out / name) for name in files]}
        typer.echo(json_text({**_action(found), "schemas": found.schemas, **written}), nl=False)
        return
    typer.echo(f"{found.method} {found.path}")
    for side, message in found.messages.items():
        typer.echo(f"  {side}: {message.schema} as {', '.join(message.media_types)}")
    typer.echo(f"Wrote {len(found.schemas)} schemas into {out}: {', '.join(found.schemas)}")


@app.command("diff")
def diff(
    page: Annotated[
        str | None, typer.Argument(metavar="[PAGE]", help="As for derive.", show_default=False)
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option("--profile", metavar="FILE", help="Take the page that this profile names."),
    ] = None,
    pedantic: Annotated[
        bool, typer.Option("--pedantic", help="Cosmetic differences count as drift too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Compare a help page with the shipped contract. Exit code 1 on drift."""
    from harness.cli.whole_files import json_text
    from harness.page_source import as_usage_error, load_page, shown_source
    from schemas.help_page.comparison import compare
    from schemas.help_page.drift import DriftClass
    from schemas.help_page.shipped import shipped_page

    source = page or _named_page(profile)
    with as_usage_error(source):
        changes = compare(shipped_page(), load_page(source))
    drifted = any(pedantic or each.drift is not DriftClass.COSMETIC for each in changes)
    code = ExitCode.FAILED if drifted else ExitCode.PASSED
    if as_json:
        told = {"page": shown_source(source), "changes": list(map(_told, changes))}
        typer.echo(json_text({**told, "exit_code": code}), nl=False)
    else:
        _print_changes(changes)
    return code


@app.command("asyncapi")
def asyncapi(
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.JSON,
    server: Annotated[
        str, typer.Option("--server", metavar="URL", help="The server to describe.")
    ] = DEFAULT_SERVER,
) -> None:
    """Print the protocol as an AsyncAPI 3.0 document."""
    from harness.cli.whole_files import json_text
    from harness.target.checks import ws_url
    from schemas.asyncapi import asyncapi_document

    if wrong := ws_url(server):
        raise UsageError(f"--server {shown(server)} {wrong}", "give a ws:// or wss:// URL")
    document = asyncapi_document(version("chatsocket-harness"), server)
    text = _yaml(document) if form is Format.YAML else json_text(document)
    typer.echo(text, nl=False)


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made if it is not there.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the names of the files as JSON.")
    ] = False,
) -> None:
    """Write the JSON Schemas of all messages, one by one and bundled."""
    from harness.cli.whole_files import json_text, write_all
    from schemas.export import exported

    files = exported()
    write_all(folder, {path: json_text(body) for path, body in files.items()})
    if as_json:
        typer.echo(json_text({"files": [str(folder / path) for path in files]}), nl=False)
        return
    typer.echo(f"Wrote {len(files)} schemas into {folder}: literal/, strict/ and bundled/")


def _action(found: "Derived") -> dict[str, Any]:
    messages = {
        side.value: {"schema": message.schema, "mediaTypes": list(message.media_types)}
        for side, message in found.messages.items()
    }
    return {"method": found.method, "path": found.path, **messages}


def _named_page(profile: Path | None) -> str:
    from harness.page_source import page_address
    from harness.target import read_profile

    if profile is None:
        raise UsageError("no help page was given", "give PAGE, or --profile with one that names it")
    described = read_profile(profile)
    if not described.page:
        raise UsageError(f"{profile} names no help page", 'add page = "https://…" to it')
    return page_address(described.page, described.url)


def _told(change: "Change") -> dict[str, str]:
    return {
        "kind": change.kind,
        "class": change.drift,
        "place": change.place,
        "before": change.before,
        "after": change.after,
        "sentence": str(change),
    }


def _print_changes(changes: "tuple[Change, ...]") -> None:
    """Grave differences first, then the count of each class."""
    from schemas.help_page.drift import DriftClass

    for drift in DriftClass:
        for each in changes:
            if each.drift is drift:
                typer.echo(f"{drift:<10}  {_cut(each)}")
    counts = [f"{sum(each.drift is drift for each in changes)} {drift}" for drift in DriftClass]
    plural = "s" * (len(changes) != 1)
    listed = f"{len(changes)} difference{plural}: {', '.join(counts)}."
    typer.echo(listed if changes else "No difference.")


def _cut(change: "Change") -> str:
    """A change on one line: what the page says at length is cut."""
    from msgspec.structs import replace

    from harness.errors import one_line
    from schemas.findings import excerpt

    before, after = (excerpt(text, SHOWN_CHARS) for text in (change.before, change.after))
    return one_line(str(replace(change, before=before, after=after)))


def _yaml(document: dict[str, Any]) -> str:
    import yaml

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100))
