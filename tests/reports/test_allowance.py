from html import escape

from hypothesis import given
from hypothesis import strategies as st

from reports.allowance import Allowance


def test_text_is_cut_with_a_mark() -> None:
    assert Allowance(10_000).text("a" * 50, 10) == "a" * 10 + "…"


def test_hidden_characters_become_visible() -> None:
    assert Allowance(10_000).text("\x1b[2J\n\x00") == "\\x1b[2J\n\\x00"


@given(st.lists(st.text(max_size=400), max_size=60))
def test_all_texts_together_stay_within_what_was_allowed(texts: list[str]) -> None:
    allowance = Allowance(3_000)
    shown = [allowance.text(text, 400) for text in texts]
    paid = [text for text in shown if "left out" not in text]
    assert sum(len(escape(text).encode()) for text in paid) <= 3_000


def test_when_all_is_spent_a_mark_says_where_the_text_is() -> None:
    allowance = Allowance(400)
    allowance.text("a" * 200)
    assert "run.ndjson" in allowance.text("b" * 200)
    assert allowance.spent
