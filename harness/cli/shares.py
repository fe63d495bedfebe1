"""Shares as people write them: ``5%`` or ``0.05``."""

import re

from harness.errors import UsageError, shown

_FORM = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(%?)\Z", re.ASCII)


def share(text: str, option: str) -> float:
    """The share over 0 and below 1 that ``text`` says; ``option`` names it in the UsageError."""
    match = _FORM.match(text.strip()[:32])
    found = float(match[1]) * (0.01 if match[2] else 1.0) if match else 0.0
    if not 0 < found < 1:
        raise UsageError(
            f"{option} {shown(text)} is no share over 0 and below 1", "write 5% or 0.05"
        )
    return found
