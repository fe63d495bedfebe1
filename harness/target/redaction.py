"""What of a profile may be shown: in sentences, logs and reports. Knows which keys hold secrets."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from harness.errors import one_line
from harness.target.checks import ENV_PREFIX
from harness.target.keys import Key

HIDDEN = "***"

_URL_KEYS = {"url", "staff_url", "proxy", "page"}
_SAFE_HEADERS = {"user-agent", "accept", "accept-language", "accept-encoding", "cache-control"}


def shown_url(url: str) -> str:
    """``url`` without user, password and literal query values; placeholders stay."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    host = parts.netloc.rpartition("@")[2]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = "&".join(f"{name}={_placeholder_or_hidden(value)}" for name, value in pairs)
    bare = f"{parts.scheme}://{host}{parts.path}" if parts.netloc else parts.path
    return one_line(bare + (f"?{query}" if query else ""))


def shown_value(key: Key, value: object) -> object:
    """``value`` of ``key`` as it may be shown: JSON-like, secrets replaced."""
    plain = msgspec.to_builtins(value)
    if not (key.secret and plain):
        return plain
    return _FORMS.get(key.name, shown_url)(plain)


def in_sentence(key: Key, value: object) -> str | None:
    """``value`` inside a sentence, cut; None when it must not appear at all."""
    if key.secret and not (key.name in _URL_KEYS and isinstance(value, str)):
        return None
    visible = shown_url(str(value)) if key.name in _URL_KEYS else value
    return one_line(json.dumps(visible, ensure_ascii=False, default=str))


def _items(table: Any) -> list[tuple[str, str]]:
    return [(str(k), str(v)) for k, v in table.items()] if isinstance(table, Mapping) else []


def _shown_header(name: str, text: str) -> str:
    return text if text.startswith(ENV_PREFIX) or name.casefold() in _SAFE_HEADERS else HIDDEN


def _shown_headers(table: Any) -> dict[str, str]:
    return {name: _shown_header(name, text) for name, text in _items(table)}


def _shown_login(header: str) -> str:
    return f"{header.partition(':')[0]}: {HIDDEN}"


def _shown_command(arguments: Sequence[str]) -> list[str]:
    return [*arguments[:1], *(HIDDEN for _ in arguments[1:])]


def _shown_token(text: str) -> str:
    return text if text.startswith(ENV_PREFIX) else HIDDEN


def _placeholder_or_hidden(value: str) -> str:
    return (
        value if value.startswith("{") and value.endswith("}") and value.count("{") == 1 else HIDDEN
    )


_FORMS: Mapping[str, Callable[[Any], object]] = {
    "headers": _shown_headers,
    "login.header": _shown_login,
    "login.token_command": _shown_command,
    "accounts.entries": lambda entries: f"{len(entries)} written out",
    "accounts.expired_token": _shown_token,
}
"""How the keys with secrets are shown that hold no URL."""
