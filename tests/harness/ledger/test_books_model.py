"""The ledger against a small chat server that knows what it did.

A world plays customers and staff against a server of this file, frame by frame and in random order.
Every ``Receive`` goes through the real stream, every record to the real books, split over workers
whose reports come in any order.
"""

from collections import Counter, deque
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from harness.ledger.books import Books, LedgerRules
from harness.ledger.digests import digest_of
from harness.ledger.intake import Acceptance
from harness.ledger.observations import (
    Bound,
    CloseCause,
    Closed,
    Increment,
    Opened,
    Read,
    SendOutcome,
    Sent,
    Unbound,
)
from harness.ledger.stream import ConnectionStream, Roster
from harness.load_token import TokenReader, stamp
from schemas.words import Role

RUN = "abc123"
READER = TokenReader(RUN)
TITLES = ("P-1", "P-2", "P-3")
ANOMALIES = ("lost", "duplicated", "reordered", "misrouted", "unexpected", "corrupted", "foreign")
seeds = st.integers(0, 2**32)
OUTCOMES = {
    True: (SendOutcome.ACKED, "acked"),
    False: (SendOutcome.REFUSED, "refused"),
    None: (SendOutcome.UNKNOWN, "unknown"),
}


class Message:
    """One message, as the server stores it."""

    def __init__(self, sender: int, kind: str, titletype: str | None, content: str) -> None:
        self.sender, self.kind, self.titletype, self.content = sender, kind, titletype, content


class Case:
    """One conversation at the server; ``read`` is indexed by ``is_staff`` of the reader."""

    def __init__(self, customer: int) -> None:
        self.customer = customer
        self.messages: list[Message] = []
        self.read: tuple[set[Message], set[Message]] = (set(), set())
        self.bound: Link | None = None
        self.offered: Link | None = None

    def unread(self, by_staff: bool) -> list[Message]:
        theirs = [m for m in self.messages if (m.sender == self.customer) is by_staff]
        return [m for m in theirs if m not in self.read[by_staff]]


class Link:
    """One connection: frames under way to the client, and what each end knows of it."""

    def __init__(self, world: "World", participant: int) -> None:
        self.number = world.next_number()
        self.participant = participant
        self.is_staff = participant >= world.customers
        self.asked_ns = world.now()
        self.frames: deque[tuple] = deque()
        self.had: set[Message] = set()  # what the server has sent here
        self.pending: deque[tuple[Sent, Message, bool]] = deque()
        self.case: int | None = None if self.is_staff else participant  # as the client sees it
        self.busy = False  # a staff word is unanswered
        self.spoke = False  # a token since the confirm
        self.stream: ConnectionStream | None = None

    @property
    def quiet(self) -> bool:
        return not self.frames and not self.pending


