"""Signs of a server's inside in an error text."""

import pytest

from harness.error_leaks import leak_in


@pytest.mark.parametrize(
    "error",
    [
        "Traceback (most recent call last): boom",
        "Object reference not set. at Shop.Chat.Send(WebSocket s)",
        "System.NullReferenceException",
        "refused [/work/server/hall.py]",
        r"C:\inetpub\chat\Global.asax",
        "cannot open /var/lib/chat.db",
        "unexpected token, line 7",
    ],
)
def test_what_shows_the_inside_is_found(error):
    assert leak_in(error)


@pytest.mark.parametrize(
    "error",
    ["", "訂單不存在", "The picture /upload/2026/11/7f3a.jpg is unknown.", "At 10:30 (closed)"],
)
def test_plain_reasons_are_clean(error):
    assert leak_in(error) is None
