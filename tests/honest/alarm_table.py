"""The false alarms of honest runs as markdown. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from tests.honest.honest_run import HonestRun

_MEANINGS: Final = {
    "alone": "the honest server by itself",
    "burners": "two processes beside it that burn the processor",
    "late": "every frame 50 ms late",
    "unread": "nothing can be marked as read",
    "few": "the same, with one customer and one staff member",
    "modes": "every value of every mode, in a few combinations, by the profile that it prints",
}
_HEAD = """\
## False alarms

The suite against the honest server, which has nothing to find: whatever does not pass and is not
inapplicable or informational is a false alarm. Written by `make honest`; do not edit.
"""


class Condition(msgspec.Struct, frozen=True):
    """The runs that were made under one condition."""

    name: str
    runs: Sequence[HonestRun]


def alarm_table(conditions: Sequence[Condition], where: str) -> str:
    """The part of docs/detection.md that says how often the suite was wrong."""
    return "\n".join((_HEAD, f"{where}:\n", *_counts(conditions), "", *_alarms(conditions)))


def _counts(conditions: Sequence[Condition]) -> Iterator[str]:
    yield "| condition | runs | cases passed in a run | false alarms | longest run |"
    yield "|---|---|---|---|---|"
    for each in conditions:
        passed = sorted({run.passed for run in each.runs})
        spread = f"{passed[0]}" if len(passed) == 1 else f"{passed[0]} to {passed[-1]}"
        alarms = sum(len(run.alarms) for run in each.runs)
        longest = max(run.seconds for run in each.runs)
        cells = (_MEANINGS[each.name], f"{len(each.runs)}", spread, f"{alarms}", f"{longest:.0f} s")
        yield f"| {' | '.join(cells)} |"


def _alarms(conditions: Sequence[Condition]) -> Iterator[str]:
    wrong = [(each.name, alarm) for each in conditions for run in each.runs for alarm in run.alarms]
    if not wrong:
        return
    yield "| condition | case | outcome | times |\n|---|---|---|---|"
    told = Counter((name, alarm.case, alarm.outcome) for name, alarm in wrong)
    for (name, case, outcome), times in told.items():
        yield f"| {name} | {case} | {outcome} | {times} |"
    yield ""
