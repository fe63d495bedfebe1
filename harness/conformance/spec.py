"""What a case is, apart from its code: clauses, group, manners, and on what it stands.

Cases are pytest tests in files named after their group (:mod:`.listing`). The decorator
:func:`case` names the clauses that can fail it; its docstring is its title; its id is made of group
and function name and never moves.
"""

from collections.abc import Callable
from enum import StrEnum
from inspect import getfile
from pathlib import Path
from typing import TypeVar

import msgspec

from harness.errors import UnknownName, nearest
from harness.target import Profile
from schemas.clauses import Clause, clause, register
from schemas.verdicts import Level

Condition = Callable[[Profile], str | None]
"""Why a case does not apply to a target, or None where it does."""

Test = TypeVar("Test", bound=Callable[..., None])

_LISTED = "`chatsocket clauses` lists them"
_ATTRIBUTE = "__chatsocket_case__"


class Group(StrEnum):
    """The groups in which cases can be selected, in the order in which they run."""

    HANDSHAKE = "handshake"
    LOGIN = "login"
    SESSION = "session"
    STAFF = "staff"
    TEXT = "text"
    DELIVERY = "delivery"
    IMAGE = "image"
    TITLE = "title"
    GRAMMAR = "grammar"
    JSON_TEXT = "json-text"
    UNREAD = "unread"
    REPLAY = "replay"
    OFFERS = "offers"
    CONCURRENCY = "concurrency"
    RECOVERY = "recovery"
    POST = "post"
    CLOSE = "close"
    LIMITS = "limits"
    ERRORS = "errors"
    SECURITY = "security"
    UTF8 = "utf8"
    FRAMING = "framing"
    GENERATED = "generated"
    OWN = "own"
    PAGE = "page"
    ENVELOPE = "envelope"


class Basis(StrEnum):
    """What other cases stand on, lowest first. Where one is missing, those above are blocked."""

    REACHED = "reached"
    LOGGED_IN = "logged-in"
    ATTENDED = "attended"
    ANSWERED = "answered"
    DELIVERED = "delivered"
    REFUSED = "refused"


class Manner(StrEnum):
    """Whether a case may run against servers that others use."""

    POLITE = "polite"
    HOSTILE = "hostile"


class CaseSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it was declared. ``lays`` is the basis whose proof it is, if any.

    A ``negative`` case sends what is wrong; one that ``collects`` reports what others found. A
    ``passive`` one looks for nothing: its clauses count as checked by whoever else names them. A
    ``slow`` one runs only when asked for: it waits long, or is one of very many. ``own`` are those
    of its clauses that a team has made and the register does not have.
    """

    clauses: tuple[str, ...]
    manner: Manner = Manner.POLITE
    when: tuple[Condition, ...] = ()
    stands_on: Basis | None = None
    lays: Basis | None = None
    negative: bool = False
    collects: bool = False
    passive: bool = False
    slow: bool = False
    own: tuple[Clause, ...] = ()

    def clause(self, slug: str) -> Clause:
        """The clause ``slug``, its own or the register's; KeyError when neither has it."""
        return next((each for each in self.own if each.id == slug), None) or clause(slug)

    @property
    def level(self) -> Level:
        """The most binding level of its clauses."""
        levels = {self.clause(slug).level for slug in self.clauses}
        return next((level for level in Level if level in levels), Level.INFO)


def case(  # noqa: PLR0913 - one parameter for each thing that a case may say of itself
    *clauses: str,
    manner: Manner = Manner.POLITE,
    when: tuple[Condition, ...] = (),
    stands_on: Basis | None = None,
    lays: Basis | None = None,
    slow: bool = False,
    must: str = "",
    should: str = "",
) -> Callable[[Test], Test]:
    """Make a pytest function a case that checks ``clauses``, ids of the register (or UnknownName).

    ``must`` and ``should`` are sentences of a team's own; the case checks the first of all.
    ``when`` holds the conditions under which it applies. ``stands_on`` overrides the basis that its
    fixtures imply; ``lays`` makes it the proof of one.
    """
    known = tuple(map(_known, clauses))

    def declare(function: Test) -> Test:
        own = _own_clauses(function, must, should)
        if not (own or known):
            raise TypeError("a case names a clause, or has a sentence of its own")
        spec = CaseSpec(
            clauses=(*(each.id for each in own), *known),
            manner=manner,
            when=when,
            stands_on=stands_on,
            lays=lays,
            slow=slow,
            own=own,
        )
        return _marked(function, spec)

    return declare


def negative(
    *clauses: str,
    manner: Manner = Manner.HOSTILE,
    when: tuple[Condition, ...] = (),
    stands_on: Basis | None = None,
    lays: Basis | None = None,
    slow: bool = False,
) -> Callable[[Test], Test]:
    """As :func:`case`, for one that sends what is wrong.

    Afterwards a fresh login and a bystander must find the server well: ``bystanders-unharmed`` is
    added to its clauses.
    """
    spec = CaseSpec(
        clauses=(*map(_known, clauses), "bystanders-unharmed"),
        manner=manner,
        when=when,
        stands_on=stands_on,
        lays=lays,
        negative=True,
        slow=slow,
    )
    return lambda function: _marked(function, spec)


def collector(*clauses: str, passive: bool = False) -> Callable[[Test], Test]:
    """A case that runs last and reports what other cases found of ``clauses`` in passing.

    ``passive`` where these are more than every message shows by itself, and nobody may have looked.
    """
    spec = CaseSpec(clauses=clauses, collects=True, passive=passive)
    return lambda function: _marked(function, spec)


def spec_of(function: object) -> CaseSpec | None:
    """What :func:`case` said of ``function``; None where it is no case."""
    found = getattr(function, _ATTRIBUTE, None)
    return found if isinstance(found, CaseSpec) else None


def _known(slug: str) -> str:
    if slug not in register():
        raise UnknownName("clause", slug, register(), "" if nearest(slug, register()) else _LISTED)
    return slug


def own_name(file: str, function: str) -> str:
    """What a case of a team's own is called, by its file and its function."""
    words = (Path(file).stem.removeprefix("test_"), function.removeprefix("test_"))
    return "-".join(words).replace("_", "-")


def _own_clauses(function: Callable[..., None], must: str, should: str) -> tuple[Clause, ...]:
    file = getfile(function) if must or should else ""
    name = f"{Group.OWN}-{own_name(file, function.__name__)}"
    found = [(Level.MUST, must, name), (Level.SHOULD, should, f"{name}-should" if must else name)]
    return tuple(
        Clause(id=slug, level=level, source=Path(file).name, sentence=sentence)
        for level, sentence, slug in found
        if sentence
    )


def _marked(function: Test, spec: CaseSpec) -> Test:
    setattr(function, _ATTRIBUTE, spec)
    return function
