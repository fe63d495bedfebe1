"""Cases leave each other alone: also when they fail, nothing is left open or unread."""

import pytest

from harness.conformance import Group, SuiteOptions
from schemas.verdicts import Outcome
from tests.honest.open_books import Left, opened

pytestmark = pytest.mark.loopback


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("corrupted-content", SuiteOptions(groups=(Group.STAFF, Group.TEXT))),
        ("duplicate-delivery", SuiteOptions(groups=(Group.DELIVERY, Group.OFFERS))),
        ("unread-off-by-one", SuiteOptions(groups=(Group.UNREAD, Group.REPLAY))),
    ],
)
def test_a_case_that_fails_leaves_nothing_open_or_unread(fault, options, judge):
    with opened("--fault", fault) as books:
        left = Left(books)
        records, _ = judge(books.url, options=options, after=left.look, answer_s=1.0)
    assert Outcome.FAILED in {record.outcome for record in records.values()}
    assert left.behind == {}
