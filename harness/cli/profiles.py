"""`chatsocket profile`: write one to start from, learn one, check one, list the keys."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

from pathlib import Path
from typing import Annotated

import typer

from harness.cli import learn as learning
from harness.cli.whole_files import json_text
from harness.errors import OutputUnusable

DEFAULT_FILE = Path("target.toml")
DEFAULT_URL = "ws://127.0.0.1:8765/api/ChatSocket/WebSocket"

app = typer.Typer(help="Describe the server under test.", no_args_is_help=True)
app.command("learn")(learning.learn)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("init")
def init(
    file: Annotated[Path, typer.Argument(help="Where to write it; - prints it.")] = DEFAULT_FILE,
    url: Annotated[str, typer.Option(help="The server's URL.")] = DEFAULT_URL,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a commented profile: every key with its meaning and default.

    --json prints the file's name (null for -), the URL and the text.
    """
    from harness.target.reading import default_profile
    from harness.target.toml_text import commented_profile

    described = default_profile(url)
    text, unwritten = commented_profile(described.url), str(file) == "-"
    if not unwritten:
        _write(file, text, force=force)
    if as_json:
        name = None if unwritten else str(file)
        told = {"file": name, "url": described.shown_url, "profile": text}
        typer.echo(json_text(told), nl=False)
    elif unwritten:
        typer.echo(text, nl=False)
    else:
        typer.echo(f"Wrote {file}. Edit it, then: chatsocket profile check {file}")


def _write(file: Path, text: str, *, force: bool) -> None:
    try:
        with file.open("w" if force else "x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise OutputUnusable(file, "it exists", "add --force to replace it") from None
    except OSError as error:
        raise OutputUnusable(file, error.strerror or str(error), "choose another file") from None


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="The profile.")], as_json: AsJson = False
) -> None:
    """Say whether a profile is right, and what it declares."""
    from harness.target import (
        KeyStatus,
        accounts_of,
        expired_token,
        read_profile,
        register,
        tls_context,
    )
    from schemas.words import Role

    profile = read_profile(file)
    tls_context(profile)
    source = accounts_of(profile, "check")
    expired_token(profile)
    if as_json:
        found = {
            "url": profile.shown_url,
            "keys": {
                status: [name for name in register() if profile.status(name) is status]
                for status in KeyStatus
            },
            "accounts": {role: source.available(role) for role in Role},
        }
        typer.echo(json_text(found), nl=False)
        return
    typer.echo(f"{file} is right. It describes {profile.shown_url}")
    for status in KeyStatus:
        names = [name for name in register() if profile.status(name) is status]
        tail = f": {', '.join(names)}" if names and status is KeyStatus.OFF else ""
        typer.echo(f"  {len(names)} keys {status}{tail}")
    for role in Role:
        number = source.available(role)
        typer.echo(f"  {'any number of' if number is None else number} {role} accounts")


@app.command("keys")
def keys(as_json: AsJson = False) -> None:
    """List every key of a profile: its default, its meaning and what it may be."""
    from harness.target import register
    from harness.target.toml_text import toml_value, value_set

    if as_json:
        found = [
            {
                "name": key.name,
                "required": key.required,
                "default": None if key.required else key.default,
                "meaning": key.meaning,
                "values": value_set(key),
            }
            for key in register().values()
        ]
        typer.echo(json_text(found), nl=False)
        return
    for key in register().values():
        default = "" if key.required else f" = {toml_value(key.default)}"
        typer.echo(f"{key.name}{default}\n    {key.meaning}\n    {value_set(key)}")
