"""Which behaviours are played, and that no tag takes a slot its task."""

import argparse
import logging

import pytest
from locust import tag
from locust.env import Environment

from harness.swarm.customer import Customer
from harness.swarm.staff import Staff
from scenarios.slots import CustomerUser, StaffUser, Tags, played_by


class Fast(Customer):
    @tag("fast", "odd")
    async def behave(self) -> None:
        """Says nothing."""


class Patient(Customer):
    @tag("patient")
    async def behave(self) -> None:
        """Says nothing."""


class FastUser(CustomerUser):
    participant = Fast


class PatientUser(CustomerUser):
    participant = Patient


USERS = [FastUser, PatientUser, StaffUser]


@pytest.mark.parametrize(
    ("wanted", "unwanted", "plays"),
    [
        ((), (), Fast),
        (("patient",), (), Patient),
        (("odd",), (), Fast),
        ((), ("fast",), Patient),
        (("fast",), ("odd",), Customer),
        (("other",), (), Customer),
    ],
)
def test_tags_choose_among_behaviours(wanted, unwanted, plays) -> None:
    found = played_by(USERS, Tags(frozenset(wanted), frozenset(unwanted)))
    assert (found.customer, found.staff) == (plays, Staff)


def test_a_wanted_behaviour_comes_before_one_without_tags() -> None:
    users = [CustomerUser, PatientUser]
    assert played_by(users).customer is Customer
    assert played_by(users, Tags(frozenset({"patient"}))).customer is Patient


def test_no_tag_takes_a_slot_its_task(caplog: pytest.LogCaptureFixture) -> None:
    options = argparse.Namespace(tags=["fast"], exclude_tags=["odd"])
    environment = Environment(user_classes=list(USERS), parsed_options=options)
    assert Tags.of(environment) == (frozenset({"fast"}), frozenset({"odd"}))
    with caplog.at_level(logging.WARNING):
        environment._filter_tasks_by_tags()
    assert not caplog.records
    for user in USERS:
        assert user(environment).tasks == [user.play]
