"""Stateless bearer tokens of the reference server: who may log in, without a user table.

A token is ``base64url(sn|role|name) "." base64url(HMAC-SHA-256(secret, that payload))``. Whoever
has the secret can mint any number of accounts; the server needs the secret alone to check one.
"""

import base64
import binascii
import hashlib
import hmac

import msgspec

from schemas.words import Role

DEMO_SECRET = "chatsocket-demo-secret-not-for-production"  # noqa: S105 - public on purpose
MIN_SECRET_CHARS = 16


class Identity(msgspec.Struct, frozen=True):
    """An account as the chat shows it: ``SendSn``, ``SendType`` and ``SendName``."""

    sn: str
    role: Role
    name: str


def mint(identity: Identity, secret: str = DEMO_SECRET) -> str:
    """The bearer token of ``identity``. ``sn`` must be free of ``|`` (ValueError)."""
    if not identity.sn or "|" in identity.sn:
        raise ValueError(f"an account's sn is non-empty and has no '|': {identity.sn!r}")
    payload = "|".join((identity.sn, identity.role, identity.name)).encode()
    return f"{_b64(payload)}.{_b64(_sign(payload, secret))}"


def verify(token: str, secret: str) -> Identity | None:
    """The identity a token proves, or None. Compares signatures in constant time."""
    head, _, tail = token.partition(".")
    try:
        payload, signature = _unb64(head), _unb64(tail)
        sn, role, name = payload.decode().split("|", 2)
        identity = Identity(sn, Role(role), name)
    except (ValueError, binascii.Error):
        return None
    return identity if hmac.compare_digest(signature, _sign(payload, secret)) else None


def _sign(payload: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), payload, hashlib.sha256).digest()


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
