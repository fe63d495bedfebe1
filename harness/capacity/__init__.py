"""Capacity: the highest level of load at which a target keeps what is demanded of it.

:class:`Search` names the next level to try and hears what became of it; :func:`judged` says what a
finished run shows; :class:`Sizes` says how long a trial must be. Pure: nothing here runs a load.
"""

from harness.capacity.judging import Judged, judged
from harness.capacity.levels import Levels
from harness.capacity.search import Answer, Search
from harness.capacity.sizes import Sizes, demand_slo
from harness.capacity.telling import Question, concluded

__all__ = [
    "Answer",
    "Judged",
    "Levels",
    "Question",
    "Search",
    "Sizes",
    "concluded",
    "demand_slo",
    "judged",
]
