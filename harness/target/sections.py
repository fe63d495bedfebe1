"""The profile's shape: every section and key, with its type, default, meaning and check.

This is the one place where a key is declared; :mod:`harness.target.keys` reads the register of keys
off these types, and from it come the validation sentences, the commented file and the key table. An
empty text means "not set".
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from harness.target import checks
from harness.target.modes import (
    AckMode,
    BadInput,
    BinaryMode,
    Binding,
    ContentMode,
    InfoMode,
    LocationMode,
    MsgRead,
    ReadReceipt,
    RejectMode,
    ReplayCount,
    TokenPlace,
    UnreadScope,
)
from schemas.registry import Tier
from schemas.words import MessageType, Role, TitleType

Texts = tuple[str, ...]


def key(
    meaning: str,
    *,
    check: checks.Check | None = None,
    expects: str = "",
    can_be_off: bool = False,
    secret: bool = False,
    above: float | None = None,
) -> Any:
    """What a key's annotation carries beside its type.

    ``can_be_off``: a decision that the user may leave unjudged. ``secret``: its value is not shown.
    ``above``: an exclusive lower bound. ``expects`` replaces the words made from the type.
    """
    extra = {"check": check, "expects": expects, "can_be_off": can_be_off, "secret": secret}
    return msgspec.Meta(description=meaning, extra=extra, gt=above)


def decision(meaning: str, **more: Any) -> Any:
    """A key that stands for a decision of the contract: declared, default or off."""
    return key(meaning, can_be_off=True, **more)


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the profile."""


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


class StaffWords(Section, frozen=True):
    """The two words of staff (D2, D14)."""

    assign: Annotated[
        TitleType, decision("the titletype with which staff takes a case", check=checks.staff_word)
    ] = TitleType.CONFIRM
    close: Annotated[
        TitleType, decision("the titletype with which staff closes it", check=checks.staff_word)
    ] = TitleType.ASSIGNMENT
    content: Annotated[str, decision("the content of both", check=checks.staff_content)] = (
        "{customer_sn}"
    )


class Content(Section, frozen=True):
    """What becomes of content: same, suffix (completed in front) or any (D21)."""

    text: Annotated[ContentMode, decision("words")] = ContentMode.SAME
    image: Annotated[ContentMode, decision("image paths")] = ContentMode.SAME
    title: Annotated[ContentMode, decision("topics")] = ContentMode.SAME


class Dialect(Section, frozen=True):
    """Where the help page is silent. A line written here is held against the server."""

    tier: Annotated[
        Tier, key("literal: JSON types alone; strict: all that the contract adds (D3)")
    ] = Tier.STRICT
    types: Annotated[
        tuple[MessageType, ...],
        key("the message types in use (D1)", check=checks.some_words),
    ] = tuple(MessageType)
    send_types: Annotated[
        Texts,
        decision(
            "the words of SendType, for customers and for staff (D8)",
            check=checks.two_words,
            expects="two texts, for customers and for staff",
        ),
    ] = (Role.CUSTOMER.value, Role.STAFF.value)
    time_formats: Annotated[
        Texts,
        decision('"rfc3339" or strptime patterns of time (D9)', check=checks.time_formats),
    ] = (checks.RFC3339,)
    read_receipt: Annotated[ReadReceipt, decision("what read = true does (D10)")] = (
        ReadReceipt.EMPTY_CONTENT
    )
    unread_scope: Annotated[UnreadScope, decision("what NoReadQty counts (D11)")] = (
        UnreadScope.CONVERSATION
    )
    replay_count: Annotated[
        ReplayCount, decision("NoReadQty of replayed frames: the whole, or 1, 2, 3 (D11)")
    ] = ReplayCount.TOTAL
    info: Annotated[
        InfoMode, decision("titles: info on product and order titles, else null (D16)")
    ] = InfoMode.TITLES
    location: Annotated[
        LocationMode, decision("known: the sender's place where known, else null (D16)")
    ] = LocationMode.KNOWN
    on_bad_input: Annotated[BadInput, decision("how bad input is refused (D17)")] = (
        BadInput.ERROR_FRAME
    )
    ack: Annotated[AckMode, decision("what answers a message: Send, Send without msg (D21)")] = (
        AckMode.ECHO
    )
    same_msg: Annotated[
        bool, decision("one message is the same in its Send and every Receive (D22)")
    ] = True
    msg_read: Annotated[MsgRead, decision("what msg.read says (D23)")] = MsgRead.FALSE
    clean_errors: Annotated[
        bool, decision("Error shows no stack trace and no server path (D26)")
    ] = True
    staff: StaffWords = StaffWords()
    content: Content = Content()


class Capabilities(Section, frozen=True):
    """What the server can do. false: it cannot, and nothing about it is judged."""

    http_post: Annotated[bool, decision("POST on the same path sends a message (D20)")] = True
    replay_unread: Annotated[
        bool, decision("unread messages are replayed after login or confirm (D12)")
    ] = True
    offers: Annotated[bool, decision("waiting conversations are offered to idle staff (D13)")] = (
        True
    )
    case_lifecycle: Annotated[
        bool, decision("staff words reach the customer, closing ends the binding (D14)")
    ] = True
    multi_device: Annotated[
        bool, decision("an account's other connections see what it sends (D15)")
    ] = True


class Limits(Section, frozen=True):
    """Figures of the server."""

    max_message_bytes: Annotated[
        int, decision("a longer text message closes with 1009 (D18)", above=0)
    ] = 65_536
    binary: Annotated[BinaryMode, decision("a binary message: close 1003, or accept (D18)")] = (
        BinaryMode.CLOSE
    )
    clock_skew_s: Annotated[
        float, decision("how far time may be from our clock, in seconds (D24)", above=0)
    ] = 60.0
    answer_s: Annotated[
        float, decision("how long an answer may take, in seconds (D25)", above=0)
    ] = 5.0


class Data(Section, frozen=True):
    """What exists in this shop. Cases and load send nothing else."""

    products: Annotated[
        Texts | Mapping[str, Texts],
        key(
            "product numbers: a list, or a table by customer sn; empty: none are sent",
            check=checks.numbers,
            expects="a list of texts, or a table of such lists by customer sn",
        ),
    ] = ()
    orders: Annotated[
        Texts | Mapping[str, Texts],
        key(
            "order numbers: a list, or a table by customer sn; empty: none are sent",
            check=checks.numbers,
            expects="a list of texts, or a table of such lists by customer sn",
        ),
    ] = ()
    unknown_product: Annotated[
        str, decision("a product number that must be refused; empty: not tried")
    ] = ""
    unknown_order: Annotated[
        str, decision("an order number that must be refused; empty: not tried")
    ] = ""
    images: Annotated[
        Texts, key("image paths that exist; empty: any path may be sent", check=checks.distinct)
    ] = ()
    other_topics: Annotated[
        Texts, decision("words for other topics; empty: any words do", check=checks.distinct)
    ] = ()


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
            "where the help page is served",
            check=checks.page_url,
            expects="an http:// or https:// URL, or an empty text",
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
