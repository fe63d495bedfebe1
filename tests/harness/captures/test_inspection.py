"""Whole captures judged: what is found, what is not blamed on anybody, what cannot be seen."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.captures import Claims, Inspection, open_source
from harness.captures.steps import CaptureDamaged
from harness.target.reading import profile_from
from schemas.clauses import register
from schemas.verdicts import Outcome
from schemas.words import Role
from tests.harness.captures.made_captures import (
    HONEST,
    PROFILE,
    Frame,
    ack,
    broken,
    delivery,
    har,
    har_entry,
    har_messages,
    inspected,
    login,
    long_talk,
    refusal,
    said,
    talk,
    wrapped,
)

FAILED, NON_STRICT = Outcome.FAILED, Outcome.NON_STRICT


def found(folder: Path, *frames: Frame | str, **options: Any) -> dict[str, Outcome]:
    return broken(inspected(wrapped(talk(*frames)), folder, **options)[0])


HELLO = (login(), said("text", "hello"), ack("C1", "text", "hello"))


def test_an_honest_capture_passes_and_names_what_it_put_to_the_test(tmp_path: Path) -> None:
    cases, notes = inspected(har(har_entry(har_messages(HONEST))), tmp_path, strict=True)
    assert broken(cases) == {}
    kept = {slug for slug, case in cases.items() if case.outcome is Outcome.PASSED}
    assert {
        "login-first",
        "ack-one-per-message",
        "content-title",
        "sender-identity",
        "unread-count",
        "answer-in-time",
        "out-msg-info-price-type",
        "out-receive-unread-count",
        "in-titletype-word",
    } <= kept
    assert notes[0] == "9 messages on 1 connections were judged"


def test_every_clause_of_the_register_is_accounted_for(tmp_path: Path) -> None:
    cases, _ = inspected(wrapped(talk(*HELLO)), tmp_path)
    assert list(cases) == list(register())
    assert cases["refuse-nan"].message == "did not occur in the capture"
    assert "no opening handshake" in cases["rfc-accept-value"].message
    assert "plain HTTP" in cases["post-accepted"].message
    assert "not to be seen from one connection" in cases["isolation"].message


@pytest.mark.parametrize(
    ("frames", "slug", "outcome"),
    [
        ((*HELLO, login()), "login-once", NON_STRICT),
        ((delivery("S1", "x", 1), *HELLO), "login-first", NON_STRICT),
        ((*HELLO, ack("C1", "text", "again")), "ack-one-per-message", NON_STRICT),
        ((*HELLO, said("text", "a"), ack("C1", "text", "b")), "content-text", NON_STRICT),
        ((*HELLO, said("text", "a"), ack("C2", "text", "a")), "sender-identity", NON_STRICT),
        ((*HELLO, delivery("S1", "x", 3), delivery("S1", "y", 1)), "unread-count", NON_STRICT),
        ((*HELLO, {"MsgStatus": "Send", "Result": "true"}), "out-result-type", FAILED),
        ((*HELLO, refusal("")), "out-error-on-failure", FAILED),
        ((*HELLO, '{"MsgStatus":'), "out-json-object", FAILED),
        ((*HELLO, '\ufeff{"MsgStatus":"Login","Result":true}'), "out-byte-order-mark", FAILED),
        ((*HELLO, said("text", "")), "in-content-present", NON_STRICT),
        ((*HELLO, {"type": "text", "content": 5}), "in-content-type", FAILED),
    ],
)
def test_what_is_wrong_is_found(
    frames: tuple[Frame | str, ...], slug: str, outcome: Outcome, tmp_path: Path
) -> None:
    assert found(tmp_path, *frames)[slug] is outcome


def test_a_broken_decision_fails_where_it_is_declared_or_strict(tmp_path: Path) -> None:
    frames = (*HELLO, said("text", "a"), ack("C1", "text", "b"))
    declared = profile_from(
        {"url": PROFILE.url, "dialect": {"content": {"text": "same"}}}, "profile.toml"
    )
    assert found(tmp_path, *frames)["content-text"] is NON_STRICT
    assert found(tmp_path, *frames, strict=True)["content-text"] is FAILED
    assert found(tmp_path, *frames, profile=declared)["content-text"] is FAILED
    rewriting = profile_from(
        {"url": PROFILE.url, "dialect": {"content": {"text": "any"}}}, "profile.toml"
    )
    assert found(tmp_path, *frames, profile=rewriting) == {}


def test_a_non_strict_result_shows_the_line_that_describes_the_server(tmp_path: Path) -> None:
    cases, _ = inspected(wrapped(talk(*HELLO, ack("C1", "text", "more"))), tmp_path)
    assert cases["ack-one-per-message"].profile_line == '[dialect] ack = "off"'


def test_evidence_shows_what_was_said_before(tmp_path: Path) -> None:
    cases, _ = inspected(wrapped(talk(*HELLO, refusal(""))), tmp_path)
    case = cases["out-error-on-failure"]
    assert [line.sent for line in case.transcript] == [False, True, False, False]
    assert case.findings[0].frame == case.transcript[-1].payload
    assert case.transcript[1].t_ms == 10.0


# Bad input: what the server makes of it


@pytest.mark.parametrize(
    ("bad", "slug"),
    [
        ({"type": "dance", "content": "x"}, "refuse-unknown-type"),
        ({"type": "text", "content": 5}, "refuse-member-type"),
        ({"type": "text", "content": ""}, "refuse-empty-content"),
        ({"type": "title", "content": "P-1"}, "refuse-titletype"),
        (said("staff", "C1", "confirm"), "refuse-customer-staff-word"),
    ],
)
def test_bad_input_that_is_accepted_is_the_servers_fault_too(
    bad: Frame, slug: str, tmp_path: Path
) -> None:
    claims = Claims(role=Role.CUSTOMER, server_only=True)
    accepted = ack("C1", bad["type"], bad["content"], bad.get("titletype"))
    assert found(tmp_path, *HELLO, bad, accepted, claims=claims)[slug] is NON_STRICT
    assert slug not in found(tmp_path, *HELLO, bad, refusal(), claims=claims)


def test_text_that_is_no_json_must_be_refused(tmp_path: Path) -> None:
    lines = talk(*HELLO)
    lines += [(lines[-1][0], True, '{"type":NaN}'), *talk(ack("C1", "text", "x"))]
    cases, _ = inspected(wrapped(lines), tmp_path)
    assert cases["refuse-nan"].findings[0].actual == "accepted"


def test_odd_json_may_be_accepted_or_refused(tmp_path: Path) -> None:
    odd = '{"type":"text","content":"a","content":"b"}'
    for answer in (refusal(), ack("C1", "text", "b")):
        lines = talk(*HELLO)
        lines += [(lines[-1][0], True, odd), *talk(answer, *HELLO[1:])]
        cases, _ = inspected(wrapped(lines), tmp_path, claims=Claims(server_only=True))
        assert set(broken(cases)) == {"in-odd-json"}
        assert cases["survive-odd-json"].outcome is Outcome.PASSED


def test_a_server_that_closes_on_bad_input_owes_no_send(tmp_path: Path) -> None:
    closing = profile_from(
        {"url": PROFILE.url, "dialect": {"on_bad_input": "close"}}, "profile.toml"
    )
    bad = {"type": "dance", "content": "x"}
    cases, notes = inspected(wrapped(talk(*HELLO, bad)), tmp_path, profile=closing)
    assert set(broken(cases)) == {"in-type-word"}
    assert not any("no answer yet" in note for note in notes)


def test_the_clients_mistakes_can_be_left_out_of_the_verdict(tmp_path: Path) -> None:
    frames = (*HELLO, {"type": "text", "content": 5}, refusal())
    assert found(tmp_path, *frames) == {"in-content-type": FAILED}
    only = Claims(server_only=True)
    assert found(tmp_path, *frames, claims=only) == {"in-content-type": Outcome.INFORMATIONAL}
    text = har(
        har_entry(har_messages(talk(*frames))), creator="chatsocket-harness"
    )  # ours breaks rules on purpose
    assert broken(inspected(text, tmp_path)[0]) == {"in-content-type": Outcome.INFORMATIONAL}


def test_a_mistake_of_anybody_elses_client_counts_beside_ours(tmp_path: Path) -> None:
    lines = talk(*HELLO, {"type": "text", "content": 5}, refusal())
    ours = har(har_entry(har_messages(lines)), creator="chatsocket-harness")
    inspection = Inspection(PROFILE, Claims())
    for number, text in enumerate((ours, wrapped(lines))):
        (tmp_path / f"{number}").write_text(text)
        with open_source(str(tmp_path / f"{number}")) as steps:
            inspection.read(steps)
    [case] = [case for case in inspection.cases() if case.clauses == ["in-content-type"]]
    assert (case.outcome, case.message[:14]) == (FAILED, "broken 2 times")


# Staff


def test_staff_is_known_by_its_words_and_must_be_bound_to_speak(tmp_path: Path) -> None:
    confirm = said("staff", "C1", "confirm")
    bound = (login(), confirm, ack("S1", "staff", "C1", "confirm"))
    speaks = (said("text", "hi"), ack("S1", "text", "hi"))
    assert found(tmp_path, *bound, *speaks, strict=True) == {}
    closes = (said("staff", "C1", "assignment"), ack("S1", "staff", "C1", "assignment"))
    assert set(found(tmp_path, *bound, *closes, *speaks)) == {"staff-unbound-refused"}
    midway = Claims(midway=True)
    assert found(tmp_path, *bound[1:], *closes, *speaks, claims=midway) == {}


def test_offers_of_many_customers_are_no_unread_mistake(tmp_path: Path) -> None:
    claims = Claims(role=Role.STAFF, sn="S1")
    frames = (login(), delivery("C1", "a", 1), delivery("C2", "b", 1), delivery("C1", "c", 2))
    assert found(tmp_path, *frames, claims=claims, strict=True) == {}


# Whose capture


def test_a_claimed_account_is_held_against_the_server(tmp_path: Path) -> None:
    assert set(found(tmp_path, *HELLO, claims=Claims(role=Role.CUSTOMER, sn="C9"))) == {
        "sender-identity"
    }


def test_unread_counts_of_an_unknown_side_are_not_judged(tmp_path: Path) -> None:
    frames = (login(), delivery("S1", "x", 3), delivery("C1", "y", 1))
    cases, _ = inspected(wrapped(talk(*frames)), tmp_path)
    assert cases["unread-count"].outcome is Outcome.NOT_APPLICABLE


WRONG_COUNT = (delivery("S1", "x", 3), delivery("S1", "y", 1))


def test_unread_counts_are_not_judged_where_another_device_may_have_read(tmp_path: Path) -> None:
    own = delivery("C1", "from my phone", 3)
    cases, notes = inspected(wrapped(talk(*HELLO, own, *WRONG_COUNT)), tmp_path)
    assert broken(cases) == {}
    assert any("unread counts not judged" in note for note in notes)
    both = har(*(har_entry(har_messages(talk(*HELLO, *WRONG_COUNT))) for _ in range(2)))
    assert broken(inspected(both, tmp_path)[0]) == {}


def test_a_connection_after_the_other_is_judged(tmp_path: Path) -> None:
    later = [(at + 60, sent, data) for at, sent, data in talk(*HELLO, *WRONG_COUNT)]
    text = har(har_entry(har_messages(talk(*HELLO))), har_entry(har_messages(later)))
    assert set(broken(inspected(text, tmp_path)[0])) == {"unread-count"}


# What is missing or strange


def test_an_answer_is_missing_when_others_come_and_it_does_not(tmp_path: Path) -> None:
    lines = talk(*HELLO, said("text", "a"), delivery("S1", "x", 1), step_s=6.0)
    cases, _ = inspected(wrapped(lines), tmp_path)
    assert set(broken(cases)) == {"answer-in-time"}
    assert "none before 6.0 s" in cases["answer-in-time"].message
    late = talk(login(), said("text", "a"), ack("C1", "text", "a"), step_s=6.0)
    assert set(broken(inspected(wrapped(late), tmp_path)[0])) == {"answer-in-time"}


def test_what_waits_where_the_capture_ends_is_nobodys_fault(tmp_path: Path) -> None:
    cases, notes = inspected(wrapped(talk(*HELLO, said("text", "a"))), tmp_path)
    assert broken(cases) == {}
    assert any(note.startswith("1 messages had no answer yet") for note in notes)


def test_a_binary_message_of_the_server_is_a_mistake(tmp_path: Path) -> None:
    messages = [*har_messages(talk(*HELLO)), {"type": "receive", "opcode": 2, "data": "AAE="}]
    assert broken(inspected(har(har_entry(messages)), tmp_path)[0]) == {"out-text-message": FAILED}


def test_from_a_gap_on_frames_are_judged_by_themselves(tmp_path: Path) -> None:
    gap = {"type": "receive", "opcode": 1, "data": "", "_whole": False}
    after = har_messages(talk(ack("C1", "text", "what?"), refusal("")))
    text = har(har_entry([*har_messages(talk(*HELLO)), gap, *after]))
    cases, notes = inspected(text, tmp_path)
    assert set(broken(cases)) == {"out-error-on-failure"}
    assert any("judged frame by frame" in note for note in notes)


def test_other_sockets_of_a_page_are_left_alone(tmp_path: Path) -> None:
    other = har_messages(talk({"type": "ping"}, {"hot": "reload"}))
    other = [message | {"type": "receive"} for message in other]
    cases, notes = inspected(har(har_entry(other), har_entry(har_messages(HONEST))), tmp_path)
    assert broken(cases) == {}
    assert any(note.startswith("2 messages on 1 connections are not this chat's") for note in notes)


def test_credentials_are_hidden_wherever_they_turn_up(tmp_path: Path) -> None:
    url = "wss://shop.example/chat?access_token=TOKEN77"
    messages = har_messages(talk(*HELLO, refusal("") | {"Error": "", "token": "TOKEN77"}))
    cases, notes = inspected(har(har_entry(messages, url=url)), tmp_path)
    assert "***" in cases["out-extra-member"].findings[0].frame
    assert "TOKEN77" not in repr(cases)
    assert "TOKEN77" not in repr(notes)


def test_a_cut_capture_is_judged_up_to_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "cut.har"
    text = har(har_entry(har_messages(talk(*HELLO, refusal(""), *HELLO[1:]))))
    path.write_text(text[: text.index('"cache"') - 150])
    inspection = Inspection(PROFILE, Claims())
    with pytest.raises(CaptureDamaged), open_source(str(path)) as steps:
        inspection.read(steps)
    assert inspection.messages == 5
    assert {c.clauses[0] for c in inspection.cases() if c.outcome is FAILED} == {
        "out-error-on-failure"
    }


def test_endless_questions_without_answers_end_the_conversation(tmp_path: Path) -> None:
    frames = [login(), *(said("text", str(number)) for number in range(700)), *WRONG_COUNT]
    claims = Claims(role=Role.CUSTOMER, sn="C1")
    cases, notes = inspected(wrapped(talk(*frames)), tmp_path, claims=claims)
    assert broken(cases) == {}
    assert any("too many messages wait" in note for note in notes)


def test_what_is_kept_of_a_capture_does_not_grow_with_it(tmp_path: Path) -> None:
    inspection = Inspection(PROFILE, Claims())
    path = tmp_path / "long"
    path.write_text("".join(wrapped([line]) for line in long_talk(3_000)))
    with open_source(str(path)) as steps:
        inspection.read(steps)
    assert inspection.messages == 2_998
    written = sum(len(json.dumps(case.message)) for case in inspection.cases())
    assert written < 30_000
    assert not any(case.findings or case.transcript for case in inspection.cases())
