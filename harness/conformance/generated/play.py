"""A generated play: several people on a live server, held against the model of the contract.

Acts are done one after another; each is settled before the next, so that exact counts can be
asked for. What somebody cannot do now, or the target's profile leaves open, is passed over.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from harness.conformance.chatter import NO_SUCH_TYPE, Msg
from harness.conformance.conversation import closes_cases, closing, confirming
from harness.conformance.generated.acts import Act, Cast, Play, Seat, Verb
from harness.conformance.generated.contract import Contract, Due
from harness.conformance.generated.lexicon import Lexicon
from harness.conformance.generated.liberties import Liberties
from harness.conformance.generated.lodging import AttemptDoor
from harness.conformance.generated.stage import Stage
from schemas.messages import InMsg, encode, receipt
from schemas.words import MessageType, Role

Script = list[str]


class Company:
    """Does plays with so many people."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    def perform(self, example: Play, door: AttemptDoor, script: Script) -> None:
        """Do ``example`` from the opening to the end."""
        course = _Course(self._cast, door, script)
        course.open()
        for act in example:
            course.do(act)
        course.finish()


class _Course:
    """One play: what is done on the stage, and what the model makes of it."""

    def __init__(self, cast: Cast, door: AttemptDoor, script: Script) -> None:
        self._profile = door.bench.profile
        self._clean = door.starts_clean
        self._free = Liberties.of(self._profile, clean=self._clean)
        if self._free.terms.by_url:  # whoever has no case of its own would share another's
            cast = replace(cast, staff=min(cast.staff, cast.customers))
        self._cast = cast
        self._script = script
        self._lexicon = Lexicon(door.bench)
        self._contract = Contract(cast, self._free.terms)
        self._stage = Stage(cast, door, counts=self._free.counts, same=self._free.same)
        self._verbs: Mapping[Verb, Callable[[Seat, Act], None]] = {
            Verb.SAY: self._says,
            Verb.RETURN: self._returns,
            Verb.RECEIPT: self._gives_receipt,
            Verb.CLOSE: self._closes,
            Verb.CONFIRM: self._confirms,
            Verb.WRONG: self._errs,
            Verb.LEAVE: self._leaves,
            Verb.ENTER: self._enters,
        }

    # Its course

    def open(self) -> None:
        """Everybody logs in, second devices later where they can; each staff takes a case."""
        if not self._clean:
            self._stage.clear_up()
        for seat in self._cast.seats:
            if not seat.device or not self._free.returns:
                self._enter(seat)
        if not self._free.terms.by_url:
            for number in range(min(self._cast.customers, self._cast.staff)):
                self._take(Seat(Role.STAFF, number), number, read=True)

    def do(self, act: Act) -> None:
        """One act, where it can be done."""
        seats = self._cast.seats
        self._verbs[act.verb](seats[act.seat % len(seats)], act)

    def finish(self) -> None:
        """Everybody comes and reads all that was said; the cases are closed."""
        for seat in self._cast.seats:
            if not seat.device and self._may_go(seat) and seat not in self._contract.present:
                self._enter(seat)
        for seat in sorted(self._contract.present):
            self._stage.hear_out(seat, reading=False)
        for talk in self._contract.talks:
            if talk.bound is not None:
                self._end(talk.bound)
        for customer, talk in enumerate(self._contract.talks):
            idle = [seat for seat in sorted(self._contract.present) if self._is_idle(seat)]
            if idle and talk.unread[Role.STAFF]:
                self._take(idle[0], customer, read=False)
                self._end(idle[0])
        for seat in sorted(self._contract.present):
            if seat.role is Role.CUSTOMER:
                self._stage.hear_out(seat, reading=True)

    def _end(self, seat: Seat) -> None:
        self._stage.hear_out(seat, reading=True)
        if self._free.receipts:
            self._contract.read(seat)
        if closes_cases(self._profile):
            self._close(seat, read=True)
        else:
            self._leave(seat)

    def _is_idle(self, seat: Seat) -> bool:
        return seat in self._contract.present and self._contract.conversation_of(seat) is None

    def _is_bound(self, seat: Seat) -> bool:
        return seat in self._contract.present and self._contract.conversation_of(seat) is not None

    # Speaking

    def _says(self, seat: Seat, act: Act) -> None:
        sn = self._stage.sn(seat.number) if seat.role is Role.CUSTOMER else ""
        times = act.times + 1 if self._is_bound(seat) else 1
        messages = [
            self._lexicon.message(act.kind, act.words, sn, read=act.read, edge=act.edge)
            for _ in range(times)
        ]
        if self._is_bound(seat):
            self._note(seat, f"says {_shown(messages)}")
            echoes = self._accepted(seat, messages)
            self._comes(echoes, self._contract.say(seat, messages))
        elif self._is_idle(seat) and self._free.wrongs and not self._free.terms.by_url:
            self._note(seat, "speaks without a case")
            self._refused(seat, messages[0], "staff-unbound-refused")

    def _gives_receipt(self, seat: Seat, _: Act) -> None:
        if self._free.receipts and self._is_bound(seat):
            self._note(seat, "sends a receipt")
            self._accepted(seat, [receipt()], "receipt-acknowledged")
            self._contract.read(seat)

    def _errs(self, seat: Seat, act: Act) -> None:
        if self._free.wrongs and seat in self._contract.present:
            self._note(seat, f"sends an unknown type{', read' if act.read else ''}")
            chatter = self._stage.chatter(seat)
            wrong = InMsg(NO_SUCH_TYPE, self._lexicon.token(), act.read)
            chatter.refused(chatter.say_bytes(encode(wrong)), "refuse-unknown-type")

    def _accepted(self, seat: Seat, messages: list[InMsg], breaks: str = "") -> list[Msg]:
        """The ``Send`` of each; all are sent before the first is waited for."""
        chatter = self._stage.chatter(seat)
        sent = [chatter.say(message) for message in messages]
        return [chatter.accepted(each, breaks) for each in sent]

    def _comes(self, echoes: list[Msg], dues: list[Due]) -> None:
        """What was accepted is said now, and these are its deliveries."""
        self._stage.note(self._contract.take_new(), echoes)
        self._happened(dues)

    def _happened(self, dues: Sequence[Due] = ()) -> None:
        """Something is otherwise than before: what may and what must come of it."""
        for seat, said in self._contract.offerable():
            self._stage.allow(seat, said)
        self._stage.owe(dues)

    def _refused(self, seat: Seat, message: InMsg, breaks: str) -> None:
        chatter = self._stage.chatter(seat)
        chatter.refused(chatter.say(message), breaks)

    def _note(self, seat: Seat, what: str) -> None:
        self._script.append(f"{seat} {what}")

    # Cases

    def _confirms(self, seat: Seat, act: Act) -> None:
        staff = Seat(Role.STAFF, seat.number % self._cast.staff)
        customer = act.whom % self._cast.customers
        holder = self._contract.talks[customer].bound
        if self._free.terms.by_url or holder == staff:
            return
        word = confirming(self._profile, self._stage.sn(customer), read=act.read)
        if self._is_idle(staff) and holder is None and self._can_retake():
            self._note(staff, f"takes customer {customer + 1}'s case{', read' if act.read else ''}")
            self._take(staff, customer, read=act.read)
        elif self._is_idle(staff) and holder is not None and self._free.contests:
            self._note(staff, f"tries to take customer {customer + 1}'s case")
            self._refused(staff, word, "confirm-first-wins")
        elif self._is_bound(staff) and self._free.contests:
            self._note(staff, f"tries to take customer {customer + 1}'s case besides")
            self._refused(staff, word, "confirm-bound-refused")

    def _can_retake(self) -> bool:
        """Whether it is certain what is replayed after a ``confirm`` in the middle of a play."""
        return self._free.returns

    def _take(self, staff: Seat, customer: int, *, read: bool) -> None:
        self._stage.hear_out(staff, reading=False)  # the offers that it has been sent
        word = confirming(self._profile, self._stage.sn(customer), read=read)
        echoes = self._accepted(staff, [word], "confirm-binds")
        had = self._stage.had_of(staff, customer)
        self._comes(echoes, self._contract.confirm(staff, customer, word, had))

    def _closes(self, seat: Seat, act: Act) -> None:
        staff = Seat(Role.STAFF, seat.number % self._cast.staff)
        customer = act.whom % self._cast.customers
        if not self._free.closes or staff not in self._contract.present:
            return
        mine = self._contract.conversation_of(staff)
        if mine is None and self._free.contests:
            word = closing(self._profile, self._stage.sn(customer), read=act.read)
            self._note(staff, f"tries to close customer {customer + 1}'s case")
            self._refused(staff, word, "assignment-foreign-refused")
        elif mine is not None:
            self._note(staff, f"closes its case{', read' if act.read else ''}")
            self._close(staff, read=act.read)

    def _close(self, staff: Seat, *, read: bool) -> None:
        customer = self._contract.conversation_of(staff)
        word = closing(self._profile, self._stage.sn(customer or 0), read=read)
        echoes = self._accepted(staff, [word], "assignment-unbinds")
        self._comes(echoes, self._contract.close(staff, word))

    # Coming and going

    def _returns(self, seat: Seat, act: Act) -> None:
        if not self._may_go(seat) or seat not in self._contract.present:
            return
        self._note(seat, f"leaves and returns{f' {act.times + 1} times' if act.times else ''}")
        for _ in range(act.times + 1):
            self._leave(seat)
            self._enter(seat)

    def _leaves(self, seat: Seat, _: Act) -> None:
        if self._may_go(seat) and seat in self._contract.present:
            self._note(seat, "leaves")
            self._leave(seat)

    def _enters(self, seat: Seat, _: Act) -> None:
        if self._may_go(seat) and seat not in self._contract.present:
            self._note(seat, "logs in")
            self._enter(seat)

    def _may_go(self, seat: Seat) -> bool:
        by_url = self._free.terms.by_url and seat.role is Role.STAFF
        return self._free.returns and not by_url

    def _enter(self, seat: Seat) -> None:
        self._stage.enter(seat)
        self._happened(self._contract.enter(seat))

    def _leave(self, seat: Seat) -> None:
        self._contract.leave(seat)
        self._stage.leave(seat)
        self._happened()


def _shown(messages: list[InMsg]) -> str:
    """The messages of one act in words."""
    first = messages[0]
    kind = f"a {first.titletype} title" if first.type == MessageType.TITLE else str(first.type)
    times = f" ×{len(messages)}" if len(messages) > 1 else ""
    return f"{kind}{times} {first.content[:60]!r}{', read' if first.read else ''}"
