"""Reads a file of thresholds: a TOML list of texts, or of tables for those with more to say.

thresholds = [
  "lost == 0",
  { demand = "p99(ack) < 200ms after 10s", severity = "warn" },
  { demand = "error_rate < 1%", abort = true, grace = "10s" },
]
"""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from harness.durations import seconds
from harness.errors import UnknownName, UsageError
from harness.thresholds.language import DEFAULTS, parse
from harness.thresholds.values import Threshold
from schemas.verdict_file import Severity

_KEYS = ("demand", "severity", "abort", "grace")


def read_thresholds(path: Path) -> tuple[Threshold, ...]:
    """The thresholds of the file ``path``; UsageError when it is wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the thresholds file {path} cannot be read ({error})") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"the thresholds file {path} is not TOML: {error}") from None
    strangers = sorted(table.keys() - {"thresholds"})
    rows = table.get("thresholds")
    if strangers or not isinstance(rows, list):
        what = f"unknown key {strangers[0]!r}" if strangers else "no list 'thresholds'"
        example = f"thresholds = {list(DEFAULTS)}".replace("'", '"')
        raise UsageError(f"the thresholds file {path} has {what}", f"write {example}")
    return tuple(_threshold(row, path) for row in rows)


def _threshold(row: Any, path: Path) -> Threshold:
    if isinstance(row, str):
        return parse(row)
    if not isinstance(row, dict) or not isinstance(row.get("demand"), str):
        raise UsageError(
            f"the thresholds file {path} has an entry that is neither a text nor a table",
            'write { demand = "p99(ack) < 500ms", severity = "warn" }',
        )
    for key in row:
        if key not in _KEYS:
            raise UnknownName("key of a threshold", key, _KEYS)
    severity = row.get("severity", Severity.FAIL)
    if severity not in tuple(Severity):
        raise UnknownName("severity", str(severity), list(Severity))
    return msgspec.structs.replace(
        parse(row["demand"]), severity=Severity(severity), grace_s=_grace(row, path)
    )


def _grace(row: dict[str, Any], path: Path) -> float | None:
    abort, grace = row.get("abort", False), row.get("grace", "0s")
    if not isinstance(abort, bool) or not isinstance(grace, str):
        raise UsageError(
            f"the thresholds file {path} has an 'abort' or 'grace' of the wrong type",
            'write abort = true, grace = "10s"',
        )
    if not abort:
        return None
    return seconds(grace, "grace", zero=True)
