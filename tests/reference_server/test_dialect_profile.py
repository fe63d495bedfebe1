"""Server and profile name the same decisions: neither has one that the other lacks."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from harness.target.keys import KeyStatus, register
from harness.target.reading import read_profile
from reference_server.choice import chosen
from reference_server.declaring import profile_values, settings_of
from reference_server.dialect import Dialect
from reference_server.guards import Guards
from reference_server.own_profile import EXPIRED_S, SHIPPED, expired_token, profile_text
from reference_server.rules import Rules
from reference_server.setting_options import words_of
from schemas.account_tokens import DEMO_SECRET, verify
from schemas.words import MessageType

URL = "ws://127.0.0.1:9/api/ChatSocket/WebSocket"

# What a profile says about reaching the server, about its data and about the harness's patience.
NOT_THE_SERVER_S = {
    *("login.by", "login.header", "login.cookie", "login.query"),
    *("login.token_command", "login.token_command_s"),
    *("limits.clock_skew_s", "limits.answer_s", "limits.max_rate_per_s"),
}
TOPICS = ("pro", "order", "other")
DECISIONS = ("binding", "login", "dialect", "capabilities", "limits")


def test_every_decision_of_the_profile_is_a_setting_of_the_server_and_the_other_way_round():
    keys = {key for key in register() if key.partition(".")[0] in DECISIONS}
    ours = {each.key for kind in (Dialect, Guards) for each in settings_of(kind) if each.key}
    assert ours == keys - NOT_THE_SERVER_S


def test_both_sides_allow_the_same_words_and_begin_with_the_same_value():
    for each in settings_of(Dialect):
        key = register()[each.key]
        words = () if isinstance(each.default, bool) else words_of(each)
        assert tuple(word for word in key.choices if word not in TOPICS) == words, each.key
        default = msgspec.to_builtins(each.default)
        assert key.default == ((default,) if each.listed else default), each.key


def single_modes() -> Iterator[dict[str, Any]]:
    """Each word of each mode by itself, and a value for those that are no words."""
    for each in settings_of(Dialect):
        if each.name not in ("types", "send_types"):
            for word in words_of(each):
                yield {each.name: msgspec.convert(word, each.type, strict=False)}
    yield {"types": (MessageType.TEXT, MessageType.STAFF)}
    yield {"send_types": ("buyer", "seller")}
    yield {"time_format": "%Y/%m/%d %H:%M:%S"}
    yield {"staff_content": "case {customer_sn}"}
    yield {"max_message_bytes": 1000}


@pytest.mark.parametrize("choices", list(single_modes()), ids=str)
def test_the_printed_profile_is_one_that_the_harness_reads(choices, tmp_path):
    path = tmp_path / "profile.toml"
    dialect = chosen(choices)
    path.write_text(profile_text(Rules(dialect), URL), "utf-8")
    profile = read_profile(path)
    said = {each.key: msgspec.to_builtins(profile.value(each.key)) for each in settings_of(Dialect)}
    assert said == {key: _as_tuple(value) for key, value in profile_values(dialect).items()}
    assert [name for name in register() if profile.status(name) is KeyStatus.DEFAULT] == []


def test_the_printed_profile_names_the_limits(tmp_path):
    path = tmp_path / "profile.toml"
    guards = Guards(max_connections=5, max_messages_per_s=6, max_backlog=7)
    path.write_text(profile_text(Rules(guards=guards), URL), "utf-8")
    profile = read_profile(path)
    assert {key: profile.value(key) for key in profile_values(guards)} == profile_values(guards)
    assert {each.key: each.default for each in settings_of(Guards) if each.key} == profile_values(
        Guards()
    )


def test_the_printed_profile_holds_a_token_of_the_servers_own_secret_that_has_expired(tmp_path):
    path, secret = tmp_path / "profile.toml", "a secret that is long enough"
    path.write_text(profile_text(Rules(), URL, secret), "utf-8")
    token = read_profile(path).accounts.expired_token
    assert verify(token, secret, EXPIRED_S - 1) is not None
    assert verify(token, secret, EXPIRED_S) is None
    assert read_profile(SHIPPED).accounts.expired_token == expired_token(DEMO_SECRET)


def _as_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
