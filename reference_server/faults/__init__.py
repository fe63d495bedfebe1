"""The catalogue of deliberate deviations, and what makes a server of them.

A fault replaces parts of a server by bent ones; nothing honest imports this package but the command
line, which hands the parts on.
"""

from reference_server.faults.catalogue import CATALOGUE, CHAPTERS, FaultRefused, assemble
from reference_server.faults.fault import Fault

__all__ = ["CATALOGUE", "CHAPTERS", "Fault", "FaultRefused", "assemble"]
