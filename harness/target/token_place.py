"""Where a token goes when a connection opens. Knows no token."""

from enum import StrEnum


class TokenPlace(StrEnum):
    """The part of the opening request that carries the token (D5)."""

    HEADER = "header"
    COOKIE = "cookie"
    QUERY = "query"
    TEMPLATE = "template"
