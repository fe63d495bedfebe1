"""The running chat: the hall, the clock, group commit and the outboxes, put together.

One order rules: frames leave in the order of the hall's decisions, and no frame leaves before
everything decided up to it is stored (D19). Knows nothing of HTTP or ASGI.
"""

import asyncio
import itertools
from collections import Counter, deque
from collections.abc import Callable, Sequence

from reference_server.commits import Committed, GroupCommit, Sink
from reference_server.hall import Hall
from reference_server.inbound import Refusal
from reference_server.outbox import Close, Item, Outbox
from reference_server.outgoing import Frame, Output
from reference_server.parts import Parts
from reference_server.steps import Step
from reference_server.tally import Tally
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.words import Role

Account = tuple[str, Role]
"""An account's sn and role."""

INTERNAL_ERROR = 1011
LIVE_FRAMES = 2
"""No more frames than these are live for one connection in one step; more are what it missed."""


class Service:
    """All connections of one server. ``now_ms`` is the clock, in Unix milliseconds."""

    def __init__(
        self,
        hall: Hall,
        sink: Sink,
        parts: Parts,
        now_ms: Callable[[], int],
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._hall = hall
        self._parts = parts
        self._now_ms = now_ms
        self._on_failure = on_failure
        self._broken = False
        self._commits = GroupCommit(sink, self._committed, self._failed)
        self._stored = 0
        self._held: deque[tuple[int, Outbox, Item]] = deque()
        self._outboxes: dict[int, Outbox] = {}
        self._accounts: dict[int, Account] = {}
        self._per_account: Counter[Account] = Counter()
        self._closing: set[int] = set()
        self._ids = itertools.count(1)
        self.tally = Tally()

    @property
    def conversations(self) -> int:
        """How many customers were ever seen."""
        return self._hall.conversations

    @property
    def waiting_records(self) -> int:
        """How many records gather for the next commit."""
        return self._commits.waiting

    @property
    def waiting_for_commit(self) -> int:
        """How many frames may not leave before what they rest on is stored."""
        return len(self._held)

    @property
    def waiting_to_be_sent(self) -> int:
        """How many frames are decided and not yet with the system, whatever they wait for."""
        return sum(outbox.pending for outbox in self._outboxes.values())

    def connections_by(self, role: Role) -> int:
        """How many connections of this role are logged in."""
        return sum(each is role for _, each in self._accounts.values())

    @property
    def connections(self) -> int:
        """How many connections are logged in."""
        return len(self._accounts)

    def connections_of(self, identity: Identity) -> int:
        """How many of them are the account's."""
        return self._per_account[identity.sn, identity.role]

    def admission_refusal(self, identity: Identity, wanted: str) -> str | None:
        """Why the account may not log in for the customer whom its URL names, or None."""
        return self._hall.admission_refusal(identity, wanted)

    def join(self, identity: Identity, outbox: Outbox, wanted: str = "") -> int:
        """A connection logs in, for the customer ``wanted`` where the URL binds; its id."""
        connection = next(self._ids)
        account = self._accounts[connection] = (identity.sn, identity.role)
        self._per_account[account] += 1
        self._outboxes[connection] = outbox
        self._take(self._hall.login(connection, identity, wanted))
        return connection

    def leave(self, connection: int) -> None:
        """The connection is gone; what was still to be sent to it is dropped."""
        self._outboxes.pop(connection).end()
        self._closing.discard(connection)
        self._forget(self._accounts.pop(connection))
        self._take(self._hall.leave(connection))

    def _forget(self, account: Account) -> None:
        self._per_account[account] -= 1
        if not self._per_account[account]:
            del self._per_account[account]

    def refuse(self, connection: int, refusal: Refusal) -> None:
        """What came is not to be heard, whatever it says."""
        if connection not in self._closing:
            self._take(self._hall.refuse(connection, refusal))

    def receive(self, connection: int, text: str) -> bool:
        """One text message came; False when the connection is to be dropped without a word."""
        self.tally.received += 1
        if connection in self._closing:
            return True  # RFC 6455 §5.5.1: what comes after our Close means nothing
        judged = self._parts.judge(text)
        if isinstance(judged, Refusal):
            self._take(self._hall.refuse(connection, judged))
            return True
        if self._parts.drops(judged):
            return False
        self._take(self._hall.handle(connection, judged, self._now_ms()))
        return True

    async def post(self, identity: Identity, message: InMsg) -> bytes | None:
        """A message by plain HTTP (D20): the encoded answer, or None when it cannot be stored."""
        connection = next(self._ids)
        answer: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._outboxes[connection] = Outbox(_Caller(answer))
        try:
            self._take(self._hall.post(connection, identity, message, self._now_ms()))
            return await answer
        finally:
            del self._outboxes[connection]

    def close(self, connection: int, code: int) -> None:
        """Close the connection after everything that is on its way to it."""
        outbox = self._outboxes.get(connection)
        if outbox is not None and connection not in self._closing:
            self._closing.add(connection)
            self._hold(outbox, Close(code))

    async def drain(self, code: int) -> None:
        """Store everything that was taken in, then close every connection with ``code``."""
        await self._commits.flush()
        for connection in list(self._outboxes):
            self.close(connection, code)

    def end(self) -> None:
        """No more commits; call after :meth:`drain`."""
        self._commits.close()

    def encode(self, output: Output) -> bytes:
        """The bytes of a frame outside any conversation, such as a refused login."""
        return self._parts.encode(output)

    def _take(self, step: Step) -> None:
        self._commits.add(step.records)
        frames = self._parts.arrange(step.frames)
        self.tally.count_frames(frames)
        missed = _missed(frames) if len(frames) > LIVE_FRAMES else ()
        for frame in frames:
            outbox = self._outboxes.get(frame.connection)
            if outbox is not None:
                item = self._parts.encode(frame.output)
                self._hold(outbox, item, missed=frame.connection in missed)
        for closing in step.closings:
            self.close(closing.connection, closing.code)

    def _hold(self, outbox: Outbox, item: Item, *, missed: bool = False) -> None:
        outbox.expect(item, missed=missed)
        if self._broken:
            outbox.put(Close(INTERNAL_ERROR))
        elif self._held or self._commits.number > self._stored:
            self._held.append((self._commits.number, outbox, item))
        else:
            outbox.put(item)

    def _committed(self, done: Committed) -> None:
        self._stored = done.number
        self.tally.count_commit(done.records, done.seconds)
        held, released = self._held, dict[Outbox, None]()
        while held and held[0][0] <= done.number:
            _, outbox, item = held.popleft()
            outbox.add(item)
            released[outbox] = None
        for outbox in released:
            outbox.flush()

    def _failed(self, reason: Exception) -> None:
        """What was to be stored is not, so nothing that waits for it may ever leave (D19)."""
        self._broken = True
        self._held.clear()
        for outbox in self._outboxes.values():
            outbox.put(Close(INTERNAL_ERROR))
        self._on_failure(reason)


def _missed(frames: Sequence[Frame]) -> set[int]:
    """The connections that catch up in this step: no other gets so many frames at once."""
    counts = Counter(frame.connection for frame in frames)
    return {connection for connection, count in counts.items() if count > LIVE_FRAMES}


class _Caller:
    """A plain HTTP call as the wire of an outbox: it takes one answer."""

    takes_more = True

    def __init__(self, answer: "asyncio.Future[bytes | None]") -> None:
        self._answer = answer

    def write(self, texts: Sequence[bytes]) -> None:
        if texts and not self._answer.done():
            self._answer.set_result(texts[0])

    def close(self, code: int) -> None:  # noqa: ARG002 - there is nothing to close with a code
        if not self._answer.done():
            self._answer.set_result(None)

    def close_now(self, code: int) -> None:
        self.close(code)

    def hold_reading(self) -> None:
        """Nothing more is read anyway."""

    def go_on_reading(self) -> None:
        """Nothing more is read anyway."""
