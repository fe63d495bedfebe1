"""`chatsocket serve`: the reference server in this process's place, so that signals reach it."""

import os
import sys

import typer

PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True}
"""Typer's settings for a command whose options are all another program's."""


def serve(context: typer.Context) -> None:
    """Start the reference server; its first line of output is its URL. All options are its own."""
    sys.stdout.flush()
    argv = [sys.executable, "-m", "reference_server", *context.args]
    os.execv(sys.executable, argv)  # noqa: S606 - our own module, no shell
