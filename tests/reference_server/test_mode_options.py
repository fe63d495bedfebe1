"""Every mode is an option, and what is written is what the server is told."""

import argparse

import pytest

from reference_server.dialect import Dialect, modes
from reference_server.mode_options import add_options, dialect_of, option
from schemas.modes import Binding, ContentMode
from schemas.words import MessageType


def parsed(*arguments: str) -> Dialect:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_options(parser)
    return dialect_of(parser.parse_args(arguments))


def test_no_option_is_the_contract():
    assert parsed() == Dialect()


def test_every_mode_has_an_option_of_its_own():
    names = [option(each) for each in modes()]
    assert len(set(names)) == len(names)
    parser = argparse.ArgumentParser()
    add_options(parser)
    assert all(f"  {name} " in parser.format_help() for name in names)


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        (["--binding", "url"], "binding", Binding.URL),
        (["--content-image", "suffix"], "content_image", ContentMode.SUFFIX),
        (["--same-msg", "false"], "same_msg", False),
        (["--types", "text,staff"], "types", (MessageType.TEXT, MessageType.STAFF)),
        (["--send-types", "買家,客服"], "send_types", ("買家", "客服")),
        (["--time-format", "%Y/%m/%d %H:%M:%S"], "time_format", "%Y/%m/%d %H:%M:%S"),
        (["--max-message-bytes", "1000"], "max_message_bytes", 1000),
    ],
)
def test_an_option_sets_its_mode_and_what_follows(arguments, name, value):
    assert getattr(parsed(*arguments), name) == value


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ack", "loud"], "'loud' is not one of echo, bare, none"),
        (["--offers", "maybe"], "'maybe' is not one of true, false"),
        (["--staff-assign", "pro2"], "'pro2' is not one of confirm, assignment"),
        (["--types", "text,video"], "any of text, image, title, staff"),
        (["--send-types", "one"], "two texts"),
        (["--max-message-bytes", "0"], "a whole number above 0"),
        (["--max-message-bytes", "many"], "a whole number above 0"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(arguments, words):
    with pytest.raises(argparse.ArgumentError) as wrong:
        parsed(*arguments)
    assert words in str(wrong.value)
