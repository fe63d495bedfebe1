"""Other devices and absence: what an account's connections get, and what waits for it (D11–D15)."""

from harness.errors import TargetUnavailable
from harness.learning.cast import Cast
from harness.learning.heard import Heard
from harness.learning.line import Line
from harness.learning.meeting import WORDS
from harness.learning.visit import Fate, Said
from schemas.messages import text
from schemas.modes import ReplayCount

MISSED = 3


def bring_a_second_device(cast: Cast) -> None:
    """The customer logs in once more and speaks on the first: ``capabilities.multi_device``."""
    visit, key = cast.visit, "capabilities.multi_device"
    try:
        other = visit.enter(cast.customer.account)
    except TargetUnavailable as stop:
        visit.notes.unknown(key, f"a second connection was not let in ({stop.problem})")
        return
    said = cast.customer_says(text(visit.fresh(WORDS)))
    heard = visit.arrival(said, other, visit.quiet_s)
    if heard is not None:
        shown = (said.excerpt, heard.excerpt("msg.SendSn", "msg.content"))
        visit.notes.learned(key, True, "the account's other connection got it", *shown)
    elif said.fate in (Fate.REFUSED, Fate.CLOSED) or not _later_words_come(cast, other):
        visit.notes.unknown(key, "the second connection got nothing at all", said.outcome)
    else:
        why = "the account's other connection got what came later, not this"
        visit.notes.learned(key, False, why, said.excerpt)
    other.leave()


def _later_words_come(cast: Cast, other: Line) -> bool:
    """Whether ``other`` hears what is said now, so that silence before it means something."""
    if cast.attendant is not None:
        return cast.visit.arrival(cast.staff_says(text(cast.visit.fresh())), other) is not None
    return cast.visit.say(other, text(cast.visit.fresh())).fate is Fate.ACCEPTED


def miss_something(cast: Cast) -> None:
    """Staff speaks while the customer is away: ``capabilities.replay_unread`` and its counts."""
    visit, notes = cast.visit, cast.visit.notes
    if cast.attendant is None:
        for key in ("capabilities.replay_unread", "dialect.replay_count"):
            notes.unknown(key, "no staff was bound to the customer, so nothing was missed")
        return
    cast.customer.leave()
    missed = [cast.staff_says(text(visit.fresh())) for _ in range(MISSED)]
    cast.customer = visit.enter(cast.customer.account)
    later = cast.staff_says(text(visit.fresh()))
    sentinel = visit.arrival(later, cast.customer)
    came = [heard for said in missed if (heard := visit.delivered(said, cast.customer))]
    _learn_replay(cast, missed, came, sentinel)


def _learn_replay(
    cast: Cast, missed: list[Said], came: list[Heard], sentinel: Heard | None
) -> None:
    notes, key = cast.visit.notes, "capabilities.replay_unread"
    shown = [heard.excerpt("NoReadQty", "msg.content") for heard in came]
    notes.unknown("dialect.replay_count", "not all that was missed was replayed")
    if len(came) == MISSED:
        notes.learned(key, True, "what was missed came after the next login", *shown)
        _learn_replay_count(cast, [heard.count for heard in came], shown)
    elif sentinel is not None and not came:
        why = "what was missed did not come; what was said after the login did"
        notes.learned(key, False, why, missed[0].excerpt, sentinel.excerpt("msg.content"))
    else:
        notes.unknown(key, f"{len(came)} of {MISSED} missed messages came", *shown)


def _learn_replay_count(cast: Cast, counts: list[int | None], shown: list[str]) -> None:
    notes, key = cast.visit.notes, "dialect.replay_count"
    first = counts[0]
    if first is None:
        notes.unknown(key, "replayed frames carry no count", *shown)
    elif counts == [first] * MISSED:
        notes.learned(key, ReplayCount.TOTAL, "all carry the same number", *shown)
    elif counts == [first + more for more in range(MISSED)]:
        notes.learned(key, ReplayCount.RUNNING, "each carries one more", *shown)
    else:
        notes.unknown(key, "the numbers are neither all the same nor running", *shown)
