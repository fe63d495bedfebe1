"""One fault of chance or time against a short load run, held against the journal of the fault.

What is lost, doubled, swapped, strayed, corrupted or dropped must be counted as often as the
journal says, under that word and no other. What is late must miss a threshold that an honest
server meets, and be as late as the journal says.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

import msgspec

from benchmarks.processes import running
from reference_server.faults import CATALOGUE, Fault
from schemas.fault_journal import Acted, read_journal
from schemas.fault_listing import FoundBy
from schemas.ledger_totals import ANOMALY_WORDS
from schemas.summary import Load, Summary
from schemas.verdict_file import ThresholdOutcome, ThresholdResult
from schemas.verdicts import ExitCode

CHATSOCKET = Path(sys.executable).with_name("chatsocket")
POPULATION = ("--customers", "16", "--staff", "8", "--rate", "100", "--duration", "3s")
SEED = "1"
ATTEMPTS = 3
"""A run whose generator was saturated counts for nothing, and is repeated so often in all."""

SATURATED = "the generator was saturated"

SLACK_US: Final = 100_000
"""What a busy machine may add to what the journal tells."""


class Dose(msgspec.Struct, frozen=True):
    """How much of a fault a short run gets, and the threshold it must then miss, if it has one."""

    value: str
    threshold: str = ""


DOSES: Final = {
    "loss": Dose("0.05"),
    "duplication": Dose("0.05"),
    "reordering": Dose("0.1"),
    "misrouting": Dose("0.05"),
    "corruption": Dose("0.05"),
    "drop-every": Dose("50"),
    "delay": Dose("300ms", "p50(ack) < 150ms"),
    "delay-some": Dose("300ms@0.3", "p90(ack) < 150ms"),
    "stall": Dose("1s@1500ms", "p90(ack) < 300ms"),
    "queue": Dose("40", "p90(ack) < 300ms"),
    "slow-accept": Dose("500ms", "p50(connect) < 250ms"),
}


class Proof(msgspec.Struct, frozen=True):
    """What a load run made of one fault. ``found_by`` is for people; no ``problems``: found."""

    fault: str
    found_by: str
    problems: list[str]
    seconds: float

    @property
    def found(self) -> bool:
        """Whether the load found it, and counted it right."""
        return not self.problems


class Trial(msgspec.Struct, frozen=True):
    """One run: how it ended, and what the fault did meanwhile."""

    summary: Summary
    acts: list[Acted]

    @property
    def load(self) -> Load:
        """The load part."""
        assert self.summary.load is not None
        return self.summary.load

    @property
    def saturated(self) -> bool:
        """Whether the generator could not keep up, so that the run proves nothing."""
        return self.load.generator is None or self.load.generator.saturated


def countable() -> list[Fault]:
    """The faults that a load run must find."""
    return [fault for fault in CATALOGUE.values() if fault.found_by is FoundBy.LOAD]


def prove(name: str, folder: Path) -> Proof:
    """Load a server that has the fault ``name``; everything is written below ``folder``."""
    began = time.monotonic()
    for number in range(ATTEMPTS):
        trial = _load(name, folder / f"{name}-{number}")
        if not trial.saturated:
            break
    judge = _late if DOSES[name].threshold else _counted
    found_by, problems = judge(CATALOGUE[name], trial)
    if trial.saturated:
        problems = [f"{SATURATED} in all of {ATTEMPTS} runs"]
    return Proof(name, found_by, problems, time.monotonic() - began)


def _load(name: str, folder: Path) -> Trial:
    folder.mkdir(parents=True)
    journal, run, dose = folder / "journal", folder / "run", DOSES[name]
    faulty = ("--fault", f"{name}={dose.value}", "--fault-seed", SEED, "--fault-journal", journal)
    with running("-m", "reference_server", *map(str, faulty)) as server:
        options = ("--profile", "reference", *POPULATION, "--seed", SEED, "--out", run)
        _chatsocket("load", server.url, *options)
    if dose.threshold:
        file = folder / "thresholds.toml"
        file.write_text(f'thresholds = ["{dose.threshold}"]\n')
        _chatsocket("gate", run, "--thresholds", file)
    summary = msgspec.json.decode((run / "summary.json").read_bytes(), type=Summary)
    return Trial(summary, [act for act in read_journal(journal) if isinstance(act, Acted)])


def _chatsocket(*arguments: object) -> None:
    subprocess.run(
        [CHATSOCKET, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _counted(fault: Fault, trial: Trial) -> tuple[str, list[str]]:
    """What is counted must be what was done, to the last one."""
    (word,) = fault.moves
    done = len(trial.acts)
    told = {each: getattr(trial.load.ledger, each) for each in ANOMALY_WORDS}
    told["dropped_by_server"] = trial.load.connections.dropped_by_server
    problems = [f"{each} is {told[each]}" for each in told.keys() - {word} if told[each]]
    if told[word] != done or not done:
        problems.append(f"{word} is {told[word]}, and the journal has {done}")
    if trial.summary.exit_code is not ExitCode.FAILED:
        problems.append(f"the exit code is {trial.summary.exit_code}")
    return f"{word} {told[word]}, as often as in the journal", problems


def _late(_: Fault, trial: Trial) -> tuple[str, list[str]]:
    """What is late must be so by as much as it was held back."""
    if len(trial.summary.thresholds) != 1:
        return "", ["the gate did not judge the run"]
    (result,) = trial.summary.thresholds
    amounts = [act.amount_us for act in trial.acts] or [0]
    least, most = median(amounts), max(amounts) + SLACK_US
    problems = [f"{word} is over 0" for word in ANOMALY_WORDS if getattr(trial.load.ledger, word)]
    if result.outcome is not ThresholdOutcome.MISSED or trial.summary.exit_code != ExitCode.FAILED:
        problems.append(f"{result.text} is {result.outcome}")
    if not 0 < least <= (result.value or 0) <= most:
        problems.append(f"{result.text} got {result.value}, and the journal {least} to {most} us")
    return _words(result, least), problems


def _words(result: ThresholdResult, held_us: float) -> str:
    got = f"{(result.value or 0) / 1000:.0f} ms"
    return f"`{result.text}` missed: {got}; the journal's median is {held_us / 1000:.0f} ms"
