"""Looks at the server under test while it is loaded: its metrics page, or its process here.

Knows no load and no run log. An observer that fails is told of and ends nothing.
"""

from harness.observation.exposition import Exposition, read_exposition
from harness.observation.local_process import LocalProcess
from harness.observation.metrics_page import MetricsPage
from harness.observation.observer import Look, Observer
from harness.observation.source import Source, Unobservable

__all__ = [
    "Exposition",
    "LocalProcess",
    "Look",
    "MetricsPage",
    "Observer",
    "Source",
    "Unobservable",
    "read_exposition",
]
