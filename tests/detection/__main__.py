"""``python -m tests.detection``: every fault against what must find it, and the table of that."""

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from reference_server.faults import CATALOGUE
from schemas.fault_listing import FoundBy
from schemas.verdicts import Outcome
from tests.detection.load_proof import Proof, prove
from tests.detection.matrix import Attempt, attempt
from tests.detection.page import when_and_where, write_part
from tests.detection.restart_proof import prove_by_kill
from tests.detection.table import cases_of, kill_table

Tried = Attempt | Proof


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when every fault is found, 1 when one escapes or a case ends in an error."""
    options = _parser().parse_args(argv)
    unknown = [name for name in options.faults if name not in CATALOGUE]
    if unknown:
        print(f"There is no fault {unknown[0]!r}.", file=sys.stderr)
        return 2
    names = options.faults or list(CATALOGUE)
    tried = {each.fault: each for each in _tried(names, options.whole, options.jobs)}
    attempts = {name: each for name, each in tried.items() if isinstance(each, Attempt)}
    proofs = {name: each for name, each in tried.items() if isinstance(each, Proof)}
    if options.write:
        write_part("kills", kill_table(attempts, proofs, when_and_where(), whole=options.whole))
    escaped = [name for name in names if not tried[name].found]
    unsound = [name for name, each in attempts.items() if not each.sound]
    for name in escaped:
        print(f"escaped: {name} [{', '.join(CATALOGUE[name].clauses)}]")
    for name in unsound:
        print(f"a case ended in an error of the harness: {name}")
    print(f"{len(names) - len(escaped)} of {len(names)} faults found")
    return 1 if escaped or unsound else 0


def _tried(names: Sequence[str], whole: bool, jobs: int) -> Iterator[Tried]:
    """Cases side by side; afterwards load runs one by one, for their clocks want the machine."""
    spawn = multiprocessing.get_context("spawn")
    checked = [name for name in names if CATALOGUE[name].found_by is FoundBy.CHECK]
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        for done in as_completed([pool.submit(partial(attempt, whole=whole), n) for n in checked]):
            yield _told(done.result())
    for name in names:
        if CATALOGUE[name].found_by is FoundBy.LOAD:
            with tempfile.TemporaryDirectory() as folder:
                yield _told(prove(name, Path(folder)))
        elif CATALOGUE[name].found_by is FoundBy.RESTART:
            yield _told(prove_by_kill(name))


def _told(one: Tried) -> Tried:
    print(f"{one.seconds:5.1f} s  {one.fault}: {_summary(one)}", flush=True)
    return one


def _summary(one: Tried) -> str:
    if isinstance(one, Proof):
        return "; ".join(one.problems) or one.found_by
    red, blocked = (one.outcomes.get(each, 0) for each in (Outcome.FAILED, Outcome.BLOCKED))
    found_by = cases_of(one.found_by) if one.found else "NOT FOUND"
    return f"{one.ran} cases, {red} red, {blocked} blocked: {found_by}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.detection", description=__doc__)
    parser.add_argument("faults", nargs="*", help="only these (default: all)")
    parser.add_argument("--whole", action="store_true", help="the whole suite against each fault")
    parser.add_argument("--write", action="store_true", help="write docs/detection.md")
    parser.add_argument("--jobs", type=int, default=2, help="how many side by side")
    return parser


if __name__ == "__main__":
    sys.exit(main())
