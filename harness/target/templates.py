"""Text with ``{placeholders}``: which are known, and how their values are put in.

Knows no profile. Values are inserted as data: nothing inside a value is a placeholder again.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from harness.errors import nearest, shown

PLACEHOLDERS = ("token", "sn", "customer_sn")
"""Known in URLs and headers. ``customer_sn`` is the customer whom a connection is bound to by its
URL; on a customer's own connection it is the same as ``sn``."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(template: str) -> tuple[str, ...]:
    """The names between braces, in order."""
    return tuple(_PLACEHOLDER.findall(template))


def complaint(template: str, known: tuple[str, ...]) -> str | None:
    """What is wrong with ``template``, or None."""
    for name in placeholders(template):
        if name not in known:
            close = nearest(name, known)
            hint = f", perhaps {{{close}}}" if close else ""
            names = ", ".join(f"{{{word}}}" for word in known)
            return f"holds {shown(f'{{{name}}}')}, which is no placeholder{hint} (known: {names})"
    if re.search(r"[{}]", _PLACEHOLDER.sub("", template)):
        return "has a brace without its partner"
    return None


def fill(template: str, values: Mapping[str, str]) -> str:
    """``template`` with each placeholder replaced by its value as it is."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)


def fill_url(template: str, values: Mapping[str, str]) -> str:
    """``template`` with each value percent-encoded (RFC 3986 §2.1), reserved characters too."""
    return fill(template, {name: quote(value, safe="") for name, value in values.items()})
