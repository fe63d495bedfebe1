"""Every setting is an option, and what is written is what the server is told."""

import argparse

import pytest

from reference_server.choice import chosen
from reference_server.declaring import settings_of
from reference_server.dialect import Dialect
from reference_server.guards import Guards
from reference_server.setting_options import add_options, chosen_settings, option
from schemas.modes import Binding, ContentMode
from schemas.words import MessageType


def parser() -> argparse.ArgumentParser:
    both = argparse.ArgumentParser(exit_on_error=False)
    for kind in (Dialect, Guards):
        add_options(both.add_argument_group(), kind)
    return both


def parsed(*arguments: str) -> Dialect:
    return chosen(chosen_settings(parser().parse_args(arguments), Dialect))


def test_no_option_is_the_contract():
    assert parsed() == Dialect()


def test_every_setting_has_an_option_of_its_own():
    names = [option(each) for kind in (Dialect, Guards) for each in settings_of(kind)]
    assert len(set(names)) == len(names)
    assert all(f"  {name} " in parser().format_help() for name in names)


def test_a_limit_is_set_or_lifted():
    options = parser().parse_args(["--max-connections", "0", "--max-backlog", "7"])
    assert Guards(**chosen_settings(options, Guards)) == Guards(max_connections=0, max_backlog=7)


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
        (["--max-message-bytes", "0"], "a whole number from 1"),
        (["--max-message-bytes", "many"], "a whole number from 1"),
        (["--ping-s", "-1"], "a whole number from 0"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(arguments, words):
    with pytest.raises(argparse.ArgumentError) as wrong:
        parsed(*arguments)
    assert words in str(wrong.value)