class World:
    """Clients, the server between them, and the log of what the clients saw."""

    def __init__(self, seed: int, customers: int, staff: int) -> None:
        self.rng = Random(seed)
        self.customers, self.staff = customers, staff
        numbers = {f"P{number}": number for number in range(customers + staff)}
        self.roster = Roster(numbers, customers, dict(list(numbers.items())[:customers]))
        self.cases = [Case(customer) for customer in range(customers)]
        self.links: list[Link] = []
        self.log: list[tuple[int, object, int]] = []  # participant, what, time
        self.truth: Counter[str] = Counter()
        self.time = self.numbers = 0
        self.visitor = customers
        self.seqs: Counter[tuple] = Counter()
        self.titled: dict[tuple, set[str]] = {}

    def now(self) -> int:
        self.time += 1_000
        return self.time

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def see(self, link: Link, what: object) -> None:
        self.log.append((link.participant, what, self.time))

    # Clients

    def connect(self, participant: int) -> Link:
        link = Link(self, participant)
        self.links.append(link)
        link.frames.append(("login",))
        if not link.is_staff:
            self.replay(self.cases[participant], link)
        self.offer()
        return link

    def close(self, link: Link) -> None:
        self.hang_up(link)
        self.part_with(link)

    def hang_up(self, link: Link) -> None:
        while link.pending:
            self.answered(link, None)
        if link.stream:
            self.now()
            self.see(link, Closed(link.number, self.time, CloseCause.OURS))

    def part_with(self, link: Link) -> None:
        """The server's side of a closing."""
        self.links.remove(link)
        for case in self.cases:
            case.bound = None if case.bound is link else case.bound
            case.offered = None if case.offered is link else case.offered
        self.offer()

    def may_speak(self, link: Link, case: int) -> bool:
        """An account's next message waits for the answer to what it sent from another device."""
        others = (k for k in self.links if k is not link and k.participant == link.participant)
        waiting = any(sent.conversation == case for k in others for sent, _, _ in k.pending)
        return link.stream is not None and not link.busy and not waiting

    def say(self, link: Link, *, title: bool = False, read: bool = False) -> None:
        """A text or a title; never two equal titles between two tokens."""
        lane = link.case, link.participant
        used = self.titled.setdefault(lane, set())
        free = [number for number in self.topics(lane) if number not in used]
        if title and free:
            message = Message(link.participant, "title", "pro", self.rng.choice(free))
            used.add(message.content)
        else:
            used.clear()
            link.spoke = True
            content = stamp(RUN, link.participant, link.case, self.seqs[lane], 7, "hi")
            message = Message(link.participant, "text", None, content)
        self.send(link, message, read)

    def topics(self, lane: tuple) -> tuple[str, ...]:
        return TITLES

    def staff_word(self, link: Link, word: str, customer: int, *, read: bool = False) -> None:
        """``confirm`` or ``assignment``."""
        if word == "assignment":
            self.see(link, Unbound(link.number, customer, self.time + 2_000))
        link.stream.asking()
        link.case, link.busy, link.spoke = customer, True, False
        self.send(link, Message(link.participant, "staff", word, f"P{customer}"), read)

    def send(self, link: Link, message: Message, read: bool) -> None:
        lane = link.case, link.participant
        seq = self.seqs[lane]
        self.seqs[lane] += 1
        digest = digest_of(message.kind, message.titletype, message.content)
        sent = Sent(
            connection=link.number,
            conversation=link.case,
            sender=link.participant,
            seq=seq,
            digest=0 if message.kind == "text" else digest,
            due_ns=self.now(),
            sent_ns=self.now(),
            done_ns=0,
            outcome=SendOutcome.ACKED,
        )
        link.pending.append((sent, message, read))
        self.post(link, self.cases[link.case], message, read)

    def post(self, link: Link, case: Case, message: Message, read: bool) -> None:
        """A message goes to the server: it is there at once."""
        self.handle(link, case, message, read)

    def flush(self, link: Link) -> None:
        """The next frame reaches its client."""
        kind, *what = link.frames.popleft()
        self.now()
        if kind == "login":
            self.logged_in(link)
        elif kind == "answer":
            self.answered(link, *what)
        else:
            self.received(link, *what)

    def logged_in(self, link: Link) -> None:
        opened = Opened(link.number, link.participant, link.is_staff, link.asked_ns, self.time)
        self.see(link, opened)
        link.stream = ConnectionStream(
            opened, READER, self.roster, lambda seen: self.see(link, seen)
        )

    def received(self, link: Link, message: Message, content: str) -> None:
        sn = f"P{message.sender}"
        judged = link.stream.receive(self.time, sn, message.kind, message.titletype, content)
        if judged is not None:
            self.see(link, str(judged))

    def answered(self, link: Link, accepted: bool | None) -> None:
        sent, message, read = link.pending.popleft()
        outcome, word = OUTCOMES[accepted]
        self.truth[word] += 1
        self.truth["sent"] += 1
        self.see(link, replace(sent, done_ns=self.time, outcome=outcome))
        if accepted is not None and message.kind == "staff":
            serves = accepted is (message.titletype == "confirm")
            link.busy, link.case = False, sent.conversation if serves else None
            link.stream.bind(link.case)
            if serves:
                self.see(link, Bound(link.number, sent.conversation, self.time))
        if read and accepted:
            self.see(link, Read(link.number, sent.conversation, sent.sent_ns, self.time))

    # The server

    def handle(self, link: Link, case: Case, message: Message, read: bool) -> None:
        if message.titletype == "confirm" and case.bound is not None:
            link.frames.append(("answer", False))
            return
        self.accept(link)
        if read:
            case.read[link.is_staff].update(m for m in case.messages if m in link.had)
        if message.titletype == "confirm":
            case.bound = link
            for other in self.cases:
                other.offered = None if other.offered is link or other is case else other.offered
            self.replay(case, link)
        self.store(case, link, message)
        if message.titletype == "assignment":
            case.bound = None
        self.offer()

    def accept(self, link: Link) -> None:
        link.frames.append(("answer", True))

    def store(self, case: Case, link: Link, message: Message) -> None:
        case.messages.append(message)
        link.had.add(message)
        for other in self.links:
            if other is not link and self.case_of(other) is case:
                self.deliver(other, message)

    def case_of(self, link: Link) -> Case | None:
        if not link.is_staff:
            return self.cases[link.participant]
        return next((case for case in self.cases if case.bound is link), None)

    def replay(self, case: Case, link: Link) -> None:
        for message in case.unread(link.is_staff):
            if message not in link.had:
                self.deliver(link, message)

    def offer(self) -> None:
        for case in self.cases:
            if case.bound is None and case.unread(True):
                idle = [k for k in self.links if k.is_staff and self.case_of(k) is None]
                if case.offered is None and idle:
                    case.offered = self.rng.choice(idle)
                if case.offered is not None:
                    self.replay(case, case.offered)

    def deliver(self, link: Link, message: Message) -> None:
        link.had.add(message)
        link.frames.append(("receive", message, message.content))

    # The play

    def settle(self) -> None:
        """Every frame reaches its client, connections in random order."""
        while busy := [link for link in self.links if link.frames]:
            self.flush(self.rng.choice(busy))

    def step(self, *, close_busy: bool) -> None:
        """Something happens."""
        rng = self.rng
        if not self.links or rng.random() < 0.05:
            if len(self.links) < 2 * (self.customers + self.staff):
                self.connect(rng.randrange(self.customers + self.staff))
            return
        link = rng.choice(self.links)
        if link.frames and rng.random() < 0.5:
            self.flush(link)
        elif rng.random() < 0.04 and (close_busy or link.quiet):
            self.close(link)
        else:
            self.act(link)

    def act(self, link: Link) -> None:
        """The client of ``link`` sends something, if it may."""
        rng = self.rng
        read = rng.random() < 0.5
        case = rng.randrange(self.customers) if link.case is None else link.case
        if not self.may_speak(link, case):
            return
        if link.case is None:
            self.staff_word(link, "confirm", case, read=read)
        elif link.is_staff and link.spoke and rng.random() < 0.3:
            self.staff_word(link, "assignment", case, read=read)
        else:
            self.say(link, title=rng.random() < 0.3, read=read)

    def drain(self) -> None:
        """Customers log in once more, staff visit every case that waits."""
        self.settle()
        here = {link.participant for link in self.links}
        for customer in self.returning(set(range(self.customers)) - here):
            self.connect(customer)
        self.settle()
        for link in [link for link in self.links if link.is_staff and link.case is not None]:
            self.leave_case(link)
        visitor = self.connect(self.visitor)
        self.settle()
        for case in self.cases:
            if case.unread(True):
                self.staff_word(visitor, "confirm", case.customer, read=True)
                self.settle()
                self.leave_case(visitor)

    def returning(self, away: set[int]) -> set[int]:
        """Those who log in once more."""
        return away

    def leave_case(self, link: Link) -> None:
        self.say(link, read=True)
        self.settle()
        self.staff_word(link, "assignment", link.case, read=True)
        self.settle()


