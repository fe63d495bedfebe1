"""How ``time`` is written (D9): RFC 3339 in UTC with milliseconds, or a strftime pattern of UTC."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache, partial

from reference_server.dialect import RFC3339


def writer(time_format: str) -> Callable[[int], str]:
    """The function from Unix milliseconds to text for a dialect's ``time_format``."""
    return rfc3339 if time_format == RFC3339 else partial(_by_pattern, time_format)


def rfc3339(unix_ms: int) -> str:
    """Milliseconds since 1970 as RFC 3339 in UTC with offset and milliseconds."""
    seconds, millis = divmod(unix_ms, 1000)
    return f"{_whole_seconds(seconds)}.{millis:03d}+00:00"


@lru_cache(maxsize=16)
def _whole_seconds(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


@lru_cache(maxsize=16)
def _by_pattern(pattern: str, unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime(pattern)
