"""`chatsocket worker`: plays its share of a load that another machine leads."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs; `--help` must not wait for it

import os
import sys
from typing import Annotated

import typer

from harness.cli.load_options import Locustfile, own_users
from harness.cli.options import AccountsFile, ProfileFile, Target, choice_of
from harness.cli.spread_options import SourceIps
from harness.preflight.meeting_place import URL_VARIABLE, host_and_port

Master = Annotated[
    str,
    typer.Option(metavar="HOST[:PORT]", help="Where `chatsocket load --expect-workers` binds."),
]


def worker(
    *,
    master: Master,
    target: Target = None,
    profile: ProfileFile = None,
    accounts: AccountsFile = None,
    source_ips: SourceIps = "",
    locustfile: Locustfile = None,
) -> int:
    """Play a share of the load that `chatsocket load --expect-workers` leads.

    The plan comes from there; tokens and code do not travel: the accounts and a locustfile are
    this machine's own.
    """
    from harness.preflight.machine import raise_open_files, source_addresses

    host, port = host_and_port(master)
    choice = choice_of(target, profile, accounts)
    if choice.profile or choice.url:
        choice.load()
    source_addresses(source_ips)
    own = "" if locustfile is None else own_users(locustfile, "")["locustfile"]
    raise_open_files()
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    argv = [sys.executable, "-m", "scenarios", "worker", "--master", where]
    named = ("--profile", choice.profile), ("--accounts", choice.accounts)
    for option, text in (*named, ("--source-ips", source_ips), ("--locustfile", own)):
        argv += [option, text] if text else []
    if choice.url:  # may hold a key, which a process's arguments would show to everybody
        os.environ[URL_VARIABLE] = choice.url
    print(f"waiting for the load master at {where}", file=sys.stderr, flush=True)
    os.execv(sys.executable, argv)  # noqa: S606 - the same program: signals reach it by themselves
