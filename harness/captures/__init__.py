"""Traffic captured elsewhere, judged by the same code as live runs: no server, no sockets.

Readers turn a file into steps, one connection judges its own, an inspection sums up by clause.
"""

from harness.captures.inspection import Inspection
from harness.captures.source import open_source
from harness.captures.terms import Claims, Terms

__all__ = ["Claims", "Inspection", "Terms", "open_source"]
