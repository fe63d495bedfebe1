"""Which target a command was asked to talk to."""

from pathlib import Path

import msgspec

from harness.errors import UsageError
from harness.target.reading import default_profile, read_profile
from harness.target.target_profile import Profile


class TargetChoice(msgspec.Struct, frozen=True):
    """A bare URL, a profile file, or both (the URL then replaces the profile's own).

    ``accounts`` is a CSV file that replaces the profile's accounts. All are texts, empty for none.
    """

    url: str = ""
    profile: str = ""
    accounts: str = ""

    def __repr__(self) -> str:
        return "TargetChoice(…)"

    def at(self, url: str) -> "TargetChoice":
        """The same target at ``url``."""
        return msgspec.structs.replace(self, url=url)

    def load(self) -> Profile:
        """The profile that is meant; UsageError says what is wrong with it."""
        if self.profile:
            profile = read_profile(Path(self.profile), self.url or None)
        elif self.url:
            profile = default_profile(self.url)
        else:
            raise UsageError(
                "there is no target", "give its ws:// or wss:// URL, or --profile FILE"
            )
        return profile.with_accounts(Path(self.accounts)) if self.accounts else profile