def read_books(world: World, workers: int, seed: int, *, complete: bool = True) -> Books:
    """The books of the world's log, told by ``workers`` whose reports interleave at random."""
    rng = Random(seed)
    books = Books(range(workers), LedgerRules(patience_ns=rng.choice((3 * 10**6, 10**12))))
    logs = [[e for e in world.log if e[0] % workers == w] for w in range(workers)]
    told, numbers, until = [0] * workers, [0] * workers, [0] * workers
    while any(told[w] < len(logs[w]) for w in range(workers)):
        worker = rng.randrange(workers)
        until[worker] = min(until[worker] + rng.randrange(1, 80_000), world.time)
        observations, counts = [], Counter()
        while told[worker] < len(logs[worker]) and logs[worker][told[worker]][2] <= until[worker]:
            participant, what, _ = logs[worker][told[worker]]
            told[worker] += 1
            if isinstance(what, str):
                counts[what] += 1
            else:
                number = (participant % workers) << 32 | what.connection
                observations.append(replace(what, connection=number))
        report = Increment(
            worker, numbers[worker], tuple(observations), dict(counts), until[worker]
        )
        numbers[worker] += 1
        assert books.apply(report) is Acceptance.APPLIED
        if rng.random() < 0.2:
            assert books.apply(report) is Acceptance.REPEATED
        check_identities(books.totals)
    books.drained(world.now(), complete=complete)
    return books


