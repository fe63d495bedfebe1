"""Which target a command was asked to talk to, and how its helpers are told the same.

The choice may hold secrets (a URL with a key in its query), so it travels to child processes in
their environment: never in arguments, never in a file of the run folder.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from harness.errors import UsageError
from harness.target.profile import Profile
from harness.target.reading import default_profile, read_profile

VARIABLE = "CHATSOCKET_TARGET"


class TargetChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A bare URL, a profile file, or both (the URL then replaces the profile's own).

    ``accounts`` is a CSV file that replaces the profile's accounts.
    """

    url: str = ""
    profile: str = ""
    accounts: str = ""

    def __repr__(self) -> str:
        return "TargetChoice(…)"

    def load(self) -> Profile:
        """The profile that is meant; UsageError says what is wrong with it."""
        if self.profile:
            profile = read_profile(Path(self.profile), self.url or None)
        elif self.url:
            profile = default_profile(self.url)
        else:
            raise UsageError("there is no target", "give a ws:// or wss:// URL, or --profile FILE")
        return profile.with_accounts(Path(self.accounts)) if self.accounts else profile

    def environment(self) -> Mapping[str, str]:
        """This process's environment with the choice in it, for a child process."""
        return {**os.environ, VARIABLE: msgspec.json.encode(self).decode()}

    @classmethod
    def inherited(cls) -> "TargetChoice":
        """The choice that the parent process put into the environment, if any."""
        return msgspec.json.decode(os.environ.get(VARIABLE, "{}"), type=cls)
