"""What reading does: counts before and after ``read`` true and a pure receipt (D10, D11)."""

from harness.learning.cast import Cast
from harness.learning.heard import Heard
from harness.learning.visit import Fate, Said
from schemas.messages import receipt, text
from schemas.modes import ReadReceipt

KEY = "dialect.read_receipt"


def read_marks(cast: Cast) -> None:
    """Staff speaks, the customer reads, staff speaks again: ``dialect.read_receipt``."""
    notes = cast.visit.notes
    if cast.attendant is None:
        notes.unknown(KEY, "no staff was bound to the customer, so nothing was counted")
        return
    _staff_speaks(cast)
    before = _staff_speaks(cast)
    answer = cast.customer_says(text(cast.visit.fresh(), read=True))
    after = _staff_speaks(cast)
    if before is None or after is None or before.count is None or after.count is None:
        notes.unknown(KEY, "what staff said did not arrive with a count")
        return
    shown = (before.excerpt("NoReadQty"), answer.excerpt, after.excerpt("NoReadQty"))
    if after.count > before.count:
        notes.learned(KEY, ReadReceipt.NONE, "read = true left the count going on", *shown)
    else:
        _send_receipt(cast, after, shown)


def _send_receipt(cast: Cast, before: Heard, flag: tuple[str, ...]) -> None:
    """``read`` marks; is there a pure receipt besides, and who hears of it?"""
    notes = cast.visit.notes
    given = cast.customer_says(receipt())
    if given.fate in (Fate.REFUSED, Fate.CLOSED):
        why = "read = true marks, and empty content is refused"
        notes.learned(KEY, ReadReceipt.FLAG, why, *flag, given.outcome)
        return
    arrived = _heard_by_staff(cast, given)
    after = _staff_speaks(cast)
    if after is None or after.count is None or before.count is None:
        notes.unknown(KEY, "after a pure receipt nothing arrived with a count", given.outcome)
    elif after.count > before.count:
        notes.unknown(KEY, "a pure receipt was taken and marked nothing", given.outcome)
    elif arrived is not None:
        delivery = arrived.excerpt("NoReadQty", "msg.content")
        why = "the other side got the receipt"
        notes.learned(KEY, ReadReceipt.DELIVERED, why, given.excerpt, delivery)
    else:
        shown = (given.excerpt, given.outcome, after.excerpt("NoReadQty"))
        why = "the receipt marked all as read, and the other side got nothing of it"
        notes.learned(KEY, ReadReceipt.EMPTY_CONTENT, why, *shown)


def _staff_speaks(cast: Cast) -> Heard | None:
    """How the customer hears what staff says now."""
    said = cast.staff_says(text(cast.visit.fresh()))
    return cast.visit.arrival(said, cast.customer)


def _heard_by_staff(cast: Cast, given: Said) -> Heard | None:
    """The receipt at staff's, if it came before what the customer said after it."""
    after = cast.customer_says(text(cast.visit.fresh()))
    if cast.staff is None:
        return None
    cast.visit.arrival(after, cast.staff, cast.visit.quiet_s)
    return cast.visit.delivered(given, cast.staff)
