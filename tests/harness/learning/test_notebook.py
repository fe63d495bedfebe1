"""Lessons by key."""

import pytest

from harness.learning.notebook import MAX_EVIDENCE, Notebook
from schemas.modes import AckMode


def test_a_lesson_is_kept_in_plain_words_with_bounded_evidence():
    notes = Notebook()
    notes.learned("dialect.ack", AckMode.BARE, "why", *"abcdefgh")
    lesson = notes.lesson("dialect.ack")
    assert (type(lesson.value), lesson.value) == (str, "bare")
    assert len(lesson.evidence) == MAX_EVIDENCE


def test_unknown_keys_have_a_reason_and_no_value():
    notes = Notebook()
    notes.unknown("dialect.ack", "nothing was said")
    assert notes.value("dialect.ack") is None
    assert notes.values == {}


def test_false_is_a_value():
    notes = Notebook()
    notes.learned("capabilities.offers", False, "why")
    assert notes.values == {"capabilities.offers": False}


def test_a_key_that_does_not_exist_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        Notebook().learned("dialect.nonsense", True, "why")
