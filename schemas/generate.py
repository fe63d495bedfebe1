"""How much the generated conformance cases try: the words of ``--generate``."""

from enum import StrEnum


class Generate(StrEnum):
    """Nothing at all, a part of every run, a coffee break, or a night's work."""

    OFF = "off"
    QUICK = "quick"
    NORMAL = "normal"
    DEEP = "deep"
