"""Customer and staff meet: offers, the word that takes a case, and the binding (D2, D7, D13)."""

from collections.abc import Iterator

from harness.errors import TargetUnavailable
from harness.learning.cast import Cast
from harness.learning.refusal import is_of_no_type
from harness.learning.visit import Fate, Said
from harness.target import Profile
from harness.target.templates import placeholders
from schemas.messages import staff_word, text
from schemas.modes import Binding
from schemas.words import STAFF_WORDS, TitleType

WORDS = ' 1 < 2 & "3"'
STAFF_KEYS = ("binding", "capabilities.offers", "dialect.staff.assign", "dialect.staff.close")


def meet(cast: Cast) -> None:
    """Staff logs in, the customer speaks first, staff takes the case."""
    try:
        staff = cast.staff_enters()
    except TargetUnavailable as stop:
        _note_absence(cast, f"staff was not let in ({stop.detail or stop.problem})")
        staff = None
    else:
        if staff is None:
            _note_absence(cast, "there is no staff account")
    if staff is not None and _url_binds(cast.visit.profile):
        _try_the_url(cast)
    first = cast.customer_says(text(cast.visit.fresh(WORDS)))
    if cast.staff is not None:
        _look_for_an_offer(cast, first)
        _take_the_case(cast)


def staff_content(profile: Profile, customer_sn: str) -> str:
    """What staff words name the customer with (D14), as far as the profile knows."""
    return profile.dialect.staff.content.replace("{customer_sn}", customer_sn)


def _note_absence(cast: Cast, why: str) -> None:
    cast.staff = None
    for key in STAFF_KEYS:
        cast.visit.notes.unknown(key, why)


def _url_binds(profile: Profile) -> bool:
    texts = (profile.url, profile.staff_url, *profile.headers.values())
    return any("customer_sn" in placeholders(each) for each in texts)


def _try_the_url(cast: Cast) -> None:
    """Staff speaks before it has taken any case: where its URL binds it, it may."""
    said = cast.staff_says(text(cast.visit.fresh(WORDS)))
    arrived = (
        cast.visit.arrival(said, cast.customer, cast.visit.quiet_s) if _may_arrive(said) else None
    )
    if arrived is not None:
        cast.binding = Binding.URL
        why = "staff, who had taken no case but in its URL, was heard"
        shown = (said.excerpt, arrived.excerpt("msg.content"))
        cast.visit.notes.learned("binding", Binding.URL, why, *shown)
    elif cast.staff is not None and cast.staff.ended is not None:
        cast.staff_enters()


def _may_arrive(said: Said) -> bool:
    return said.fate in (Fate.ACCEPTED, Fate.UNANSWERED)


def _look_for_an_offer(cast: Cast, first: Said) -> None:
    """Whether the customer's first words reached staff that had taken no case."""
    notes, key = cast.visit.notes, "capabilities.offers"
    if cast.binding is Binding.URL or cast.staff is None:
        notes.learned(key, False, "staff is bound by its URL, which leaves nothing to offer (D7)")
        return
    offer = cast.visit.arrival(first, cast.staff, cast.visit.quiet_s)
    if offer is not None:
        shown = (first.excerpt, offer.excerpt("NoReadQty", "msg.SendSn", "msg.content"))
        notes.learned(key, True, "idle staff got what nobody attended to", *shown)
    elif cast.visit.alone and first.fate is not Fate.REFUSED:
        notes.learned(key, False, "idle staff, all there was, did not get it", first.excerpt)
    else:
        notes.unknown(key, "our staff did not get it; somebody else's may have", first.excerpt)


def _take_the_case(cast: Cast) -> None:
    """Try the two staff words in turn; what staff says then reaches the customer, or not."""
    for word in _words(cast):
        taking = _say_word(cast, word)
        if not _may_arrive(taking):
            if _is_not_in_use(cast, taking):
                return
            continue
        spoken = cast.staff_says(text(cast.visit.fresh(WORDS)))
        arrived = cast.visit.arrival(spoken, cast.customer, cast.visit.quiet_s)
        if arrived is not None and _took(cast, taking):
            _note_taken(cast, word, taking, spoken)
            return
    _note_untaken(cast)


def _words(cast: Cast) -> Iterator[TitleType]:
    """The word that the profile has for it, then the other."""
    assign = cast.visit.profile.dialect.staff.assign
    yield assign
    yield from (word for word in STAFF_WORDS if word is not assign)


def _say_word(cast: Cast, word: TitleType) -> Said:
    if cast.staff is None or cast.staff.ended is not None:
        cast.staff_enters()
    content = staff_content(cast.visit.profile, cast.customer.account.sn)
    return cast.staff_says(staff_word(word, content, read=True))


def _took(cast: Cast, taking: Said) -> bool:
    """Whether the word did it. Bound by URL, staff is heard without: then an answer must say so."""
    heard = cast.visit.delivered(taking, cast.customer) is not None
    return taking.fate is Fate.ACCEPTED or heard or cast.binding is not Binding.URL


def _note_taken(cast: Cast, word: TitleType, taking: Said, spoken: Said) -> None:
    visit = cast.visit
    cast.confirmed = taking
    heard = visit.delivered(taking, cast.customer)
    cast.confirm_arrived = heard is not None
    shown = [taking.excerpt, taking.outcome, spoken.excerpt]
    if (arrived := visit.delivered(spoken, cast.customer)) is not None:
        shown.append(arrived.excerpt("msg.SendSn", "msg.content"))
    if cast.binding is None:
        cast.binding = Binding.FRAME
        visit.notes.learned("binding", Binding.FRAME, "with this word staff was heard", *shown)
    visit.notes.learned("dialect.staff.assign", word, "staff took the case with it", *shown)
    visit.notes.learned(
        "dialect.staff.content", visit.profile.dialect.staff.content, "it was understood", *shown
    )
    other = next(each for each in STAFF_WORDS if each is not word)
    visit.notes.learned("dialect.staff.close", other, "it is the other of the two words")


def _is_not_in_use(cast: Cast, taking: Said) -> bool:
    """The type staff itself may be unknown, where URLs bind."""
    if not is_of_no_type(cast, taking) or cast.binding is not Binding.URL:
        return False
    if cast.staff is not None and cast.staff.ended is not None:
        cast.staff_enters()
    cast.confirmed = taking
    for key in ("dialect.staff.assign", "dialect.staff.close", "dialect.staff.content"):
        cast.visit.notes.unknown(key, "the type staff is not in use", taking.outcome)
    return True


def _note_untaken(cast: Cast) -> None:
    notes = cast.visit.notes
    tried = [said for said in cast.visit.said if said.message.type == "staff"]
    shown = [line for said in tried for line in (said.excerpt, said.outcome)]
    for key in ("dialect.staff.assign", "dialect.staff.close", "dialect.staff.content"):
        notes.unknown(key, "staff took no case with either word", *shown)
    if cast.binding is None:
        notes.unknown("binding", "staff took no case, by neither word nor URL", *shown)
