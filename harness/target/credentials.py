"""How a connection of one account opens: URL and request headers, with the token in its place."""

import asyncio
import os
from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

from harness.errors import UsageError, shown
from harness.target.account_table import read_table
from harness.target.accounts import Account, AccountSource, ListedAccounts, MintedAccounts, Secret
from harness.target.checks import ENV_PREFIX
from harness.target.sections import AccountEntry
from harness.target.target_profile import Profile
from harness.target.templates import fill, fill_url, placeholders
from harness.target.token_command import fresh_token
from harness.target.token_place import TokenPlace
from schemas.words import Role

Headers = tuple[tuple[str, str], ...]


class Credentials:
    """What a client needs to open one connection. Holds a token: shows its host alone.

    ``url`` and ``headers`` (cookies are a ``Cookie`` header) go out as they are; ``origin`` is ""
    for none.
    """

    __slots__ = ("headers", "origin", "subprotocols", "url")

    def __init__(
        self, url: str, headers: Headers, origin: str = "", subprotocols: tuple[str, ...] = ()
    ) -> None:
        self.url = url
        self.headers = headers
        self.origin = origin
        self.subprotocols = subprotocols

    def __repr__(self) -> str:
        parts = urlsplit(self.url)
        return f"Credentials({parts.scheme}://{parts.netloc}/***)"

    @property
    def http_url(self) -> str:
        """The same place for plain HTTP: ``http`` for ``ws``, ``https`` for ``wss`` (D4, D20)."""
        return self.url.replace("ws", "http", 1)


def accounts_of(profile: Profile, run: str) -> AccountSource:
    """The accounts of ``profile``. Minted ones are those of ``run``, the same in every process.

    UsageError when the profile has none, or its file or an environment variable is wrong.
    """
    command = bool(profile.login.token_command)
    if profile.accounts.entries:
        return _listed(profile.accounts.entries, profile.shown_name)
    if profile.accounts.file:
        path = profile.path("accounts.file")
        return _listed(read_table(path, tokens_needed=not command), str(path))
    if profile.accounts.demo:
        return MintedAccounts(run)
    raise UsageError(
        f"{profile.shown_name} has no accounts", "write accounts into it, or give --accounts FILE"
    )


def credentials(profile: Profile, account: Account, customer_sn: str = "") -> Credentials:
    """How ``account`` opens a connection to the target of ``profile``.

    ``customer_sn`` is the customer whom a staff connection's URL binds it to (``binding = "url"``).
    Blocks while ``login.token_command`` runs, if there is one: on an event loop await
    :func:`credentials_later`. UsageError when that command fails or the token cannot stand where
    the profile puts it.
    """
    if profile.login.token_command:
        return asyncio.run(credentials_later(profile, account, customer_sn))
    return _credentials(profile, account, account.token, customer_sn)


async def credentials_later(
    profile: Profile, account: Account, customer_sn: str = ""
) -> Credentials:
    """As :func:`credentials`, without blocking the event loop."""
    token, login = account.token, profile.login
    if login.token_command:
        token = await fresh_token(login.token_command, account, login.token_command_s)
    return _credentials(profile, account, token, customer_sn)


def _credentials(
    profile: Profile, account: Account, token: Secret, customer_sn: str
) -> Credentials:
    values = {
        "token": token.reveal(),
        "sn": account.sn,
        "customer_sn": customer_sn or account.sn,
    }
    template = (account.role is Role.STAFF and profile.staff_url) or profile.url
    url = _with_query(profile, fill_url(template, values), token)
    headers = _with_login(profile, _extra_headers(profile, values), values)
    for name, text in headers:
        _check_header(name, text, account)
    return Credentials(url, headers, profile.origin, profile.subprotocols)


def anonymous(profile: Profile) -> Credentials:
    """A connection without any account's token, for what must be rejected (D6)."""
    nobody = {"token": "", "sn": "", "customer_sn": ""}
    headers = tuple(
        (name, text)
        for name, text in _extra_headers(profile, nobody)
        if "token" not in placeholders(profile.headers[name])
    )
    return Credentials(fill_url(profile.url, nobody), headers, profile.origin, profile.subprotocols)


def expired_credentials(profile: Profile, account: Account) -> Credentials:
    """How ``account`` opens a connection with the profile's token that has expired (D6).

    No command is asked for a fresh one. UsageError when the token's variable is not set.
    """
    return _credentials(profile, account, expired_token(profile), "")


def expired_token(profile: Profile) -> Secret:
    """The profile's token that has expired, empty for none.

    UsageError when the variable that it is to come from is not set.
    """
    return Secret(_resolved(profile.accounts.expired_token))


def _listed(entries: tuple[AccountEntry, ...], where: str) -> AccountSource:
    return ListedAccounts(
        (
            Account(entry.sn, entry.role, entry.name, Secret(_resolved(entry.token)))
            for entry in entries
        ),
        where,
    )


def _with_query(profile: Profile, url: str, token: Secret) -> str:
    if profile.login.by is not TokenPlace.QUERY:
        return url
    parts = urlsplit(url)
    pair = f"{profile.login.query}={quote(token.reveal(), safe='')}"
    return urlunsplit(parts._replace(query=f"{parts.query}&{pair}" if parts.query else pair))


def _extra_headers(profile: Profile, values: Mapping[str, str]) -> Headers:
    return tuple((name, fill(_resolved(text), values)) for name, text in profile.headers.items())


def _with_login(profile: Profile, headers: Headers, values: Mapping[str, str]) -> Headers:
    """``headers`` and the one that carries the token, which replaces or joins its namesake."""
    login = profile.login
    if login.by is TokenPlace.COOKIE:
        cookies = [text for name, text in headers if name.casefold() == "cookie"]
        name, text = "Cookie", "; ".join([*cookies, f"{login.cookie}={values['token']}"])
    elif login.by is TokenPlace.HEADER:
        name, text = (part.strip() for part in fill(login.header, values).split(":", 1))
    else:
        return headers
    others = [pair for pair in headers if pair[0].casefold() != name.casefold()]
    return (*others, (name, text))


def _resolved(text: str) -> str:
    """``text``, or the value of the environment variable that ``env:NAME`` names."""
    if not text.startswith(ENV_PREFIX):
        return text
    name = text.removeprefix(ENV_PREFIX)
    value = os.environ.get(name)
    if not value:
        raise UsageError(f"the environment variable {name} is not set", f"export {name}=…")
    return value


def _check_header(name: str, text: str, account: Account) -> None:
    # RFC 9110 §5.5: a line break in a value would forge another header.
    if not (text.isascii() and text.isprintable()):
        raise UsageError(
            f"the header {shown(name)} of account {shown(account.sn)} would hold a line break,"
            " a control character or a letter outside ASCII",
            "check its token and sn",
        )
