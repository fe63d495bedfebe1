"""Faults of haste: bursts, one message on the heels of another, one and the same instant.

Whoever waits for each answer before going on meets hardly any of them.
"""

from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final

from msgspec.structs import replace
from starlette.requests import HTTPConnection

from reference_server.conversation import Connection, Conversation, Entry
from reference_server.faults.bending import bend_frames_anew, bend_hall, is_about
from reference_server.faults.fault import Deed, Fault
from reference_server.faults.frames import Change
from reference_server.hall import Hall, Step
from reference_server.inbound import Refusal
from reference_server.outgoing import Frame, OutMsg, Output
from reference_server.parts import Parts
from schemas.account_tokens import Identity
from schemas.words import MessageType, MsgStatus, Role

_RECEIVE, _TEXT = MsgStatus.RECEIVE, MessageType.TEXT
_BURST, _BURST_MS = 60, 2_000
_LARGE = 8_000
_INSTANT_MS = 2
_CROWD, _CROWD_S = 3, 0.005


def _overtaking(picks: Callable[[Frame], bool]) -> Callable[[], Change]:
    """What ``picks`` arrives after the frame that follows it on its connection."""

    def make() -> Change:
        held: dict[int, Frame] = {}

        def swap(frame: Frame) -> Sequence[Frame]:
            if frame.connection not in held and picks(frame):
                held[frame.connection] = frame
                return ()
            late = held.pop(frame.connection, None)
            return (frame,) if late is None else (frame, late)

        return swap

    return make


def _is_large(frame: Frame) -> bool:
    msg = frame.output.msg
    return is_about(frame, _RECEIVE, _TEXT) and msg is not None and len(msg.content) > _LARGE


def _is_title(frame: Frame) -> bool:
    return is_about(frame, _RECEIVE, MessageType.TITLE)


class LosingInBursts(Hall):
    """The sixty-first message of a burst for one connection never arrives."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bursts: dict[int, tuple[int, int]] = {}

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        since, number = self._bursts.get(to.id, (entry.at_ms, 0))
        if entry.at_ms - since > _BURST_MS:
            since, number = entry.at_ms, 0
        self._bursts[to.id] = (since, number + 1)
        if number != _BURST:
            super()._deliver(to, conversation, entry, step, count)


class MergingEqual(Hall):
    """A message equal to the one before it is acknowledged and goes nowhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._latest: dict[tuple[str, Role], tuple[str, str]] = {}

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        key, said = (conversation.sn, sender.side), (str(msg.type), msg.content)
        if msg.type == MessageType.STAFF or self._latest.get(key) != said:
            super()._publish(sender, conversation, msg, step)
        self._latest[key] = said


class EchoingToSender(Hall):
    """Who says something receives it as well."""

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        super()._publish(sender, conversation, msg, step)
        if not sender.by_post:
            unread = conversation.unread_by(sender.side)
            step.send(sender, Output(_RECEIVE, result=True, msg=msg, unread=unread))


class LosingAfterRefusals(Hall):
    """The message that follows a refused one on its connection goes nowhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._refused: set[int] = set()

    def refuse(self, connection_id: int, refusal: Refusal) -> Step:
        self._refused.add(connection_id)
        return super().refuse(connection_id, refusal)

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        if sender.id in self._refused:
            self._refused.discard(sender.id)
        else:
            super()._publish(sender, conversation, msg, step)


class HearingOneAtATime(Hall):
    """Of what two connections of a customer say at one instant the second is lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._heard: dict[str, tuple[int, int]] = {}

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        who, at_ms = self._heard.get(conversation.sn, (sender.id, 0))
        if sender.side is Role.CUSTOMER:
            self._heard[conversation.sn] = (sender.id, conversation.last_ms)
            if who != sender.id and conversation.last_ms - at_ms <= _INSTANT_MS:
                return
        super()._publish(sender, conversation, msg, step)


class OverlappingReplay(Hall):
    """The newest of what was replayed comes once more, before the first new message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._newest: dict[int, Entry] = {}

    def _replay(self, connection: Connection, conversation: Conversation, step: Step) -> None:
        missed = conversation.unsent(connection)
        super()._replay(connection, conversation, step)
        if missed:
            self._newest[connection.id] = missed[-1]

    def _deliver(
        self,
        to: Connection,
        conversation: Conversation,
        entry: Entry,
        step: Step,
        count: int | None = None,
    ) -> None:
        again = self._newest.pop(to.id, None)
        if again is not None:
            super()._deliver(to, conversation, again, step, count)
        super()._deliver(to, conversation, entry, step, count)


def _refused_in_a_crowd(parts: Parts, _: Deed) -> Parts:
    recent: deque[float] = deque(maxlen=_CROWD)

    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        recent.append(monotonic())
        crowded = len(recent) == _CROWD and recent[-1] - recent[0] < _CROWD_S
        return None if crowded else parts.identify(request, secret)

    return replace(parts, identify=identified)


FAULTS: Final = (
    Fault(
        "lost-in-bursts",
        "Of more than sixty messages in two seconds for one connection, one never arrives.",
        ("delivery-stored",),
        bend_hall(LosingInBursts),
    ),
    Fault(
        "large-overtaken",
        "A text of more than 8,000 characters arrives after the frame that follows it.",
        ("delivery-order",),
        bend_frames_anew(_overtaking(_is_large)),
    ),
    Fault(
        "titles-overtaken",
        "A title arrives after the frame that follows it.",
        ("delivery-order",),
        bend_frames_anew(_overtaking(_is_title)),
    ),
    Fault(
        "equal-messages-merged",
        "What is said twice in a row is delivered once.",
        ("delivery-stored",),
        bend_hall(MergingEqual),
    ),
    Fault(
        "echoed-to-sender",
        "Who says something receives it as well.",
        ("receive-not-own",),
        bend_hall(EchoingToSender),
    ),
    Fault(
        "lost-after-refusal",
        "The message that follows a refused one is acknowledged and goes nowhere.",
        ("delivery-stored",),
        bend_hall(LosingAfterRefusals),
    ),
    Fault(
        "one-speaker-at-a-time",
        "Of what two connections of a customer say at one instant the second is lost.",
        ("delivery-stored",),
        bend_hall(HearingOneAtATime),
    ),
    Fault(
        "replay-overlaps-live",
        "The newest of what was replayed comes once more, before the first new message.",
        ("delivery-once",),
        bend_hall(OverlappingReplay),
    ),
    Fault(
        "login-refused-in-a-crowd",
        "The third of three logins within five milliseconds is rejected.",
        ("login-accepted",),
        _refused_in_a_crowd,
    ),
)
