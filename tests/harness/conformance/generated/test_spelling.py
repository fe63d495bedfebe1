"""Spellings of one message: all mean the same to whoever reads JSON."""

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.conformance.generated.spelling import (
    ABSENT,
    EXTRAS,
    NULL,
    Spelling,
    spellings,
    written,
)
from harness.conformance.generated.words import PIECES, edged, numbers, spelled
from reference_server.inbound import judge as server_judge
from schemas.judge import FrameJudge
from schemas.messages import InMsg, image, receipt, text, title
from schemas.registry import Direction
from schemas.treatment import ACCEPTED, treatment
from schemas.words import TitleType

CLIENT = FrameJudge(Direction.CLIENT)
CONTENTS = st.builds(lambda chosen: "t" + spelled(chosen), numbers(len(PIECES)))
MESSAGES = st.one_of(
    st.builds(text, CONTENTS, read=st.booleans()),
    st.builds(image, CONTENTS, read=st.booleans()),
    st.builds(title, st.just(TitleType.PRO), st.just("P-1001"), read=st.booleans()),
    st.just(receipt()),
)


@given(MESSAGES, spellings())
def test_the_reference_server_reads_what_was_meant(message, spelling):
    read = server_judge(written(message, spelling))
    assert isinstance(read, InMsg)
    assert (read.type, read.content, read.read) == (message.type, message.content, message.read)


@given(MESSAGES, spellings())
def test_our_own_judge_wants_it_accepted(message, spelling):
    data = written(message, spelling).encode()
    assert treatment(data, CLIENT.judge(data)) == ACCEPTED


def test_the_plainest_spelling_is_plain():
    assert written(text("您好"), Spelling()) == (
        '{"type":"text","content":"您好","read":false,"titletype":null}'
    )


def test_what_is_unsaid_may_be_absent_or_null():
    assert json.loads(written(text("a"), Spelling(unsaid=ABSENT))) == {
        "type": "text",
        "content": "a",
    }
    assert json.loads(written(receipt(), Spelling(unsaid=NULL)))["content"] is None


def test_escapes_and_blanks_do_not_change_the_text():
    spelling = Spelling(escapes=2, blanks=(3, 1), order=23)
    told = written(text("a/😀"), spelling)
    assert "\\u" in told
    assert "😀" not in told
    assert json.loads(told)["content"] == "a/😀"


def test_an_unknown_member_is_there_once():
    told = written(text("a"), Spelling(extras=(0, 0)))
    assert told.count(f'"{EXTRAS[0][0]}"') == 1


def test_edges_stand_before_or_after():
    assert edged("a", 0) == "a"
    assert edged("a", 1) == "a\u3000"
    assert edged("a", 2) == "\u3000a"
