"""How a key of the profile is declared: a typed field that carries its own meaning and check."""

from typing import Any

import msgspec

from harness.target.checks import Check


def key(
    meaning: str,
    *,
    check: Check | None = None,
    expects: str = "",
    can_be_off: bool = False,
    secret: bool = False,
    above: float | None = None,
) -> Any:
    """What a key's annotation carries beside its type.

    ``can_be_off``: a decision that the user may leave unjudged. ``secret``: its value is not shown.
    ``above``: an exclusive lower bound. ``expects`` replaces the words made from the type.
    """
    extra = {"check": check, "expects": expects, "can_be_off": can_be_off, "secret": secret}
    return msgspec.Meta(description=meaning, extra=extra, gt=above)


def decision(meaning: str, **more: Any) -> Any:
    """A key that stands for a decision of the contract: declared, default or off."""
    return key(meaning, can_be_off=True, **more)


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the profile. Its ``repr`` names it only: values may be secrets."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []
