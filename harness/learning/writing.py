"""The learned profile as TOML: each key with its meaning, its value, and what showed it.

Writes no secret: of the given profile only what may be shown is taken over.
"""

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from harness.errors import OwnFault, ProfileError
from harness.learning.heard import printable
from harness.learning.notebook import Lesson, Notebook
from harness.target import Key, KeyStatus, Profile, register
from harness.target.keys import sections
from harness.target.reading import profile_from
from harness.target.redaction import shown_value
from harness.target.toml_text import toml_value, value_set

_HEAD = """\
# Target profile of chatsocket, learned from {url}
# on {when:%Y-%m-%d %H:%M} by `chatsocket profile learn`.
#
# "key = value" was observed; the frames that show it stand above it ("->" was sent, "<-" came).
# "#key = default" is unknown: it is not held against the server. Read what was learned before you
# rely on it: it says what the server does, not what it should do.
"""
_GIVEN = "given, not learned"
_PATHS = ("tls.ca_file", "tls.client_cert", "tls.client_key", "accounts.file")


def profile_text(profile: Profile, notes: Notebook, when: datetime) -> str:
    """The commented profile that ``notes`` make of ``profile``, which said how to reach the target.

    OwnFault when it is not one that could be read again.
    """
    text = "".join(_blocks(profile, notes, when))
    try:
        profile_from(tomllib.loads(text), "the learned profile")
    except (ProfileError, tomllib.TOMLDecodeError) as error:
        raise OwnFault(
            f"what was learned makes no profile: {error}", "nothing was written"
        ) from error
    return text


def _blocks(profile: Profile, notes: Notebook, when: datetime) -> Iterator[str]:
    yield _HEAD.format(url=printable(profile.shown_url), when=when)
    yield from _keys(profile, notes, "")
    for name, meaning in sections().items():
        yield f"\n\n[{name}]\n# {meaning}\n"
        yield from _keys(profile, notes, name)


def _keys(profile: Profile, notes: Notebook, section: str) -> Iterator[str]:
    for key in register().values():
        if key.section == section:
            yield f"\n# {key.meaning}\n# {value_set(key)}\n{_entry(profile, notes, key)}"


def _entry(profile: Profile, notes: Notebook, key: Key) -> str:
    leaf = key.name.rpartition(".")[2]
    lesson = notes.lesson(key.name)
    if lesson is not None and lesson.value is not None:
        return f"{_comment(lesson, 'seen')}{leaf} = {toml_value(lesson.value)}\n"
    if _is_given(profile, key):
        return _taken_over(profile, key, leaf)
    comment = "# unknown: this conversation does not show it\n" if key.can_be_off else ""
    if lesson is not None:
        comment = _comment(lesson, "unknown")
    return f"{comment}#{leaf} = {toml_value(key.default)}\n"


def _comment(lesson: Lesson, word: str) -> str:
    lines = [f"{word}: {lesson.why}", *(f"    {each}" for each in lesson.evidence if each)]
    return "".join(f"# {printable(line)}\n" for line in lines)


def _is_given(profile: Profile, key: Key) -> bool:
    """Whether the user said it, of what the conversation cannot show."""
    if key.required:
        return True
    reaching = not key.can_be_off and key.name not in {"dialect.types", "dialect.tier"}
    about_data = key.name.startswith("data.") or key.name == "limits.answer_s"
    given = profile.value(key.name) != key.default
    declared = profile.status(key.name) is not KeyStatus.DEFAULT
    return (reaching or about_data) and (given or declared)


def _taken_over(profile: Profile, key: Key, leaf: str) -> str:
    value = msgspec.to_builtins(profile.value(key.name))
    if key.name in _PATHS and value:
        value = str(Path(profile.path(key.name)).absolute())
    elif key.name not in ("url", "staff_url") and shown_value(key, value) != value:
        why = "given, but not written here, for it may hold a secret"
        return f"# {why}\n#{leaf} = {toml_value(key.default)}\n"
    return f"# {_GIVEN}\n{leaf} = {toml_value(value)}\n"
