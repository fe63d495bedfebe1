"""The commands under their names. Importing this must stay cheap: `--help` waits for it."""

from importlib.metadata import version
from typing import Annotated

import typer

from harness.cli import (
    accounts,
    capacity,
    captures,
    check,
    clauses,
    compare,
    faults,
    gate,
    history,
    load,
    mark,
    populations,
    profiles,
    replay,
    report,
    run,
    schema,
    serve,
    worker,
)

app = typer.Typer(
    help="Conformance, load and gate for one chat protocol over WebSocket.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("load")(load.load)
app.command("worker")(worker.worker)
app.command("populations")(populations.populations)
app.command("capacity")(capacity.capacity)
app.command("inspect")(captures.inspect)
app.command("gate")(gate.gate)
app.command("replay")(replay.replay)
app.command("compare", cls=compare.SeparatedCommand)(compare.compare)
app.add_typer(history.app, name="history")
app.command("report")(report.report)
app.command("mark")(mark.mark)
app.command("serve", add_help_option=False, context_settings=serve.PASS_ON)(serve.serve)
app.command("accounts")(accounts.accounts)
app.add_typer(profiles.app, name="profile")
app.add_typer(schema.app, name="schema")
app.command("clauses")(clauses.clauses)
app.command("faults")(faults.faults)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"chatsocket {version('chatsocket-harness')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Conformance, load and gate for one chat protocol over WebSocket.

    Exit codes: 0 passed; 1 a violation or a missed threshold; 2 wrong usage or configuration; 3 no
    verdict (target unreachable, nothing ran, evidence missing).
    """
