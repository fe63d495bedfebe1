"""The target profile: what is known about the server under test, and who may log in to it.

The names below are what the rest of the harness uses; the modules behind them are the parts.
"""

from harness.target.accounts import Account, AccountSource, ListedAccounts, MintedAccounts, Secret
from harness.target.credentials import (
    Credentials,
    accounts_of,
    anonymous,
    credentials,
    credentials_later,
    expired_credentials,
    expired_token,
)
from harness.target.keys import Key, KeyStatus, register
from harness.target.reading import default_profile, read_profile
from harness.target.target_profile import Profile
from harness.target.trust import tls_context
from harness.target.wire import wire_dialect

__all__ = [
    "Account",
    "AccountSource",
    "Credentials",
    "Key",
    "KeyStatus",
    "ListedAccounts",
    "MintedAccounts",
    "Profile",
    "Secret",
    "accounts_of",
    "anonymous",
    "credentials",
    "credentials_later",
    "default_profile",
    "expired_credentials",
    "expired_token",
    "read_profile",
    "register",
    "tls_context",
    "wire_dialect",
]
