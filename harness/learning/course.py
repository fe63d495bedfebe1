"""The visit from its first connection to its last, scene after scene.

A scene that the target breaks off leaves its keys unknown; a target that gives nothing at all ends
the visit with one sentence.
"""

from collections.abc import Callable
from contextlib import suppress

from harness.blocking.wire import Cause
from harness.errors import TargetUnavailable, Unavailability
from harness.learning import absence, arrival, by_post, contents, farewell, marks, meeting, refusal
from harness.learning import scope as scopes
from harness.learning.cast import Cast
from harness.learning.conclusions import Gathered, Shown, conclude
from harness.learning.notebook import Notebook
from harness.learning.visit import Said, Visit
from harness.target import AccountSource, Profile

NOT_TRIED = {
    "limits.max_message_bytes": "not tried: it takes a message that is too long",
    "limits.binary": "not tried: it takes a message that is not valid",
    "limits.answer_s": "the default is left: it is how long you are willing to wait",
}
_FIRST = (refusal.try_an_unknown_type, meeting.meet)
_SCENES = (
    marks.read_marks,
    contents.show_things,
    by_post.post,
    absence.bring_a_second_device,
    absence.miss_something,
    scopes.serve_two,
)


def learn(profile: Profile, accounts: AccountSource, *, alone: bool = False) -> Notebook:
    """What one short conversation with the target of ``profile`` shows.

    ``profile`` says how to reach it and what data exists; its decisions are where to begin.
    ``alone``: nobody else's staff is logged in. TargetUnavailable when there is nothing to learn
    from; HarnessError when the target floods us.
    """
    notes = Notebook()
    for key, why in NOT_TRIED.items():
        notes.unknown(key, why)
    visit = Visit(profile, notes, alone=alone)
    try:
        _play(visit, accounts)
    finally:
        visit.end()
    return notes


def _play(visit: Visit, accounts: AccountSource) -> None:
    account = accounts.customers(1)[0]
    cast = Cast(visit, arrival.arrive(visit, account), accounts)
    arrival.knock_wrongly(visit, account)
    _perform(cast, *_FIRST)
    if not any(_had_effect(visit, said) for said in visit.said):
        detail = "it answered and delivered none of our messages"
        raise TargetUnavailable(visit.route.shown, Unavailability.SILENT, detail)
    _perform(cast, *_SCENES, farewell.part)
    contents.learn_types(cast)
    conclude(_gathered(visit), visit.notes)


def _had_effect(visit: Visit, said: Said) -> bool:
    """Whether ``said`` was answered, delivered or told off with a Close."""
    closed = said.ended is not None and said.ended.cause is Cause.CLOSE
    return closed or said.answer is not None or any(visit.views(said))


def _perform(cast: Cast, *scenes: Callable[[Cast], None]) -> None:
    """Play ``scenes``; one that the target breaks off has taught what it taught."""
    for scene in scenes:
        with suppress(TargetUnavailable):
            scene(cast)


def _gathered(visit: Visit) -> Gathered:
    shown = tuple(Shown(said, tuple(visit.views(said))) for said in visit.said)
    return Gathered(shown, tuple(tuple(line.heard) for line in visit.lines))