def check_identities(totals) -> None:
    assert totals.sent == totals.acked + totals.refused + totals.unknown
    assert totals.expected_deliveries == totals.delivered + totals.lost + totals.in_flight


def check_ends(books: Books, world: World) -> None:
    check_identities(books.totals)
    for word in ("sent", "acked", "refused", "unknown"):
        assert getattr(books.totals, word) == world.truth[word], word
    assert books.outstanding == 0
    assert books.owing(Role.STAFF) == books.owing(Role.CUSTOMER) == set()


def live(seed: int, steps: int, *, close_busy: bool) -> World:
    world = World(seed, customers=3, staff=2)
    for participant in range(5):
        world.connect(participant)
    for _ in range(steps):
        world.step(close_busy=close_busy)
    world.drain()
    return world


@given(seeds, st.integers(50, 400))
@settings(max_examples=60, deadline=None)
def test_honest_server_is_never_accused(seed, steps):
    world = live(seed, steps, close_busy=False)
    books = read_books(world, 1, seed)
    check_ends(books, world)
    anomalies = {word: getattr(books.totals, word) for word in (*ANOMALIES, "in_flight")}
    assert anomalies == dict.fromkeys(anomalies, 0), books.examples


@given(seeds, st.integers(50, 400))
@settings(max_examples=60, deadline=None)
def test_dying_connections_prove_nothing_against_an_honest_server(seed, steps):
    world = live(seed, steps, close_busy=True)
    books = read_books(world, 1, seed)
    check_ends(books, world)
    anomalies = {word: getattr(books.totals, word) for word in ANOMALIES}
    assert anomalies == dict.fromkeys(anomalies, 0), books.examples


