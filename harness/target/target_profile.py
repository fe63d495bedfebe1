"""The target profile as a value: what is known about the server under test, and how surely.

Reads no file. A key is *declared* when the user wrote it, *default* when not, *off* when it is not
to be judged (contract §3).
"""

from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path

import msgspec

from harness.target.keys import Key, KeyStatus, register
from harness.target.redaction import shown_url, shown_value
from harness.target.sections import Accounts, Settings
from harness.target.toml_text import toml_value

COMMAND_LINE = "command line"


class Profile(Settings, frozen=True):
    """Every setting by its name (``profile.dialect.ack``), with the status of each key.

    ``origin_file`` is None for a bare URL. ``statuses`` holds what is not at its default.
    """

    origin_file: Path | None = None
    statuses: Mapping[str, KeyStatus] = msgspec.field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Profile({self.shown_url})"

    def status(self, name: str) -> KeyStatus:
        """The status of a key, or of a table: off when all of it is, else declared when any is.

        KeyError when there is neither key nor table of that name, which is a fault of ours.
        """
        keys = register()
        if name in keys:
            return self.statuses.get(name, KeyStatus.DEFAULT)
        found = {self.status(other) for other in keys if other.startswith(f"{name}.")}
        if not found:
            raise KeyError(name)
        if found == {KeyStatus.OFF}:
            return KeyStatus.OFF
        return KeyStatus.DECLARED if KeyStatus.DECLARED in found else KeyStatus.DEFAULT

    def value(self, name: str) -> object:
        """The value of the key or table ``name``."""
        return attrgetter(name)(self)

    def with_accounts(self, table: Path) -> "Profile":
        """The same target with the accounts of the CSV file ``table``."""
        file, expired = str(table.expanduser().absolute()), self.accounts.expired_token
        accounts = Accounts(file=file, demo=False, expired_token=expired)
        return msgspec.structs.replace(self, accounts=accounts)

    def line(self, name: str, value: object | None = None) -> str:
        """The profile line that sets ``name`` to ``value`` (or to what it is), as TOML."""
        section, _, leaf = name.rpartition(".")
        text = toml_value(self.value(name) if value is None else value)
        return f"[{section}] {leaf} = {text}" if section else f"{leaf} = {text}"

    @property
    def shown_name(self) -> str:
        """The profile in sentences: its file, or that there is none."""
        return str(self.origin_file) if self.origin_file else "the default profile"

    @property
    def shown_url(self) -> str:
        """The URL for sentences, logs and reports: no user, password or literal query value."""
        return shown_url(self.url)

    def redacted(self) -> dict[str, object]:
        """Every key that is not at its default, without secrets: what the run log keeps."""
        rows = {"url": self.shown_url}
        return rows | {
            name: self._redacted(key)
            for name, key in register().items()
            if name in self.statuses and name != "url"
        }

    def path(self, name: str) -> Path:
        """A file named by the key ``name``, relative to the profile's folder."""
        folder = self.origin_file.parent if self.origin_file else Path()
        return folder / Path(str(self.value(name))).expanduser()

    def _redacted(self, key: Key) -> object:
        if self.status(key.name) is KeyStatus.OFF and not isinstance(self.value(key.name), bool):
            return "off"
        return shown_value(key, self.value(key.name))
