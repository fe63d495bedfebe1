"""Where a help page comes from: a file, stdin or an http(s) address. Bounded in time and size.

Knows how to get bytes and how to say that it could not; what they mean is
:mod:`schemas.help_page`'s affair.
"""

import ssl
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from harness.errors import HarnessError, TargetUnavailable, Unavailability, UsageError, one_line
from harness.target.redaction import shown_url
from schemas.help_page.model import HelpPage, NotAHelpPage
from schemas.help_page.reading import MAX_PAGE_BYTES, read_page

STDIN = "-"
DEADLINE_S = 20.0
_STEP_S = 10.0
_MAX_REDIRECTS = 5
_ACCEPT = {"Accept": "text/html, text/plain;q=0.9", "Accept-Encoding": "identity"}
_OWN_PAGE = "saved page, or the address of one"


def load_page(source: str, *, deadline_s: float = DEADLINE_S) -> HelpPage:
    """The help page at ``source``: a path, ``-`` for stdin, or an http(s) URL.

    UsageError when it is no help page or cannot be read; another HarnessError (exit 3) when its
    server gives no page within ``deadline_s`` seconds.
    """
    data, charset = _fetched(source, deadline_s) if is_url(source) else _read(source)
    with as_usage_error(source):
        return read_page(data, charset)


@contextmanager
def as_usage_error(source: str) -> Iterator[None]:
    """Turn a NotAHelpPage about the page at ``source`` into a UsageError that names it."""
    try:
        yield
    except NotAHelpPage as error:
        raise UsageError(
            f"{shown_source(source)} {_printable(error.problem)}", error.advice
        ) from None


def page_address(page: str, server_url: str) -> str:
    """The address of a profile's ``page``, which may be a path on the server at ``server_url``."""
    if not page.startswith("/"):
        return page
    parts = urlsplit(server_url)
    return f"{'https' if parts.scheme == 'wss' else 'http'}://{parts.netloc}{page}"


def is_url(source: str) -> bool:
    """Whether ``source`` is fetched rather than opened."""
    return source.partition("://")[0].lower() in ("http", "https")


def shown_source(source: str) -> str:
    """How ``source`` is named in a sentence: without user, password or token."""
    if source == STDIN:
        return "stdin"
    return (shown_url(source) if is_url(source) else one_line(source)) or "the address"


def _read(source: str) -> tuple[bytes, None]:
    """A file's bytes, one more than a page may have at most."""
    if source == STDIN:
        return sys.stdin.buffer.read(MAX_PAGE_BYTES + 1), None
    path = Path(source)
    try:
        if path.exists() and not path.is_file():  # a pipe or a device might never end
            raise UsageError(f"{shown_source(source)} is no file", f"give a {_OWN_PAGE}")
        with path.open("rb") as file:
            return file.read(MAX_PAGE_BYTES + 1), None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"cannot read {shown_source(source)}: {reason}", f"give a {_OWN_PAGE}"
        ) from None


def _fetched(url: str, deadline_s: float) -> tuple[bytes, str | None]:
    name = shown_source(url)
    if not _is_whole(url):
        raise UsageError(f"{name} is no whole address", f"give a {_OWN_PAGE}")
    try:
        return _get(url, name, time.monotonic() + deadline_s, min(_STEP_S, deadline_s))
    except httpx.TooManyRedirects:
        raise UsageError(f"{name} redirects in circles", "give the page's final address") from None
    except httpx.TimeoutException:
        raise HarnessError(
            f"{name} did not give the page within {deadline_s:g} s",
            "save the page from a browser and give the file",
        ) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreachable(name, error) from None


def _is_whole(url: str) -> bool:
    """Whether there is a host, and a port that can be one."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _get(url: str, name: str, end: float, step_s: float) -> tuple[bytes, str | None]:
    """The body and its charset. Every step has its time, and all of them end at ``end``."""

    def in_time(_: object) -> None:
        if time.monotonic() > end:
            raise httpx.ReadTimeout("over all")

    with (
        httpx.Client(
            timeout=step_s,
            follow_redirects=True,
            max_redirects=_MAX_REDIRECTS,
            headers=_ACCEPT,
            event_hooks={"request": [in_time]},
        ) as client,
        client.stream("GET", url) as response,
    ):
        if not response.is_success:
            status = one_line(f"{response.status_code} {response.reason_phrase}".strip())
            raise HarnessError(
                f"{name} answered {status}",
                "open it in a browser; if that asks for a login, save the page and give the file",
            )
        return _bounded(response.iter_bytes(), in_time), response.charset_encoding


def _bounded(chunks: Iterable[bytes], in_time: Callable[[object], None]) -> bytes:
    """The joined chunks, cut off once they are more than a page may have."""
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > MAX_PAGE_BYTES:
            break
        in_time(chunk)
    return bytes(data)


def _unreachable(name: str, error: Exception) -> HarnessError:
    """The operating system's reason, which httpx hides in the chain of causes."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            reason = one_line(cause.reason or str(cause))
            return HarnessError(
                f"{name} failed the TLS handshake ({reason})",
                "save the page from a browser and give the file",
            )
        if isinstance(cause, OSError):
            return TargetUnavailable.from_os_error(name, cause)
        cause = cause.__cause__ or cause.__context__
    return TargetUnavailable(name, Unavailability.UNREACHABLE, str(error))


def _printable(text: str) -> str:
    """``text`` without what could steer a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
