"""`chatsocket worker`: what is wrong with its options is said before it waits for anybody."""

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Missing option '--master'"),
        (["--master", "host:port"], "'host:port' is no HOST:PORT"),
        (["--master", "host", "--profile", "none.toml"], "cannot read the profile"),
        (["--master", "host", "--source-ips", "1.2.3"], "neither an address nor a network"),
        (["http://shop/", "--master", "host"], "ws"),
    ],
)
def test_a_worker_that_cannot_be_is_told(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = call("worker", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert len(ended.err.splitlines()) == 1
