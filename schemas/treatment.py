"""What an honest server makes of a client's text, told from its bytes alone (decisions D17, D18).

The oracle for whatever generates bad input: the final bytes are looked at, not what they were meant
to be. What only the server knows (who sends, what exists, which limits hold) is not decided here.
"""

import msgspec

from schemas.json_flaws import FlawKind
from schemas.json_text import read
from schemas.json_texts import Expectation
from schemas.judge import Judged

_NO_JSON = {
    FlawKind.NOT_UTF8: (Expectation.CLOSE, "rfc-client-utf8"),
    FlawKind.SYNTAX: (Expectation.REFUSE, "refuse-json-syntax"),
    FlawKind.NOT_A_NUMBER: (Expectation.REFUSE, "refuse-nan"),
    FlawKind.TRAILING: (Expectation.REFUSE, "refuse-trailing-bytes"),
}
_REFUSED = {
    "in-type-word": "refuse-unknown-type",
    "in-titletype-word": "refuse-titletype",
    "in-content-present": "refuse-empty-content",
}
_TYPES = frozenset(f"in-{name}-type" for name in ("type", "content", "read", "titletype"))


class Treatment(msgspec.Struct, frozen=True):
    """What is to become of a text; ``clause`` is what a server breaks that does otherwise ("" where
    nothing is wrong with the text).
    """

    expectation: Expectation
    clause: str = ""


ACCEPTED = Treatment(Expectation.ACCEPT)
_ODD = Treatment(Expectation.EITHER, "survive-odd-json")


def treatment(data: bytes | str, judged: Judged) -> Treatment:
    """The treatment of ``data``, of which a client-side judge says ``judged``."""
    if not judged.findings:
        return ACCEPTED
    flaws = [flaw.kind for flaw in read(data).flaws]
    if judged.value is None:
        fatal = next((kind for kind in flaws if kind.fatal), None)
        refused = (Expectation.REFUSE, "refuse-non-object")
        return Treatment(*(_NO_JSON[fatal] if fatal else refused))
    # Whether a member is wrong depends on which of two is read.
    slug = None if FlawKind.DUPLICATE_MEMBER in flaws else _refused(judged)
    if slug is not None:
        return Treatment(Expectation.REFUSE, slug)
    return _ODD if flaws else ACCEPTED


def _refused(judged: Judged) -> str | None:
    """The clause by which a well-formed object is refused; a wrong type comes before a word."""
    broken = [finding.clause for finding in judged.findings]
    if not _TYPES.isdisjoint(broken):
        return "refuse-member-type"
    return next((_REFUSED[slug] for slug in broken if slug in _REFUSED), None)
