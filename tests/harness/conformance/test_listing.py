"""Which group a file's cases belong to, and which files a group has."""

from pathlib import Path

import pytest

from harness.conformance.listing import CASES, files_of, group_of
from harness.conformance.spec import Group


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("test_post.py", Group.POST),
        ("test_post_outcome.py", Group.POST),
        ("test_json_text.py", Group.JSON_TEXT),
        ("test_json_text_numbers.py", Group.JSON_TEXT),
        ("test_text_json.py", Group.TEXT),
    ],
)
def test_a_file_is_of_the_longest_group_that_it_begins_with(name, group):
    assert group_of(CASES / name) is group


def test_the_longer_of_two_groups_that_fit_counts(monkeypatch):
    monkeypatch.setattr("harness.conformance.listing.Group", ["json", "json-text"])
    assert group_of(CASES / "test_json_text_numbers.py") == "json-text"


def test_a_word_is_more_than_its_beginning():
    with pytest.raises(ValueError, match="empty"):
        group_of(CASES / "test_posting.py")


def test_what_lies_elsewhere_is_somebodys_own():
    assert group_of(Path("/elsewhere/test_post.py")) is Group.OWN
    assert files_of(Group.OWN) == ()


def test_every_file_is_of_one_group_and_comes_after_the_one_named_like_it():
    everything = sorted(CASES.glob("test_*.py"))
    assert sorted(file for group in Group for file in files_of(group)) == everything
    for group in set(Group) - {Group.OWN}:
        assert files_of(group)[0].stem == f"test_{group.replace('-', '_')}"
