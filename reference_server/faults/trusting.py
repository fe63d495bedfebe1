"""Faults of trust: what a client claims in a message or a URL is believed, what it sends in vain is
told or passed on (decisions D7, D17, D22, D26)."""

import json
from contextlib import suppress
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from starlette.requests import HTTPConnection

from reference_server.conversation import Connection, Conversation
from reference_server.faults.bending import bend_hall, bend_judge, bend_outputs
from reference_server.faults.fault import Bend, Deed, Fault
from reference_server.hall import Hall, Step
from reference_server.inbound import Refusal
from reference_server.outgoing import OutMsg, Output
from reference_server.parts import Parts
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.words import MessageType, MsgStatus, Role

_TRACE: Final = " at Chat.Login.Verify(String token) in C:\\build\\Login.cs: line 88"


class Claiming(InMsg, frozen=True):
    """A message and the members beside its own."""

    claims: dict[str, Any] = msgspec.field(default_factory=dict)


class Unheard(Refusal, frozen=True):
    """A refusal that remembers what was refused."""

    text: str = ""


def _members(text: str) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
        return value if isinstance(value, dict) else {}
    return {}


def _with_claims(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
    if isinstance(judged, Refusal):
        return judged
    members = _members(text)
    return Claiming(judged.type, judged.content, judged.read, judged.titletype, members)


def _with_text(text: str, judged: InMsg | Refusal) -> InMsg | Refusal:
    return Unheard(judged.error, judged.blame, text) if isinstance(judged, Refusal) else judged


class BelievingAims(Hall):
    """A customer's message goes to whom its members name."""

    def _addressed(self, connection: Connection, message: InMsg) -> Conversation:
        aim = message.claims.get("to") if isinstance(message, Claiming) else None
        aimed = self._conversations.get(aim) if isinstance(aim, str) else None
        return aimed or super()._addressed(connection, message)


class BelievingSenders(Hall):
    """Who a message says it is from, it is from."""

    _claimed = ""

    def _addressed(self, connection: Connection, message: InMsg) -> Conversation:
        claim = message.claims.get("SendSn") if isinstance(message, Claiming) else None
        self._claimed = claim if isinstance(claim, str) else ""
        return super()._addressed(connection, message)

    def _publish(
        self, sender: Connection, conversation: Conversation, msg: OutMsg, step: Step
    ) -> None:
        said = replace(msg, send_sn=self._claimed or msg.send_sn)
        super()._publish(sender, conversation, said, step)


class BelievingUrls(Hall):
    """A customer's connection also receives what is said to the customer whom its URL names."""

    def login(self, connection_id: int, identity: Identity, wanted: str = "") -> Step:
        step = super().login(connection_id, identity, wanted)
        if identity.role is Role.CUSTOMER and wanted in self._conversations:
            conversation = self._conversations[wanted]
            conversation.devices[connection_id] = self._connections[connection_id]
        return step


class PassingOn(Hall):
    """What is refused as bad input is passed on as mere words all the same."""

    def refuse(self, connection_id: int, refusal: Refusal) -> Step:
        step = super().refuse(connection_id, refusal)
        connection = self._connections[connection_id]
        heard = isinstance(refusal, Unheard) and connection.side is Role.CUSTOMER
        if heard and isinstance(refusal, Unheard):
            conversation = self._conversations[connection.identity.sn]
            words = InMsg(MessageType.TEXT, refusal.text[:100])
            at_ms = conversation.stamp(conversation.last_ms)
            msg = self._composer.compose(connection.identity, words, at_ms, read=False)
            self._publish(connection, conversation, msg, step)
        return step


def _both(first: Bend, second: Bend) -> Bend:
    return lambda parts, deed: second(first(parts, deed), deed)


def _is_rejection(output: Output) -> bool:
    return output.status is MsgStatus.LOGIN and not output.result


def _with_trace(output: Output) -> Output:
    return replace(output, error=f"{output.error}{_TRACE}") if _is_rejection(output) else output


def _with_token(parts: Parts, deed: Deed) -> Parts:
    """The reason repeats the credentials that came last."""
    came = ""

    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        nonlocal came
        came = request.headers.get("authorization", "")
        return parts.identify(request, secret)

    def told(output: Output) -> Output:
        error = f"{output.error} Got: {came}"
        return replace(output, error=error) if _is_rejection(output) else output

    return bend_outputs(told)(replace(parts, identify=identified), deed)


def _locking_out(parts: Parts, _: Deed) -> Parts:
    """Behind a wrong token the next right one is taken for a wrong one too."""
    suspicious = False

    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        nonlocal suspicious
        found = parts.identify(request, secret)
        refused = suspicious and found is not None
        suspicious = found is None
        return None if refused else found

    return replace(parts, identify=identified)


def _by_cookie_first(parts: Parts, _: Deed) -> Parts:
    """Where there are cookies, the token is looked for in them alone."""

    def identified(request: HTTPConnection, secret: str) -> Identity | None:
        strange = request.cookies and "token" not in request.cookies
        return None if strange else parts.identify(request, secret)

    return replace(parts, identify=identified)


FAULTS: Final = (
    Fault(
        "aim-believed",
        "A message goes to the customer whom an unknown member of it names.",
        ("isolation",),
        _both(bend_judge(_with_claims), bend_hall(BelievingAims)),
    ),
    Fault(
        "sender-believed",
        "A message is from whom its own SendSn names.",
        ("sender-identity",),
        _both(bend_judge(_with_claims), bend_hall(BelievingSenders)),
    ),
    Fault(
        "url-believed",
        "A customer receives what is said to the customer whom its URL names.",
        ("isolation",),
        bend_hall(BelievingUrls),
    ),
    Fault(
        "bad-input-delivered",
        "What is refused as bad input is delivered as words all the same.",
        ("delivery-refused-never",),
        _both(bend_judge(_with_text), bend_hall(PassingOn)),
    ),
    Fault(
        "trace-in-rejection",
        "The Error of a rejected login holds a stack trace.",
        ("error-clean",),
        bend_outputs(_with_trace),
    ),
    Fault(
        "token-in-rejection",
        "The Error of a rejected login repeats the token.",
        ("error-names-token",),
        _with_token,
    ),
    Fault(
        "one-mistake-locks-out",
        "Behind a wrong token the next right one is rejected as well.",
        ("login-accepted",),
        _locking_out,
    ),
    Fault(
        "cookies-hide-the-token",
        "Who sends other cookies is not let in by its header.",
        ("login-accepted",),
        _by_cookie_first,
    ),
)
