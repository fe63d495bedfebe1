"""Who connects (D5): the account that the request's bearer token proves.

The token comes in the ``Authorization`` header, else the cookie ``token``, else the query's
``access_token``. It is never logged.
"""

import time
from collections.abc import Callable

from starlette.requests import HTTPConnection

from schemas.account_tokens import Identity, verify

Identify = Callable[[HTTPConnection], Identity | None]
"""The account behind a request, or None, by a server's own secret."""

NO_ACCOUNT = "The credentials prove no account: send a valid bearer token."


def identify(
    request: HTTPConnection, secret: str, clock: Callable[[], float] = time.time
) -> Identity | None:
    """The account behind a request, or None. ``clock`` tells Unix seconds: a token may expire."""
    token = _token_of(request)
    return verify(token, secret, clock()) if token else None


def _token_of(request: HTTPConnection) -> str:
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""
    return request.cookies.get("token") or request.query_params.get("access_token", "")
