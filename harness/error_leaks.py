"""What in an ``Error`` text shows the server's inside (D26)."""

import re

_LEAKS = re.compile(
    r"Traceback \(most recent|\bat [\w.$<>]+\([^)]*\)|\.(?:py|cs|java|php)\b|line \d+"
    r"|[A-Za-z]:\\\\?\w|/(?:home|usr|var|srv|opt|app)/|System\.\w+Exception"
)


def leak_in(error: str) -> str | None:
    """The first piece of ``error`` that shows a stack trace or a path of the server, or None."""
    found = _LEAKS.search(error)
    return found[0] if found is not None else None
