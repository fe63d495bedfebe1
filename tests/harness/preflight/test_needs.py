"""What fits on a machine, and the sentence where it does not."""

import pytest

from harness.errors import UsageError
from harness.preflight.needs import Demand, Machine, check


def refused(demand: Demand, machine: Machine) -> str:
    with pytest.raises(UsageError) as caught:
        check(demand, machine)
    return str(caught.value)


def test_what_fits_and_what_is_unknown_is_not_refused() -> None:
    check(Demand(1_000), Machine(files=1_064, ports=1_000, memory_bytes=32_768_000))
    check(Demand(10**6), Machine())


def test_too_few_open_files_name_the_workers_that_would_do() -> None:
    said = refused(Demand(20_000), Machine(files=1_024))
    assert "20064 open files" in said
    assert "may open 1024" in said
    assert "--workers 21" in said
    check(Demand(20_000, workers=21), Machine(files=1_024))


def test_a_limit_below_our_own_needs_still_ends_in_a_sentence() -> None:
    assert "fewer connections" in refused(Demand(10), Machine(files=40))


def test_ports_count_for_all_workers_of_the_machine() -> None:
    said = refused(Demand(60_000, workers=8), Machine(ports=28_232))
    assert "28232 ephemeral ports of 1 source address;" in said
    assert "over 3 addresses" in said
    check(Demand(60_000, workers=8, addresses=3), Machine(ports=28_232))


def test_more_connections_than_customers_are_explained() -> None:
    said = refused(Demand(20_010, devices=3), Machine(files=1_024))
    assert said.startswith("20010 connections (3 a customer) in one worker need")
    assert "60000 connections (3 a customer) do not fit" in refused(
        Demand(60_000, devices=3), Machine(ports=28_232)
    )


def test_memory_is_reckoned_by_the_slot() -> None:
    said = refused(Demand(100_000), Machine(memory_bytes=1024**3))
    assert "3125 MiB (32 KiB each), and 1024 MiB are available" in said
