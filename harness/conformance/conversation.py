"""One customer and the staff member who attends to it: opened and closed so that nothing is left.

The staff member takes the case before the customer's first message, so that no message is ever
offered to anybody else; at the end both sides have read everything and the case is closed.
"""

from harness.blocking.deadline import Deadline
from harness.conformance.chatter import RECEIPT_MODES, Chatter
from harness.conformance.deliveries import fits
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.stops import Stop, broken
from harness.errors import HarnessError
from harness.target import Profile
from schemas.messages import InMsg, staff_word, text
from schemas.modes import Binding, ReadReceipt

RETRY_S = 0.05


class Conversation:
    """``customer`` and ``staff``, bound to each other once :meth:`begin` has returned.

    Each side's present connection is owed what the other has said, but for the first messages that
    an earlier connection of the side has read.
    """

    def __init__(self, door: Door) -> None:
        self.door = door
        self.bench = door.bench
        self.customer = door.customer()
        self.staff = door.staff(self.customer.sn)
        self.open = False
        self._read_by_customer = 0
        self._read_by_staff = 0

    # Its course

    def begin(self) -> "Conversation":
        """The staff member takes the case, and the customer has read that."""
        if self.bench.profile.binding is Binding.FRAME:
            self.staff.accepted(self.staff.say(self.confirming()), "confirm-binds")
        self.open = True
        self._begin_anew(self.staff)
        self._customer_receives_all()
        self.customer.catch_up()
        return self

    def _begin_anew(self, staff: Chatter) -> None:
        """Where accounts are used again: what is unread from earlier cases is read first."""
        if not self.bench.owns_the_pool:
            staff.catch_up()
            staff.begin_anew()

    def end(self) -> None:
        """Both sides read all; then the case is closed."""
        if self.open:
            self.open = False
            if say_that_all_is_read(self.customer):
                self._read_by_staff = len(self.customer.said)  # it is for nobody who comes later
            self.staff.catch_up()
            if closes_cases(self.bench.profile):
                self.staff.accepted(self.staff.say(self.closing()), "assignment-unbinds")
        self.customer.catch_up()

    def reckon(self) -> None:
        """Each side has received exactly what the other said."""
        self.staff.catch_up(reading=self.open)  # unbound staff has nothing to read
        self.staff.receives(self.customer, *self.customer.said[self._read_by_staff :])
        self.customer.catch_up()
        self._customer_receives_all()

    def tidy(self) -> None:
        """As :meth:`end`, after a case that broke off: whatever still can be done."""
        try:
            self.end()
        except (Stop, HarnessError):
            self.door.dismiss_staff()
            sweep(self.door, self.customer)

    # Its turns

    def confirming(self, *, read: bool = True) -> InMsg:
        """The message with which staff takes this customer's case."""
        return confirming(self.bench.profile, self.customer.sn, read=read)

    def closing(self, *, read: bool = True) -> InMsg:
        """The message with which staff closes it."""
        return closing(self.bench.profile, self.customer.sn, read=read)

    def customer_returns(self, *, unread: int, alone: bool = True) -> Chatter:
        """The customer leaves and logs in anew, owed the last ``unread`` messages of staff.

        Not ``alone`` where the account is to have other connections that read for it.
        """
        before = self.customer
        before.leave()
        self.customer = self.door.enter(before.account, alone=alone)
        self.customer.said += before.said
        self._read_by_customer = len(self.staff.said) - unread
        self.customer.missed = self.staff.said[self._read_by_customer :]
        return self.customer

    def staff_returns(self, *, unread: int, tries: int = 1) -> Chatter:
        """The staff member leaves, logs in anew and takes the case, owed ``unread`` messages.

        ``tries`` where the server may not know yet that the earlier connection has gone.
        """
        before = self.staff
        before.leave()
        self.staff = self.door.enter(before.account, self.customer.sn)
        self.staff.said += before.said
        self._read_by_staff = len(self.customer.said) - unread
        self.staff.missed = self.customer.said[self._read_by_staff :]
        sent = self.staff.say(self.confirming())
        for _ in range(tries - 1):
            if self.staff.answer(sent).accepted:
                break
            self.staff.participant.hear(Deadline.after(RETRY_S))
            sent = self.staff.say(self.confirming())
        self.staff.accepted(sent, "confirm-binds")
        self.open = True
        return self.staff

    def taken_over_by(self, successor: Chatter, *, unread: int) -> Chatter:
        """Another staff connection takes the case, owed the customer's last ``unread`` messages."""
        self.staff = successor
        self._read_by_customer = 0
        self._read_by_staff = len(self.customer.said) - unread
        successor.missed = self.customer.said[self._read_by_staff :]
        successor.accepted(successor.say(self.confirming(read=False)), "confirm-binds")
        self.open = True
        return successor

    @property
    def unread_by_customer(self) -> int:
        """What the customer has no way to mark as read without saying something."""
        marks = self.bench.profile.dialect.read_receipt in RECEIPT_MODES
        return 0 if marks else len(self.customer.received(self.staff))

    def stays_unheard(self) -> None:
        """The staff member receives what the customer had accepted, and nothing that was refused.

        Proven by a sentinel: what the customer says now arrives after whatever came before.
        """
        after = text(self.bench.fresh("after"))
        self.customer.tell(after)
        self.staff.receives_content(after)
        rules = self.staff.rules
        for event in self.staff.received(self.customer):
            known = any(fits(rules, said, event.msg) for said in self.customer.said)
            if event.msg.get("content") and not known:
                raise broken(
                    "delivery-refused-never", "nothing of it", "a Receive", frame=shown(event)
                )
        self.staff.receives(self.customer, *self.customer.said)

    def never_arrives(self, message: InMsg, slug: str) -> None:
        """What was left of ``message`` reaches nobody; otherwise ``slug`` breaks.

        The customer, whose connection is over, returns and says something: what arrives before that
        is all that will.
        """
        self.customer_returns(unread=0)
        self.staff_hears_of_return()
        token = message.content.partition(" ")[0]
        for event in self.staff.received(self.customer):
            if token in str(event.msg.get("content")):
                raise broken(slug, "nothing of it", "a Receive", frame=shown(event))

    def staff_hears_of_return(self) -> None:
        """The customer says something, and the staff member has what came before it, and it."""
        token = self.bench.fresh()
        self.customer.tell(text(f"{token} back again"))
        patience = self.bench.patience("delivery-stored")
        self.staff.participant.delivery(lambda msg: token in str(msg.get("content")), patience)

    def _customer_receives_all(self) -> None:
        if self.bench.profile.capabilities.case_lifecycle:
            self.customer.receives(self.staff, *self.staff.said[self._read_by_customer :])


