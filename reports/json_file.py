"""Writes ``summary.json``, the public form of a run's results."""

import msgspec

from reports.material import Material


def render(material: Material) -> str:
    """The summary as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(material.summary), indent=2).decode() + "\n"
