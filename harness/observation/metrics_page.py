"""A metrics page over HTTP: no redirect, no proxy, bounded in bytes and time."""

import time
from urllib.parse import urlsplit

import httpx

from harness.errors import UsageError, one_line, shown
from harness.observation.exposition import Exposition, read_exposition
from harness.observation.source import Unobservable
from harness.target.redaction import shown_url

MOST_BYTES = 1 << 20
TIMEOUT_S = 2.0

_ADVICE = "give the http:// or https:// address of a page in Prometheus' text format"
_HEADERS = {
    "accept": "text/plain;version=0.0.4",
    "accept-encoding": "identity",
    "user-agent": "chatsocket",
}


class MetricsPage:
    """The page at ``url``, which may hold a user and a password; UsageError when it is none."""

    local = False

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        _check(url)
        self.name = shown_url(url)
        self._url, self._timeout_s = url, timeout_s
        self._client = httpx.Client(
            headers=_HEADERS, timeout=timeout_s, follow_redirects=False, trust_env=False
        )

    def read(self) -> Exposition:
        """The page now."""
        found = read_exposition(self._text())
        if not found.values:
            raise Unobservable("the page holds no sample in Prometheus' text format")
        return found

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _text(self) -> str:
        deadline = time.monotonic() + self._timeout_s
        body = bytearray()
        try:
            with self._client.stream("GET", self._url) as answer:
                _check_answer(answer)
                for chunk in answer.iter_raw():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise Unobservable(f"the page is larger than {MOST_BYTES >> 20} MiB")
                    if time.monotonic() > deadline:
                        raise Unobservable(f"no whole page within {self._timeout_s:g} s")
        except httpx.TimeoutException:
            raise Unobservable(f"no answer within {self._timeout_s:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
            raise Unobservable(_why(error)) from None
        return body.decode("utf-8", "replace")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        known = False
    if not known:
        raise UsageError(f"{shown(shown_url(url))} cannot be observed", _ADVICE)


def _check_answer(answer: httpx.Response) -> None:
    if answer.status_code != httpx.codes.OK:
        raise Unobservable(f"HTTP status {answer.status_code}, not 200")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise Unobservable("the page is compressed, which was not asked for")


def _why(error: BaseException) -> str:
    """The kind of failure; a library's text could repeat the address with its secrets."""
    kind = type(error).__name__
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return one_line(cause.strerror)
        cause = cause.__cause__ or cause.__context__
    return kind
