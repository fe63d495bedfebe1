from reports.allowance import Allowance
from reports.page_cases import CASES_SHOWN, Room, conformance_view
from reports.symbols import Tone
from reports.timeline import Gap
from schemas.case_records import TranscriptLine
from schemas.findings import Finding
from schemas.verdicts import Level, Outcome


def room(names: int, clauses: int, evidence: int, diagrams: int = 100_000, brief: int = 0) -> Room:
    return Room(*map(Allowance, (names, clauses, evidence, diagrams, brief)))


def test_without_cases_there_is_no_view() -> None:
    assert conformance_view([], room(1_000, 10_000, 1_000)) is None


def test_counts_stand_by_level_and_outcome(make_case) -> None:
    view = conformance_view(
        [
            make_case("a.one", Outcome.PASSED),
            make_case("a.two", Outcome.FAILED),
            make_case("b.one", Outcome.PASSED, level=Level.SHOULD),
        ],
        room(100_000, 10_000, 100_000),
    )
    assert view is not None
    assert view.outcomes == [Outcome.PASSED, Outcome.FAILED]
    assert view.matrix == [(Level.MUST, [1, 1]), (Level.SHOULD, [1, 0])]
    assert [(group.name, group.good, group.bad, group.total) for group in view.groups] == [
        ("a", 1, 1, 2),
        ("b", 1, 0, 1),
    ]


def test_the_worst_cases_get_the_room(make_case) -> None:
    line = TranscriptLine(1.0, "C1", True, "text", "x" * 200, 200)
    passed = [make_case(f"a.{n}", Outcome.PASSED, transcript=[line] * 9) for n in range(50)]
    finding = Finding("out-result-type", Level.MUST, "a boolean", "y" * 400)
    failed = make_case("z.last", Outcome.FAILED, findings=[finding])
    view = conformance_view([*passed, failed], room(100_000, 10_000, 9_000))
    assert view is not None
    assert view.wrong[0].findings[0].actual == "y" * 400
    assert view.groups[0].cases[-1].transcript == [Gap(9)]
    assert [group.name for group in view.groups] == ["a", "z"]
    assert [case.id for case in view.groups[0].cases] == [case.id for case in passed]


def test_of_too_many_cases_the_good_ones_are_left_out(make_case) -> None:
    passed = [make_case(f"a.{n}", Outcome.PASSED) for n in range(CASES_SHOWN + 200)]
    view = conformance_view(
        [*passed, make_case("a.x", Outcome.ERROR)], room(1_000_000, 10_000, 1_000_000)
    )
    assert view is not None
    assert view.left_out == 201
    assert [case.id for case in view.wrong] == ["a.x"]
    assert view.groups[0].total == CASES_SHOWN + 201


def test_more_cases_than_have_evidence_are_named_as_far_as_there_is_room(make_case) -> None:
    passed = [make_case(f"a.{n}", Outcome.PASSED) for n in range(CASES_SHOWN + 200)]
    view = conformance_view(passed, room(1_000_000, 10_000, 1_000_000, brief=40_000))
    assert view is not None
    (group,) = view.groups
    assert 50 < len(group.brief) < 200
    assert view.left_out == 200 - len(group.brief)
    assert group.brief[0].id == f"a.{CASES_SHOWN}"
    assert view.anchors[CASES_SHOWN] == group.brief[0].anchor
    assert len(view.anchors) == CASES_SHOWN + len(group.brief)


def test_a_clause_that_the_register_does_not_know_is_shown_by_its_id(make_case) -> None:
    case = make_case("a.b", Outcome.FAILED, clauses=["<gone>", "out-result-type"])
    view = conformance_view([case], room(10_000, 10_000, 10_000))
    assert view is not None
    unknown, known = view.wrong[0].clauses
    assert unknown == "<gone>"
    assert not isinstance(known, str)


def test_non_strict_cases_are_told_apart_from_failures(make_case) -> None:
    view = conformance_view([make_case("a.b", Outcome.NON_STRICT)], room(10_000, 10_000, 10_000))
    assert view is not None
    assert view.wrong == []
    assert [case.tone for case in view.remarked] == [Tone.CALM]


def test_a_case_that_did_not_pass_says_why_in_a_line(make_case) -> None:
    cases = [
        make_case("a.one", Outcome.FAILED, message="first line\nsecond " + "x" * 500),
        make_case("a.two", Outcome.PASSED, message="fine"),
    ]
    view = conformance_view(cases, room(100_000, 10_000, 100_000))
    assert view is not None
    failed, passed = view.groups[0].cases
    assert failed.brief.startswith("first line second xxx")
    assert len(failed.brief) == 160
    assert passed.brief == ""


def test_what_does_not_apply_is_not_counted_among_what_could_pass(make_case) -> None:
    cases = [make_case("a.one", Outcome.PASSED), make_case("a.two", Outcome.NOT_APPLICABLE)]
    view = conformance_view(cases, room(100_000, 10_000, 100_000))
    assert view is not None
    (group,) = view.groups
    assert (group.good, group.applicable, group.total) == (1, 1, 2)


def test_groups_have_their_names_however_much_their_cases_say(make_case) -> None:
    cases = [make_case(f"{n % 9}.{n}", Outcome.FAILED, message="x" * 900) for n in range(400)]
    view = conformance_view(cases, room(60_000, 10_000, 10_000))
    assert view is not None
    assert [group.name for group in view.groups] == [str(n) for n in range(9)]


def test_cases_that_find_no_room_for_their_words_are_named_at_least(make_case) -> None:
    cases = [make_case(f"a.{n}", Outcome.FAILED, message="x" * 900) for n in range(90)]
    view = conformance_view(cases, room(60_000, 10_000, 10_000, brief=60_000))
    assert view is not None
    (group,) = view.groups
    assert 20 < len(group.cases) < 60
    assert len(group.cases) + len(group.brief) == 90
    assert not any("left out" in case.id + case.message for case in group.cases)
    assert group.brief[0].id == f"a.{len(group.cases)}"
