"""The short way of plain frames: it means what the long way means, and ordinary frames take it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.events import (
    Answered,
    Delivered,
)
from schemas.account_tokens import Identity
from schemas.messages import InMsg, confirm, image, text
from schemas.modes import AckMode
from schemas.plain_frames import PlainReceive, PlainSend
from tests.harness.session_talk import CUSTOMER, STAFF, Talk


class Quick(Talk):
    """As a load does it: frames of the commonest kinds take the short way."""

    quick = 0

    def feed(self, frame: dict[str, Any] | str) -> list[Any]:
        compact = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
        data = (frame if isinstance(frame, str) else compact).encode()
        echoed = self.session.echoed(data)
        if echoed is not None:
            self.quick += 1
            return [("accepted", echoed.tag)]
        plain = self.session._judge.plain(data)
        if isinstance(plain, PlainReceive):
            msg = self.session.delivered(plain, data)
            if msg is not None:
                self.quick += 1
                return [("delivered", msg.content)]
        entry = self.session.accepted(plain, data) if isinstance(plain, PlainSend) else None
        if entry is not None:
            self.quick += 1
            return [("accepted", entry.tag)]
        return [
            ("delivered", event.msg.get("content"))
            if isinstance(event, Delivered)
            else ("accepted", event.pending.tag)
            if isinstance(event, Answered) and event.accepted
            else (type(event), getattr(getattr(event, "pending", None), "tag", None))
            for event in self.session.receive(data)
        ]


class Full(Quick):
    """The same, every frame the long way."""

    def feed(self, frame: dict[str, Any] | str) -> list[Any]:
        self.session._judge.plain = lambda _: None
        return super().feed(frame)


SAYINGS = [text("a"), text("b", read=True), text("", read=True), image("/c.jpg"), confirm("C1")]
TITLES = InMsg("title", "P-1", False, "pro")
WHAT = st.one_of(
    st.tuples(st.just("say"), st.sampled_from([*SAYINGS, TITLES])),
    st.tuples(st.just("answer"), st.sampled_from([*SAYINGS, TITLES, None])),
    st.tuples(st.just("refuse"), st.none()),
    st.tuples(st.just("deliver"), st.tuples(st.sampled_from(SAYINGS), st.integers(0, 3))),
    st.tuples(st.just("stranger"), st.sampled_from(SAYINGS)),
)


def whole(frame: dict[str, Any]) -> dict[str, Any]:
    """With every member there."""
    rest = {"location": None, "info": None}
    return frame | {"Error": None, "msg": frame["msg"] | rest}


def play_out(talk: Quick, script: list[tuple[str, Any]]) -> list[Any]:
    other = STAFF if talk.identity is CUSTOMER else CUSTOMER
    seen: list[Any] = []
    waiting: list[InMsg] = []
    for number, (what, value) in enumerate(script):
        match what:
            case "say":
                talk.session.send(value, number, tag=number)
                waiting.append(value)
            case "answer":
                message = value or (waiting.pop(0) if waiting else text("none"))
                seen += talk.feed(whole(talk.ack(message)))
            case "refuse":
                seen += talk.feed({"MsgStatus": "Send", "Result": False, "Error": "no"})
            case "deliver":
                seen += talk.feed(whole(talk.delivery(value[0], value[1], other)))
            case _:
                frame = talk.ack(value)
                seen += talk.feed(whole(frame | {"msg": talk.msg(value, other)}))
    return seen


@given(
    st.lists(WHAT, max_size=12),
    st.sampled_from([CUSTOMER, STAFF]),
    st.sampled_from([{}, {"ack": AckMode.BARE}, {"unread": False}, {"running_replay": True}]),
)
def test_the_short_way_means_what_the_long_way_means(
    script: list[tuple[str, Any]], identity: Identity, rules: dict[str, Any]
) -> None:
    quick, full = Quick(identity, **rules).login(), Full(identity, **rules).login()
    assert play_out(quick, script) == play_out(full, script)
    assert quick.findings == full.findings
    assert [p.tag for p in quick.session.pending] == [p.tag for p in full.session.pending]
    assert (quick.session.bound, quick.session.promised("C1")) == (
        full.session.bound,
        full.session.promised("C1"),
    )
    assert full.quick == 0


def test_ordinary_frames_take_the_short_way() -> None:
    quick = Quick()
    quick.login()
    script = [("say", text("a")), ("answer", None), ("deliver", (text("b"), 1))]
    assert play_out(quick, script) == [("accepted", 0), ("delivered", "b")]
    assert quick.quick == 2


@pytest.mark.parametrize("change", [{"SendSn": "C2"}, {"SendType": "staff"}, {"SendName": "x"}])
def test_an_answer_that_names_another_sender_takes_the_long_way(change: dict[str, str]) -> None:
    quick = Quick()
    quick.login()
    quick.session.send(text("a"), 0, tag=0)
    frame = whole(quick.ack(text("a")))
    assert quick.feed(frame | {"msg": frame["msg"] | change}) == [("accepted", 0)]
    assert quick.quick == 0
    assert len(quick.broken) == 1
