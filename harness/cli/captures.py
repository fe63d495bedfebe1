"""`chatsocket inspect`: captured traffic judged as if it were live."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import sys
from typing import Annotated

import typer

from harness.cli.options import AsJson, Force, GatedLevel, Out, ProfileFile
from schemas.verdicts import ExitCode, Level
from schemas.words import Role

Captures = Annotated[
    list[str],
    typer.Argument(
        metavar="CAPTURE...",
        help="HAR files, run folders, run.ndjson, JSON lines of frames; - is standard input.",
        show_default=False,
    ),
]
WhoseRole = Annotated[
    Role | None, typer.Option("--role", help="Whose capture it is; default: told from the frames.")
]
WhoseSn = Annotated[
    str, typer.Option("--sn", metavar="SN", help="The account; default: told from the frames.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Hold defaults against the server as if declared.")
]
Midway = Annotated[
    bool, typer.Option("--midway", help="The capture begins in the middle: no Login is due.")
]
ServerOnly = Annotated[
    bool, typer.Option("--server-only", help="Only record what the client does wrong.")
]


def inspect(  # noqa: PLR0913 - one parameter per option
    *,
    captures: Captures,
    profile: ProfileFile = None,
    role: WhoseRole = None,
    sn: WhoseSn = "",
    midway: Midway = False,
    server_only: ServerOnly = False,
    out: Out = None,
    force: Force = False,
    level: GatedLevel = Level.SHOULD,
    strict: Strict = False,
    as_json: AsJson = False,
) -> int:
    """Judge captured traffic and write a report.

    A HAR file comes from the network panel of a browser's developer tools, opened before the chat
    connects. A file of JSON lines holds either the server's frames as they are, one a line, or
    {"sent": true or false, "data": "the frame", "t": seconds, "connection": "name"}, of which t and
    connection may be left out.
    """
    from rich.console import Console

    from harness.captures import Claims, Inspection
    from harness.cli.capture_part import NAME, CapturePart, open_log, profile_for
    from harness.cli.judgement import decide
    from harness.cli.recording import Recording, new_mark, perform
    from harness.cli.result_json import print_json
    from harness.errors import UsageError
    from reports.plain_text import visible

    described = profile_for(profile)
    claims = Claims(role=role, sn=sn, midway=midway, server_only=server_only)
    part = CapturePart(captures, Inspection(described, claims, strict=strict))
    part.look()
    recording = Recording(new_mark(), out, force=force)
    try:
        with open_log(recording, captures, described) as log:
            reason = perform(log, NAME, part.run)
    except UsageError:
        recording.discard()
        raise
    if reason:
        print(f"chatsocket: {reason}", file=sys.stderr)
    code: ExitCode = decide(recording.folder, Console(quiet=as_json), level=level)
    if as_json:
        print_json(recording.folder)
    else:
        for text in part.notes:
            typer.echo(f"note    {visible(text)}")
    return code
