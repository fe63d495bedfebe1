"""What a capture showed of each clause: how often it was at stake, how often broken, examples."""

from collections.abc import Callable, Iterable

from schemas.case_records import TranscriptLine
from schemas.findings import Finding

EXAMPLES = 5

Lines = Callable[[], list[TranscriptLine]]


class Page:
    """One clause. ``lines`` is what was said before and at the first breach."""

    __slots__ = ("at_stake", "broken", "examples", "excused", "lines")

    def __init__(self) -> None:
        self.at_stake = 0
        self.broken = 0
        self.excused = 0
        self.examples: list[Finding] = []
        self.lines: list[TranscriptLine] = []


class Book:
    """One page a clause; its size does not depend on the capture's."""

    def __init__(self) -> None:
        self._pages: dict[str, Page] = {}

    def page(self, slug: str) -> Page:
        """The page of a clause."""
        page = self._pages.get(slug)
        if page is None:
            page = self._pages[slug] = Page()
        return page

    def at_stake(self, slugs: Iterable[str]) -> None:
        """Each of ``slugs`` could have been kept or broken here, once."""
        for slug in slugs:
            self.page(slug).at_stake += 1

    def broken(self, finding: Finding, lines: Lines, *, excused: bool = False) -> None:
        """A clause was broken; ``excused`` when nobody is to be blamed for it."""
        page = self.page(finding.clause)
        page.broken += 1
        page.excused += excused
        if len(page.examples) < EXAMPLES:
            page.lines = page.lines or lines()
            page.examples.append(finding)
