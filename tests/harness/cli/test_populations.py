"""`chatsocket populations`, and `--population` where a load is asked for."""

import json
from pathlib import Path

import pytest

URL = "ws://127.0.0.1:1/x"


def test_every_population_is_listed_with_a_sentence(call) -> None:
    ended = call("populations")
    assert ended.code == 0
    assert ended.out.startswith("name")
    assert "steady" in ended.out


def test_the_list_can_be_had_as_json(call) -> None:
    ended = call("populations", "--json")
    found = {each["name"]: each for each in json.loads(ended.out)}
    assert found["smoke"]["rate"] == 10.0
    assert found["soak"]["customers"] is None
    assert all(each["about"] for each in found.values())


@pytest.mark.parametrize("command", ["load", "run"])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--population", "stedy"], "no population 'stedy'; did you mean 'steady'?"),
        (["--population", "none.toml"], "cannot read the population none.toml"),
        (["--population", "mine.toml"], "there is no key 'load.rat'; did you mean load.rate?"),
        (["--population", "smoke", "--rate", "0"], "a rate of 0 messages a second sends nothing"),
        (["--population", "smoke", "--customers", "0"], "staff alone has nobody to serve"),
        (["--population", "smoke", "--accounts", "a.csv"], "4 customer accounts needed, 1 in"),
        (["--population", "fan-out", "--profile", "one.toml"], "customers with 3 devices need"),
        (["--population", "smoke", "--profile", "terse.toml"], "texts of 80 characters may take"),
        (["--model", "open"], "Invalid value for '--model'"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_written(
    call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text("[load]\nrat = 3\n")
    Path("a.csv").write_text("sn,role,token\nC1,customer,t\n")
    Path("one.toml").write_text('url = ""\n[capabilities]\nmulti_device = false\n')
    Path("terse.toml").write_text('url = ""\n[limits]\nmax_message_bytes = 500\n')
    ended = call(command, URL, *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert not Path("runs").exists()
