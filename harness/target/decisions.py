"""The tables of the profile that describe the chat: what the help page leaves open (D1–D26)."""

from collections.abc import Mapping
from typing import Annotated

from harness.target import checks
from harness.target.declaring import Section, decision, key
from schemas.modes import (
    AckMode,
    BadInput,
    BinaryMode,
    ContentMode,
    InfoMode,
    LocationMode,
    MsgRead,
    ReadReceipt,
    ReplayCount,
    Tier,
    UnreadScope,
)
from schemas.words import STAFF_WORDS, MessageType, Role, TitleType

Texts = tuple[str, ...]
STAFF_WORD = "one of " + ", ".join(f'"{word}"' for word in STAFF_WORDS)


class StaffWords(Section, frozen=True):
    """The two words of staff (D2, D14)."""

    assign: Annotated[
        TitleType,
        decision(
            "the titletype with which staff takes a case",
            check=checks.staff_word,
            expects=STAFF_WORD,
        ),
    ] = TitleType.CONFIRM
    close: Annotated[
        TitleType,
        decision(
            "the titletype with which staff closes it", check=checks.staff_word, expects=STAFF_WORD
        ),
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
    max_connections: Annotated[
        int, decision("open connections that the server bears; 0: no limit is known", above=-1)
    ] = 0
    max_connections_per_account: Annotated[
        int, decision("open connections of one account; 0: no limit is known", above=-1)
    ] = 0
    max_messages_per_s: Annotated[
        int, decision("messages a second on one connection; 0: no limit is known", above=-1)
    ] = 0
    max_rate_per_s: Annotated[
        int, decision("messages a second over all connections; 0: no limit is known", above=-1)
    ] = 0
    max_backlog: Annotated[
        int, decision("frames that may wait for a slow reader; 0: no limit is known", above=-1)
    ] = 0
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
