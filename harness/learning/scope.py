"""What a staff count counts: one conversation, or all of the account's (D11)."""

from harness.errors import TargetUnavailable
from harness.learning.cast import Cast
from harness.learning.farewell import close_case, read_all
from harness.learning.heard import Heard
from harness.learning.line import Line
from harness.learning.meeting import staff_content
from harness.learning.visit import Fate
from harness.target import Account
from schemas.messages import staff_word, text
from schemas.modes import Binding, UnreadScope
from schemas.words import TitleType

KEY = "dialect.unread_scope"


def serve_two(cast: Cast) -> None:
    """The staff account serves a second customer too: ``dialect.unread_scope``."""
    notes = cast.visit.notes
    if cast.attendant is None or cast.other_customer is None:
        notes.unknown(KEY, "it takes two customers and a staff member who serves both")
        return
    try:
        other = cast.visit.enter(cast.other_customer)
        desk = _second_desk(cast, other.account)
    except TargetUnavailable as stop:
        notes.unknown(KEY, f"a further connection was not let in ({stop.problem})")
        return
    if desk is None:
        notes.unknown(KEY, "staff could not take a second case on a second connection")
    else:
        _count(cast, other, desk)
        close_case(cast, desk, other)
        read_all(cast, other)
    for line in (desk, other):
        if line is not None:
            line.leave()


def _second_desk(cast: Cast, customer: Account) -> Line | None:
    """A second connection of the staff account, bound to ``customer``."""
    visit = cast.visit
    if cast.staff_account is None:
        return None
    desk = visit.enter(cast.staff_account, customer.sn)
    if cast.binding is Binding.FRAME:
        word = TitleType(str(visit.notes.value("dialect.staff.assign")))
        content = staff_content(visit.profile, customer.sn)
        taking = visit.say(desk, staff_word(word, content, read=True))
        if taking.fate in (Fate.REFUSED, Fate.CLOSED):
            desk.leave()
            return None
    return desk


def _count(cast: Cast, other: Line, desk: Line) -> None:
    """One message of the first customer between two of the second: does it count there?"""
    notes = cast.visit.notes
    before = _says(cast, other, desk)
    between = cast.customer_says(text(cast.visit.fresh()))
    after = _says(cast, other, desk)
    if before is None or after is None or before.count is None or after.count is None:
        notes.unknown(KEY, "what the second customer said did not arrive with a count")
        return
    shown = (
        before.excerpt("NoReadQty", "msg.SendSn"),
        between.excerpt,
        after.excerpt("NoReadQty", "msg.SendSn"),
    )
    match after.count - before.count:
        case 1:
            why = "another customer's message did not count"
            notes.learned(KEY, UnreadScope.CONVERSATION, why, *shown)
        case 2:
            notes.learned(KEY, UnreadScope.ACCOUNT, "another customer's message counted", *shown)
        case _:
            notes.unknown(KEY, "the counts fit neither", *shown)


def _says(cast: Cast, other: Line, desk: Line) -> Heard | None:
    said = cast.visit.say(other, text(cast.visit.fresh()), desk)
    return cast.visit.arrival(said, desk)
