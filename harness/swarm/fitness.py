"""Whether two machines mean the same target: what must be equal for one load over both.

Every worker reads its own profile and accounts, since tokens do not travel. What the wire looks
like, what the server can do, what is said, and who takes part, in which order, must be the same;
where the server is and how one logs in need not be. Pure.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from harness.errors import UsageError
from harness.swarm.setup import Setup
from harness.target.keys import KeyStatus, register

Fit = Mapping[str, str]
"""A digest of each thing that must be equal, by its name in the profile."""

_SECTIONS = ("dialect", "capabilities", "limits", "data")
_KEYS = ("binding", "login.frame")
_ACCOUNTS, _USERS = "accounts", "locustfile"
_DIGITS = 12
_MOST_NAMED = 3


def fit_of(setup: Setup, own_users: str = "") -> dict[str, str]:
    """The digests of ``setup``. Names no token: of an account, its ``sn`` counts. ``own_users`` is
    the digest of a locustfile.
    """
    profile = setup.profile
    found = {
        name: _digest([profile.status(name) is KeyStatus.OFF, profile.value(name)])
        for name in register()
        if name in _KEYS or name.partition(".")[0] in _SECTIONS
    }
    return found | {_ACCOUNTS: _digest(list(setup.roster.numbers)), _USERS: own_users}


def check_fit(ours: Fit, masters: Fit) -> None:
    """UsageError names what differs."""
    names = sorted(name for name in {*ours, *masters} if ours.get(name) != masters.get(name))
    if not names:
        return
    if names == [_USERS]:
        raise UsageError(
            "this worker's --locustfile is not its master's",
            "give the same file to `chatsocket load` and to every `chatsocket worker`, or to none",
        )
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    raise UsageError(
        f"this worker's profile does not fit its master's: {', '.join(names[:_MOST_NAMED])}{more}",
        "give both the same --profile and the same accounts in the same order",
    )


def _digest(value: Any) -> str:
    plain = msgspec.json.encode(value, order="deterministic", enc_hook=str)
    return sha256(plain).hexdigest()[:_DIGITS]
