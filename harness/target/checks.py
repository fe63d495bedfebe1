"""What a profile's value must be beyond its type. Each check gives a complaint or None.

A complaint continues the sentence "it …" and never repeats a value that may be a secret.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from harness.errors import shown
from harness.target.templates import PLACEHOLDERS, complaint
from schemas.words import STAFF_WORDS

RFC3339 = "rfc3339"
PROXY_SCHEMES = ("http", "socks4", "socks5")
ENV_PREFIX = "env:"

Check = Callable[[object], str | None]

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\Z")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # RFC 9110 §5.6.2
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_OWN_HEADERS = {"host", "upgrade", "connection", "content-length", "transfer-encoding"}
_PROBE = datetime(2026, 11, 22, 10, 30, 15, 123_000, tzinfo=UTC)


def ws_url(value: object) -> str | None:
    """A WebSocket URL (RFC 6455 §3), placeholders allowed in path and query."""
    text = str(value)
    if found := _url(text, ("ws", "wss")):
        return found
    parts = urlsplit(text)
    if parts.fragment:
        return "has a #fragment, which a WebSocket URL cannot have (RFC 6455 §3)"
    return complaint(text, PLACEHOLDERS)


def staff_url(value: object) -> str | None:
    """As :func:`ws_url`; empty means that staff connects where customers do."""
    return ws_url(value) if value else None


def page_url(value: object) -> str | None:
    """Where the help page is served: an address, or a path on the server; empty for none."""
    text = str(value)
    whole = f"http://server{text}" if text.startswith("/") and not text.startswith("//") else text
    return _url(whole, ("http", "https")) if text else None


def proxy_url(value: object) -> str | None:
    """A proxy; empty for none. User and password are allowed here."""
    if not value:
        return None
    found = _url(str(value), PROXY_SCHEMES, userinfo=True)
    return found or (None if urlsplit(str(value)).port else "has no port")


def origin(value: object) -> str | None:
    """An ``Origin`` header: scheme and host (RFC 6454 §6.1), or null."""
    if not value or value == "null":
        return None
    parts = urlsplit(str(value))
    if parts.path or parts.query:
        return "has more than scheme://host[:port]"
    return _url(str(value), ("http", "https"))


def subprotocols(value: object) -> str | None:
    """Names for ``Sec-WebSocket-Protocol`` (RFC 6455 §4.1), each once."""
    names = _texts(value)
    wrong = next((name for name in names if not _TOKEN.match(name)), None)
    if wrong is not None:
        return f"holds {shown(wrong)}, which is no protocol name"
    return "names a protocol twice" if len(set(names)) < len(names) else None


def headers(value: object) -> str | None:
    """Extra request headers; those of the handshake itself have keys of their own."""
    table = value if isinstance(value, dict) else {}
    for name, text in table.items():
        folded = name.casefold()
        if folded in _OWN_HEADERS or folded.startswith("sec-websocket-"):
            return f"holds {shown(name)}, which the handshake sets itself"
        if folded == "origin":
            return "holds 'Origin'; write the key origin instead"
        if found := header_name(name) or env_name(text) or _header_text(text):
            return f"is wrong at {shown(name)}, which {found}"
    return None


def header_name(value: object) -> str | None:
    """A header or cookie name (RFC 9110 §5.6.2)."""
    return None if _TOKEN.match(str(value)) else "is no header name"


def header_template(value: object) -> str | None:
    """``Name: value`` with ``{token}`` in the value."""
    name, colon, text = str(value).partition(":")
    if not colon or header_name(name):
        return "is not written 'Name: value'"
    return _header_text(text.strip()) or (None if "{token}" in text else "has no {token}")


def env_name(value: object) -> str | None:
    """``env:NAME`` names a variable; anything else is taken as it is."""
    text = str(value)
    if not text.startswith(ENV_PREFIX) or _ENV_NAME.match(text.removeprefix(ENV_PREFIX)):
        return None
    return "names no environment variable after 'env:'"


def command(value: object) -> str | None:
    """An argument list; ``{sn}``, ``{role}`` and ``{name}`` of the account may stand in it."""
    for argument in _texts(value):
        if "\0" in argument:
            return "holds a NUL character"
        if found := complaint(argument, ("sn", "role", "name")):
            return found
    return None


def time_formats(value: object) -> str | None:
    """``rfc3339`` or patterns that Python's ``strptime`` reads back."""
    patterns = _texts(value)
    if not patterns:
        return "is empty"
    for pattern in patterns:
        if pattern != RFC3339 and not _reads_back(pattern):
            return f"holds {shown(pattern)}, which is neither 'rfc3339' nor a strptime pattern"
    return None


def staff_content(value: object) -> str | None:
    """The content of a staff word: names the customer."""
    text = str(value)
    missing = None if "{customer_sn}" in text else "has no {customer_sn}"
    return complaint(text, ("customer_sn",)) or missing


def staff_word(value: object) -> str | None:
    """One of the two words of staff (D2)."""
    return None if value in STAFF_WORDS else "is a topic, not a staff word"


def some_words(value: object) -> str | None:
    """At least one entry, none twice and none empty."""
    words = _texts(value)
    if not words:
        return "is empty"
    return distinct(value)


def distinct(value: object) -> str | None:
    """No entry twice and none empty."""
    words = _texts(value)
    if not all(words):
        return "holds an empty text"
    twice = next((word for index, word in enumerate(words) if word in words[:index]), None)
    return f"holds {shown(twice)} twice" if twice is not None else None


def two_words(value: object) -> str | None:
    """One word for customers, another for staff."""
    return distinct(value) if len(_texts(value)) == 2 else "does not have two entries"


def numbers(value: object) -> str | None:
    """One list for all customers, or a table of lists by customer sn."""
    lists = value.values() if isinstance(value, dict) else [value]
    return next((found for entry in lists if (found := distinct(entry))), None)


def _url(text: str, schemes: Sequence[str], *, userinfo: bool = False) -> str | None:
    if not text.isascii() or any(char <= " " or char == "\x7f" for char in text):
        return "holds a blank, a control character or a letter outside ASCII (percent-encode it)"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        return f"is no URL ({error})"
    if parts.scheme not in schemes or not parts.netloc:
        return f"does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    if not userinfo and "@" in parts.netloc:
        return "has a user or password; put them into headers as Authorization"
    if port == 0:
        return "has port 0; ports go from 1 to 65535"
    return _host(parts)


def _host(parts: SplitResult) -> str | None:
    if "{" in parts.netloc:
        return "has a placeholder outside its path and query"
    host = parts.hostname or ""
    if "[" in parts.netloc or re.fullmatch(r"[0-9.]+", host):
        try:
            ip_address(host)
        except ValueError:
            return f"has the address {shown(host)}, which is none"
        return None
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        return f"has the host name {shown(host)}, which is none" if host else "has no host name"
    return None


def _header_text(text: str) -> str | None:
    # RFC 9110 §5.5: visible characters, blanks and tabs.
    if not all(char in "\t" or " " <= char <= "~" for char in text):
        return "holds a control character or a letter outside ASCII"
    return complaint(text, PLACEHOLDERS)


def _reads_back(pattern: str) -> bool:
    if "%" not in pattern:
        return False
    try:
        datetime.strptime(_PROBE.strftime(pattern), pattern)
    except (ValueError, re.error):
        return False
    return True


def _texts(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list | tuple) else []
