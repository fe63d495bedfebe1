"""What the deliberate deviations do: ways to bend a part of the server, and the bent parts.

Nothing honest imports this module; the names and clauses stand in :mod:`reference_server.faults`.
"""

from collections.abc import Callable, Sequence
from itertools import count
from typing import cast

from msgspec.structs import replace

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.hall import Hall, Step
from reference_server.outgoing import Frame, OutMsg, Output
from reference_server.parts import Parts
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus

Bend = Callable[[Parts], Parts]
"""Makes the deviating parts of a server out of others."""


# -- ways to bend a part ---------------------------------------------------------------------------


def bend_outputs(change: Callable[[Output], Output]) -> Bend:
    """Every frame says something else than was decided."""
    return lambda parts: replace(parts, encode=lambda output: parts.encode(change(output)))


def bend_text(change: Callable[[Output, bytes], bytes]) -> Bend:
    """Every frame's JSON text is something else than its value's."""
    return lambda parts: replace(parts, encode=lambda out: change(out, parts.encode(out)))


def bend_frames(change: Callable[[Frame], Sequence[Frame]]) -> Bend:
    """Every frame becomes none, one or several."""
    return lambda parts: replace(
        parts,
        arrange=lambda frames: [bent for one in parts.arrange(frames) for bent in change(one)],
    )


def bend_hall(mixin: type[Hall]) -> Bend:
    """The hall decides otherwise."""

    def bend(parts: Parts) -> Parts:
        return replace(
            parts, hall=cast("type[Hall]", type(mixin.__name__, (mixin, parts.hall), {}))
        )

    return bend


# -- what they do ----------------------------------------------------------------------------------


def _is(frame: Frame, status: MsgStatus, kind: MessageType) -> bool:
    msg = frame.output.msg
    return (
        frame.output.status is status and msg is not None and msg.type == kind and msg.content != ""
    )


def with_msg(change: Callable[[OutMsg], OutMsg]) -> Callable[[Output], Output]:
    """The change, made to the `msg` of frames that have one."""
    return lambda output: output if output.msg is None else replace(output, msg=change(output.msg))


def misspell_send(output: Output, text: bytes) -> bytes:
    """`MsgStatus` of answers is none of the three words."""
    return text.replace(b'"Send"', b'"Sent"', 1) if output.status is MsgStatus.SEND else text


def quote_result(_: Output, text: bytes) -> bytes:
    """`Result` is a string."""
    quoted = text.replace(b'"Result":true', b'"Result":"true"', 1)
    return quoted.replace(b'"Result":false', b'"Result":"false"', 1)


def drop_error(output: Output) -> Output:
    """Refusals give no reason."""
    return output if output.result else replace(output, error=None)


def add_error(output: Output) -> Output:
    """Successes carry an `Error`."""
    return replace(output, error="Everything is fine.") if output.result else output


def count_one_more(output: Output) -> Output:
    """`NoReadQty` is one too high."""
    return output if output.unread is None else replace(output, unread=output.unread + 1)


def forget_ack(frame: Frame) -> Sequence[Frame]:
    """Accepted texts get no `Send`."""
    return () if _is(frame, MsgStatus.SEND, MessageType.TEXT) else (frame,)


def deliver_twice(frame: Frame) -> Sequence[Frame]:
    """Texts arrive twice."""
    return (frame, frame) if _is(frame, MsgStatus.RECEIVE, MessageType.TEXT) else (frame,)


def withhold_login(frame: Frame) -> Sequence[Frame]:
    """No `Login` leaves."""
    return () if frame.output.status is MsgStatus.LOGIN else (frame,)


def garble(frame: Frame) -> Sequence[Frame]:
    """The last character of a delivered text is lost."""
    if not _is(frame, MsgStatus.RECEIVE, MessageType.TEXT):
        return (frame,)
    garble = with_msg(lambda msg: replace(msg, content=msg.content[:-1] + "\ufffd"))
    return (replace(frame, output=garble(frame.output)),)


def cut_offset(msg: OutMsg) -> OutMsg:
    """`time` has no offset."""
    return replace(msg, time=msg.time.removesuffix("+00:00"))


def second_of_three() -> Callable[[Frame], bool]:
    """Picks texts by count, per connection, so that every conversation meets the deviation."""
    counts: dict[int, count[int]] = {}

    def picks(frame: Frame) -> bool:
        if not _is(frame, MsgStatus.RECEIVE, MessageType.TEXT):
            return False
        return next(counts.setdefault(frame.connection, count(1))) % 3 == 2

    return picks


def lose_some(parts: Parts) -> Parts:
    """The second of every three texts is lost."""
    picks = second_of_three()
    return bend_frames(lambda frame: () if picks(frame) else (frame,))(parts)


def swap_some(parts: Parts) -> Parts:
    """The second of every three texts leaves after that connection's next frame."""
    picks = second_of_three()
    late: dict[int, Frame] = {}

    def swap(frame: Frame) -> Sequence[Frame]:
        held = late.pop(frame.connection, None)
        if picks(frame):
            late[frame.connection] = frame
            return ()
        return (frame,) if held is None else (frame, held)

    return bend_frames(swap)(parts)


class Misrouting(Hall):
    """Texts also reach a customer of another conversation."""

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        super()._deliver(to, conversation, entry, step, count)
        others = (each for each in self._conversations.values() if each is not conversation)
        stranger = next((device for each in others for device in each.devices.values()), None)
        if stranger is not None and entry.msg.type == MessageType.TEXT:
            step.send(stranger, Output(MsgStatus.RECEIVE, result=True, msg=entry.msg, unread=1))


class DeliveringReceipts(Hall):
    """The other side receives pure receipts."""

    def _acknowledge(self, connection: Connection, msg: OutMsg, step: Step) -> None:
        super()._acknowledge(connection, msg, step)
        conversation = connection.bound_to or self._conversations.get(connection.identity.sn)
        if conversation is None or msg.content:
            return
        for to in (conversation.bound_to, *conversation.devices.values()):
            if to is not None and to.side is not connection.side:
                unread = conversation.unread_by(to.side)
                step.send(to, Output(MsgStatus.RECEIVE, result=True, msg=msg, unread=unread))


def drop_on_image(parts: Parts) -> Parts:
    """An image ends its connection."""

    def drops(message: InMsg) -> bool:
        return message.type == MessageType.IMAGE or parts.drops(message)

    return replace(parts, drops=drops)
