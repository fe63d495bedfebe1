"""The end: everybody reads everything, the case is closed, and nobody stays (D14)."""

from harness.learning.cast import Cast
from harness.learning.line import Line
from harness.learning.meeting import staff_content
from harness.learning.visit import Fate, Said
from schemas.messages import receipt, staff_word, text
from schemas.modes import ReadReceipt
from schemas.words import TitleType

KEY = "capabilities.case_lifecycle"
_RECEIPTS = (ReadReceipt.EMPTY_CONTENT, ReadReceipt.DELIVERED)


def part(cast: Cast) -> None:
    """Close the case, reading all; what that shows is ``capabilities.case_lifecycle``."""
    if cast.attendant is not None:
        if not _has_receipts(cast):
            cast.customer_says(text(cast.visit.fresh(), read=True))
        closing = close_case(cast, cast.attendant, cast.customer)
        _learn_lifecycle(cast, closing)
    else:
        cast.visit.notes.unknown(KEY, "no staff took a case")
    read_all(cast, cast.customer)


def read_all(cast: Cast, customer: Line) -> None:
    """The customer marks everything as read, where that can be said without saying anything."""
    if _has_receipts(cast) and customer.ended is None:
        cast.visit.say(customer, receipt())


def close_case(cast: Cast, staff: Line, customer: Line) -> Said | None:
    """Staff closes the case of ``customer``, having read all; None where no word for it is known.

    A server without the word frees the case when staff leaves.
    """
    visit = cast.visit
    word = visit.notes.value("dialect.staff.close")
    if word is None:
        return None
    content = staff_content(visit.profile, customer.account.sn)
    return visit.say(staff, staff_word(TitleType(str(word)), content, read=True), customer)


def _learn_lifecycle(cast: Cast, closing: Said | None) -> None:
    notes, taking = cast.visit.notes, cast.confirmed
    if closing is None or taking is None or cast.confirm_arrived is None:
        notes.unknown(KEY, "staff closed no case")
        return
    arrived = cast.visit.arrival(closing, cast.customer, 1.0 if cast.confirm_arrived else 0.1)
    shown = [taking.excerpt, taking.outcome, closing.excerpt, closing.outcome]
    closed = closing.fate is Fate.ACCEPTED or arrived is not None
    if closed:
        why = "staff closed the case with it"
        word = closing.message.titletype
        notes.learned("dialect.staff.close", word, why, closing.excerpt, closing.outcome)
    if cast.confirm_arrived and arrived is not None and closed:
        shown[1] = arrived.excerpt("msg.type", "msg.titletype", "msg.content")
        notes.learned(KEY, True, "the customer got both staff words", *shown)
    elif not cast.confirm_arrived and not closed:
        why = "the customer got no staff word, and closing was not taken"
        notes.learned(KEY, False, why, *shown)
    else:
        notes.unknown(KEY, "one of the two staff words had its effect, not the other", *shown)


def _has_receipts(cast: Cast) -> bool:
    return cast.visit.notes.value("dialect.read_receipt") in _RECEIPTS
