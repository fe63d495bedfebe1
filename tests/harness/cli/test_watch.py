"""What ends a load early: thresholds held against what is certain while it runs."""

from pathlib import Path

import pytest

from harness.cli.live_line import Live
from harness.cli.watch import WATCHABLE, Watch, watchable
from harness.errors import UsageError
from harness.swarm.plan import LoadPlan
from harness.thresholds import parse, read_thresholds
from schemas.load_records import LoadTotals, Second
from schemas.records import encode
from tests.made_runs import latencies, totals

PLAN = LoadPlan(
    run_id="r", run="abcdef", customers=1, staff=0, rate=1, duration_s=60, warm_up_s=2, out=""
)


def thresholds(tmp_path: Path, *rows: str):
    file = tmp_path / "t.toml"
    file.write_text(f"thresholds = [{', '.join(rows)}]")
    return watchable(read_thresholds(file))


def live(elapsed_s: float, sums: LoadTotals | None = None, act: str = "running") -> Live:
    return Live(
        act=act,
        elapsed_s=elapsed_s,
        duration_s=60,
        logged_in=1,
        rate=1,
        sent=1,
        acked=1,
        delivered=1,
        anomalies=0,
        invalid=0,
        failed_connects=0,
        errors=0,
        totals=sums or totals(),
    )


def second(number: int, *ms: float, **counts: int) -> bytes:
    data = latencies(*ms, times=100)
    return encode(Second(second=number, counts=counts, latencies={"ack": data}))


def test_a_count_is_missed_only_after_its_grace_time(tmp_path: Path) -> None:
    lost = thresholds(tmp_path, '{ demand = "lost == 0", abort = true, grace = "10s" }')
    watch = Watch(lost, PLAN, tmp_path / "load.ndjson")
    some = totals(ledger={"lost": 2})
    assert watch.missed(live(9.9, some)) is None
    assert watch.missed(live(11)) is None
    assert watch.missed(live(11, some, act="draining")) is None
    found = watch.missed(live(11, some))
    assert found is not None
    assert (found.text, found.at_s, found.value, found.note) == ("lost == 0", 11, 2, "2")


def test_latencies_come_from_the_seconds_written_so_far_without_the_warm_up(tmp_path: Path) -> None:
    slow = thresholds(tmp_path, '{ demand = "p50(ack) < 100ms", abort = true }')
    log = tmp_path / "load.ndjson"
    watch = Watch(slow, PLAN, log)
    assert watch.missed(live(1)) is None
    log.write_bytes(second(0, 900.0) + second(1, 900.0) + second(2, 5.0)[:30])
    assert watch.missed(live(3)) is None
    with log.open("ab") as file:
        file.write(second(2, 5.0)[30:] + second(3, 300.0) + second(4, 300.0))
    found = watch.missed(live(5))
    assert found is not None
    assert found.value == pytest.approx(300_000, rel=0.01)
    watch.close()


def test_a_window_is_watched_by_its_seconds(tmp_path: Path) -> None:
    late = thresholds(tmp_path, '{ demand = "p50(ack) < 100ms after 5s", abort = true }')
    log = tmp_path / "load.ndjson"
    log.write_bytes(second(4, 900.0) + second(5, 5.0))
    watch = Watch(late, PLAN, log)
    assert watch.missed(live(6)) is None
    with log.open("ab") as file:
        file.write(second(6, 900.0) + second(7, 900.0))
    assert watch.missed(live(8)) is not None
    watch.close()


def test_a_rate_of_a_window_is_that_of_the_seconds_that_are_whole(tmp_path: Path) -> None:
    slow = thresholds(tmp_path, '{ demand = "rate >= 0.9 * asked after 5s", abort = true }')
    log = tmp_path / "load.ndjson"
    watch = Watch(slow, PLAN, log)
    log.write_bytes(second(4, 5.0, due=10, sent_in_time=0))
    assert watch.missed(live(6)) is None
    with log.open("ab") as file:
        file.write(second(5, due=10, sent_in_time=10))
    assert watch.missed(live(7)) is None
    with log.open("ab") as file:
        file.write(second(6, due=10, sent_in_time=2))
    found = watch.missed(live(8))
    assert found is not None
    assert found.value == pytest.approx(6)
    watch.close()


def test_a_ceiling_on_a_rate_is_held_against_whole_seconds(tmp_path: Path) -> None:
    most = thresholds(tmp_path, '{ demand = "rate <= 10 after 5s", abort = true }')
    log = tmp_path / "load.ndjson"
    watch = Watch(most, PLAN, log)
    log.write_bytes(second(5, 5.0, due=10, sent_in_time=10) + second(6, due=10, sent_in_time=10))
    assert watch.missed(live(8)) is None
    with log.open("ab") as file:
        file.write(second(7, due=20, sent_in_time=20))
    assert watch.missed(live(9)) is not None
    watch.close()


def test_errors_of_a_window_and_connections_are_watched_by_second(tmp_path: Path) -> None:
    rows = [
        '{ demand = "refused < 5 after 5s", abort = true }',
        '{ demand = "open >= 8", abort = true, grace = "7s" }',
    ]
    log = tmp_path / "load.ndjson"
    watch = Watch(thresholds(tmp_path, *rows), PLAN, log)
    log.write_bytes(second(4, refused=9, open=9) + second(5, refused=4, open=7))
    assert watch.missed(live(6)) is None
    found = watch.missed(live(7.5))
    assert found is not None
    assert (found.text, found.value) == ("open >= 8", 7)
    with log.open("ab") as file:
        file.write(second(6, refused=9, open=9) + second(7, open=9))
    found = watch.missed(live(6.5))
    assert found is not None
    assert (found.text, found.value) == ("refused < 5 after 5s", 13)
    watch.close()


def test_few_samples_end_nothing(tmp_path: Path) -> None:
    tail = thresholds(tmp_path, '{ demand = "p99(ack) < 1ms", abort = true }')
    log = tmp_path / "load.ndjson"
    log.write_bytes(second(3, 900.0))
    watch = Watch(tail, PLAN, log)
    assert watch.missed(live(4)) is None
    watch.close()


def test_without_abort_nothing_is_watched(tmp_path: Path) -> None:
    assert thresholds(tmp_path, '"lost == 0"') == ()


@pytest.mark.parametrize(
    "demand", ["in_flight == 0", "unsent == 0", 'cases(\\"a-*\\") all passed', "delivered > 3"]
)
def test_what_is_known_at_the_end_alone_cannot_end_a_load(tmp_path: Path, demand: str) -> None:
    with pytest.raises(UsageError, match="known at the end alone"):
        thresholds(tmp_path, f'{{ demand = "{demand}", abort = true }}')


def test_every_watchable_figure_is_a_figure() -> None:
    for name in WATCHABLE:
        parse(f"{name} < 1")
