"""Faults of a message's other members: who sent it, when, from where, about what."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

from msgspec.structs import replace

from reference_server.conversation import Connection
from reference_server.faults.bending import bend_hall, bend_msgs
from reference_server.faults.fault import Fault
from reference_server.hall import Hall
from reference_server.inbound import Refusal
from reference_server.outgoing import Info, OutMsg, Place
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus, Role, TitleType

_SEND, _RECEIVE = MsgStatus.SEND, MsgStatus.RECEIVE


def _shifted(msg: OutMsg, shift: timedelta) -> OutMsg:
    moment = datetime.fromisoformat(msg.time) + shift
    return replace(msg, time=moment.isoformat(timespec="milliseconds"))


def _backwards(msg: OutMsg) -> OutMsg:
    """Every other message is dated back, the same in all its frames."""
    odd = crc32(f"{msg.send_sn} {msg.content}".encode("utf-8", "surrogatepass")) % 2
    return _shifted(msg, timedelta(seconds=-5 * odd))


def _unpadded(msg: OutMsg) -> OutMsg:
    """Milliseconds without their leading noughts: .034 becomes .34."""
    whole, dot, rest = msg.time.partition(".")
    return replace(msg, time=f"{whole}{dot}{rest[:2].lstrip('0')}{rest[2:]}")


def _elsewhere(msg: OutMsg) -> OutMsg:
    """Staff's own clock is read in its own zone, and told in the server's."""
    staff = msg.send_type == Role.STAFF
    return _shifted(msg, timedelta(hours=9)) if staff else msg


def _in_local_words(msg: OutMsg) -> OutMsg:
    return replace(msg, time=f"{datetime.fromisoformat(msg.time):%Y/%m/%d %H:%M:%S}")


def _placed(change: Callable[[Place], Place | None]) -> Callable[[OutMsg], OutMsg]:
    return lambda msg: msg if msg.location is None else replace(msg, location=change(msg.location))


def _informed(change: Callable[[Info], Info | None]) -> Callable[[OutMsg], OutMsg]:
    return lambda msg: msg if msg.info is None else replace(msg, info=change(msg.info))


def _informed_always(msg: OutMsg) -> OutMsg:
    return msg if msg.info else replace(msg, info=Info("none", "none", "0.00"))


def _from_the_shop(msg: OutMsg) -> OutMsg:
    staff = msg.send_type == Role.STAFF
    return replace(msg, send_sn="SHOP", send_name="客服") if staff else msg


def _other_side(msg: OutMsg) -> OutMsg:
    return replace(msg, send_type=Role(msg.send_type).other)


def _unasking(topic: TitleType) -> type[Hall]:
    """A hall that does not look numbers of this topic up."""

    class Unasking(Hall):
        def _refusal(self, connection: Connection, message: InMsg) -> Refusal | None:
            if message.type == MessageType.TITLE and message.titletype == topic:
                message = replace(message, titletype=TitleType.OTHER)
            return super()._refusal(connection, message)

    return Unasking


FAULTS: Final = (
    Fault(
        "sender-hidden",
        "Customers receive what staff says as if the shop itself had said it.",
        ("sender-identity",),
        bend_msgs(_from_the_shop, _RECEIVE),
    ),
    Fault(
        "sender-name-missing",
        "Deliveries do not name the sender.",
        ("sender-identity",),
        bend_msgs(lambda msg: replace(msg, send_name=""), _RECEIVE),
    ),
    Fault(
        "sendername-in-sn",
        "SendSn and SendName change places.",
        ("sender-identity",),
        bend_msgs(lambda msg: replace(msg, send_sn=msg.send_name, send_name=msg.send_sn)),
    ),
    Fault(
        "send-type-swapped",
        "SendType names the other side.",
        ("send-type-word",),
        bend_msgs(_other_side),
    ),
    Fault(
        "send-type-capital",
        "SendType begins with a capital.",
        ("send-type-word",),
        bend_msgs(lambda msg: replace(msg, send_type=msg.send_type.capitalize())),
    ),
    Fault(
        "time-without-offset",
        "Times do not say which zone they are in.",
        ("time-format",),
        bend_msgs(lambda msg: replace(msg, time=msg.time.removesuffix("+00:00"))),
    ),
    Fault(
        "time-in-local-words",
        "Times are written as 2026/11/22 10:30:00.",
        ("time-format",),
        bend_msgs(_in_local_words),
    ),
    Fault(
        "time-backwards",
        "Every other message is dated five seconds back.",
        ("time-order",),
        bend_msgs(_backwards),
    ),
    Fault(
        "time-digits-unpadded",
        "Milliseconds are written without their leading noughts.",
        ("time-order",),
        bend_msgs(_unpadded),
    ),
    Fault(
        "staff-time-wrong-zone",
        "The time of what staff says is another zone's.",
        ("time-clock", "time-order"),
        bend_msgs(_elsewhere),
    ),
    Fault(
        "time-wrong-zone",
        "Local time of Taipei is passed off as UTC.",
        ("time-clock",),
        bend_msgs(lambda msg: _shifted(msg, timedelta(hours=8))),
    ),
    Fault(
        "time-of-delivery",
        "Deliveries carry another time than the answer to the same message.",
        ("same-msg",),
        bend_msgs(lambda msg: _shifted(msg, timedelta(milliseconds=250)), _RECEIVE),
    ),
    Fault(
        "read-shown-true",
        "Every message is shown as read.",
        ("msg-read-false",),
        bend_msgs(lambda msg: replace(msg, read=True)),
    ),
    Fault(
        "location-swapped",
        "Latitude and longitude change places.",
        ("location-range",),
        bend_msgs(_placed(lambda place: Place(place.addr, place.longitude, place.latitude))),
    ),
    Fault(
        "location-in-microdegrees",
        "Coordinates are a million times too large.",
        ("location-range",),
        bend_msgs(_placed(lambda place: Place(place.addr, place.latitude * 1e6, place.longitude))),
    ),
    Fault(
        "location-not-delivered",
        "The sender's place is in the answer and missing in the delivery.",
        ("same-msg",),
        bend_msgs(_placed(lambda _: None), _RECEIVE),
    ),
    Fault(
        "info-missing",
        "Titles carry no info.",
        ("title-info",),
        bend_msgs(_informed(lambda _: None)),
    ),
    Fault(
        "info-without-price",
        "The info of a title has an empty price.",
        ("title-info",),
        bend_msgs(_informed(lambda info: Info(info.name, info.status, ""))),
    ),
    Fault(
        "info-not-delivered",
        "Info is in the answer and missing in the delivery.",
        ("same-msg",),
        bend_msgs(_informed(lambda _: None), _RECEIVE),
    ),
    Fault(
        "info-everywhere",
        "Messages that are about nothing in the shop carry info too.",
        ("info-elsewhere-null",),
        bend_msgs(_informed_always),
    ),
    Fault(
        "unknown-product-accepted",
        "A product number that does not exist is accepted.",
        ("title-unknown-product",),
        bend_hall(_unasking(TitleType.PRO)),
    ),
    Fault(
        "unknown-order-accepted",
        "An order number that does not exist is accepted.",
        ("title-unknown-order",),
        bend_hall(_unasking(TitleType.ORDER)),
    ),
)
