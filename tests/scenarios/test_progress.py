"""The master's lines: one JSON object each, told apart by event."""

import io

import pytest

from harness.swarm.collection import Collection
from harness.swarm.course import Course
from harness.swarm.reports import Census, ConnectionCounts, SwarmReport
from scenarios.progress import Ended, Line, Listening, Progress, Speedometer, read_line, write_line
from tests.harness.swarm.simulation import plan_for, setup_for

NS = 1_000_000_000


def progress(**counts: int) -> Progress:
    plan = plan_for()
    collection = Collection(setup_for(plan), 1)
    speedometer = Speedometer(plan)
    course = Course(plan, 0)
    speedometer.read(NS, course, collection, due=0)
    report = SwarmReport(
        0,
        0,
        (),
        {},
        None,
        Census(open=3, settled=2),
        ConnectionCounts(failed=1),
        counts,
        (),
        (),
        (),
        (),
    )
    for _ in collection.take(report):
        pass
    return speedometer.read(3 * NS, course, collection, due=9)


def test_the_rate_is_that_of_the_time_since_the_last_line() -> None:
    line = progress(scheduled_sent=20, frames_received=70)
    assert (line.rate, line.sent, line.received, line.due) == (10, 20, 70, 9)
    assert (line.logged_in, line.settled, line.failed_connects) == (3, 2, 1)
    assert line.ack_p99_us is None


@pytest.mark.parametrize("line", [Listening(5557), Ended(complete=False, reason="x"), progress()])
def test_every_line_can_be_read_back(line: Line) -> None:
    out = io.StringIO()
    write_line(line, out)
    assert out.getvalue().endswith("\n")
    assert read_line(out.getvalue().encode()) == line


def test_a_reader_that_is_gone_stops_nothing() -> None:
    out = io.StringIO()
    out.close()
    write_line(Ended(complete=True), out)
