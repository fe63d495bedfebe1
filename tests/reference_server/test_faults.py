"""Every fault does what its name says, and the honest server none of it."""

import json
from typing import Any

import pytest

from reference_server.faults import CATALOGUE, FaultUnknown, assemble
from reference_server.parts import Parts
from schemas.account_tokens import Identity
from schemas.clauses import register
from schemas.judge import FrameJudge
from schemas.messages import InMsg, confirm, image, receipt, text
from schemas.registry import Tier, WireDialect
from schemas.words import Role

NOW = 1_800_000_000_000
C1, S1, C2 = 1, 2, 3
Heard = dict[int, list[dict[str, Any]]]


def play(parts: Parts) -> Heard:
    """C1 and S1 talk, C2 stands by; what each connection hears, decoded."""
    hall = parts.hall()
    heard: Heard = {C1: [], S1: [], C2: []}

    def hear(step_frames: Any) -> None:
        for frame in parts.arrange(step_frames):
            heard[frame.connection].append(json.loads(parts.encode(frame.output)))

    def say(number: int, message: InMsg) -> None:
        if not parts.drops(message):
            hear(hall.handle(number, message, NOW).frames)

    for number, sn, role in ((C1, "C1", Role.CUSTOMER), (S1, "S1", Role.STAFF)):
        hear(hall.login(number, Identity(sn, role, sn)).frames)
    hear(hall.login(C2, Identity("C2", Role.CUSTOMER, "C2")).frames)
    say(S1, text("not bound"))
    say(S1, confirm("C1"))
    for word in ("one", "two", "three"):
        say(C1, text(word))
    say(C1, receipt())
    say(C1, image("/a.jpg"))
    return heard


def words(heard: list[dict[str, Any]], status: str) -> list[str]:
    return [each["msg"]["content"] for each in heard if each["MsgStatus"] == status and each["msg"]]


HONEST = play(Parts())
SAID = ["one", "two", "three", "/a.jpg"]

SIGNS = {
    "wrong-msgstatus": lambda h: "Sent" in {each["MsgStatus"] for each in h[C1]},
    "result-as-string": lambda h: {each["Result"] for each in h[S1]} == {"true", "false"},
    "error-missing": lambda h: not any(each["Error"] for each in h[S1]),
    "error-on-success": lambda h: all(each["Error"] for each in h[C1]),
    "unread-off-by-one": lambda h: (
        [e["NoReadQty"] for e in h[S1] if e["NoReadQty"]] == [2, 3, 4, 5]
    ),
    "time-without-offset": lambda h: not any("+" in e["msg"]["time"] for e in h[C1] if e["msg"]),
    "login-missing": lambda h: "Login" not in {each["MsgStatus"] for each in h[C1]},
    "missing-ack": lambda h: words(h[C1], "Send") == ["", "/a.jpg"],
    "duplicate-delivery": lambda h: words(h[S1], "Receive")[:4] == ["one", "one", "two", "two"],
    "lost-delivery": lambda h: words(h[S1], "Receive") == ["one", "three", "/a.jpg"],
    "reordered-delivery": lambda h: words(h[S1], "Receive") == ["one", "three", "two", "/a.jpg"],
    "misrouted-delivery": lambda h: words(h[C2], "Receive") == ["one", "two", "three"],
    "corrupted-content": lambda h: words(h[S1], "Receive")[0] == "on\ufffd",
    "receipt-delivered": lambda h: "" in words(h[S1], "Receive"),
    "crash-on-image": lambda h: "/a.jpg" not in words(h[C1], "Send"),
}


def test_every_fault_has_a_sign_here():
    assert set(SIGNS) == set(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_fault_shows_its_sign_and_honesty_does_not(name):
    assert SIGNS[name](play(assemble([name])))
    assert not SIGNS[name](HONEST)


def test_the_honest_server_hears_and_delivers_everything():
    assert words(HONEST[S1], "Receive") == SAID
    assert HONEST[C2] == HONEST[C1][:1]


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_fault_names_clauses_of_the_register(name):
    fault = CATALOGUE[name]
    assert fault.clauses
    assert set(fault.clauses) <= set(register())
    assert fault.intent.endswith(".")


@pytest.mark.parametrize("name", [n for n, f in CATALOGUE.items() if f.clauses[0][:4] == "out-"])
def test_a_fault_of_the_wire_is_found_by_the_frame_judge_under_its_own_clause(name):
    judge = FrameJudge(dialect=WireDialect(tier=Tier.STRICT))
    heard = [each for frames in play(assemble([name])).values() for each in frames]
    found = {finding.clause for each in heard for finding in judge.judge(json.dumps(each)).findings}
    assert found == set(CATALOGUE[name].clauses)


def test_faults_add_up():
    heard = play(assemble(["duplicate-delivery", "unread-off-by-one", "misrouted-delivery"]))
    assert words(heard[S1], "Receive")[:2] == ["one", "one"]
    assert heard[S1][-1]["NoReadQty"] == 5
    assert words(heard[C2], "Receive")[:1] == ["one"]


def test_an_unknown_fault_is_answered_with_the_nearest_name():
    with pytest.raises(FaultUnknown, match="did you mean 'missing-ack'"):
        assemble(["mising-ack"])
