"""What was learned: one lesson per key, with what showed it, or why it stayed unknown."""

import msgspec

from harness.target import register

MAX_EVIDENCE = 4


class Lesson(msgspec.Struct, frozen=True):
    """``value`` of ``key`` (plain, as TOML has it), None when unknown.

    ``evidence`` are excerpts of one line each; ``why`` says what they show, or what was missing.
    """

    key: str
    value: object | None
    why: str
    evidence: tuple[str, ...] = ()


class Notebook:
    """Lessons by key. What is learned later replaces what was noted before."""

    def __init__(self) -> None:
        self._lessons: dict[str, Lesson] = {}

    def learned(self, key: str, value: object, why: str, *evidence: str) -> None:
        """``key`` is ``value``. KeyError when there is no such key, which is a fault of ours."""
        plain = msgspec.to_builtins(value)
        self._lessons[register()[key].name] = Lesson(key, plain, why, evidence[:MAX_EVIDENCE])

    def unknown(self, key: str, why: str, *evidence: str) -> None:
        """``key`` was looked for and not found out."""
        self._lessons[register()[key].name] = Lesson(key, None, why, evidence[:MAX_EVIDENCE])

    def lesson(self, key: str) -> Lesson | None:
        """What the notebook says of ``key``; None when it says nothing."""
        return self._lessons.get(key)

    def value(self, key: str) -> object | None:
        """The learned value of ``key``; None while it is unknown."""
        lesson = self._lessons.get(key)
        return lesson.value if lesson is not None else None

    @property
    def lessons(self) -> list[Lesson]:
        """All that was learned or looked for, in the order of the register."""
        return [self._lessons[key] for key in register() if key in self._lessons]

    @property
    def values(self) -> dict[str, object]:
        """Every learned value by key, in the order of the register."""
        return {key: value for key in register() if (value := self.value(key)) is not None}
