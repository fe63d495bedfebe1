"""What all frames of a visit show together, once it is over. Pure: only reads what was gathered."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import orjson

from harness.error_leaks import leak_in
from harness.learning.heard import Heard
from harness.learning.notebook import Notebook
from harness.learning.time_patterns import moment_of, time_format
from harness.learning.visit import Fate, Said
from harness.target import register
from harness.target.checks import RFC3339
from schemas.judge import FrameJudge
from schemas.modes import AckMode, ContentMode, LocationMode, MsgRead, Tier
from schemas.registry import WireDialect
from schemas.verdicts import Level
from schemas.words import MessageType, MsgStatus, Role

ENOUGH_ACCOUNTS = 2
MAX_WORD_CHARS = 60
MARKUP = frozenset("<>&")


class Shown(msgspec.Struct, frozen=True, eq=False):
    """Something that was said, and every frame that showed it."""

    said: Said
    views: tuple[Heard, ...]


class Gathered(msgspec.Struct, frozen=True, eq=False):
    """A whole visit: what was said with its views, and all that was heard, by connection."""

    shown: tuple[Shown, ...]
    streams: tuple[tuple[Heard, ...], ...]

    @property
    def heard(self) -> list[Heard]:
        """All frames."""
        return [heard for stream in self.streams for heard in stream]

    @property
    def views(self) -> list[Heard]:
        """All frames that show something that was said."""
        return [view for each in self.shown for view in each.views]


def conclude(gathered: Gathered, notes: Notebook) -> None:
    """Note everything that needs no scene of its own."""
    for conclusion in _CONCLUSIONS:
        conclusion(gathered, notes)


def _login_frame(gathered: Gathered, notes: Notebook) -> None:
    firsts = [stream[0] for stream in gathered.streams if stream]
    logins = [first for first in firsts if first.status == MsgStatus.LOGIN and first.succeeded]
    key = "login.frame"
    if logins:
        notes.learned(key, True, "this came first of all", logins[0].excerpt("Result"))
    elif firsts:
        shown = [first.excerpt() for first in firsts]
        notes.learned(key, False, "no connection began with a Login", *shown)


def _ack(gathered: Gathered, notes: Notebook) -> None:
    key = "dialect.ack"
    answers = [each.said.answer for each in gathered.shown if each.said.answer is not None]
    taken = [answer for answer in answers if answer.succeeded]
    with_msg = [answer for answer in taken if answer.msg]
    unanswered = [
        each for each in gathered.shown if each.said.fate is Fate.UNANSWERED and each.views
    ]
    if taken and len(with_msg) == len(taken):
        shown = taken[0].excerpt("Result", "msg.type", "msg.content")
        notes.learned(key, AckMode.ECHO, "each message got one", shown)
    elif taken and not with_msg:
        shown = taken[0].excerpt("Result", "msg.type")
        notes.learned(key, AckMode.BARE, "each message got one, without msg", shown)
    elif not answers and unanswered:
        first = unanswered[0]
        shown = first.views[0].excerpt("msg.content")
        notes.learned(
            key, AckMode.NONE, "it was delivered, and no Send came", first.said.excerpt, shown
        )
    else:
        notes.unknown(key, "no message was taken, or some Sends had a msg and some none")


def _content(kind: MessageType) -> Callable[[Gathered, Notebook], None]:
    key = f"dialect.content.{kind}"

    def conclusion(gathered: Gathered, notes: Notebook) -> None:
        pairs = [
            (each.said, view)
            for each in gathered.shown
            if each.said.message.type == kind and each.said.message.content
            for view in each.views
        ]
        modes = [
            content_mode(said.message.content, view.msg.get("content")) for said, view in pairs
        ]
        if not modes:
            notes.unknown(key, "no frame showed such a message")
            return
        widest = max(modes, key=list(ContentMode).index)
        telling = any(MARKUP & set(said.message.content) for said, _ in pairs)
        if widest is ContentMode.SAME and not telling:
            notes.unknown(key, "unchanged, but nothing in it that a server would rewrite")
            return
        said, view = pairs[modes.index(widest)]
        notes.learned(
            key, widest, "said, and shown as", said.excerpt, view.excerpt("msg.type", "msg.content")
        )

    return conclusion


def content_mode(said: str, shown: object) -> ContentMode:
    """What became of content (D21)."""
    if shown == said:
        return ContentMode.SAME
    completed = isinstance(shown, str) and shown.endswith(said)
    return ContentMode.SUFFIX if completed else ContentMode.ANY


def _send_types(gathered: Gathered, notes: Notebook) -> None:
    key, words = "dialect.send_types", dict[Role, set[object]]()
    shown = dict[Role, str]()
    for each in gathered.shown:
        for view in each.views:
            role = each.said.line.account.role
            words.setdefault(role, set()).add(view.msg.get("SendType"))
            shown.setdefault(role, view.excerpt("msg.SendSn", "msg.SendType"))
    pair = [next(iter(words[role])) for role in Role if len(words.get(role, ())) == 1]
    whole = [word for word in pair if isinstance(word, str) and 0 < len(word) <= MAX_WORD_CHARS]
    if len(set(whole)) == len(Role):
        notes.learned(key, whole, "customers, then staff", *shown.values())
    else:
        notes.unknown(key, "not one word for each side was seen", *shown.values())


def _time(gathered: Gathered, notes: Notebook) -> None:
    key = "dialect.time_formats"
    views = [view for view in gathered.views if isinstance(view.msg.get("time"), str)]
    times = [(str(view.msg["time"])[:60], view.at_s) for view in views]
    shown = [view.excerpt("msg.time") for view in views[:2]]
    found = time_format(times)
    if found is None or complaint_about([found]):
        notes.unknown(key, "no time was seen, or one in no format that is known here", *shown)
        return
    notes.learned(key, [found], f"all {len(times)} times fit", *shown)
    if found == RFC3339:
        _clock(times, notes)


def complaint_about(formats: list[str]) -> str | None:
    """What the profile would say against these formats."""
    check = register()["dialect.time_formats"].check
    return check(formats) if check is not None else None


def _clock(times: Sequence[tuple[str, float]], notes: Notebook) -> None:
    key = "limits.clock_skew_s"
    moments = [(moment_of(written, RFC3339), heard_s) for written, heard_s in times]
    skew_s = max(abs(moment.timestamp() - heard_s) for moment, heard_s in moments if moment)
    allowed_s = float(register()[key].default)
    if skew_s <= allowed_s / 2:
        notes.unknown(key, f"the default is left; the farthest time was {skew_s:.1f} s off")
    else:
        limit_s = allowed_s * (1 + skew_s // (allowed_s / 2))
        notes.learned(key, limit_s, f"with room: the farthest time was {skew_s:.1f} s off")


def _location(gathered: Gathered, notes: Notebook) -> None:
    key = "dialect.location"
    placed = [view for view in gathered.views if isinstance(view.msg.get("location"), dict)]
    senders = {view.msg.get("SendSn") for view in gathered.views}
    if placed:
        shown = placed[0].excerpt("msg.SendSn", "msg.location")
        notes.learned(key, LocationMode.KNOWN, "a place was shown", shown)
    elif len(senders) >= ENOUGH_ACCOUNTS:
        why = f"it was null in {len(gathered.views)} frames of {len(senders)} accounts"
        shown = gathered.views[0].excerpt("msg.SendSn", "msg.location")
        notes.learned(key, LocationMode.NONE, why, shown)
    else:
        notes.unknown(key, "it was null; perhaps nobody's place is known")


def _msg_read(gathered: Gathered, notes: Notebook) -> None:
    key = "dialect.msg_read"
    pairs = [
        (each.said.message.read, view.msg.get("read"), view)
        for each in gathered.shown
        for view in each.views
    ]
    shown = {
        (said, str(read)): view.excerpt("msg.content", "msg.read") for said, read, view in pairs
    }
    asked = {said for said, _, _ in pairs}
    if not any(view.is_delivery for _, _, view in pairs) or len(asked) < 2:
        notes.unknown(key, "it takes messages of both kinds, and one delivered", *shown.values())
    elif all(read is False for _, read, _ in pairs):
        notes.learned(key, MsgRead.FALSE, "false, whatever was said", *shown.values())
    elif all(read is said for said, read, _ in pairs):
        notes.learned(key, MsgRead.ECHO, "as it was said", *shown.values())
    else:
        notes.learned(key, MsgRead.ANY, "neither always false nor as said", *shown.values())


def _same_msg(gathered: Gathered, notes: Notebook) -> None:
    key = "dialect.same_msg"
    several = [each.views for each in gathered.shown if len(each.views) > 1]
    for first, *others in several:
        for other in others:
            if names := differing(first.msg, other.msg):
                members = [f"msg.{name}" for name in names[:3]]
                shown = (first.excerpt(*members), other.excerpt(*members))
                notes.learned(key, False, f"{', '.join(names)[:80]} differ", *shown)
                return
    answered = [views for views in several if any(view.is_answer for view in views)]
    if notes.value("dialect.send_types") is None:
        notes.unknown(key, "it vouches for SendType too, whose words are not all known")
    elif answered or (several and notes.value("dialect.ack") != AckMode.ECHO):
        alike = [view.excerpt("msg.content", "msg.time") for view in (answered or several)[0][:2]]
        notes.learned(key, True, f"{len(several)} messages were each shown alike", *alike)
    else:
        notes.unknown(key, "no message was seen in more than one frame")


def differing(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """The members in which two forms of one message differ (D22)."""
    return [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]


def _clean_errors(gathered: Gathered, notes: Notebook) -> None:
    key = "dialect.clean_errors"
    errors = [heard for heard in gathered.heard if heard.frame.get("Error")]
    errors = [heard for heard in errors if not heard.succeeded]
    leaking = [heard for heard in errors if leak_in(str(heard.frame["Error"]))]
    if leaking:
        leak = leak_in(str(leaking[0].frame["Error"])) or ""
        shown = leaking[0].excerpt("Error")
        notes.learned(key, False, f"an Error shows {leak[:60]!r}", shown)
    elif errors:
        seen = [heard.excerpt("Error") for heard in errors[:2]]
        notes.learned(key, True, f"none of {len(errors)} Errors shows the server's inside", *seen)
    else:
        notes.unknown(key, "no Error was seen")


def _tier(gathered: Gathered, notes: Notebook) -> None:
    key = "dialect.tier"
    broken = {tier: _broken(gathered, tier) for tier in Tier}
    if not gathered.heard:
        notes.unknown(key, "no frame was heard")
    elif broken[Tier.LITERAL]:
        notes.unknown(key, "some frames do not even have the documented types")
    elif broken[Tier.STRICT]:
        slug, heard = broken[Tier.STRICT][0]
        shown = heard.excerpt("Result", "Error", "NoReadQty")
        notes.learned(key, Tier.LITERAL, f"types are right, but not {slug}", shown)
    else:
        number = len(gathered.heard)
        notes.learned(key, Tier.STRICT, f"all {number} frames fit what the contract adds")


def _broken(gathered: Gathered, tier: Tier) -> list[tuple[str, Heard]]:
    """The clauses of the page that frames break when held to ``tier``, each with its frame."""
    judge = FrameJudge(dialect=WireDialect(tier=tier, off=frozenset({"time-format"})))
    return [
        (finding.clause, heard)
        for heard in gathered.heard
        for finding in judge.judge(orjson.dumps(heard.frame)).findings
        if finding.level is Level.MUST and finding.clause.startswith("out-")
    ]


_CONCLUSIONS = (
    _login_frame,
    _ack,
    *(_content(kind) for kind in (MessageType.TEXT, MessageType.IMAGE, MessageType.TITLE)),
    _send_types,
    _time,
    _location,
    _msg_read,
    _same_msg,
    _clean_errors,
    _tier,
)
