"""What there is to run: each case as it is listed, which of them are wanted, and in which order.

A group's cases lie in ``test_<group>.py``, and in ``test_<group>_<aspect>.py`` where they are too
many for one file. Knows no connection.
"""

from pathlib import Path

import msgspec
import pytest

from harness.conformance.spec import Basis, CaseSpec, Group, Manner, own_name
from schemas.verdicts import Level

CASES = Path(__file__).parent / "cases"
_IMPLIED = (
    ("conversation", Basis.DELIVERED),
    ("customer", Basis.LOGGED_IN),
    ("staff", Basis.LOGGED_IN),
    ("raw", Basis.REACHED),
    ("door", Basis.LOGGED_IN),
)


class CaseInfo(msgspec.Struct, frozen=True):
    """A case as it is listed. A ``passive`` one checks none of its clauses on purpose; ``slow``,
    ``collects`` and ``manner`` as in its :class:`~harness.conformance.spec.CaseSpec`."""

    id: str
    group: Group
    level: Level
    title: str
    clauses: tuple[str, ...]
    passive: bool = False
    slow: bool = False
    manner: Manner = Manner.POLITE
    collects: bool = False


class Selection(msgspec.Struct, frozen=True):
    """Which cases are wanted. No ``groups`` means all; the ``slow`` ones only when asked for.

    With ``only``, these ids and nothing but the proofs they stand on, as far as ``proofs`` has
    them. ``generated`` cases can be left out.
    """

    groups: tuple[Group, ...] = ()
    slow: bool = False
    only: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    generated: bool = True

    def takes(self, case: CaseInfo) -> bool:
        """Whether ``case`` is one of them."""
        if self.only:
            return case.id in self.only
        if case.group is Group.GENERATED and not self.generated:
            return False
        return case.group in (self.groups or Group) and (self.slow or not case.slow)


class Case:
    """A pytest item with what its decorator said."""

    def __init__(self, item: pytest.Function, spec: CaseSpec, group: Group) -> None:
        self.spec = spec
        own = own_name(str(item.path), item.name) if group is Group.OWN else item.name
        name = own.removeprefix("test_").replace("_", "-").replace("[", ":").rstrip("]")
        doc = (item.function.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        self.info = CaseInfo(
            id=f"{group}-{name}",
            group=group,
            level=spec.level,
            title=doc,
            clauses=spec.clauses,
            passive=spec.passive,
            slow=spec.slow,
            manner=spec.manner,
            collects=spec.collects,
        )
        implied = (basis for fixture, basis in _IMPLIED if fixture in item.fixturenames)
        self.stands_on = spec.stands_on or next(implied, None)

    @property
    def order(self) -> tuple[bool, int, int]:
        """Bases first, collectors last, groups in their order between."""
        lays = list(Basis).index(self.spec.lays) if self.spec.lays else len(Basis)
        return self.spec.collects, lays, list(Group).index(self.info.group)


def group_of(file: Path) -> Group:
    """By the file's name; whatever lies elsewhere than the suite's cases is somebody's own.

    ValueError for a file of the suite that begins with no group's name.
    """
    if file.parent != CASES:
        return Group.OWN
    return max((group for group in Group if _is_of(file, group)), key=len)


def files_of(group: Group) -> tuple[Path, ...]:
    """The suite's files of ``group``, in the order in which their cases run; none of one's own."""
    return tuple(file for file in sorted(CASES.glob("test_*.py")) if group_of(file) is group)


def _is_of(file: Path, group: Group) -> bool:
    stem = f"test_{group.replace('-', '_')}"
    return file.stem == stem or file.stem.startswith(f"{stem}_")
