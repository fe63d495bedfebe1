import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from reports.plain_text import markdown, one_line, visible

ANY_TEXT = st.text(st.characters(codec=None), max_size=80)


@given(ANY_TEXT)
def test_no_character_that_cannot_be_seen_survives(text: str) -> None:
    assert all(
        unicodedata.category(character)[0] != "C" and character not in "\u2028\u2029"
        for character in visible(text)
    )


@given(ANY_TEXT)
def test_what_was_made_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


def test_escapes_name_the_character() -> None:
    assert visible("a\x1b[0m\u202e\U000e0001您好") == "a\\x1b[0m\\u202e\\U000e0001您好"


def test_line_breaks_stay_where_they_are_wanted() -> None:
    assert visible("a\nb\x00", keep="\n") == "a\nb\\x00"


@given(ANY_TEXT, st.integers(2, 40))
def test_one_line_is_one_bounded_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line


def test_a_cut_line_says_so() -> None:
    assert one_line("abcdef", 4) == "abc…"
    assert one_line("abcd", 4) == "abcd"


@given(st.text(st.sampled_from("a`|<>*_[]()!#~\\@&:/w.h\n"), max_size=40))
def test_markdown_keeps_no_structure(text: str) -> None:
    escaped = markdown(text)
    assert "\n" not in escaped
    assert "<" not in escaped
    assert not re.search(r"(?<!\\)(?:\\\\)*[`|*_\[\]~]", escaped)


def test_markdown_makes_no_link_and_calls_nobody() -> None:
    escaped = markdown("see https://evil.example www.evil.example @all HTTP://x")
    assert "https:" not in escaped
    assert "HTTP:" not in escaped
    assert "www." not in escaped
    assert "@" not in escaped


def test_addresses_of_sockets_stay_readable() -> None:
    assert markdown("ws://127.0.0.1:1/a") == "ws://127.0.0.1:1/a"
