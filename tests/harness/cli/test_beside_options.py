"""A load as monitoring sees it while it runs."""

import re
import time
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

DEADLINE_S = 60.0
SENT = "chatsocket_load_messages_sent_total"


def scrape(url: str) -> dict[str, float]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        families = list(text_string_to_metric_families(answer.read().decode()))
    return {sample.name: sample.value for family in families for sample in family.samples}


@pytest.mark.loopback
def test_live_numbers_can_be_scraped_until_the_load_ends(
    chatsocket, server: str, tmp_path: Path
) -> None:
    size = ("--customers", 3, "--staff", 1, "--rate", 20, "--duration", "600s")
    process = chatsocket("load", server, *size, "--out", tmp_path / "run", "--prometheus", 0)
    url = next(filter(None, map(live_numbers, process.stderr)))
    deadline = time.monotonic() + DEADLINE_S
    while scrape(url).get(SENT, 0) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    found = scrape(url)
    assert found["chatsocket_load_connections"] == 4
    assert found["chatsocket_load_elapsed_seconds"] > 0
    process.terminate()
    _, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, "kept" in err) == (3, True)
    with pytest.raises(OSError, match="refused"):
        scrape(url)


def live_numbers(line: str) -> str:
    found = re.match(r"live numbers on (\S+)", line)
    return found[1] if found else ""
