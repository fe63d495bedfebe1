"""Whole load runs with real processes: honest and faulty servers, and every kind of bad luck."""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from harness.errors import OwnFault as OwnFaultError
from harness.errors import TargetUnavailable
from harness.swarm.reports import Fault, Refusal
from scenarios.leading import nobody_came
from schemas.ledger_totals import ANOMALY_WORDS, LedgerTotals
from schemas.load_records import LoadPlanned, LoadTotals, Metric, Second, Violation
from schemas.records import OwnFault, PartEnded
from tests.scenarios.conftest import ROOT, LoadRun, Server, wait_for

pytestmark = pytest.mark.loopback

Serve = Callable[..., Server]
Load = Callable[..., LoadRun]


def totals(run: LoadRun) -> LoadTotals:
    (found,) = run.records(LoadTotals)
    ledger = found.ledger
    assert ledger.sent == ledger.acked + ledger.refused + ledger.unknown
    assert ledger.expected_deliveries == ledger.delivered + ledger.lost + ledger.in_flight
    return found


def wrong(ledger: LedgerTotals) -> dict[str, int]:
    """The words that should be 0 and are not."""
    words = (*ANOMALY_WORDS, "in_flight", "unknown")
    return {word: getattr(ledger, word) for word in words if getattr(ledger, word)}


def metrics(run: LoadRun) -> dict[str, Metric]:
    return {metric.name: metric for metric in run.records(Metric)}


def part(run: LoadRun) -> PartEnded:
    ended = run.records()[-1]
    assert isinstance(ended, PartEnded)
    assert "Traceback" not in run.errors
    return ended


def test_connections_that_we_ended_are_not_the_targets_fault() -> None:
    refusal = Refusal("closed", "no close frame", 3)
    assert isinstance(nobody_came("ws://shop/", refusal, []), TargetUnavailable)
    ours = nobody_came("ws://shop/", refusal, [Fault("connection", "KeyError: 'x'", "…")])
    assert isinstance(ours, OwnFaultError)
    assert "KeyError: 'x'" in str(ours)


def test_behaviour_of_ones_own_is_played_by_started_workers(serve: Serve, load: Load) -> None:
    own = str(ROOT / "examples" / "load" / "own_behaviour.py")
    run = load(serve().url, locustfile=own, rate=20.0, customers=4, staff=2, workers=2)
    assert run.end() == 0, run.errors
    found = totals(run)
    assert found.rate.due == 40
    # each that was acknowledged is followed by another of the customer's own
    seen = metrics(run)
    counted = seen["ack"].latency.count + seen["staff_ack"].latency.count
    assert found.ledger.acked - counted > seen["ack"].latency.count / 2
    assert not wrong(found.ledger)


@pytest.mark.parametrize(("workers", "staff"), [(1, 8), (2, 3)])
def test_an_honest_server_is_all_green(serve: Serve, load: Load, workers: int, staff: int) -> None:
    run = load(serve().url, workers=workers, staff=staff)
    assert run.end() == 0, run.errors
    found, seen = totals(run), metrics(run)
    assert wrong(found.ledger) == {}
    assert (found.rate.due, found.rate.unsent) == (120, 0)
    assert seen["ack"].latency.count == seen["ack"].service.count == 120
    assert seen["ack"].unanswered == 0
    # beyond the schedule each customer may say one more: a token behind its last title
    unscheduled = found.ledger.acked - 120 - seen["staff_ack"].latency.count
    assert 0 <= unscheduled <= 8
    assert found.connections.asked == found.connections.opened == 8 + staff
    assert found.connections.close_codes == {"1000": 8 + staff}
    assert found.frames.invalid == 0
    assert run.records(Violation) == run.records(OwnFault) == []
    assert part(run) == PartEnded(name="load", duration_s=2.0, complete=True)
    assert sum(second.counts.get("acked", 0) for second in run.records(Second)) == 120
    assert isinstance(run.records()[0], LoadPlanned)
    kinds = list(dict.fromkeys(line["event"] for line in run.lines))  # slow workers: once more
    assert kinds == ["listening", "progress", "ended"]
    assert run.lines[-1] == {"event": "ended", "complete": True, "reason": ""}


@pytest.mark.parametrize(
    ("fault", "word"),
    [("duplicate-delivery", "duplicated"), ("lost-delivery", "lost")],
)
def test_a_servers_fault_shows_up_in_its_own_word(
    serve: Serve, load: Load, fault: str, word: str
) -> None:
    run = load(serve(fault).url)
    assert run.end() == 0, run.errors
    assert list(wrong(totals(run).ledger)) == [word]


