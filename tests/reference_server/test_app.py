"""What the server answers beside the chat."""

from urllib.request import ProxyHandler, build_opener

import pytest

from schemas.help_page.reading import read_page
from schemas.help_page.shipped import PAGE_PATH, shipped_page


@pytest.mark.loopback
def test_the_help_page_says_the_contract(peer) -> None:
    host = peer.url.removeprefix("ws://").partition("/")[0]
    with build_opener(ProxyHandler({})).open(f"http://{host}{PAGE_PATH}", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert read_page(answer.read()) == shipped_page()
