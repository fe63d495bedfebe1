"""Plain HTTP exchanges of one case (decision D20); bodies that answer are judged like frames."""

from harness.blocking.exchange import HttpAnswer, exchange
from harness.blocking.opening import plain_request
from harness.conformance.door import Door
from harness.conformance.stops import broken
from harness.target import Account, Credentials, wire_dialect
from schemas.judge import FrameJudge


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
