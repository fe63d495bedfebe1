"""`chatsocket serve`: the reference server in its place."""

import signal

import pytest

pytestmark = pytest.mark.loopback


def test_the_first_line_is_the_url_and_sigterm_ends_it(chatsocket) -> None:
    process = chatsocket("serve", "--port", "0")
    assert process.stdout.readline().startswith("ws://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_wrong_usage_is_the_servers_to_tell(chatsocket) -> None:
    process = chatsocket("serve", "--fault", "no-such-fault")
    _, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "no-such-fault" in err
    assert "Traceback" not in err


def test_help_is_the_servers_own(chatsocket) -> None:
    out, _ = chatsocket("serve", "--help").communicate(timeout=20)
    assert "--fault" in out