class FaultyWorld(World):
    """One connection each, every case served; the server fails now and then and counts it.

    Faults of one lane on one connection keep a distance and no title comes twice in a lane, so that
    each fault has one true name.
    """

    DISTANCE = 4

    def __init__(self, seed: int, pairs: int, share: float) -> None:
        super().__init__(seed, pairs, pairs)
        self.share = 0.0
        self.clean: Counter[tuple[int, int]] = Counter()
        self.refusing = False
        for participant in range(2 * pairs):
            self.connect(participant)
        self.settle()
        for link in self.links[pairs:]:
            self.staff_word(link, "confirm", link.participant - pairs)
        self.settle()
        self.share = share

    def accept(self, link: Link) -> None:
        lane = link.participant, -1
        self.clean[lane] += 1
        kind = "answer"
        accepted: bool | None = True
        if link.pending[-1][1].kind != "staff" and self.fails(lane):
            accepted = self.rng.choice((None, False))
            self.truth["recovered" if accepted is None else "unexpected"] += 1
        link.frames.append((kind, accepted))
        self.truth["expected_deliveries"] += accepted is not False

    def topics(self, lane: tuple) -> tuple[str, ...]:
        return (f"P-{self.seqs[lane]}",)

    def fails(self, lane: tuple[int, int]) -> bool:
        if self.clean[lane] < self.DISTANCE or self.rng.random() >= self.share:
            return False
        self.clean[lane] = 0
        return True

    def deliver(self, link: Link, message: Message) -> None:
        link.had.add(message)
        lane = link.participant, message.sender
        self.clean[lane] += 1
        frame = ("receive", message, message.content)
        # What is refused or unanswered is a fault already.
        marred = self.clean[message.sender, -1] == 0
        if marred or not self.fails(lane):
            link.frames.append(frame)
            if marred:
                self.clean[lane] = 0
            return
        fault = self.rng.choice(
            (self.lose, self.repeat, self.swap, self.misroute, self.alter, self.garble)
        )
        fault(link, frame)

    def lose(self, link: Link, frame: tuple) -> None:
        self.truth["lost"] += 1

    def repeat(self, link: Link, frame: tuple) -> None:
        self.truth["duplicated"] += 1
        link.frames += (frame, frame)

    def swap(self, link: Link, frame: tuple) -> None:
        before = link.frames[-1] if link.frames else None
        if before and before[0] == "receive" and before[1].sender == frame[1].sender:
            self.truth["reordered"] += 1
            link.frames[-1] = frame
            link.frames.append(before)
        else:
            link.frames.append(frame)

    def misroute(self, link: Link, frame: tuple) -> None:
        link.frames.append(frame)
        if frame[1].kind == "title" and frame[1].sender >= self.customers:
            return  # nothing in it says whose conversation it belongs to
        self.truth["misrouted"] += 1
        others = [k for k in self.links if self.case_of(k) is not self.case_of(link)]
        self.rng.choice(others).frames.append(frame)

    def alter(self, link: Link, frame: tuple) -> None:
        self.truth["corrupted"] += 1
        link.frames.append(("receive", frame[1], frame[2] + "!"))

    def garble(self, link: Link, frame: tuple) -> None:
        self.truth["corrupted"] += 1
        link.frames.append(("receive", frame[1], "\ufffd" + frame[2][1:]))


def play_faults(seed: int, pairs: int, steps: int) -> World:
    world = FaultyWorld(seed, pairs, 0.2)
    world.truth["expected_deliveries"] = pairs
    for _ in range(steps):
        link = world.rng.choice(world.links)
        if link.frames and world.rng.random() < 0.6:
            world.flush(link)
        else:
            world.say(link, title=world.rng.random() < 0.3, read=world.rng.random() < 0.5)
    world.share = 0.0
    for link in world.links:
        world.say(link)
    world.settle()
    return world


@given(seeds, st.integers(100, 900), st.sampled_from((1, 2, 4)))
@settings(max_examples=60, deadline=None)
def test_every_injected_fault_is_counted_once(seed, steps, workers):
    world = play_faults(seed, 3, steps)
    books = read_books(world, workers, seed)
    check_ends(books, world)
    words = (*ANOMALIES, "expected_deliveries", "recovered", "in_flight", "redelivered")
    found = {word: getattr(books.totals, word) for word in words}
    assert found == {word: world.truth[word] for word in words}, books.examples


@given(seeds, st.integers(50, 300), st.booleans(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_totals_do_not_depend_on_the_number_of_workers(seed, steps, faulty, complete):
    world = play_faults(seed, 3, steps) if faulty else live(seed, steps, close_busy=True)
    totals = [
        read_books(world, workers, seed + workers, complete=complete).totals
        for workers in (1, 2, 4)
    ]
    assert totals[0] == totals[1] == totals[2]


@pytest.mark.parametrize("fault", ["lost", "duplicated", "reordered", "misrouted", "corrupted"])
def test_the_faulty_world_does_fail(fault):
    assert play_faults(1, 3, 3_000).truth[fault] > 3
