"""Faults of refusing: silent, twice, with the connection, to others, with the server's inside."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from reference_server.conversation import Connection
from reference_server.faults.bending import bend_frames, bend_hall, bend_outputs
from reference_server.faults.fault import Fault
from reference_server.hall import Hall, Step
from reference_server.inbound import Refusal
from reference_server.outgoing import Frame, Output, refused
from reference_server.steps import Closing
from schemas.words import MsgStatus

_POLICY_VIOLATION: Final = 1008
_PATIENCE: Final = 20
_TRACE: Final = (
    "Traceback (most recent call last):\n"
    '  File "/srv/chat/handlers.py", line 214, in receive\n'
    "    message = Message(**members)\n"
    "TypeError: Message() got an unexpected keyword argument"
)


def _is_refusal(output: Output) -> bool:
    return output.status is MsgStatus.SEND and not output.result


def _silently(frame: Frame) -> Sequence[Frame]:
    return () if _is_refusal(frame.output) else (frame,)


def _twice(frame: Frame) -> Sequence[Frame]:
    return (frame, frame) if _is_refusal(frame.output) else (frame,)


def _with_trace(output: Output) -> Output:
    return replace(output, error=f"{output.error}\n{_TRACE}") if _is_refusal(output) else output


def _with_path(output: Output) -> Output:
    error = f"{output.error} (D:\\inetpub\\chat\\bin\\Chat.dll)"
    return replace(output, error=error) if _is_refusal(output) else output


def _as_success(output: Output) -> Output:
    return replace(output, result=True, error=None) if _is_refusal(output) else output


class Closing1008(Hall):
    """A refused message ends its connection."""

    def _refuse(self, connection: Connection, refusal: Refusal, step: Step) -> None:
        super()._refuse(connection, refusal, step)
        if not connection.by_post:
            step.closings.append(Closing(connection.id, _POLICY_VIOLATION))


class ClosingInstead(Hall):
    """A refused message ends its connection, and is not answered."""

    def _refuse(self, connection: Connection, refusal: Refusal, step: Step) -> None:
        if connection.by_post:
            super()._refuse(connection, refusal, step)
        else:
            step.closings.append(Closing(connection.id, _POLICY_VIOLATION))


class DroppingAll(Hall):
    """Bad input ends the connections of everybody else."""

    def refuse(self, connection_id: int, refusal: Refusal) -> Step:
        step = super().refuse(connection_id, refusal)
        others = (number for number in self._connections if number != connection_id)
        step.closings.extend(Closing(number, 1011) for number in others)
        return step


class TellingAll(Hall):
    """A refusal is sent to everybody."""

    def refuse(self, connection_id: int, refusal: Refusal) -> Step:
        step = super().refuse(connection_id, refusal)
        for number, connection in self._connections.items():
            if number != connection_id:
                step.send(connection, refused(refusal.error))
        return step


class LosingPatience(Hall):
    """A connection whose messages were refused many times is closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._refused: Counter[int] = Counter()

    def refuse(self, connection_id: int, refusal: Refusal) -> Step:
        step = super().refuse(connection_id, refusal)
        self._refused[connection_id] += 1
        if self._refused[connection_id] > _PATIENCE:
            step.closings.append(Closing(connection_id, _POLICY_VIOLATION))
        return step


class TellingDevices(Hall):
    """A refusal is sent to all connections of the account."""

    def refuse(self, connection_id: int, refusal: Refusal) -> Step:
        step = super().refuse(connection_id, refusal)
        sender = self._connections[connection_id]
        for connection in self._connections.values():
            if connection is not sender and connection.identity == sender.identity:
                step.send(connection, refused(refusal.error))
        return step


FAULTS: Final = (
    Fault(
        "refusals-counted",
        "Behind its twentieth refusal a connection is closed.",
        ("refusal-keeps-connection",),
        bend_hall(LosingPatience),
    ),
    Fault(
        "refusal-told-to-devices",
        "A refusal is also sent to the account's other connections.",
        ("bystanders-unharmed",),
        bend_hall(TellingDevices),
    ),
    Fault(
        "refusal-silent",
        "Refused messages are not answered.",
        ("refusal-one-send",),
        bend_frames(_silently),
    ),
    Fault(
        "refusal-twice",
        "Refused messages are answered twice.",
        ("refusal-one-send",),
        bend_frames(_twice),
    ),
    Fault(
        "refusal-closes",
        "A refused message is answered, and then the connection is closed.",
        ("refusal-keeps-connection",),
        bend_hall(Closing1008),
    ),
    Fault(
        "closes-instead-of-refusing",
        "A refused message is not answered; its connection is closed.",
        ("refusal-one-send", "refusal-keeps-connection"),
        bend_hall(ClosingInstead),
    ),
    Fault(
        "refusal-says-success",
        "Refused messages are answered with Result true.",
        ("refusal-one-send", "refuse-unknown-type"),
        bend_outputs(_as_success),
    ),
    Fault(
        "bad-input-drops-others",
        "Bad input of one client ends the connections of all others.",
        ("bystanders-unharmed",),
        bend_hall(DroppingAll),
    ),
    Fault(
        "bad-input-told-to-others",
        "A refusal is sent to everybody who is connected.",
        ("bystanders-unharmed",),
        bend_hall(TellingAll),
    ),
    Fault(
        "stack-trace-in-error",
        "Error holds a stack trace.",
        ("error-clean",),
        bend_outputs(_with_trace),
    ),
    Fault(
        "path-in-error",
        "Error holds a path of the server's machine.",
        ("error-clean",),
        bend_outputs(_with_path),
    ),
)
