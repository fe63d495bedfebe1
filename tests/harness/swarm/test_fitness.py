"""What two machines of one load must agree on."""

import pytest
from msgspec.structs import replace

from harness.errors import UsageError
from harness.swarm.fitness import check_fit, fit_of
from harness.swarm.setup import Setup
from harness.target import default_profile
from tests.harness.swarm.simulation import plan_for, setup_for

MASTERS = fit_of(setup_for(plan_for()))


def test_the_same_target_elsewhere_fits() -> None:
    there = replace(default_profile("ws://10.0.0.7/?sn={sn}"), origin="http://shop")
    check_fit(fit_of(Setup(plan_for(), there)), MASTERS)


def test_another_dialect_is_named() -> None:
    profile = default_profile("ws://shop/?sn={sn}")
    limits = replace(profile.limits, answer_s=9.0)
    other = Setup(plan_for(), replace(profile, limits=limits))
    with pytest.raises(UsageError, match=r"master's: limits\.answer_s;"):
        check_fit(fit_of(other), MASTERS)


def test_other_accounts_are_named() -> None:
    with pytest.raises(UsageError, match="accounts"):
        check_fit(fit_of(setup_for(plan_for(run="zzzzzz"))), MASTERS)


def test_another_version_with_other_keys_does_not_fit() -> None:
    with pytest.raises(UsageError, match=r"and \d+ more"):
        check_fit({name: digest for name, digest in MASTERS.items() if "limits" in name}, MASTERS)


def test_another_behaviour_is_named() -> None:
    with pytest.raises(UsageError, match="--locustfile is not its master's"):
        check_fit(fit_of(setup_for(plan_for()), "abc"), MASTERS)
