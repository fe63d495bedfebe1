"""Arrivals are matched and judged by order and content; each thing wrong has its clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.conformance.deliveries import differing, judge, match, repeated
from harness.session_rules import SessionRules
from schemas.messages import InMsg, image, text, title
from schemas.modes import ContentMode
from schemas.words import TitleType

RULES = SessionRules()
A, B, C = text("a"), text("b"), text("c")


def arrival(message, **changes):
    shown = {"type": message.type, "content": message.content, "titletype": message.titletype}
    return shown | changes


def clauses(expected, arrived, others=(), rules=RULES):
    matched = match(rules, expected, arrived, others)
    found = [*judge(matched, expected, arrived), *repeated(rules, [*others, *expected], arrived)]
    return [finding.clause for finding in found]


@pytest.mark.parametrize(
    ("arrived", "found"),
    [
        ([A, B, C], []),
        ([A, C], ["delivery-stored"]),
        ([A, B, B, C], ["delivery-once"]),
        ([A, C, B], ["delivery-order"]),
        ([], ["delivery-stored"] * 3),
        ([C, B, A, A], ["delivery-order", "delivery-once"]),
    ],
)
def test_loss_repetition_and_order(arrived, found):
    assert clauses([A, B, C], [arrival(message) for message in arrived]) == found


def test_changed_content_is_told_apart_from_loss():
    assert clauses([A, B], [arrival(A), arrival(B, content="B!")]) == ["content-text"]
    assert clauses([image("/x")], [arrival(image("/y"))]) == ["content-image"]
    assert clauses([title(TitleType.PRO, "P")], [arrival(title(TitleType.PRO, "Q"))]) == [
        "content-title"
    ]


def test_a_changed_topic_is_a_changed_message():
    assert clauses([title(TitleType.PRO, "P")], [arrival(title(TitleType.OTHER, "P"))]) == [
        "same-msg"
    ]


def test_an_earlier_message_that_comes_again_is_no_changed_one():
    assert clauses([B], [arrival(A), arrival(A), arrival(B)], others=[A]) == ["delivery-once"]


def test_an_earlier_message_that_comes_first_here_is_a_replay():
    assert clauses([B], [arrival(A), arrival(B)], others=[A]) == []


def test_the_order_of_arrival_counts_first_arrivals():
    assert match(RULES, [A, B, C], [arrival(each) for each in (C, A, C)]).order == [3, 1]


def test_a_receipt_that_arrives_is_left_to_its_own_clause():
    assert clauses([A], [arrival(A), {"type": "text", "content": ""}]) == []


def test_two_equal_titles_are_two_messages():
    twice = [title(TitleType.PRO, "P")] * 2
    assert clauses(twice, [arrival(each) for each in twice]) == []
    assert clauses(twice, [arrival(twice[0])]) == ["delivery-stored"]


def test_the_profile_says_what_may_become_of_content():
    completed = [arrival(image("/x.jpg"), content="https://cdn.example/x.jpg")]
    suffix = SessionRules(contents={"image": ContentMode.SUFFIX})
    assert clauses([image("/x.jpg")], completed, rules=suffix) == []
    assert clauses([image("/x.jpg")], completed) == ["content-image"]


def test_a_gap_is_seen_when_something_later_has_come():
    assert match(RULES, [A, B], [arrival(B)]).has_gap
    assert not match(RULES, [A, B], [arrival(A)]).has_gap


@given(st.permutations([text(str(number)) for number in range(8)]), st.data())
def test_every_arrival_is_accounted_for_once(sent, data):
    arrived = [arrival(each) for each in data.draw(st.lists(st.sampled_from(sent), max_size=20))]
    matched = match(RULES, sent[:5], arrived, sent[5:])
    places = [place for slots in matched.expected for place in slots]
    everything = [*places, *matched.others, *matched.receipts, *matched.strangers]
    assert sorted(everything) == list(range(len(arrived)))
    assert matched.strangers == ()


def test_members_that_differ_are_named():
    assert differing({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": None}) == ["b"]


def test_a_titletype_on_a_text_may_come_back_or_not():
    stray = InMsg("text", "hello", titletype="pro")
    for shown in (None, "", "pro"):
        echoed = {"type": "text", "content": "hello", "titletype": shown}
        assert match(RULES, [stray], [echoed]).complete
