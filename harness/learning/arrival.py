"""The first scenes: how a connection says who it is, and how a wrong token is told (D5, D6)."""

from collections.abc import Iterator

import msgspec

from harness.blocking.wire import Cause
from harness.errors import TargetUnavailable, Unavailability
from harness.learning.line import Line
from harness.learning.visit import Visit
from harness.target import Account, KeyStatus, Secret
from harness.target.token_place import TokenPlace
from schemas.modes import RejectMode
from schemas.words import MsgStatus

WRONG_TOKEN = "no-such-token"  # noqa: S105 - the wrong one


def arrive(visit: Visit, account: Account) -> Line:
    """The first connection of ``account``, with its token where the target looks for it.

    TargetUnavailable when the target cannot be reached or no place lets the account in.
    """
    refusals: list[TargetUnavailable] = []
    for place in _places(visit):
        login = msgspec.structs.replace(visit.profile.login, by=place)
        visit.profile = msgspec.structs.replace(visit.profile, login=login)
        try:
            line = visit.enter(account)
        except TargetUnavailable as refusal:
            if refusal.cause is not Unavailability.CREDENTIALS:
                raise
            refusals.append(refusal)
        else:
            shown = line.heard[0].excerpt("Result") if line.heard else "(silence, which lets in)"
            visit.notes.learned("login.by", place, "with the token there, this came first", shown)
            return line
    raise refusals[0]


def _places(visit: Visit) -> Iterator[TokenPlace]:
    """Where to try the token: where the profile says, else wherever the contract knows."""
    login = visit.profile.login
    yield login.by
    declared = visit.profile.status("login.by") is not KeyStatus.DEFAULT
    if not (declared or login.by is TokenPlace.TEMPLATE):
        yield TokenPlace.COOKIE
        yield TokenPlace.QUERY


def knock_wrongly(visit: Visit, account: Account) -> None:
    """One login with a token that proves nothing: ``login.reject``."""
    notes, key = visit.notes, "login.reject"
    if visit.profile.login.token_command:
        notes.unknown(key, "not tried: login.token_command makes the tokens")
        return
    wrong = Account(account.sn, account.role, account.name, Secret(WRONG_TOKEN))
    try:
        line = visit.open(wrong)
    except TargetUnavailable as stop:
        if stop.cause is Unavailability.CREDENTIALS:
            notes.learned(key, RejectMode.HTTP, "a wrong token got", stop.detail)
        else:
            notes.unknown(key, f"a wrong token got: {stop.problem}")
        return
    _read_rejection(visit, line)


def _read_rejection(visit: Visit, line: Line) -> None:
    notes, key = visit.notes, "login.reject"
    visit.until(lambda: bool(line.heard) or line.ended is not None, visit.login_s)
    first = line.heard[0] if line.heard else None
    if first is None or first.status != MsgStatus.LOGIN or first.succeeded:
        shown = first.excerpt("Result") if first is not None else str(line.ended or "silence")
        notes.unknown(key, "a wrong token was neither told so by a Login nor by HTTP", shown)
        line.leave()
        return
    visit.until(lambda: line.ended is not None, visit.login_s)
    end = line.ended
    closed = f"ended by {end}" if end is not None and end.cause is Cause.CLOSE else "not closed"
    notes.learned(
        key, RejectMode.FRAME, "a wrong token got", first.excerpt("Result", "Error"), closed
    )
    line.leave()
