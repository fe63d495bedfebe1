"""Locust's web UI in a browser: beside a run of ours, and where plain Locust starts runs."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from schemas.run_log import RUN_LOG, read_run
from tests.reports.chromium import browser  # noqa: F401 - a fixture
from tests.scenarios.conftest import PROFILE, ROOT, Server, wait_for
from tests.scenarios.test_conductor_ends import check_against

pytestmark = [pytest.mark.loopback, pytest.mark.page]

Start = Callable[..., subprocess.Popen[bytes]]
READY_S = 40_000
"""Milliseconds, as playwright counts."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a Python program in a group of its own, its output in ``said``."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*argv: object) -> subprocess.Popen[bytes]:
        with (tmp_path / "said").open("wb") as said:
            command = [sys.executable, *map(str, argv)]
            running.append(
                subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said, process_group=0)
            )
        return running[-1]

    yield begin
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()


@pytest.fixture
def page(browser: BrowserContext) -> Iterator[Page]:  # noqa: F811
    page = browser.new_page()
    page.set_default_timeout(READY_S)
    yield page
    page.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def opened(page: Page, port: int) -> None:
    """Wait until something listens there."""

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_for(listens, 40.0)
    page.goto(f"http://127.0.0.1:{port}/")


def numbers_are_live(page: Page) -> None:
    """The row of acknowledgements counts some, and then more."""
    cell = page.locator("tr", has=page.get_by_text("ack", exact=True)).locator("td").nth(2)
    expect(cell).to_have_text(re.compile(r"[1-9]\d*"), timeout=READY_S)
    first = cell.inner_text()
    expect(cell).not_to_have_text(first, timeout=READY_S)


def test_a_run_is_watched_and_stopped_and_nothing_is_lost(
    serve: Callable[..., Server], start: Start, page: Page, tmp_path: Path
) -> None:
    server, port, out = serve(), free_port(), tmp_path / "run"
    size = ("--rate", 40, "--customers", 6, "--staff", 2, "--duration", "5m")
    code = "import sys; from harness.cli import main; sys.exit(main())"
    web = ("--web", "--web-port", port, "--profile", PROFILE, "--out", out)
    load = start("-c", code, "load", server.url, *size, *web)
    opened(page, port)
    numbers_are_live(page)
    expect(page.get_by_text(server.url)).to_be_visible()
    answer = page.request.post(f"http://127.0.0.1:{port}/swarm", form={"user_count": "50"})
    assert "as `chatsocket load` was told" in answer.json()["message"]
    page.get_by_role("button", name="Stop").click()
    assert load.wait(60) in (0, 3), (tmp_path / "said").read_text()
    run = read_run(out)
    assert run.totals is not None
    assert not run.partial
    check_against(server, run.totals)
    assert run.totals.connections.opened == 8
    assert (out / "report.html").exists()


def test_a_run_is_asked_for_in_the_form_of_plain_locust(
    serve: Callable[..., Server], start: Start, page: Page, tmp_path: Path
) -> None:
    server, port, out = serve(), free_port(), tmp_path / "run"
    users = ("-m", "locust", "-f", "scenarios/locustfile.py", "--host", server.url)
    web = ("--web-host", "127.0.0.1", "--web-port", port)
    start(*users, *web, "--target-profile", PROFILE, "--out", out)
    opened(page, port)
    page.get_by_text("Custom parameters").click()
    asked = {"userCount": 8, "spawnRate": 8, "customers": 5, "staff": 3, "rate": 40, "seed": 7}
    for name, value in asked.items():
        page.locator(f"input[name={name}]").fill(str(value))
    page.get_by_role("button", name="Start").click()
    numbers_are_live(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="New")).to_be_visible(timeout=READY_S)
    wait_for(lambda: b'"footer"' in (out / RUN_LOG).read_bytes())
    run = read_run(out)
    assert run.plan is not None
    assert (run.plan.customers, run.plan.staff, run.plan.rate) == (5, 3, 40)
    assert run.header.seed == 7
    assert run.totals is not None
    check_against(server, run.totals)
