"""What a comparison says of equals: by simulation, and of two reference servers loaded in turn.

The simulation's bars are held by the tests of the comparison; here its figures are printed. The
real series is printed and recorded, and never judged: equal servers on a machine that does other
work differ by what that work does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.performance_page import append_row
from benchmarks.processes import running
from benchmarks.simulated_pairs import P50, P99, PAIRS, count, upper_bound
from schemas.comparison import COMPARISON_FILE, Direction

SIMULATED, REAL = "Comparing runs: simulated pairs", "Comparing runs: two equal servers"
EFFECTS = (0.0, 0.03, 0.05)
_NOT_MADE = 2
"""A comparison ends with 0, 1 or 3; this says that there is none."""


def simulated(pairs: int) -> list[str]:
    """The cells of a row: false alarms by run effect, then the power for +10 % and for +25 %."""
    cells = [str(pairs)]
    for effect in EFFECTS:
        hits = count(Direction.WORSE, effect, {}, pairs=pairs)
        bound = upper_bound(hits, pairs)
        print(f"equal, runs differ by {effect:.0%}: {hits} of {pairs} worse, at most {bound:.1%}")
        cells.append(f"{_percent(hits / pairs)} (≤ {_percent(bound)})")
    for factor, quantile, name in ((1.10, P50, "p50(ack)"), (1.25, P99, "p99(ack)")):
        hits = count(Direction.WORSE, EFFECTS[-1], {quantile: factor}, name, pairs)
        print(f"{name} {factor - 1:+.0%}, runs differ by 5%: found in {hits} of {pairs}")
        cells.append(_percent(hits / pairs))
    return cells


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def real(runs: int, rate: int, duration: str) -> list[str]:
    """The cells of a row: two reference servers, loaded in turn ``runs`` times each."""
    with (
        running("-m", "reference_server", "--port", "0") as one,
        running("-m", "reference_server", "--port", "0") as other,
        tempfile.TemporaryDirectory() as folder,
    ):
        argv = [*_CHATSOCKET, "compare", "--interleave", one.url, other.url]
        argv += ["--repeat", str(runs), "--rate", str(rate), "--duration", duration]
        out = Path(folder, "series")
        ended = subprocess.run([*argv, "--out", out], check=False)  # noqa: S603 - our own command
        if ended.returncode == _NOT_MADE or not (out / COMPARISON_FILE).exists():
            sys.exit("the series was not made")
        found = json.loads((out / COMPARISON_FILE).read_text("utf-8"))
    return [str(runs), f"{rate}/s for {duration}", *_told(found)]


_CHATSOCKET = (sys.executable, "-c", "import sys; from harness.cli import main; sys.exit(main())")


def _told(found: dict[str, Any]) -> list[str]:
    primary = next(each for each in found["latencies"] if each["name"] == found["primary"])
    change = "–" if primary["change"] is None else f"{primary['change']:+.1%}"
    if primary["low"] is not None:
        change += f" ({primary['low']:+.1%} to {primary['high']:+.1%})"
    counts = Counter(each["direction"] for each in found["latencies"])
    needed = primary["runs_needed"]
    return [
        f"{primary['direction']}, {change}",
        str(needed) if needed else "–",
        ", ".join(f"{counts[each]} {each}" for each in Direction if counts[each]),
    ]


def main() -> int:
    """Print both; always 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pairs", type=int, default=PAIRS, help="simulated; 0 leaves them away")
    parser.add_argument("--runs", type=int, default=5, help="of each server; 0 leaves them away")
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--duration", default="15s")
    parser.add_argument("--record", action="store_true", help="append to docs/performance.md")
    parser.add_argument("--note", default="", help="what else the machine did, for the record")
    options = parser.parse_args()
    record = append_row if options.record else _leave
    if options.pairs:
        record(SIMULATED, simulated(options.pairs))
    if options.runs:
        record(REAL, [*real(options.runs, options.rate, options.duration), options.note])
    return 0


def _leave(_heading: str, _cells: Sequence[str]) -> None:
    """Nothing is recorded."""


if __name__ == "__main__":
    sys.exit(main())
