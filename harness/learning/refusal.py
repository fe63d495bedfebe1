"""How bad input is refused: one message of a type that does not exist (D17, D26)."""

from harness.blocking.wire import Cause
from harness.learning.cast import Cast
from harness.learning.visit import Fate, Said
from schemas.messages import InMsg
from schemas.modes import BadInput

NO_SUCH_TYPE = "chatsocket-no-such-type"


def try_an_unknown_type(cast: Cast) -> None:
    """The customer sends it: ``dialect.on_bad_input``."""
    visit, key = cast.visit, "dialect.on_bad_input"
    said = cast.refused_type = cast.customer_says(InMsg(NO_SUCH_TYPE, visit.fresh()))
    visit.answering = True  # silence may be how this server refuses, and says nothing of the rest
    shown = (said.excerpt, said.outcome)
    match said.fate:
        case Fate.REFUSED:
            visit.notes.learned(key, BadInput.ERROR_FRAME, "a type that does not exist got", *shown)
        case Fate.CLOSED if said.ended is not None and said.ended.cause is Cause.CLOSE:
            visit.notes.learned(key, BadInput.CLOSE, "a type that does not exist got", *shown)
        case _:
            visit.notes.unknown(key, "a type that does not exist got neither of the two", *shown)


def is_of_no_type(cast: Cast, said: Said) -> bool:
    """Whether ``said`` was refused exactly as a type that does not exist."""
    wrong = cast.refused_type
    if wrong is None or said.fate is not wrong.fate:
        return False
    if said.fate is Fate.REFUSED:
        return bool(said.error) and said.error == wrong.error
    ends = (said.ended, wrong.ended)
    return said.fate is Fate.CLOSED and all(e and e.cause is Cause.CLOSE for e in ends)
