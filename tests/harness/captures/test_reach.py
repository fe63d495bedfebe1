"""Which clauses a frame puts to the test."""

import pytest

from harness.captures import reach
from schemas.clauses import register
from schemas.json_texts import corpus
from schemas.judge import FrameJudge
from schemas.modes import Tier
from schemas.registry import Direction, WireDialect, documents
from tests.schemas.schema_frames import RIGHT, Frame


def strict_clauses() -> set[str]:
    """Every clause that the strict schemas assert."""

    def walk(node: object) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(walk, node))
        if not isinstance(node, dict):
            return set()
        named = node.get("x-clauses", {}).values()
        own = {slug for n in named for slug in (n.values() if isinstance(n, dict) else [n])}
        return own.union(*map(walk, node.values()))

    return set().union(*(walk(body) for urn, body in documents().items() if ":strict:" in urn))


def test_every_assertion_of_the_strict_schemas_is_reached() -> None:
    assert strict_clauses() <= reach.STRICT


def test_every_named_clause_is_in_the_register() -> None:
    named = reach.LITERAL | reach.STRICT | reach.TALK
    assert named <= set(register())
    assert reach.judged_under(WireDialect()) == named


def test_every_flaw_of_a_servers_text_is_reached() -> None:
    broken = {
        slug for text in corpus() if text.direction is Direction.SERVER for slug in text.clauses
    }
    assert broken - {"rfc-text-utf8"} <= reach.LITERAL


def test_the_literal_tier_reaches_no_strict_clause() -> None:
    literal = reach.judged_under(WireDialect(tier=Tier.LITERAL))
    assert literal.isdisjoint(reach.STRICT)
    assert "out-result-type" in literal


@pytest.mark.parametrize("frame", RIGHT[Direction.SERVER])
def test_members_of_a_server_frame_reach_their_types(frame: Frame) -> None:
    found = set(reach.of_server_frame(frame))
    assert found <= reach.LITERAL | reach.STRICT
    members = {f"out-{name.lower()}-type" for name, value in frame.items() if value is not None}
    assert members <= found


def test_what_a_frame_breaks_it_had_reached() -> None:
    frame: Frame = {"MsgStatus": "Receive", "Result": True, "msg": {"type": 5, "location": []}}
    findings = FrameJudge().judge('{"MsgStatus":"Receive","Result":true,"msg":{"type":5}}').findings
    assert {finding.clause for finding in findings} <= set(reach.of_server_frame(frame))


def test_hostile_members_reach_nothing_and_cost_nothing() -> None:
    frame: Frame = {
        "a-b-c-type" * 100: 1,
        "MsgStatus": [],
        "Result": {},
        "msg": {"msg": {"msg": {}}},
    }
    found = set(reach.of_server_frame(frame))
    assert {"out-msgstatus-type", "out-result-type", "out-msg-type"} <= found
