"""Plain HTTP exchanges of one case (decision D20); bodies that answer are judged like frames."""

from typing import Any

import orjson

from harness.blocking.exchange import HttpAnswer, exchange
from harness.blocking.opening import plain_request
from harness.conformance.chatter import Chatter
from harness.conformance.door import Door
from harness.conformance.stops import broken
from harness.target import Account, Credentials, wire_dialect
from schemas.judge import FrameJudge
from schemas.messages import InMsg, encode

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Mail:
    """Posts for the accounts of one case, each on a connection of its own."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._judge = FrameJudge(dialect=wire_dialect(door.bench.profile))

    def known(self, account: Account) -> Credentials:
        """How ``account`` opens a connection."""
        return self._door.knows(account)

    def post(self, account: Account, body: bytes, media: str, accept: str = "") -> HttpAnswer:
        """The answer to a POST of ``body`` by ``account``."""
        return self.send(self.known(account), body, media, accept)

    def send(
        self,
        known: Credentials,
        body: bytes,
        media: str,
        accept: str = "",
        *,
        method: str = "POST",
    ) -> HttpAnswer:
        """The answer to any plain request; none breaks answer-in-time."""
        request = plain_request(known, method)
        if media:
            request = request.having("Content-Type", media)
        if accept:
            request = request.having("Accept", accept)
        wire = self._door.wire(known, "http", call=True)
        answer = exchange(wire, request, body, self._door.patience())
        wire.stream.close()
        if not isinstance(answer, HttpAnswer):
            actual = f"ended by {answer}" if answer else "none"
            raise broken("answer-in-time", "an HTTP answer", actual)
        if answer.status == 200:
            for finding in self._judge.judge(answer.body).findings:
                self._door.evidence.report(finding)
        return answer


def frame_in(answer: HttpAnswer) -> dict[str, Any]:
    """The object in an answer's body, {} where there is none."""
    try:
        value = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def check_status(answer: HttpAnswer, slug: str, *allowed: int) -> None:
    """Any status but the ``allowed`` ones breaks ``slug``."""
    if answer.status not in allowed:
        raise broken(slug, " or ".join(map(str, allowed)), f"{answer.status}", frame=answer.body)


def check_accepted(answer: HttpAnswer, slug: str) -> None:
    """Anything but a 200 with a ``Send`` whose ``Result`` is true breaks ``slug``."""
    check_status(answer, slug, 200)
    value = frame_in(answer)
    if value.get("MsgStatus") != "Send" or value.get("Result") is not True:
        raise broken(slug, "a Send with Result true", "another answer", frame=answer.body)


def posted(mail: Mail, sender: Chatter, message: InMsg, slug: str = "post-accepted") -> None:
    """``message`` by POST is accepted, and is something that ``sender`` has said."""
    check_accepted(mail.post(sender.account, encode(message), JSON), slug)
    sender.said.append(message)


def check_refused(answer: HttpAnswer, slug: str = "post-refused") -> None:
    """Anything but ``Result`` false and a reason, with 200, 400 or 422, breaks ``slug`` (D20)."""
    check_status(answer, slug, 200, 400, 422)
    value = frame_in(answer)
    if value.get("Result") is not False or not value.get("Error"):
        raise broken(slug, "Result false and an Error", "another", frame=answer.body)
