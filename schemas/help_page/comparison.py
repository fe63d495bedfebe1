"""Two pages compared: each difference once.

A difference between types is reported where it begins and not again in what it contains; a member
that changed is not reported a second time for its prose or its samples.
"""

from collections.abc import Iterable, Iterator, Sequence

from schemas.help_page.drift import Change, ChangeKind, DriftClass, change, graded
from schemas.help_page.model import HelpPage, Row, Side
from schemas.help_page.outline import outline
from schemas.help_page.shapes import (
    ABSENT,
    Anything,
    Field,
    Key,
    ListOf,
    MapOf,
    Node,
    ObjectOf,
    ObjectType,
    Outline,
    Scalar,
)

_REQUIRED = "Required"
_IN_A_SAMPLE = " (in a sample)"


def compare(before: HelpPage, after: HelpPage) -> tuple[Change, ...]:
    """How ``after`` differs from ``before``, in the page's order; NotAHelpPage as `outline`."""
    return tuple(_Comparison(before, after).changes())


class _Comparison:
    """One comparison under way. A pair of types is compared once, wherever it is used."""

    def __init__(self, before: HelpPage, after: HelpPage) -> None:
        self._before, self._after = before, after
        self._old: Outline = outline(before)
        self._new: Outline = outline(after)
        self._met: set[tuple[Key, Key]] = set()

    def changes(self) -> Iterator[Change]:
        """All differences."""
        yield from _action(self._before, self._after)
        for side in Side:
            yield from self._media_types(side)
            yield from self._body(side)

    def _media_types(self, side: Side) -> Iterator[Change]:
        old, new = self._before.body(side).media_types, self._after.body(side).media_types
        for name in old:
            if name not in new:
                yield change(ChangeKind.MEDIA_TYPE_REMOVED, side, f"the {side}", name)
        for name in new:
            if name not in old:
                yield change(ChangeKind.MEDIA_TYPE_ADDED, side, f"the {side}", "", name)

    def _body(self, side: Side) -> Iterator[Change]:
        old, new = self._old.roots.get(side), self._new.roots.get(side)
        before, after = (in_words(node) if node else "" for node in (old, new))
        if old and new and before == after:
            if self._before.body(side).prose != self._after.body(side).prose:
                yield change(ChangeKind.PROSE, side, f"the {side}")
            yield from self._inside(side, old, new)
        elif old or new:
            retyped = ChangeKind.BODY_RETYPED if old else ChangeKind.BODY_ADDED
            kind = retyped if new else ChangeKind.BODY_REMOVED
            yield change(kind, side, f"the {side}", before, after)

    def _inside(self, side: Side, old: Node, new: Node) -> Iterator[Change]:
        """The differences in the parts of two nodes of one kind."""
        match old, new:
            case (ListOf(left), ListOf(right)) | (MapOf(left), MapOf(right)):
                yield from self._inside(side, left, right)
            case ObjectOf(left_key), ObjectOf(right_key) if (left_key, right_key) not in self._met:
                self._met.add((left_key, right_key))
                left_type, right_type = self._old.objects[left_key], self._new.objects[right_key]
                if left_type.name != right_type.name and 1 in (len(left_key), len(right_key)):
                    names = left_type.name, right_type.name
                    yield change(ChangeKind.TYPE_RENAMED, side, left_type.name, *names)
                yield from self._types(side, left_type, right_type)
            case _:
                pass

    def _types(self, side: Side, old: ObjectType, new: ObjectType) -> Iterator[Change]:
        gone = {field.name: field for field in old.fields if not _lists(new, field)}
        come = {field.name: field for field in new.fields if not _lists(old, field)}
        told = {*gone, *come}
        for name, spelling in _respelled(gone, come).items():
            del gone[name], come[spelling]
            yield change(ChangeKind.MEMBER_RESPELLED, side, f"{old.name}.{name}", name, spelling)
        for name, field in gone.items():
            text = in_words(field.node)
            yield change(ChangeKind.MEMBER_REMOVED, side, f"{old.name}.{name}", text)
        for field in come.values():
            yield _added(side, old.name, field)
        for left in old.fields:
            right = new.field(left.name)
            if right is not None and left.name not in told:
                yield from self._members(side, f"{old.name}.{left.name}", left, right)
        if _order(old, new, told) != _order(new, old, told):
            yield change(ChangeKind.ORDER, side, old.name)

    def _members(self, side: Side, place: str, old: Field, new: Field) -> Iterator[Change]:
        """The differences of one member that both pages list."""
        if found := _retyped(side, place, old, new) or _shown_otherwise(side, place, old, new):
            yield found
            return
        yield from self._inside(side, old.node, new.node)
        words = tuple(_words(side, place, old, new))
        yield from words
        yield from _rules(side, place, old.row, new.row)
        if not words and old.row and new.row and old.row.prose != new.row.prose:
            yield change(ChangeKind.PROSE, side, place, old.row.prose, new.row.prose)
        if old.examples and new.examples and set(old.examples) != set(new.examples):
            listed = (", ".join(map(str, field.examples)) for field in (old, new))
            yield change(ChangeKind.SAMPLE, side, place, *listed)


def in_words(node: Node) -> str:
    """A node's kind. Objects are objects: the names of their types never travel."""
    match node:
        case Scalar(kinds):
            return " or ".join(kinds)
        case ListOf(item):
            return f"array of {in_words(item)}"
        case MapOf(value):
            return f"dictionary of {in_words(value)}"
        case ObjectOf():
            return "object"
        case Anything():
            return "anything"


