"""The profile's shape: every table and key, with its type, default, meaning and check.

A key is declared here or in :mod:`harness.target.decisions`, and nowhere else;
:mod:`harness.target.keys` reads the register of keys off these types, and from it come the
validation sentences, the commented file and the key table. An empty text means "not set".
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from harness.target import checks
from harness.target.decisions import Capabilities, Data, Dialect, Limits, Texts
from harness.target.declaring import Section, decision, key
from harness.target.token_place import TokenPlace
from schemas.modes import Binding, RejectMode
from schemas.words import Role


class Tls(Section, frozen=True):
    """wss:// only. Paths are relative to the profile's folder."""

    ca_file: Annotated[str, key("PEM file of the authority to trust, beside the system's own")] = ""
    client_cert: Annotated[str, key("PEM file of a client certificate")] = ""
    client_key: Annotated[str, key("PEM file of its key, when it is not in the same file")] = ""
    verify: Annotated[bool, key("whether the server's certificate must be right")] = True


class Login(Section, frozen=True):
    """How a connection says who it is."""

    by: Annotated[
        TokenPlace,
        key("where the token goes; template: only where {token} stands in url or headers"),
    ] = TokenPlace.HEADER
    header: Annotated[
        str,
        key('the header, for by = "header"', check=checks.header_template, secret=True),
    ] = "Authorization: Bearer {token}"
    cookie: Annotated[
        str, key('the cookie\'s name, for by = "cookie"', check=checks.header_name)
    ] = "token"
    query: Annotated[
        str, key('the parameter\'s name, for by = "query"', check=checks.header_name)
    ] = "access_token"
    token_command: Annotated[
        Texts,
        key(
            "a command that prints a fresh token for {sn} on stdout, run without a shell",
            check=checks.command,
            expects="a list of texts, the program first",
            secret=True,
        ),
    ] = ()
    token_command_s: Annotated[float, key("its deadline, in seconds", above=0)] = 10.0
    frame: Annotated[bool, key("whether the server opens with a Login frame")] = True
    reject: Annotated[
        RejectMode, decision("how a wrong token is told: a Login frame, or HTTP 401 or 403")
    ] = RejectMode.FRAME


class AccountEntry(Section, frozen=True):
    """One account, written out. ``token`` may be ``env:NAME``."""

    sn: str
    role: Role
    name: str = ""
    token: str = ""


class Accounts(Section, frozen=True):
    """Who logs in. Without entries or a file, accounts are minted for the reference server."""

    entries: Annotated[
        tuple[AccountEntry, ...],
        key(
            'accounts written out, e.g. {sn = "C1", role = "customer", token = "env:C1_TOKEN"}',
            expects="a list of {sn, role, name, token} with role customer or staff",
            secret=True,
        ),
    ] = ()
    file: Annotated[str, key("a CSV file with the columns sn,name,role,token")] = ""
    demo: Annotated[
        bool, key("mint accounts with the public demo secret of `chatsocket serve`")
    ] = True
    expired_token: Annotated[
        str,
        key(
            "a token that was right until it expired, to be rejected; may be env:NAME",
            check=checks.env_name,
            secret=True,
        ),
    ] = ""


class Settings(Section, frozen=True):
    """Everything a profile file may say."""

    url: Annotated[
        str,
        key(
            "where connections open; {token} and {sn} may stand in path and query",
            check=checks.ws_url,
            expects="a ws:// or wss:// URL",
            secret=True,
        ),
    ]
    staff_url: Annotated[
        str,
        key(
            "where staff connects, when elsewhere; {customer_sn} is the customer to bind to",
            check=checks.staff_url,
            expects="a ws:// or wss:// URL, or an empty text",
            secret=True,
        ),
    ] = ""
    binding: Annotated[
        Binding,
        decision("how staff gets its conversation: a confirm frame, or its URL (D7)"),
    ] = Binding.FRAME
    origin: Annotated[
        str,
        key("the Origin header", check=checks.origin, expects="scheme://host, or an empty text"),
    ] = ""
    subprotocols: Annotated[
        Texts, key("what to offer in Sec-WebSocket-Protocol", check=checks.subprotocols)
    ] = ()
    proxy: Annotated[
        str,
        key(
            "through which proxy to connect",
            check=checks.proxy_url,
            expects="an http://, socks4:// or socks5:// URL with a port, or an empty text",
            secret=True,
        ),
    ] = ""
    page: Annotated[
        str,
        key(
            "where the help page is served; a path is one on this server",
            check=checks.page_url,
            expects="an http:// or https:// URL, a path like /Help/…, or an empty text",
            secret=True,
        ),
    ] = ""
    thresholds: Annotated[
        Texts,
        key('what the gate demands, e.g. "p99(ack) < 500ms"; empty: its own defaults'),
    ] = ()
    headers: Annotated[
        Mapping[str, str],
        key(
            "further request headers; a value may be env:NAME or hold {token} and {sn}",
            check=checks.headers,
            expects="a table of texts",
            secret=True,
        ),
    ] = msgspec.field(default_factory=dict)
    tls: Tls = Tls()
    login: Login = Login()
    accounts: Accounts = Accounts()
    dialect: Dialect = Dialect()
    capabilities: Capabilities = Capabilities()
    limits: Limits = Limits()
    data: Data = Data()
