"""What the run log keeps of a profile: everything but its secrets."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.target.reading import profile_from
from harness.target.redaction import shown_url
from harness.target.target_profile import Profile

SECRETS = st.text("0123456789abcdef", min_size=12, max_size=20).map(lambda text: f"x{text}x")


def full(secret: str) -> Profile:
    return profile_from(
        {
            "url": f"wss://h/{{sn}}?key={secret}&t={{token}}",
            "staff_url": f"wss://h/staff?key={secret}",
            "proxy": f"http://user:{secret}@proxy:3128",
            "page": f"https://h/Help?key={secret}",
            "headers": {"X-Key": secret, "Accept": "*/*", "X-Env": "env:KEY"},
            "login": {
                "header": f"Authorization: {secret} {{token}}",
                "token_command": ["mint", secret, "{sn}"],
            },
            "accounts": {
                "entries": [{"sn": "C1", "role": "customer", "token": secret}],
                "expired_token": secret,
            },
        },
        "p.toml",
    )


@given(SECRETS)
def test_no_secret_leaves_a_profile(secret: str) -> None:
    profile = full(secret)
    shown = json.dumps(profile.redacted()) + repr(profile) + str(profile) + profile.shown_url
    shown += repr(profile.login) + repr(profile.accounts) + repr(profile.accounts.entries)
    assert secret not in shown


def test_what_is_no_secret_stays_readable() -> None:
    shown = full("hunter2hunter2").redacted()
    assert shown["url"] == "wss://h/{sn}?key=***&t={token}"
    assert shown["proxy"] == "http://proxy:3128"
    assert shown["headers"] == {"X-Key": "***", "Accept": "*/*", "X-Env": "env:KEY"}
    assert shown["login.header"] == "Authorization: ***"
    assert shown["login.token_command"] == ["mint", "***", "***"]
    assert shown["accounts.entries"] == "1 written out"
    assert shown["accounts.expired_token"] == "***"
    named = profile_from({"url": "ws://h/x", "accounts": {"expired_token": "env:OLD"}}, "p.toml")
    assert named.redacted()["accounts.expired_token"] == "env:OLD"


def test_the_log_keeps_what_is_declared_and_what_is_off() -> None:
    table = {"url": "ws://h/x", "dialect": {"ack": "off", "same_msg": False, "msg_read": "echo"}}
    assert profile_from(table, "p.toml").redacted() == {
        "url": "ws://h/x",
        "dialect.ack": "off",
        "dialect.same_msg": False,
        "dialect.msg_read": "echo",
    }


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ws://u:p@h:1/x", "ws://h:1/x"),
        ("ws://h/x?a=b&c", "ws://h/x?a=***&c=***"),
        ("ws://h/{sn}?t={token}", "ws://h/{sn}?t={token}"),
        ("ws://h/?t=x{token}", "ws://h/?t=***"),
        ("ws://[::1/", "***"),
        ("ws://h/\x1b[2J", "ws://h/\\x1b[2J"),
    ],
)
def test_a_shown_url_has_no_secret_part(url: str, shown: str) -> None:
    assert shown_url(url) == shown
