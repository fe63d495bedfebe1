"""Debian's chromium for tests of pages.

Skipped where there is none, unless ``CHATSOCKET_REQUIRE_BROWSER=1`` says that there must be.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from reports.render import Format, write

_CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Open = Callable[[Path], Page]


# While playwright is started its event loop counts as running, and asyncio can run no other: it is
# stopped with each module that needs it.
@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    if not _CHROMIUM.exists():
        if os.environ.get("CHATSOCKET_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{_CHROMIUM} is required and is not there: apt-get install chromium")
        pytest.skip(f"{_CHROMIUM} is not there: apt-get install chromium")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=_CHROMIUM,
            headless=True,
            args=_FLAGS,
        )
        yield context
        context.close()


@pytest.fixture
def open_report(browser: BrowserContext) -> Iterator[Open]:
    """Opens a run's report; afterwards nothing may have been said to the console or fetched."""
    page = browser.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))

    def open_(folder: Path) -> Page:
        (path,) = write(folder, [Format.HTML], folder)
        page.goto(path.as_uri(), wait_until="load")
        return page

    yield open_
    page.close()
    assert complaints == []
    assert [url for url in requests if not url.startswith("file:")] == []
    assert len(requests) == 1
