"""Which connections had company of their own account."""

from harness.captures.ending import Ending, accompanied_among


def ending(
    name: str, sn: str, began: int | None, ended: int | None, *, other: bool = False
) -> Ending:
    return Ending(name, sn, began, ended, other, 1, None, 0, 0)


def test_overlaps_of_one_account_are_found_in_any_order() -> None:
    found = accompanied_among(
        [
            ending("later", "C1", 50, 60),
            ending("whole", "C1", 0, 40),
            ending("inner", "C1", 10, 20),
            ending("inner too", "C1", 30, 35),
            ending("another's", "C2", 0, 100),
        ]
    )
    assert found == {"whole", "inner", "inner too"}


def test_touching_counts_as_overlap() -> None:
    assert accompanied_among([ending("a", "C1", 0, 5), ending("b", "C1", 5, 9)]) == {"a", "b"}


def test_without_times_two_of_one_account_may_have_met() -> None:
    assert accompanied_among([ending("a", "C1", None, None), ending("b", "C1", 5, 9)]) == {"a", "b"}
    assert accompanied_among([ending("a", "C1", None, None)]) == set()


def test_unknown_accounts_are_not_one_account() -> None:
    assert accompanied_among([ending("a", "", 0, 9), ending("b", "", 0, 9)]) == set()


def test_who_heard_of_another_device_had_one() -> None:
    assert accompanied_among([ending("a", "C1", 0, 9, other=True)]) == {"a"}
