"""A profile file in; a :class:`Profile` or one sentence of complaint out."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from harness.errors import ProfileError, UsageError, nearest
from harness.target.consistency import contradiction, settled
from harness.target.keys import OFF, Key, KeyStatus, register, sections
from harness.target.redaction import in_sentence
from harness.target.sections import Settings
from harness.target.target_profile import COMMAND_LINE, Profile

MAX_PROFILE_BYTES = 1 << 20

Table = dict[str, Any]


def read_profile(path: Path, url: str | None = None) -> Profile:
    """The profile in ``path``; ``url`` replaces its own. UsageError names what is wrong."""
    table = _parsed(path)
    if url is not None:
        table = {**table, "url": url}
        if table.get("staff_url"):
            raise ProfileError(
                str(path), "staff_url", "has a staff_url, so a URL beside it is ambiguous"
            )
    return profile_from(table, str(path), path)


def default_profile(url: str) -> Profile:
    """The profile of a server of which only the URL is known: every other key at its default."""
    return profile_from({"url": url}, COMMAND_LINE)


def profile_from(table: Table, file: str, path: Path | None = None) -> Profile:
    """The profile that ``table`` spells; ``file`` names it in complaints."""
    entries = dict(_leaves(_with_account_table(table), file))
    if "url" not in entries:
        raise ProfileError(file, "url", 'has no url; write url = "ws://host:port/path"')
    statuses = {name: _status(register()[name], value) for name, value in entries.items()}
    nested: Table = {}
    for name, value in entries.items():
        _put(nested, name, _effective(register()[name], value, file))
    settings = msgspec.convert(nested, Settings)
    fields = {name: getattr(settings, name) for name in Settings.__struct_fields__}
    profile = settled(Profile(**fields, origin_file=path, statuses=statuses))
    if found := contradiction(profile):
        raise ProfileError(file, found.key, f"{found.key} {found.complaint}")
    return profile


def _parsed(path: Path) -> Table:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_PROFILE_BYTES + 1)
        if len(raw) > MAX_PROFILE_BYTES:
            raise UsageError(f"{path} is no profile: it is longer than 1 MiB")
        return tomllib.loads(raw.decode())
    except OSError as error:
        raise UsageError(
            f"cannot read the profile {path}: {error.strerror}",
            "`chatsocket profile init` writes one",
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is no profile: not TOML in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}", "put texts into quotes") from error


def _with_account_table(table: Table) -> Table:
    """``accounts`` may be written as a plain list; the keys know it as ``accounts.entries``."""
    if isinstance(table.get("accounts"), list):
        return {**table, "accounts": {"entries": table["accounts"]}}
    return table


def _leaves(table: Table, file: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every key that the table writes, by dotted name."""
    for part, value in table.items():
        name = f"{prefix}{part}"
        if name in register():
            yield name, value
        elif name not in sections():
            raise _unknown(name, isinstance(value, dict), file)
        elif value == OFF:
            yield from _all_off(name)
        elif isinstance(value, dict):
            yield from _leaves(value, file, f"{name}.")
        else:
            raise ProfileError(file, name, f"{name} is a table, written [{name}]")


def _all_off(section: str) -> Iterator[tuple[str, Any]]:
    for name, key in register().items():
        if name.startswith(f"{section}.") and key.can_be_off:
            yield name, OFF


def _unknown(name: str, is_table: bool, file: str) -> ProfileError:
    if is_table:
        close = nearest(name, sections())
        return ProfileError(file, name, f"there is no table [{name}]", nearest=close)
    leaf = name.rpartition(".")[2]
    same_leaf = [known for known in register() if known.rpartition(".")[2] == leaf]
    close = same_leaf[0] if same_leaf else nearest(name, register())
    return ProfileError(file, name, f"there is no key {name}", nearest=close)


def _status(key: Key, value: object) -> KeyStatus:
    without = isinstance(key.default, bool) and value is False
    unjudged = value == OFF or without or value == ""
    return KeyStatus.OFF if key.can_be_off and unjudged else KeyStatus.DECLARED


def _effective(key: Key, value: object, file: str) -> object:
    """The value in force: checked, and for an unjudged key the one that demands least."""
    if value == OFF and key.can_be_off:
        return False if isinstance(key.default, bool) else key.indifferent
    if isinstance(value, bool) and str(value).lower() in key.choices:
        value = str(value).lower()  # TOML's false for the word "false" (D23)
    try:
        converted = msgspec.convert(value, key.type)
    except msgspec.ValidationError:
        raise _wrong(key, value, file) from None
    if complaint := key.check(converted) if key.check else None:
        raise _wrong(key, value, file, f"; it {complaint}")
    return msgspec.to_builtins(converted)


def _wrong(key: Key, value: object, file: str, tail: str = "") -> ProfileError:
    visible = in_sentence(key, value)
    given = f"{key.name} = {visible}" if visible else key.name
    or_off = f', or "{OFF}"' if key.can_be_off and not isinstance(key.default, bool) else ""
    return ProfileError(
        file,
        key.name,
        f"{given}: expected {key.expects}{or_off}{tail}",
        value=visible,
        expected=key.expects,
        nearest=_nearest_choice(key, value),
    )


def _nearest_choice(key: Key, value: object) -> str | None:
    if not isinstance(value, str) or value in key.choices:
        return None
    return nearest(value, key.choices)


def _put(nested: Table, name: str, value: object) -> None:
    *parents, leaf = name.split(".")
    for part in parents:
        nested = nested.setdefault(part, {})
    nested[leaf] = value
