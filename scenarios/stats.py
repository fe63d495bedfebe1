"""Locust's own statistics, filled once a report instead of once a message.

Its tables and charts show milliseconds; ours are in the run log. Knows Locust's entries only.
"""

import time
from collections.abc import Mapping

from locust.stats import RequestStats, StatsEntry

from harness.swarm.meter import SecondData, is_part
from schemas.histogram import HistogramData, middle

METHOD = "chat"


def show_seconds(stats: RequestStats, seconds: Mapping[int, SecondData]) -> None:
    """Add the latencies of a report."""
    for data in seconds.values():
        for name, histogram in (*data.latency.items(), *data.warm.items()):
            if not is_part(name):  # counted with the whole
                show(stats, name, histogram)


def show(stats: RequestStats, name: str, data: HistogramData) -> None:
    """Add one histogram under ``name`` and to the total."""
    by_ms: dict[int, int] = {}
    for bucket, number in data.buckets.items():
        took_ms = round(middle(bucket) / 1000)
        by_ms[took_ms] = by_ms.get(took_ms, 0) + number
    for entry in (stats.get(name, METHOD), stats.total):
        _add(entry, by_ms, data)


def _add(entry: StatsEntry, by_ms: Mapping[int, int], data: HistogramData) -> None:
    number = sum(by_ms.values())
    if not number:
        return
    now = time.time()
    entry.num_requests += number
    entry.num_reqs_per_sec[int(now)] = entry.num_reqs_per_sec.get(int(now), 0) + number
    entry.last_request_timestamp = now
    entry.total_response_time += data.sum_us // 1000
    fastest, slowest = min(by_ms), max(by_ms)
    known = entry.min_response_time
    entry.min_response_time = fastest if known is None else min(known, fastest)
    entry.max_response_time = max(entry.max_response_time, slowest)
    for took_ms, times in by_ms.items():
        entry.response_times[took_ms] = entry.response_times.get(took_ms, 0) + times
