"""The connections of one play on a live server, and what came on each of them.

Knows the inboxes, not the contract: what must come is told to it.
"""

from collections.abc import Sequence

from harness.conformance.chatter import Chatter, Msg
from harness.conformance.conversation import Conversation
from harness.conformance.deliveries import differing
from harness.conformance.generated.acts import Cast, Seat
from harness.conformance.generated.contract import Due, Said
from harness.conformance.generated.inbox import Inbox, Review
from harness.conformance.generated.lodging import AttemptDoor
from harness.conformance.listener import shown
from harness.conformance.stops import Broken, broken
from harness.events import Delivered
from harness.target import Account
from schemas.modes import Binding, ReadReceipt
from schemas.words import Role


class Place:
    """One connection: who sits there, and what it is owed."""

    def __init__(self, chatter: Chatter, home: int | None) -> None:
        self.chatter = chatter
        self.inbox = Inbox(chatter.rules, home)
        self.counted: set[int] = set()


class Stage:
    """The seats of ``cast`` with their accounts. ``counts``: whether ``NoReadQty`` is judged."""

    def __init__(self, cast: Cast, door: AttemptDoor, *, counts: bool, same: bool) -> None:
        self.cast = cast
        self.door = door
        self.bench = door.bench
        self.said: list[Said] = []
        self.echoes: dict[int, Msg] = {}
        self._counts = counts
        self._same = same
        self._places: dict[Seat, Place] = {}
        self._accounts: dict[Seat, Account] = {}
        for seat in cast.seats:
            if not seat.device:
                self._accounts[seat] = door.account(seat.role)

    # Who

    def chatter(self, seat: Seat) -> Chatter:
        """Who sits at ``seat``."""
        return self._places[seat].chatter

    def sn(self, customer: int) -> str:
        """The customer's sn."""
        return self._accounts[Seat(Role.CUSTOMER, customer)].sn

    def clear_up(self) -> None:
        """Before the play: nothing of earlier ones is left unread, as far as that can be done."""
        for number in range(self.cast.customers):
            door = self.door.again(skipping=number)
            Conversation(door).begin().end()
            door.close_all()

    # Coming and going

    def enter(self, seat: Seat) -> None:
        """Log in. What is sent here before anything was said is of earlier times."""
        by_url = self.bench.profile.binding is Binding.URL and seat.role is Role.STAFF
        customer_sn = self.sn(seat.number % self.cast.customers) if by_url else ""
        chatter = self.door.enter(self._accounts[seat.account], customer_sn, alone=False)
        if not self.said and not self.door.starts_clean:
            chatter.catch_up(reading=False)
            chatter.begin_anew()
        home = seat.number if seat.role is Role.CUSTOMER else None
        self._places[seat] = Place(chatter, home)

    def leave(self, seat: Seat) -> None:
        """Close the connection."""
        self._places.pop(seat).chatter.leave()

    # What must come

    def note(self, said: list[Said], echoes: list[Msg]) -> None:
        """These were accepted, with these ``msg``."""
        self.said += said
        self.echoes.update(
            (each.number, echo) for each, echo in zip(said, echoes, strict=False) if echo
        )

    def owe(self, dues: Sequence[Due]) -> None:
        """These must come; wait for them."""
        for due in dues:
            self._places[due.to].inbox.owe(due)
        for seat in dict.fromkeys(due.to for due in dues):
            self.settle(seat)

    def allow(self, seat: Seat, said: Said) -> None:
        """This may come."""
        self._places[seat].inbox.allow(said)

    def had_of(self, seat: Seat, customer: int) -> set[int]:
        """The numbers of what has come from the customer."""
        sender = Seat(Role.CUSTOMER, customer)
        review = self._places[seat].inbox.review(sender, self._arrived(seat, sender))
        return {slot.said.number for slot, _ in review.given}

    def settle(self, seat: Seat) -> None:
        """Wait until all that ``seat`` is owed has come, and look at it. Broken otherwise."""
        chatter = self.chatter(seat)
        patience = chatter.bench.patience("delivery-stored")
        while True:
            reviews = self._reviews(seat)
            odd = any(review.strange for review in reviews.values())
            if odd or all(review.settled for review in reviews.values()):
                break
            if any(review.gap for review in reviews.values()):
                patience = patience.sooner(self.bench.short_s)
            if not chatter.participant.hear(patience):
                break
        self._judge(seat, reviews)

    def hear_out(self, seat: Seat, *, reading: bool) -> None:
        """Read all that has been sent to ``seat`` until now, and look at it."""
        self.chatter(seat).catch_up(reading=reading)
        self.settle(seat)

    def _reviews(self, seat: Seat) -> dict[Seat, Review]:
        inbox = self._places[seat].inbox
        return {
            sender: inbox.review(sender, self._arrived(seat, sender)) for sender in self._accounts
        }

    def _events(self, seat: Seat, sender: Seat) -> list[Delivered]:
        place, sn = self._places[seat], self._accounts[sender].sn
        events = place.chatter.participant.deliveries()
        return [
            event
            for event in events
            if event.msg.get("SendSn") == sn and self._is_of_the_play(seat, event.msg)
        ]

    def _is_of_the_play(self, seat: Seat, msg: Msg) -> bool:
        """Receipts are none of it where they are delivered (D10); else their coming is broken."""
        if msg.get("content"):
            return True
        mode = self.bench.profile.dialect.read_receipt
        if mode is ReadReceipt.EMPTY_CONTENT:
            raise broken("receipt-not-delivered", "none", f"a Receive at {seat}")
        return False

    def _arrived(self, seat: Seat, sender: Seat) -> list[Msg]:
        return [event.msg for event in self._events(seat, sender)]

    # Whether it is right

    def _judge(self, seat: Seat, reviews: dict[Seat, Review]) -> None:
        inbox = self._places[seat].inbox
        found = []
        for sender, review in reviews.items():
            if not review.settled:
                mine = [said for said in self.said if said.sender.account == sender]
                found += inbox.complaints(review, self._arrived(seat, sender), mine)
            else:
                self._look_at(seat, sender, review)
        for finding in found:
            self.door.evidence.report(finding)
        if found:
            raise Broken(found[0])

    def _look_at(self, seat: Seat, sender: Seat, review: Review) -> None:
        """The count and the members of what has come since the last look."""
        events, counted = self._events(seat, sender), self._places[seat].counted
        for slot, at in review.given:
            number = slot.said.number
            if number not in counted:
                counted.add(number)
                if slot.due is not None:
                    self._check_count(slot.due, events[at])
                self._check_same(slot.said, events[at])

    def _check_count(self, due: Due, event: Delivered) -> None:
        told = event.frame.get("NoReadQty")
        if not self._counts or due.low is None or due.high is None:
            return
        if not isinstance(told, int) or not due.low <= told <= due.high:
            wanted = str(due.low) if due.low == due.high else f"{due.low} to {due.high}"
            slug = "replay-count" if due.missed else "unread-count"
            raise broken(
                slug,
                f"{wanted} with {due.said.message.type} of {due.said.sender} at {due.to}",
                told,
                pointer="/NoReadQty",
                frame=shown(event),
            )

    def _check_same(self, said: Said, event: Delivered) -> None:
        echo = self.echoes.get(said.number)
        if not self._same or not echo:
            return
        for member in differing(echo, event.msg):
            raise broken(
                "same-msg",
                f"{member} {echo.get(member)!r}"[:200],
                event.msg.get(member),
                pointer=f"/msg/{member}",
                frame=shown(event),
            )
