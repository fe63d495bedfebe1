"""`chatsocket accounts`: mint accounts of a reference server as CSV."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import os
import sys
from itertools import chain
from typing import Annotated

import typer

from harness.errors import UsageError
from schemas.account_tokens import DEMO_SECRET, MIN_SECRET_CHARS
from schemas.words import Role

AT_ONCE = 1000


def accounts(
    role: Annotated[Role, typer.Option(help="Whose side.")] = Role.CUSTOMER,
    count: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many.")] = 1,
    prefix: Annotated[str, typer.Option(help="Put in front of every sn, with a hyphen.")] = "",
    secret_env: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Environment variable with the server's secret; default: the demo secret.",
        ),
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print them as JSON, which --accounts does not read.")
    ] = False,
) -> None:
    """Print accounts with their tokens as CSV (sn,name,role,token), for --accounts or a profile."""
    from harness.target.account_table import write_json, write_table
    from harness.target.accounts import MintedAccounts

    if "|" in prefix or not prefix.isprintable():
        raise UsageError("--prefix has a '|' or a control character", "use letters and digits")
    source = MintedAccounts(prefix, _secret(secret_env))
    starts = range(0, count, AT_ONCE)
    minted = chain.from_iterable(
        source.take(role, min(AT_ONCE, count - start), start) for start in starts
    )
    try:
        sys.stdout.writelines(write_json(minted) if as_json else write_table(minted))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # a reader had enough


def _secret(variable: str) -> str:
    if not variable:
        return DEMO_SECRET
    secret = os.environ.get(variable, "")
    if len(secret) < MIN_SECRET_CHARS:
        state = "too short" if secret else "not set"
        raise UsageError(
            f"the environment variable {variable} is {state}",
            f"give it the server's secret, at least {MIN_SECRET_CHARS} characters",
        )
    return secret
