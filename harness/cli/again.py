"""What a saved run says of how to run one of its cases again; knows what a run folder leaves out.

A folder holds no secrets, so keys that were hidden in it are read again from the profile file that
the run was made with, if it is still there.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from harness.conformance import SuiteOptions
from harness.errors import UnknownName, UsageError
from harness.target import Profile, read_profile
from harness.target.choice import TargetChoice
from harness.target.reading import profile_from
from schemas.case_records import CaseRecord, SuitePlanned
from schemas.run_log import Run

_WHO = ("accounts.entries", "accounts.file", "accounts.demo")
"""The keys that a file of accounts stands for."""


class Rebuilt(msgspec.Struct, frozen=True):
    """A profile as the run had it; ``notes`` say where parts of it came from."""

    profile: Profile
    notes: tuple[str, ...] = ()


def planned_again(
    run: Run, folder: Path, case_id: str
) -> tuple[CaseRecord, SuiteOptions, SuitePlanned]:
    """The record of the case ``case_id``, the options that run it alone and the plan for the log.

    A case is run with the proofs on which it stood in this run, one that collects with the cases in
    which it found what it reported. UsageError where the run does not hold them.
    """
    case = next((each for each in run.cases if each.id == case_id), None)
    if case is None:
        known = [each.id for each in run.cases]
        raise UnknownName(f"case in {folder} named", case_id, known)
    if run.suite is None:
        raise UsageError(
            f"{folder} does not say how its cases were run", "use `chatsocket check -k` instead"
        )
    try:
        options = msgspec.convert(run.suite.options, SuiteOptions)
    except msgspec.ValidationError as error:
        raise UsageError(f"{folder} was made by another version: {error}") from None
    ran = tuple(each.id for each in run.cases)
    only = (case_id, *case.seen_in)
    options = replace(options, only=only, proofs=ran, keyword="", groups=())
    plan = replace(run.suite, options=msgspec.to_builtins(options), expectations=[], expect_file="")
    return case, options, plan


def profile_again(run: Run, folder: Path, wanted: TargetChoice) -> Rebuilt:
    """The run's profile, or what of ``wanted`` is to stand in its place.

    UsageError names the keys that the folder does not hold and nobody else gives.
    """
    if wanted.profile:
        return Rebuilt(wanted.load())
    plan = run.suite or SuitePlanned(options={})
    rows = dict(run.header.target.profile) | ({"url": wanted.url} if wanted.url else {})
    hidden = [name for name in plan.hidden_keys if name != "url" or not wanted.url]
    if wanted.accounts or plan.accounts_file:
        hidden = [name for name in hidden if name not in _WHO]
        rows = {name: value for name, value in rows.items() if name not in _WHO}
    notes: tuple[str, ...] = ()
    if hidden:
        rows |= _read_again(hidden, plan.profile_file, rows["url"], folder)
        notes = (f"{', '.join(hidden)} came from {plan.profile_file}: {folder} holds no secrets.",)
    origin = Path(plan.profile_file) if plan.profile_file else None
    profile = profile_from(_nested(rows), f"the profile in {folder}", origin)
    accounts = wanted.accounts or plan.accounts_file
    return Rebuilt(profile.with_accounts(Path(accounts)) if accounts else profile, notes)


def _read_again(hidden: list[str], file: str, url: object, folder: Path) -> dict[str, Any]:
    """The values of the keys ``hidden`` in the run's profile ``file``."""
    names = ", ".join(hidden)
    lacking = f"{folder} holds no secrets, so the profile cannot be rebuilt from it ({names})"
    if not file:
        raise UsageError(
            lacking, "give --target URL" if hidden == ["url"] else "give --profile FILE"
        )
    if not Path(file).is_file():
        raise UsageError(f"{lacking}, and {file} is gone", "give --profile FILE")
    known = read_profile(Path(file))
    if "url" in hidden and known.shown_url != url:
        raise UsageError(f"{lacking}, and {file} has another url", "give --target URL")
    return {name: msgspec.to_builtins(known.value(name)) for name in hidden}


def _nested(rows: Mapping[str, Any]) -> dict[str, Any]:
    """``a.b = 1`` as ``{"a": {"b": 1}}``."""
    nested: dict[str, Any] = {}
    for name, value in rows.items():
        *parents, leaf = name.split(".")
        table = nested
        for parent in parents:
            table = table.setdefault(parent, {})
        table[leaf] = value
    return nested
