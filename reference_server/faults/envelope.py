"""Faults of a frame's shape: members missing, misspelled, too many; wrong words; wrong statuses."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from reference_server.faults.bending import Members, bend_members, bend_msgs, bend_outputs
from reference_server.faults.fault import Fault
from reference_server.outgoing import OutMsg, Output
from schemas.words import MessageType, MsgStatus

_CAMEL: Final = {name: name[0].lower() + name[1:] for name in ("MsgStatus", "Result", "Error")}


def _in(status: MsgStatus, change: Callable[[Members], object]) -> Callable[[Members], None]:
    """The change, made to frames of ``status`` alone."""

    def changed(members: Members) -> None:
        if members["MsgStatus"] == status:
            change(members)

    return changed


def _rename(old: str, new: str) -> Callable[[Members], None]:
    def changed(members: Members) -> None:
        if old in members:
            members[new] = members.pop(old)

    return changed


def _rename_in_msg(old: str, new: str) -> Callable[[Members], None]:
    renamed = _rename(old, new)
    return lambda members: renamed(members["msg"]) if members["msg"] else None


def _all_camel(members: Members) -> None:
    for old, new in _CAMEL.items():
        members[new] = members.pop(old)


def _of_type(kind: MessageType, change: Callable[[OutMsg], OutMsg]) -> Callable[[OutMsg], OutMsg]:
    return lambda msg: change(msg) if msg.type == kind else msg


def _without_error(output: Output) -> Output:
    return output if output.result else replace(output, error=None)


def _with_empty_error(output: Output) -> Output:
    return output if output.result else replace(output, error="")


def _with_needless_error(output: Output) -> Output:
    return replace(output, error="Everything is fine.") if output.result else output


_SEND, _RECEIVE = MsgStatus.SEND, MsgStatus.RECEIVE

FAULTS: Final = (
    Fault(
        "wrong-msgstatus",
        "Answers to messages misspell their MsgStatus.",
        ("out-msgstatus-word",),
        bend_members(_in(_SEND, lambda members: members.update(MsgStatus="Sent"))),
    ),
    Fault(
        "msgstatus-lower-case",
        "Deliveries spell their MsgStatus in lower case.",
        ("out-msgstatus-word",),
        bend_members(_in(_RECEIVE, lambda members: members.update(MsgStatus="receive"))),
    ),
    Fault(
        "msgstatus-missing",
        "Answers to messages have no MsgStatus.",
        ("out-msgstatus-present",),
        bend_members(_in(_SEND, lambda members: members.pop("MsgStatus"))),
    ),
    Fault(
        "result-missing",
        "Deliveries have no Result.",
        ("out-result-present",),
        bend_members(_in(_RECEIVE, lambda members: members.pop("Result"))),
    ),
    Fault(
        "result-null",
        "Result is null in deliveries.",
        ("out-result-present",),
        bend_members(_in(_RECEIVE, lambda members: members.update(Result=None))),
    ),
    Fault(
        "error-missing",
        "A refusal gives no reason.",
        ("out-error-on-failure",),
        bend_outputs(_without_error),
    ),
    Fault(
        "error-empty",
        "A refusal gives an empty reason.",
        ("out-error-on-failure",),
        bend_outputs(_with_empty_error),
    ),
    Fault(
        "error-on-success",
        "A success carries an error text.",
        ("out-no-error-on-success",),
        bend_outputs(_with_needless_error),
    ),
    Fault(
        "unread-missing",
        "Deliveries have no unread count.",
        ("out-receive-unread-count",),
        bend_members(_in(_RECEIVE, lambda members: members.update(NoReadQty=None))),
    ),
    Fault(
        "unread-negative",
        "Unread counts are negative.",
        ("out-receive-unread-count",),
        bend_members(_in(_RECEIVE, lambda members: members.update(NoReadQty=-1))),
    ),
    Fault(
        "unread-fractional",
        "Unread counts have a fraction.",
        ("out-noreadqty-type",),
        bend_members(
            _in(_RECEIVE, lambda members: members.update(NoReadQty=members["NoReadQty"] + 0.5))
        ),
    ),
    Fault(
        "receive-without-msg",
        "Deliveries have no msg.",
        ("out-receive-msg",),
        bend_members(_in(_RECEIVE, lambda members: members.update(msg=None))),
    ),
    Fault(
        "unread-in-send",
        "Answers to messages carry an unread count.",
        ("out-unread-only-in-receive",),
        bend_members(_in(_SEND, lambda members: members.update(NoReadQty=3))),
    ),
    Fault(
        "unread-in-login",
        "The Login frame carries an unread count.",
        ("out-unread-only-in-receive",),
        bend_members(_in(MsgStatus.LOGIN, lambda members: members.update(NoReadQty=1))),
    ),
    Fault(
        "zero-in-send",
        "Answers to messages carry the unread count 0.",
        ("out-unread-zero-elsewhere",),
        bend_members(_in(_SEND, lambda members: members.update(NoReadQty=0))),
    ),
    Fault(
        "camel-case",
        "The members of a frame begin with a small letter.",
        ("out-member-spelling",),
        bend_members(_all_camel),
    ),
    Fault(
        "noreadqty-misspelled",
        "The unread count travels as NoReadQTY.",
        ("out-member-spelling",),
        bend_members(_in(_RECEIVE, _rename("NoReadQty", "NoReadQTY"))),
    ),
    Fault(
        "sendsn-misspelled",
        "The sender's number travels as sendSN.",
        ("out-member-spelling",),
        bend_members(_rename_in_msg("SendSn", "sendSN")),
    ),
    Fault(
        "titletype-misspelled",
        "The topic's type travels as titleType.",
        ("out-member-spelling",),
        bend_members(_rename_in_msg("titletype", "titleType")),
    ),
    Fault(
        "extra-member",
        "Every frame has a member that the page does not name.",
        ("out-extra-member",),
        bend_members(lambda members: members.update(Version="1.2")),
    ),
    Fault(
        "type-upper-case",
        "Images are delivered with their type in capitals.",
        ("out-type-word",),
        bend_msgs(_of_type(MessageType.IMAGE, lambda msg: replace(msg, type="IMAGE")), _RECEIVE),
    ),
    Fault(
        "type-unknown",
        "Texts are delivered with a type that the page does not name.",
        ("out-type-word",),
        bend_msgs(_of_type(MessageType.TEXT, lambda msg: replace(msg, type="message")), _RECEIVE),
    ),
    Fault(
        "titletype-word-unknown",
        "Titles are delivered with a topic that the page does not name.",
        ("out-titletype-word",),
        bend_msgs(
            _of_type(MessageType.TITLE, lambda msg: replace(msg, titletype="product")), _RECEIVE
        ),
    ),
    Fault(
        "titletype-missing",
        "Staff messages are delivered without their word.",
        ("out-titletype-word",),
        bend_msgs(_of_type(MessageType.STAFF, lambda msg: replace(msg, titletype=None)), _RECEIVE),
    ),
)
