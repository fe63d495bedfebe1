"""False alarms and power, by simulation: runs whose seconds hang together, with heavy tails, and
with run-to-run effects of 0, 3 and 5 %. Source: measurement §10."""

import pytest

from benchmarks.simulated_pairs import P50, P99, PAIRS, SEED, count, upper_bound
from schemas.comparison import Direction


@pytest.mark.parametrize("effect", [0.0, 0.03, 0.05])
def test_equal_servers_are_seldom_called_worse(effect):
    hits = count(Direction.WORSE, effect, {})
    print(f"A/A, run effect {effect:.0%}: {hits} of {PAIRS} called worse (seed {SEED})")
    assert upper_bound(hits, PAIRS) <= 0.065


def test_ten_percent_on_the_primary_is_found_with_five_runs_a_side():
    hits = count(Direction.WORSE, 0.05, {P50: 1.10}, "p50(ack)")
    print(f"+10 % on p50(ack), run effect 5 %: found in {hits} of {PAIRS} (seed {SEED})")
    assert hits / PAIRS >= 0.80


def test_the_power_for_a_quarter_on_p99_is_printed():
    hits = count(Direction.WORSE, 0.05, {P99: 1.25}, "p99(ack)")
    print(f"+25 % on p99(ack), run effect 5 %: found in {hits} of {PAIRS} (seed {SEED})")
    assert hits > 0