def test_a_broken_frame_is_a_violation_with_its_clause(serve: Serve, load: Load) -> None:
    run = load(serve("wrong-msgstatus").url)
    assert run.end() == 0, run.errors
    assert "out-msgstatus-word" in {v.finding.clause for v in run.records(Violation)}
    assert totals(run).frames.invalid > 0
    assert totals(run).ledger.acked == 0


def test_nobody_there_is_said_at_once(serve: Serve, load: Load) -> None:
    server = serve()
    server.stop()
    run = load(server.url)
    assert run.end() == 3
    assert "refused the connection" in run.errors
    assert len(run.errors.splitlines()) == 1
    assert not part(run).complete


def test_wrong_tokens_are_said_at_once(serve: Serve, load: Load, tmp_path: Path) -> None:
    table = tmp_path / "accounts.csv"
    table.write_text("sn,name,role,token\nA,Ann,customer,nonsense\nB,Bo,staff,nonsense\n")
    run = load(serve().url, customers=1, staff=1, accounts=str(table))
    assert run.end() == 3
    assert "rejected the token" in run.errors
    assert "nonsense" not in run.errors


def test_too_few_accounts_are_refused_before_anything_connects(
    serve: Serve, load: Load, tmp_path: Path
) -> None:
    table = tmp_path / "accounts.csv"
    table.write_text("sn,name,role,token\nA,Ann,customer,t\n")
    run = load(serve().url, accounts=str(table))
    assert run.end() == 2
    assert "8 customer accounts needed, 1 in" in run.errors


def test_a_web_port_in_use_is_refused_in_a_sentence(load: Load) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = load("ws://127.0.0.1:1/", "--web-port", str(taken.getsockname()[1]))
        assert run.end() == 2
    assert "choose another --web-port" in run.errors
    assert len(run.errors.splitlines()) == 1


def test_a_folder_that_is_none_is_refused_in_a_sentence(load: Load, tmp_path: Path) -> None:
    run = load("ws://127.0.0.1:1/", out=str(tmp_path / "nowhere"))
    assert run.end() == 2
    assert "cannot write to" in run.errors
    assert len(run.errors.splitlines()) == 1


def test_locusts_web_ui_shows_live_numbers(serve: Serve, load: Load) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    run = load(serve().url, "--web-port", str(port), duration_s=60.0)

    def acknowledged() -> int:
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}/stats/requests").json()
        except httpx.HTTPError:
            return 0
        return sum(row["num_requests"] for row in answer["stats"] if row["name"] == "ack")

    assert wait_for(acknowledged) > 0
    run.interrupt()
    assert run.end() == 3


def test_an_interrupt_drains_and_keeps_what_was_measured(serve: Serve, load: Load) -> None:
    run = load(serve().url, duration_s=60.0, workers=2)
    run.running()
    run.interrupt()
    assert run.end() == 3
    found = totals(run)
    assert wrong(found.ledger) == {}
    assert found.rate.due == found.rate.sent_in_time > 0
    assert metrics(run)["ack"].latency.count == found.rate.due
    ended = part(run)
    assert (ended.complete, ended.reason) == (False, "interrupted")


def test_a_second_interrupt_ends_it_at_once(serve: Serve, load: Load) -> None:
    run = load(serve().url, duration_s=60.0)
    run.running()
    run.interrupt()
    wait_for(lambda: run.process.poll() is not None or "draining" in run.lines[-1].get("act", ""))
    run.interrupt()
    began = time.monotonic()
    assert run.end() == 3
    assert time.monotonic() - began < 6.0
    assert not part(run).complete


def test_a_server_that_dies_ends_the_run_with_a_sentence(serve: Serve, load: Load) -> None:
    server = serve()
    run = load(server.url, duration_s=60.0)
    run.running()
    server.stop()
    assert run.end() == 3
    assert "the target was lost" in run.errors
    found = totals(run)
    assert found.connections.dropped_by_server == 12
    assert found.connections.failed > 0
    assert found.rate.unsent > 0
    assert found.ledger.lost == 0


def test_a_worker_that_dies_is_told_and_accuses_nobody(serve: Serve, load: Load) -> None:
    run = load(serve().url, duration_s=4.0, workers=2)
    run.running()
    os.kill(run.workers()[0], signal.SIGKILL)
    assert run.end() == 0, run.errors
    found = totals(run)
    assert found.workers_lost == 1
    assert found.rate.unsent > 0
    assert {word for word in ANOMALY_WORDS if getattr(found.ledger, word)} == set()
    assert found.ledger.in_flight > 0
    assert found.ledger.acked > 0


def test_a_master_that_dies_leaves_no_worker_behind(serve: Serve, load: Load) -> None:
    run = load(serve().url, duration_s=60.0, workers=2)
    run.running()
    workers = run.workers()
    assert len(workers) == 2
    run.process.kill()
    run.process.wait()
    wait_for(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers))
    assert run.records(Second) or run.records(LoadPlanned)
