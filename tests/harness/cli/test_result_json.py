"""Results for programs, and output where nobody watches: no colours, no bars, one JSON document."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from harness.cli.app import app
from schemas.records import encode
from schemas.run_log import RUN_LOG
from tests.made_runs import made_run

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
DEADLINE_S = 90.0
WITHOUT_RESULTS = {"serve", "worker", "schema asyncapi"}
"""Processes of their own, whose results are the leader's; and a document that is JSON already."""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    run = made_run()
    records = [run.header, *run.cases, *run.metrics.values(), *run.parts, run.totals, run.footer]
    (tmp_path / RUN_LOG).write_bytes(b"".join(encode(each) for each in records if each))
    return tmp_path


def test_every_command_that_prints_results_prints_them_for_programs() -> None:
    commands = dict(commands_below(get_command(app)))
    assert commands.keys() > WITHOUT_RESULTS
    for name, command in commands.items():
        options = [option for each in command.params for option in each.opts]
        assert ("--json" in options) is (name not in WITHOUT_RESULTS), name


@pytest.mark.parametrize("command", ["gate", "report"])
def test_a_saved_run_is_printed_as_its_summary(call, saved: Path, command: str) -> None:
    ended = call(command, saved, "--json")
    assert json.loads(ended.out) == json.loads((saved / "summary.json").read_text())
    assert ended.code == (json.loads(ended.out)["exit_code"] if command == "gate" else 0)


def test_the_cases_are_listed_for_programs(call) -> None:
    listed = json.loads(call("check", "--list", "--json", "--group", "login").out)
    assert {"id", "level", "clauses", "title"} == set(listed[0])


@pytest.mark.loopback
def test_nobody_watching_sees_no_colours_and_a_program_one_document(
    chatsocket, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    out = tmp_path / "run"
    common = (server, "--profile", "reference", "--group", "login", "--out", out, "--force")

    shown = communicated(chatsocket("check", *common, "--durations", 2))
    assert (shown["code"], CONTROL.findall(shown["out"] + shown["err"])) == (0, [])
    assert 0 < len(shown["err"].splitlines()) < 15
    assert str(out / "report.html") in shown["out"]

    told = communicated(chatsocket("check", *common, "--durations", 2, "--json"))
    summary = json.loads(told["out"])
    assert (told["code"], summary["exit_code"]) == (0, 0)
    assert "conformance: " in told["err"]
    assert CONTROL.findall(told["err"]) == []

    case = summary["conformance"]["cases"][0]["id"]
    again = communicated(
        chatsocket("replay", out, case, "--target", server, "--out", tmp_path / "2", "--json")
    )
    assert case in [each["id"] for each in json.loads(again["out"])["conformance"]["cases"]]
    assert "passing as before" in again["err"]


@pytest.mark.loopback
def test_a_load_is_observed_exported_and_printed(
    chatsocket, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1/?hidden")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "key=hidden")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    page = re.sub(r"^ws(://[^/]+)/.*", r"http\1/metrics?key=hidden", server)
    size = ("--customers", 3, "--staff", 1, "--rate", 20, "--duration", "3s")
    told = communicated(
        chatsocket(
            *("load", server, "--profile", "reference", *size, "--out", tmp_path / "run", "--json"),
            *("--observe", page, "--observe", "http://127.0.0.1:1/m", "--otel", "--prometheus", 0),
        )
    )
    summary = json.loads(told["out"])
    assert told["code"] == summary["exit_code"] == 0
    found = summary["load"]["server"]
    assert found["looks"] >= 3
    assert found["messages_per_cpu_second"] > 0
    assert found["memory_max_bytes"] > 1 << 20
    assert re.search(r"live numbers on http://127\.0\.0\.1:\d+/metrics", told["err"])
    log = (tmp_path / "run" / RUN_LOG).read_text()
    assert "http://127.0.0.1:1/m could not be observed" in log
    assert "the export to OpenTelemetry failed" in log
    assert "hidden" not in log + told["out"] + told["err"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--observe", "localhost:9090"), "cannot be observed; give the http://"),
        (("--observe-pid", "4194305"), "there is no process 4194305 to observe"),
        (("--observe-pid", "0"), "Invalid value for '--observe-pid'"),
        (("--prometheus", "70000"), "Invalid value for '--prometheus'"),
    ],
)
@pytest.mark.parametrize("command", ["load", "run"])
def test_what_cannot_be_observed_is_told_before_anything_connects(
    call, tmp_path: Path, command: str, arguments: tuple[str, ...], sentence: str
) -> None:
    out = tmp_path / "run"
    profile = ("--profile", "reference")
    ended = call(command, "ws://127.0.0.1:1/x", *profile, "--out", out, *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert not out.exists()


def commands_below(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands_below(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def communicated(process: Any) -> dict[str, Any]:
    out, err = process.communicate(timeout=DEADLINE_S)
    return {"out": out, "err": err, "code": process.returncode}
