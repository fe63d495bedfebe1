"""Values as TOML, and the commented profile that a user starts from."""

from collections.abc import Iterator

import msgspec
import tomlkit

from harness.target.keys import OFF, Key, register, sections

_HEAD = """\
# Target profile of chatsocket: what is known about the server under test.
#
# "#key = value" shows a default. Remove the "#" to declare it: from then on a server that does
# otherwise fails; at a default it is only reported, with the line that describes what was seen.
# To leave a decision unjudged, write "off" as its value, or false where the value is true or false.
# Tokens and header values may be "env:NAME", the name of an environment variable.
"""


def toml_value(value: object) -> str:
    """``value`` on one line of TOML."""
    plain = msgspec.to_builtins(value)
    if isinstance(plain, dict):
        table = tomlkit.inline_table()
        table.update(plain)
        return str(table.as_string())
    return str(tomlkit.item(plain).as_string())


def commented_profile(url: str) -> str:
    """A complete profile for ``url`` with every other key shown at its default, commented out."""
    blocks = [_HEAD, f"url = {toml_value(url)}\n", *_lines("", skip="url")]
    for name, meaning in sections().items():
        blocks += [f"\n\n[{name}]\n# {meaning}\n", *_lines(name)]
    return "".join(blocks)


def _lines(section: str, skip: str = "") -> Iterator[str]:
    for key in register().values():
        if key.section == section and key.name != skip:
            leaf = key.name.rpartition(".")[2]
            yield f"\n# {key.meaning}\n# {value_set(key)}\n#{leaf} = {toml_value(key.default)}\n"


def value_set(key: Key) -> str:
    """What a value of ``key`` may be, in words."""
    has_off = key.can_be_off and not isinstance(key.default, bool)
    return f'{key.expects}; "{OFF}" leaves it unjudged' if has_off else key.expects
