"""``python -m tests.detection``: every fault against the suite, and the table of what found it."""

import argparse
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from functools import partial
from pathlib import Path

from reference_server.faults import CATALOGUE
from tests.detection.matrix import Attempt, attempt, findable
from tests.detection.table import document

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "detection.md"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when every fault is found, 1 when one escapes."""
    options = _parser().parse_args(argv)
    unknown = [name for name in options.faults if name not in CATALOGUE]
    if unknown:
        print(f"There is no fault {unknown[0]!r}.", file=sys.stderr)
        return 2
    names = options.faults or [fault.name for fault in findable()]
    attempts = {each.fault: each for each in _tried(names, options.whole, options.jobs)}
    escaped = [name for name in names if not attempts[name].found]
    if options.write:
        DOCUMENT.write_text(document(attempts, f"{date.today()}"), "utf-8")
    for name in escaped:
        print(f"escaped: {name} [{', '.join(CATALOGUE[name].clauses)}]")
    print(f"{len(names) - len(escaped)} of {len(names)} faults found")
    return 1 if escaped else 0


def _tried(names: Sequence[str], whole: bool, jobs: int) -> Iterator[Attempt]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        for done in as_completed([pool.submit(partial(attempt, whole=whole), n) for n in names]):
            one = done.result()
            print(f"{one.seconds:5.1f} s {one.ran:4} cases  {one.fault}: {_summary(one)}")
            yield one


def _summary(one: Attempt) -> str:
    return ", ".join(one.found_by) if one.found else "NOT FOUND"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.detection", description=__doc__)
    parser.add_argument("faults", nargs="*", help="only these (default: all)")
    parser.add_argument("--whole", action="store_true", help="the whole suite against each fault")
    parser.add_argument("--write", action="store_true", help="write docs/detection.md")
    parser.add_argument("--jobs", type=int, default=2, help="how many side by side")
    return parser


if __name__ == "__main__":
    sys.exit(main())
