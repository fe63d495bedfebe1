"""The register of keys: complete, and known to whoever names a key."""

import pytest

from harness.target.keys import KeyStatus, register, sections
from harness.target.reading import default_profile
from schemas.clauses import register as clauses

PROFILE = default_profile("ws://h/x")


@pytest.mark.parametrize("name", sorted({c.key for c in clauses().values() if c.key}))
def test_every_key_that_grades_a_clause_has_a_status(name: str) -> None:
    assert PROFILE.status(name) in KeyStatus


def test_an_unknown_key_has_no_status() -> None:
    with pytest.raises(KeyError):
        PROFILE.status("dialect.akc")


@pytest.mark.parametrize("name", list(register()))
def test_every_key_says_what_it_means_and_expects(name: str) -> None:
    key = register()[name]
    assert key.meaning
    assert key.expects
    assert key.section in {"", *sections()}


def test_only_the_url_is_required() -> None:
    assert [key.name for key in register().values() if key.required] == ["url"]


def test_every_default_passes_its_own_check() -> None:
    assert not [
        key.name
        for key in register().values()
        if key.check and not key.required and key.check(key.default)
    ]


def test_each_table_of_decisions_can_be_off_key_by_key() -> None:
    bound = {"dialect.tier", "dialect.types"}  # how to judge, and a MUST of the page
    for name, key in register().items():
        if name.startswith(("dialect.", "capabilities.", "limits.")):
            assert key.can_be_off is (name not in bound), name
