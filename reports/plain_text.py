"""Makes hostile text harmless to look at, whatever it is written into.

What a target sent may hold escape sequences, control characters or invisible marks that turn text
around. They are shown as visible escapes; escaping for HTML, markdown or XML comes on top.
"""

import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_LINK = re.compile(r"(?:https?|ftp):|www\.", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\`*_\[\]|~#!])")


def visible(text: str, *, keep: str = "") -> str:
    """``text`` with every character that cannot be seen written as ``\\xNN`` or ``\\uNNNN``.

    Characters in ``keep`` (line breaks, say) stay as they are.
    """
    if _PRINTABLE.fullmatch(text):
        return text
    return "".join(
        character
        if character in keep or unicodedata.category(character) not in _HIDDEN
        else _escape(ord(character))
        for character in text
    )


def one_line(text: str, limit: int) -> str:
    """``text`` as one visible line of at most ``limit`` characters, cut with a mark."""
    line = visible(" ".join(text[: limit * 2].split()))
    return line if len(line) <= limit and len(text) <= limit * 2 else line[: limit - 1] + "…"


def markdown(text: str) -> str:
    """One visible line in which GitHub's markdown finds no structure, HTML, mention or link."""
    escaped = _MARKDOWN.sub(r"\\\1", visible(" ".join(text.split())))
    for character, entity in _ENTITIES:
        escaped = escaped.replace(character, entity)
    return _LINK.sub(lambda found: found[0][:-1] + f"&#{ord(found[0][-1])};", escaped)


_ENTITIES = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ("@", "&#64;"),
)


def _escape(point: int) -> str:
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
