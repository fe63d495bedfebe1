"""Stateless bearer tokens of the reference server: who may log in, without a user table.

A token is ``base64url(sn|role|name) "." base64url(HMAC-SHA-256(secret, that payload))``, or, where
it is right for a time only, ``base64url(sn|role|name) "." expiry "." base64url(HMAC-SHA-256(secret,
what stands before this dot))`` with the expiry in Unix seconds. Whoever has the secret can mint any
number of accounts; the server needs the secret alone to check one.
"""

import base64
import binascii
import hashlib
import hmac
import math

import msgspec

from schemas.words import Role

DEMO_SECRET = "chatsocket-demo-secret-not-for-production"  # noqa: S105 - public on purpose
MIN_SECRET_CHARS = 16


class Identity(msgspec.Struct, frozen=True):
    """An account as the chat shows it: ``SendSn``, ``SendType`` and ``SendName``."""

    sn: str
    role: Role
    name: str


def mint(identity: Identity, secret: str = DEMO_SECRET, expires_s: int | None = None) -> str:
    """The bearer token of ``identity``, right before ``expires_s`` (Unix seconds; None: always).

    ``sn`` must be free of ``|`` (ValueError).
    """
    if not identity.sn or "|" in identity.sn:
        raise ValueError(f"an account's sn is non-empty and has no '|': {identity.sn!r}")
    payload = "|".join((identity.sn, identity.role, identity.name)).encode()
    if expires_s is None:
        return f"{_b64(payload)}.{_b64(_sign(payload, secret))}"
    claims = f"{_b64(payload)}.{expires_s}"
    return f"{claims}.{_b64(_sign(claims.encode(), secret))}"


def verify(token: str, secret: str, now_s: float) -> Identity | None:
    """The identity that a token proves at ``now_s`` (Unix seconds), or None.

    Compares signatures in constant time. What is signed holds a ``|`` in one form and none in the
    other, so that neither form's signature is any good in the other.
    """
    claims, _, proof = token.rpartition(".")
    head, dated, expiry = claims.partition(".")
    try:
        payload, signature = _unb64(head), _unb64(proof)
        sn, role, name = payload.decode().split("|", 2)
        identity = Identity(sn, Role(role), name)
        until_s = int(expiry) if dated else math.inf
    except (ValueError, binascii.Error):
        return None
    signed = claims.encode() if dated else payload
    genuine = hmac.compare_digest(signature, _sign(signed, secret))
    return identity if genuine and now_s < until_s else None


def _sign(payload: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), payload, hashlib.sha256).digest()


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