def _action(old: HelpPage, new: HelpPage) -> Iterator[Change]:
    side, place = Side.REQUEST, "the action"
    if old.method != new.method:
        yield change(ChangeKind.METHOD, side, place, old.method, new.method)
    if old.path != new.path:
        found = change(ChangeKind.PATH, side, place, old.path, new.path)
        # ASP.NET routes paths without regard to letter case.
        alike = old.path.casefold() == new.path.casefold()
        yield graded(found, DriftClass.COSMETIC) if alike else found
    if old.prose != new.prose:
        yield change(ChangeKind.PROSE, side, place)
    yield from _parameters(old.uri_parameters, new.uri_parameters)


def _parameters(old: Iterable[Row], new: Iterable[Row]) -> Iterator[Change]:
    side, after = Side.REQUEST, {row.name: row for row in new}
    for row in old:
        place = f"the parameter {row.name}"
        found = after.pop(row.name, None)
        if found is None:
            yield change(ChangeKind.PARAMETER_REMOVED, side, place, row.type_text)
        elif found.type_text != row.type_text:
            texts = row.type_text, found.type_text
            yield change(ChangeKind.PARAMETER_RETYPED, side, place, *texts)
        else:
            yield from _rules(side, place, row, found)
            if found.prose != row.prose:
                yield change(ChangeKind.PROSE, side, place, row.prose, found.prose)
    for row in after.values():
        place = f"the parameter {row.name}"
        plain = change(ChangeKind.PARAMETER_ADDED, side, place, "", row.type_text)
        yield graded(plain, DriftClass.BREAKING) if _REQUIRED in row.rules else plain


def _lists(kind: ObjectType, field: Field) -> bool:
    """Whether ``kind`` has a member of that name. One that lost its row in the table is lost."""
    found = kind.field(field.name)
    lost_row = kind.has_table and found is not None and not found.row and field.row is not None
    return found is not None and not lost_row


def _respelled(gone: Iterable[str], come: Iterable[str]) -> dict[str, str]:
    """Members of which only letter case or underscores changed, old name to new."""
    folded = {_fold(name): name for name in come}
    pairs = ((name, folded.get(_fold(name), name)) for name in gone)
    return {name: spelling for name, spelling in pairs if spelling != name}


def _added(side: Side, owner: str, field: Field) -> Change:
    text = in_words(field.node)
    required = side is Side.REQUEST and field.row is not None and _REQUIRED in field.row.rules
    after = f"{text}, required" if required else text
    plain = change(ChangeKind.MEMBER_ADDED, side, f"{owner}.{field.name}", "", after)
    return graded(plain, DriftClass.BREAKING) if required else plain


def _retyped(side: Side, place: str, old: Field, new: Field) -> Change | None:
    before, after = in_words(old.node), in_words(new.node)
    if before == after:
        return None
    if isinstance(new.node, Anything) and new.seen <= {"null"}:  # it says less, not otherwise
        return change(ChangeKind.SAMPLE, side, place, before, "null, which tells no type")
    found = change(ChangeKind.MEMBER_RETYPED, side, place, before, after)
    # Who reads must take what is written: a request may widen, a response may narrow.
    wider = (before, after) if side is Side.REQUEST else (after, before)
    return graded(found, DriftClass.COMPATIBLE) if wider == ("integer", "number") else found


def _shown_otherwise(side: Side, place: str, old: Field, new: Field) -> Change | None:
    """A sample that contradicts: the member is missing in it, or of a kind it never had."""
    expected = _kinds(new.node)
    fresh = new.seen - old.seen - expected - {"null"}
    if not old.seen or not fresh or not expected:
        return None
    before = " or ".join(sorted(expected))
    if ABSENT in fresh:
        return change(ChangeKind.MEMBER_REMOVED, side, place, before + _IN_A_SAMPLE)
    after = " or ".join(sorted(fresh)) + _IN_A_SAMPLE
    return change(ChangeKind.MEMBER_RETYPED, side, place, before, after)


def _kinds(node: Node) -> frozenset[str]:
    """The kinds that a sample of ``node`` may show; none where anything may."""
    match node:
        case Scalar(kinds):
            return frozenset((*kinds, "integer") if "number" in kinds else kinds)
        case ListOf():
            return frozenset({"array"})
        case Anything():
            return frozenset()
        case _:
            return frozenset({"object"})


def _words(side: Side, place: str, old: Field, new: Field) -> Iterator[Change]:
    for word in old.words:
        if word not in new.words:
            yield change(ChangeKind.WORD_REMOVED, side, place, word)
    for word in new.words:
        if word not in old.words:
            yield change(ChangeKind.WORD_ADDED, side, place, "", word)


def _rules(side: Side, place: str, old: Row | None, new: Row | None) -> Iterator[Change]:
    before, after = (row.rules if row else () for row in (old, new))
    for rule in before:
        if rule not in after:
            yield change(ChangeKind.RULE_REMOVED, side, place, rule)
    for rule in after:
        if rule not in before:
            yield change(ChangeKind.RULE_ADDED, side, place, "", rule)


def _order(kind: ObjectType, other: ObjectType, told: set[str]) -> Sequence[str]:
    """The members that both have and of which nothing was told, in the order of ``kind``."""
    known = {field.name for field in other.fields} - told
    return [field.name for field in kind.fields if field.name in known]


def _fold(name: str) -> str:
    return name.casefold().replace("_", "")
