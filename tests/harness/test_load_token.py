"""The token survives its journey or says that it did not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.load_token import (
    DUE_LIMIT,
    NUMBER_LIMIT,
    TOKEN_BYTES,
    Corrupted,
    ForeignToken,
    Token,
    TokenReader,
    stamp,
)

RUN = "k3x9q0"
numbers = st.integers(0, NUMBER_LIMIT - 1)
dues = st.integers(0, DUE_LIMIT - 1)
characters = st.characters()  # surrogates too: a server may answer with a lone escape
rests = st.text(characters, max_size=40)
runs = st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=6)


@given(runs, numbers, numbers, numbers, dues, rests)
def test_reading_is_the_inverse_of_stamping(run, sender, conversation, seq, due_us, rest):
    content = stamp(run, sender, conversation, seq, due_us, rest)
    assert content.endswith(rest)
    assert TokenReader(run).read(content) == Token(sender, conversation, seq, due_us, 0)


@given(numbers, numbers, numbers, dues)
def test_token_is_short_and_plain(sender, conversation, seq, due_us):
    assert re.fullmatch(r"[0-9a-z.]+", token := stamp(RUN, sender, conversation, seq, due_us, ""))
    assert len(token) <= TOKEN_BYTES


@given(numbers, numbers, numbers, dues, rests, st.data())
def test_every_changed_character_is_noticed(sender, conversation, seq, due_us, rest, data):
    content = stamp(RUN, sender, conversation, seq, due_us, rest)
    place = data.draw(st.integers(0, len(content) - 1))
    other = data.draw(
        st.one_of(st.sampled_from("0123456789abcdefz./"), characters).filter(
            lambda character: character != content[place]
        )
    )
    found = TokenReader(RUN).read(content[:place] + other + content[place + 1 :])
    assert found is None or isinstance(found, Corrupted)


@given(rests, st.text(characters, min_size=1, max_size=5))
def test_what_is_added_behind_is_noticed(rest, more):
    content = stamp(RUN, 1, 2, 3, 4, rest)
    assert isinstance(TokenReader(RUN).read(content + more), Corrupted)


@pytest.mark.parametrize("front", ["https://cdn.example/", "/upload/2026/", RUN + ".", "0"])
def test_token_is_found_behind_what_a_server_puts_in_front(front):
    content = stamp(RUN, 1, 2, 3, 4, "/7f3a.jpg")
    assert TokenReader(RUN).read(front + content) == Token(1, 2, 3, 4, len(front))
    assert isinstance(TokenReader(RUN).read(front + content[:-1]), Corrupted)


def test_token_of_another_run_is_foreign():
    assert TokenReader(RUN).read(stamp("aaaaaa", 1, 2, 3, 4, "hi")) == ForeignToken("aaaaaa")


def test_altered_run_id_is_ours_and_corrupted():
    content = "z" + stamp(RUN, 1, 2, 3, 4, "hi")[1:]
    assert TokenReader(RUN).read(content) == Corrupted(Token(1, 2, 3, 4, 0))


@pytest.mark.parametrize("content", ["", "您好", "P-1001", "k3x9q0", "k3x9q0.1.2.3", "." * 50])
def test_plain_words_carry_no_token(content):
    assert TokenReader(RUN).read(content) is None


@pytest.mark.parametrize("run", ["", "short", "toolong1", "UPPER1", "a.b.c.", "١٢٣٤٥٦", "abcde\n"])
def test_run_id_that_could_not_be_read_back_is_refused(run):
    with pytest.raises(ValueError, match="run"):
        TokenReader(run)
    with pytest.raises(ValueError, match="token"):
        stamp(run, 1, 2, 3, 4, "")


@pytest.mark.parametrize(
    "fields",
    [
        (NUMBER_LIMIT, 0, 0, 0),
        (0, NUMBER_LIMIT, 0, 0),
        (0, 0, NUMBER_LIMIT, 0),
        (0, 0, 0, DUE_LIMIT),
        (-1, 0, 0, 0),
        (0, -1, 0, 0),
        (0, 0, -1, 0),
        (0, 0, 0, -1),
    ],
)
def test_field_that_would_not_fit_is_refused(fields):
    with pytest.raises(ValueError, match="token"):
        stamp(RUN, *fields, "")
