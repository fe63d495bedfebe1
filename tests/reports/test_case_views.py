from reports.allowance import Allowance
from reports.page_cases import Room, conformance_view
from schemas.verdicts import Outcome


def test_many_undecided_cases_are_folded_behind_what_failed(make_case) -> None:
    def view(failed: int, blocked: int) -> tuple[int, int]:
        cases = [make_case(f"a.{n}", Outcome.FAILED) for n in range(failed)]
        cases += [make_case(f"b.{n}", Outcome.BLOCKED) for n in range(blocked)]
        found = conformance_view(cases, Room(*(Allowance(100_000) for _ in range(5))))
        assert found is not None
        return len(found.shown_wrong), len(found.folded_wrong)

    assert view(2, 9) == (2, 9)
    assert view(2, 3) == (5, 0)
    assert view(0, 9) == (5, 4)
