"""The case about the server's own help page: it informs and never fails."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
import pytest

from harness.conformance import Group, SuiteOptions
from harness.target import default_profile
from schemas.help_page.html_drawing import draw_page
from schemas.help_page.shipped import PAGE_PATH, shipped_page
from schemas.verdicts import Level, Outcome

pytestmark = pytest.mark.loopback

PAGE = SuiteOptions(groups=(Group.PAGE,))
DRAWN = draw_page(shipped_page())


@pytest.fixture
def served() -> Iterator[Callable[[str], str]]:
    """Serve this body under every path; the WebSocket URL of that server."""
    servers: list[HTTPServer] = []

    def start(body: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"ws://127.0.0.1:{server.server_port}/chat"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def verdict(judge, monkeypatch: pytest.MonkeyPatch):
    """The record of the case against this server."""
    monkeypatch.setenv("NO_PROXY", "*")

    def run(url: str, page: str = "/Help"):
        profile = msgspec.structs.replace(default_profile(url), page=page)
        records, _ = judge(url, options=PAGE, profile=profile)
        [record] = records.values()
        assert record.level is Level.INFO
        return record

    return run


def test_an_equal_page_passes(served, verdict) -> None:
    url = served(DRAWN.replace("Whether it succeeded.", "Success."))
    assert verdict(url).outcome is Outcome.PASSED
    elsewhere = served("nothing here")
    assert verdict(elsewhere, url.replace("ws:", "http:")).outcome is Outcome.PASSED


def test_drift_informs(served, verdict) -> None:
    record = verdict(
        served(DRAWN.replace("(Login, Send, Receive)", "(Login, Send, Receive, Kick)"))
    )
    assert record.outcome is Outcome.INFORMATIONAL
    assert "word added: WebSocketOut_Output.MsgStatus: Kick" in record.message


def test_no_page_at_that_address_is_inconclusive(served, verdict) -> None:
    record = verdict(served("<input type=password>"))
    assert record.outcome is Outcome.INCONCLUSIVE
    assert "login form" in record.message
    bare = served(DRAWN.replace("<pre", "<p").replace("</pre", "</p"))
    assert "no JSON sample" in verdict(bare).message


def test_a_profile_without_a_page_has_nothing_to_check(served, verdict) -> None:
    assert verdict(served(DRAWN), "").outcome is Outcome.NOT_APPLICABLE


def test_the_reference_server_serves_the_page_it_names(honest_url, judge) -> None:
    records, _ = judge(honest_url, options=PAGE)
    assert [record.outcome for record in records.values()] == [Outcome.PASSED]
    assert PAGE_PATH == "/Help/Api/POST-api-ChatSocket-WebSocket"
