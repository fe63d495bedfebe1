"""Spans of time as people write them: ``500ms``, ``30s``, ``2m``, ``1h``."""

import re

from harness.errors import UsageError, shown

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_FORM = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)\Z", re.ASCII)


def seconds(text: str, option: str, *, zero: bool = False) -> float:
    """The seconds that ``text`` says; ``option`` names it in the complaint (UsageError).

    Zero is accepted only where ``zero`` is true.
    """
    match = _FORM.match(text.strip().lower()[:32])
    found = float(match[1]) * _SECONDS[match[2]] if match else -1.0
    if found < 0 or (found == 0 and not zero):
        raise UsageError(
            f"{option} {shown(text)} is no duration",
            "write a number and its unit: 500ms, 30s, 2m, 1h",
        )
    return found
