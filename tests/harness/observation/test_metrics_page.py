"""Fetching a metrics page: bounded, direct, and without telling secrets."""

import time

import pytest

from harness.errors import UsageError
from harness.observation import MetricsPage, Unobservable
from harness.observation.metrics_page import MOST_BYTES
from tests.harness.observation.conftest import text

pytestmark = pytest.mark.loopback


def failure(url: str, timeout_s: float = 2.0) -> str:
    source = MetricsPage(url, timeout_s)
    with pytest.raises(Unobservable) as caught:
        source.read()
    source.close()
    return str(caught.value)


def test_a_page_is_read(page) -> None:
    source = MetricsPage(page(text(b"# TYPE x counter\nx 3\n")))
    assert source.read().values == {"x": 3}
    source.close()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (text(b"x 1", 302, location="http://127.0.0.1:1/"), "HTTP status 302, not 200"),
        (text(b"x 1", 503), "HTTP status 503, not 200"),
        (text(b"<html></html>"), "no sample"),
        (text(b""), "no sample"),
        (text(b"x 1\n" * (MOST_BYTES // 3)), "larger than 1 MiB"),
        (text(b"x", content_encoding="gzip"), "compressed"),
    ],
)
def test_a_page_that_will_not_do_says_why(page, answer, why: str) -> None:
    assert why in failure(page(answer))


def test_a_page_that_drips_is_given_up(page) -> None:
    def drip(request) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(200):
            request.wfile.write(b"#\n")
            request.wfile.flush()
            time.sleep(0.02)

    began = time.monotonic()
    assert "no whole page within 0.3 s" in failure(page(drip), 0.3)
    assert time.monotonic() - began < 3


def test_a_page_that_is_silent_is_given_up(page) -> None:
    assert "no answer within 0.2 s" in failure(page(lambda _: time.sleep(1)), 0.2)


def test_nobody_there() -> None:
    assert "refused" in failure("http://127.0.0.1:1/metrics")


def test_proxies_of_the_environment_are_not_asked(page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert MetricsPage(page(text(b"x 3\n"))).read().values == {"x": 3}


def test_its_name_holds_no_secret(page) -> None:
    url = page(text(b"x 3\n")).replace("//", "//me:hidden@") + "?key=hidden"
    source = MetricsPage(url)
    source.read()
    request = page.servers[0].requests[0]
    assert request.headers["authorization"].startswith("Basic ")
    assert request.path.endswith("?key=hidden")
    assert "hidden" not in source.name
    assert source.name.endswith("/metrics?key=***")


@pytest.mark.parametrize(
    "url", ["", "localhost:9090", "ftp://h/", "file:///etc/passwd", "http://", "http://h:99999/"]
)
def test_an_address_that_cannot_be_is_the_users_mistake(url: str) -> None:
    with pytest.raises(UsageError, match="cannot be observed; give the http://"):
        MetricsPage(url)