def confirming(profile: Profile, customer_sn: str, *, read: bool = True) -> InMsg:
    """The message with which staff takes a customer's case, as the target spells it (D2, D14)."""
    content = profile.dialect.staff.content.replace("{customer_sn}", customer_sn)
    return staff_word(profile.dialect.staff.assign, content, read=read)


def closing(profile: Profile, customer_sn: str, *, read: bool = True) -> InMsg:
    """The message with which staff closes a customer's case."""
    content = profile.dialect.staff.content.replace("{customer_sn}", customer_sn)
    return staff_word(profile.dialect.staff.close, content, read=read)


def closes_cases(profile: Profile) -> bool:
    """Whether staff ends a case with a word; elsewhere it ends with the connection."""
    return profile.binding is Binding.FRAME and profile.capabilities.case_lifecycle


def say_that_all_is_read(customer: Chatter) -> bool:
    """Where only a message can tell it (D10) and the account is used again: let nothing pile up.

    Whether it was said. To be said while staff attends, whose closing word then reads this message.
    """
    bench = customer.bench
    by_flag = bench.profile.dialect.read_receipt is ReadReceipt.FLAG
    if not by_flag or bench.owns_the_pool or customer.channel.ended is not None:
        return False
    customer.tell(text(bench.fresh("all read"), read=True))
    return True


def sweep(door: Door, customer: Chatter) -> None:
    """A staff member takes the customer's case, reads all and closes it; so does the customer.

    Does what it can: somebody else may hold the case, or the server may be gone.
    """
    profile = door.bench.profile
    try:
        staff = door.staff(customer.sn)
        if profile.binding is Binding.FRAME:
            staff.accepted(staff.say(confirming(profile, customer.sn)))
        say_that_all_is_read(customer)
        staff.catch_up()
        if closes_cases(profile):
            staff.accepted(staff.say(closing(profile, customer.sn)))
        staff.leave()
        present = customer if customer.channel.ended is None else door.enter(customer.account)
        present.catch_up()
    except (Stop, HarnessError):
        return
