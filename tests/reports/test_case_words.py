from reports.case_words import replay_command, what_went_wrong
from schemas.findings import Finding
from schemas.verdicts import Level, Outcome

_FINDING = Finding("out-result-type", Level.MUST, "a boolean", "'yes'")


def test_a_case_speaks_for_itself_before_its_findings_do(make_case) -> None:
    case = make_case("a.b", Outcome.FAILED, message="no answer", findings=[_FINDING])
    assert what_went_wrong(case) == "no answer"
    case = make_case("a.b", Outcome.FAILED, message="", findings=[_FINDING])
    assert what_went_wrong(case) == "expected a boolean; got 'yes'"
    assert what_went_wrong(make_case("a.b", Outcome.FAILED, message="")) == ""


def test_a_replay_command_survives_a_shell() -> None:
    assert replay_command("runs/my run", "a-b:1") == "chatsocket replay 'runs/my run' a-b:1"
