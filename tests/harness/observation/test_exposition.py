"""Prometheus' text format: what is kept of a page, and what hostile pages cannot do."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from harness.observation.exposition import MOST_DAMAGED, MOST_SERIES, read_exposition


def test_what_the_library_writes_is_read_back() -> None:
    registry = CollectorRegistry()
    Counter("sent", "Sent.", ["kind"], registry=registry).labels('a "b"\n').inc(3)
    Gauge("open", "Open.", registry=registry).set(2.5)
    Histogram("took", "Took.", registry=registry).observe(4)
    values = read_exposition(generate_latest(registry).decode()).values
    assert values['sent_total{kind="a "b"\\n"}'] == 3
    assert (values["open"], values["took_sum"], values["took_count"]) == (2.5, 4, 1)
    assert not [name for name in values if "_bucket" in name]


def test_figures_of_the_process_are_kept_first() -> None:
    page = "".join(f"a{number} 1\n" for number in range(1_000)) + "process_cpu_seconds_total 7\n"
    found = read_exposition(page)
    assert found.values["process_cpu_seconds_total"] == 7
    assert (len(found.values), found.left_out) == (MOST_SERIES, 1_001 - MOST_SERIES)


@pytest.mark.parametrize(
    "line",
    ["<html>", 'x{a="b} 1', "x one", "x", "a" * 5_000 + " 1", f"x 1{'0' * 1_900}", "1x 1"],
)
def test_a_line_that_is_no_sample_is_counted(line: str) -> None:
    found = read_exposition(f"{line}\nok 1\n")
    assert (found.values, found.damaged) == ({"ok": 1}, 1)


def test_values_that_are_no_numbers_are_left_out() -> None:
    assert read_exposition("a NaN\nb +Inf\nc 1\n").values == {"c": 1}


def test_what_cannot_be_seen_is_escaped() -> None:
    assert read_exposition('x{a="\x1b[2J\u202e"} 1').values == {'x{a="\\x1b[2J\\u202e"}': 1}


def test_a_hostile_page_costs_little() -> None:
    lines = ['x{a="' + "\\" * 900 + '"' * 900 + "} 1", "x{" + "a=," * 600 + "} 1"]
    began = time.thread_time()
    found = read_exposition("\n".join(lines * 300))
    assert found.damaged <= MOST_DAMAGED
    assert time.thread_time() - began < 5.0


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for name, value in read_exposition(text).values.items():
        assert name.isprintable()
        assert value == value  # noqa: PLR0124 - not NaN
