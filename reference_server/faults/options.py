"""The command line of faults: which ones, with which seed, and where their journal is written."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import randbits

import msgspec

from reference_server.faults.catalogue import CATALOGUE, CHAPTERS, FaultRefused, assemble, parse
from reference_server.faults.fault import Fault
from reference_server.faults.journal import Journal
from reference_server.faults.journaling import headed, journaled
from reference_server.parts import Parts
from schemas.fault_listing import ListedFault


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of a server that shall misbehave."""
    group = parser.add_argument_group(
        "faults", f"{len(CATALOGUE)} ways to misbehave on purpose; --list-faults names them."
    )
    group.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=VALUE]",
        help="misbehave so, as in missing-ack or delay=20ms; repeatable",
    )
    group.add_argument(
        "--fault-seed",
        type=_seed,
        metavar="N",
        help="decides what chance does (default: another one each time, printed on stderr)",
    )
    group.add_argument(
        "--fault-journal",
        metavar="FILE",
        help="write every frame, and what faults did to which, into FILE (JSON lines)",
    )
    group.add_argument("--list-faults", action="store_true", help="list the faults, and end")
    group.add_argument("--json", action="store_true", help="with --list-faults: as JSON")


def faulty(options: argparse.Namespace, honest: Parts) -> Parts:
    """The parts that the options ask for; FaultRefused. Prints the seed where it matters."""
    asked: list[str] = options.fault
    seed = randbits(32) if options.fault_seed is None else options.fault_seed
    faults = [parse(text)[0] for text in asked]
    journal = _journal(options.fault_journal) if options.fault_journal else None
    parts = assemble(asked, honest, seed=seed, journal=journal)
    if journal is not None:
        parts = headed(journaled(parts, journal), journal, asked, seed)
    if any(fault.by_chance for fault in faults):
        print(f"fault seed: {seed}", file=sys.stderr)
    return parts


def listing(options: argparse.Namespace) -> str:
    """The catalogue as text, or as JSON."""
    if options.json:
        text = msgspec.json.encode([_listed(*entry) for entry in _entries()])
        return msgspec.json.format(text, indent=1).decode() + "\n"
    return "".join(_lines())


def _journal(name: str) -> Journal:
    """A journal that can be written; its file is opened no sooner than the server is ready."""
    path = Path(name)
    place = path if path.exists() else path.parent
    if path.is_dir() or not place.exists() or not os.access(place, os.W_OK):
        raise FaultRefused(f"Cannot write the journal {name}: choose another file.")
    return Journal(lambda: path.open("wb"), time.monotonic_ns)


def _entries() -> Iterator[tuple[str, Fault]]:
    return ((chapter, fault) for chapter, faults in CHAPTERS.items() for fault in faults)


def _listed(chapter: str, fault: Fault) -> ListedFault:
    return ListedFault(
        name=fault.name,
        chapter=chapter,
        intent=fault.intent,
        clauses=fault.clauses,
        found_by=fault.found_by,
        moves=fault.moves,
        takes=fault.takes.words if fault.takes else "",
        default=fault.takes.default if fault.takes else "",
    )


def _lines() -> Iterator[str]:
    for chapter, faults in CHAPTERS.items():
        yield f"{chapter}\n"
        for fault in faults:
            name = f"{fault.name}={fault.takes.default}" if fault.takes else fault.name
            about = ", ".join((*fault.clauses, *fault.moves))
            yield f"  {name:<30} {fault.intent}  [{about}]\n"


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 20:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no seed: give a whole number")
    return int(text)
