"""A page in Prometheus' text format as values by series; the page may hold anything.

What is kept is bounded, and lines that are no sample are counted, not fatal. Histogram buckets are
left out: their sums and counts stay. Metrics of the process come first.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

MOST_SERIES = 200
MOST_DAMAGED = 200

_LINE_CHARS = 2_000
_NAME_CHARS = 200
_FIRST = "process_"
_BUCKET = "_bucket"


@dataclass(frozen=True, slots=True)
class Exposition:
    """``values`` by series as ``name{label="value"}``; ``damaged`` lines could not be read, and
    ``left_out`` of them are beyond what is kept.
    """

    values: dict[str, float]
    damaged: int = 0
    left_out: int = 0


def read_exposition(text: str) -> Exposition:
    """The samples of ``text`` that are finite numbers."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and line[0] != "#"]
    lines = [line for line in lines if _BUCKET not in line.partition("{")[0]]
    lines.sort(key=lambda line: not line.startswith(_FIRST))
    values: dict[str, float] = {}
    damaged = looked_at = 0
    for line in lines:
        if len(values) >= MOST_SERIES or damaged >= MOST_DAMAGED:
            break
        looked_at += 1
        try:
            values.update(_samples(line))
        except Exception:  # a library's parser over text of others
            damaged += 1
    return Exposition(values, damaged, len(lines) - looked_at)


def _samples(line: str) -> Iterator[tuple[str, float]]:
    if len(line) > _LINE_CHARS:
        raise ValueError("too long")
    for family in text_string_to_metric_families(line):
        for sample in family.samples:
            value = float(sample.value)
            name = _series(sample.name, sample.labels)
            if len(name) > _NAME_CHARS:
                raise ValueError("too long")
            if math.isfinite(value):
                yield name, value


def _series(name: str, labels: dict[str, str]) -> str:
    """The series as Prometheus writes it, what cannot be seen escaped."""
    pairs = ",".join(f'{key}="{_visible(value)}"' for key, value in sorted(labels.items()))
    return _visible(name) + (f"{{{pairs}}}" if pairs else "")


def _visible(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
