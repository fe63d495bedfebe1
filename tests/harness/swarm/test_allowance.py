"""A plan against the limits of its target."""

import msgspec
import pytest

from harness.errors import UsageError
from harness.populations.habits import Bend, CustomerHabits, Distribution, Span
from harness.swarm.allowance import Allowance, Peaks, allowance_of, peaks_of
from harness.swarm.plan import Model
from harness.swarm.setup import Setup
from harness.target import default_profile
from harness.target.decisions import Capabilities, Limits
from tests.harness.swarm.simulation import plan_for


def profile_with(**limits):
    return msgspec.structs.replace(default_profile("ws://shop/"), limits=Limits(**limits))


def plan(**more):
    return plan_for(**{"customers": 10, "staff": 2, "rate": 20.0, "duration_s": 5.0, **more})


def test_without_limits_anything_goes():
    assert allowance_of(plan(rate=1e6), profile_with()) == Allowance()


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"max_connections": 11}, "10 customers and 2 staff need 12 connections"),
        ({"max_messages_per_s": 2}, "one customer would send [3-9] messages within a second"),
        ({"max_rate_per_s": 19}, "customers would send 20 messages within a second"),
        ({"max_rate_per_s": 20}, "leave 0 of limits.max_rate_per_s = 20"),
    ],
)
def test_more_than_the_target_bears_is_refused_before_anything_connects(limits, words):
    with pytest.raises(UsageError, match=words) as refusal:
        Setup(plan(), profile_with(**limits))
    assert "or raise the limit in the profile" in refusal.value.advice


def test_what_is_left_is_for_staff_and_receipts_of_each_worker():
    limits = {"max_connections": 12, "max_messages_per_s": 20, "max_rate_per_s": 30}
    assert allowance_of(plan(workers=2), profile_with(**limits)) == Allowance(20, 5)


def test_peaks_are_those_of_the_schedule():
    assert peaks_of(plan(customers=1)) == Peaks(20, 20)
    spread = peaks_of(plan())
    assert spread.overall == 20
    assert 2 < spread.customer < 20
    assert peaks_of(plan(model=Model.OPEN_POISSON)).overall > 20


def test_in_the_closed_model_it_is_thinking_that_bounds_the_rate():
    habits = CustomerHabits(think=Span(0.25))
    assert peaks_of(plan(model=Model.CLOSED, customer=habits)) == Peaks(40, 4)


def test_a_run_without_an_end_is_looked_at_in_part():
    assert peaks_of(plan(duration_s=None, rate=10_000.0)).overall == 10_000


def test_all_devices_of_a_customer_are_connections():
    several = plan(customer=CustomerHabits(devices=3))
    with pytest.raises(UsageError, match="10 customers with 3 devices each and 2 staff need 32"):
        allowance_of(several, profile_with(max_connections=31))
    allowance_of(several, profile_with(max_connections=32))


def test_several_devices_need_a_target_that_knows_them():
    single = msgspec.structs.replace(profile_with(), capabilities=Capabilities(multi_device=False))
    with pytest.raises(UsageError, match="multi_device is false"):
        allowance_of(plan(customer=CustomerHabits(devices=2)), single)


def test_more_devices_than_an_account_may_have_are_refused():
    several = plan(customer=CustomerHabits(devices=3))
    with pytest.raises(UsageError, match=r"limits\.max_connections_per_account is 2"):
        allowance_of(several, profile_with(max_connections_per_account=2))
    allowance_of(several, profile_with(max_connections_per_account=3))


def test_texts_that_the_target_would_not_take_are_refused():
    long = plan(customer=CustomerHabits(text_chars=(1, 1_000)))
    with pytest.raises(UsageError, match="texts of 1000 characters may take 4256 bytes"):
        allowance_of(long, profile_with(max_message_bytes=4_000))


def test_thinking_by_chance_crowds():
    habits = CustomerHabits(think=Span(0.25, Distribution.EXPONENTIAL))
    assert peaks_of(plan(model=Model.CLOSED, customer=habits)) == Peaks(120, 12)


def test_a_spike_is_looked_at_at_its_height():
    spike = (Bend(0.0, 0.1), Bend(0.5, 0.1), Bend(0.5, 1.0), Bend(1.0, 1.0))
    assert peaks_of(plan(shape=spike)).overall == 20
