"""Whoever does not come to run for a while, server or suite, makes no honest server red."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.conformance import SuiteOptions
from harness.conformance.spec import Group
from schemas.verdicts import Outcome
from tests.detection.matrix import check, patient

pytestmark = pytest.mark.loopback

ANSWER_S = 0.5
STILL_S = 1.2
"""Longer than an answer may take, and shorter than its wait is put off at most."""

GREEN = (Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.INFORMATIONAL)
CASES = SuiteOptions(groups=(Group.LOGIN, Group.TEXT))
BEFORE = "text-text-is-acknowledged"
TIMES = 2
ROOT = Path(__file__).parents[3]


@contextmanager
def running(*command):
    """A process of ours with these arguments, as a text stream of what it prints."""
    words = [sys.executable, *command]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def stand_still(pid, seconds=STILL_S):
    """Stop the process ``pid`` for a while."""
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_server_that_stands_still_in_the_middle_of_cases_stays_green():
    records, over = [], threading.Event()
    with running("-m", "reference_server") as server:
        url = server.stdout.readline().strip()

        def trouble():
            for _ in range(TIMES):
                if not over.wait(0.1):
                    stand_still(server.pid)

        thread = threading.Thread(target=trouble)

        def take(record):
            records.append(record)
            if record.id == BEFORE:
                thread.start()

        check(patient(url, ANSWER_S), CASES, take)
        over.set()
        thread.join()
    assert [(r.id, r.message) for r in records if r.outcome not in GREEN] == []
    assert max(record.duration_ms for record in records) > 1e3 * (STILL_S - ANSWER_S / 2)


def test_a_server_that_is_busy_whenever_it_is_asked_is_late():
    records = []
    with running("-m", "tests.harness.conformance.busy_server", "0.3", "quick?") as server:
        url = server.stdout.readline().strip()
        cases = SuiteOptions(only=("text-answers-come-in-time",))
        check(patient(url, answer_s=0.15), cases, records.append)
    assert [(record.outcome, record.findings[0].clause) for record in records] == [
        (Outcome.FAILED, "answer-in-time")
    ]
    assert "3 of 3 were late" in records[0].message


@pytest.mark.long
def test_a_suite_that_stands_still_itself_finds_what_came_meanwhile():
    with (
        running("-m", "reference_server") as server,
        running(__file__, server.stdout.readline().strip()) as suite,
    ):
        lines = []
        for line in suite.stdout:
            lines.append(line.split(" ", 1))
            if len(lines) in (10, 30, 50):
                stand_still(suite.pid, 2 * STILL_S)
    assert len(lines) > 50
    assert [(outcome, rest) for outcome, rest in lines if outcome not in GREEN] == []


def main(url):
    """Print the outcome of each case against ``url``."""
    check(
        patient(url, ANSWER_S),
        CASES,
        lambda record: print(record.outcome, record.id, record.message, flush=True),
    )


if __name__ == "__main__":
    main(sys.argv[1])
