"""Pictures and topics: which types are in use, and what ``info`` shows (D1, D16).

Sends only numbers and paths that the profile's ``[data]`` lists, and free words.
"""

from collections.abc import Mapping

from harness.learning.cast import Cast
from harness.learning.refusal import is_of_no_type
from harness.learning.visit import Fate, Said
from schemas.messages import image, title
from schemas.modes import InfoMode
from schemas.words import MessageType, TitleType


def show_things(cast: Cast) -> None:
    """The customer sends a picture, a free topic and what products and orders are known."""
    visit, data = cast.visit, cast.visit.profile.data
    path = data.images[0] if data.images else f"/upload/{visit.fresh('.jpg?w=1&h=2')}"
    cast.customer_says(image(path))
    topic = data.other_topics[0] if data.other_topics else visit.fresh(" a < b & c")
    cast.customer_says(title(TitleType.OTHER, topic))
    numbered = [
        cast.customer_says(title(topic_word, number))
        for topic_word, listed in ((TitleType.PRO, data.products), (TitleType.ORDER, data.orders))
        if (number := _first(listed, cast.customer.account.sn))
    ]
    _learn_info(cast, numbered)


def _first(listed: tuple[str, ...] | Mapping[str, tuple[str, ...]], sn: str) -> str:
    numbers = listed.get(sn, ()) if isinstance(listed, Mapping) else listed
    return numbers[0] if numbers else ""


def _learn_info(cast: Cast, numbered: list[Said]) -> None:
    notes, key = cast.visit.notes, "dialect.info"
    views = [view for said in numbered for view in cast.visit.views(said)]
    shown = [view.excerpt("msg.titletype", "msg.content", "msg.info") for view in views]
    filled = [bool(view.msg.get("info")) for view in views]
    if not numbered:
        notes.unknown(key, "no product or order number is known; give some in [data] of --profile")
    elif not views or any(filled) != all(filled):
        outcomes = [said.outcome for said in numbered]
        notes.unknown(key, "no such title, or not every one, was shown with it", *outcomes)
    elif all(filled):
        notes.learned(key, InfoMode.TITLES, "titles show it", *shown)
    else:
        notes.learned(key, InfoMode.NONE, "titles do not show it", *shown)


def learn_types(cast: Cast) -> None:
    """``dialect.types``: those that were taken; all four must have been tried and decided."""
    verdicts = {kind: _in_use(cast, kind) for kind in MessageType}
    notes, key = cast.visit.notes, "dialect.types"
    left_out = [kind for kind, verdict in verdicts.items() if not verdict]
    shown = [said.outcome for kind in left_out for said in _of(cast, kind)[:1]]
    open_ones = [str(kind) for kind, verdict in verdicts.items() if verdict is None]
    if open_ones:
        taken = [str(kind) for kind, verdict in verdicts.items() if verdict]
        why = f"taken: {', '.join(taken) or 'none'}; undecided: {', '.join(open_ones)}"
        notes.unknown(key, why, *shown)
        return
    words = [kind for kind, verdict in verdicts.items() if verdict]
    why = "each was taken"
    if len(words) < len(MessageType):
        why = "these were taken, and the others refused as a type that does not exist"
    notes.learned(key, words, why, *shown)


def _in_use(cast: Cast, kind: MessageType) -> bool | None:
    """Whether messages of ``kind`` are taken; None when that is not known."""
    said = _of(cast, kind)
    if any(each.fate is Fate.ACCEPTED or list(cast.visit.views(each)) for each in said):
        return True
    if kind is MessageType.STAFF and cast.confirmed is not None:
        return not is_of_no_type(cast, cast.confirmed)
    return False if said and all(is_of_no_type(cast, each) for each in said) else None


def _of(cast: Cast, kind: MessageType) -> list[Said]:
    return [said for said in cast.visit.said if said.message.type == kind]
