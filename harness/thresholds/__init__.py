"""Thresholds: ``p99(ack) < 500ms``, ``lost == 0``, ``cases("delivery.*") all passed``.

:func:`parse` reads one, :func:`read_thresholds` a file, :func:`evaluate` holds a run to one.
Pure: text in, value out; a run in, a result out.
"""

from harness.thresholds.evaluation import evaluate, measured
from harness.thresholds.files import read_thresholds
from harness.thresholds.language import DEFAULTS, parse
from harness.thresholds.values import Threshold

__all__ = ["DEFAULTS", "Threshold", "evaluate", "measured", "parse", "read_thresholds"]
