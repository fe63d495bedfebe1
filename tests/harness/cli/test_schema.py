"""`chatsocket schema`."""

import json
from pathlib import Path

import pytest
import yaml

from schemas.registry import documents

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "schemas" / "help_page" / "page.txt"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The project's page with one breaking, one compatible and one cosmetic change."""
    text = PAGE.read_text("utf-8")
    for old, new in (
        ("alone.\n\ninteger", "alone.\n\nstring"),
        ("(text, image, title, staff)", "(text, image, title, staff, video)"),
        ("Whether it succeeded.", "Success."),
    ):
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "changed.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_derive_writes_the_shipped_literal_schemas(call, tmp_path: Path) -> None:
    ended = call("schema", "derive", PAGE, "--out", tmp_path / "out")
    assert ended.code == 0
    assert "POST api/ChatSocket/WebSocket" in ended.out
    assert "request: WebSocketIn_msg as application/json, text/json" in ended.out
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    shipped = ROOT / "schemas" / "wire" / "literal"
    assert written == {path.name: path.read_bytes() for path in shipped.iterdir()}


def test_what_was_written_is_told_to_programs(call, tmp_path: Path) -> None:
    derived = json.loads(call("schema", "derive", PAGE, "--out", tmp_path / "a", "--json").out)
    printed = json.loads(call("schema", "derive", PAGE, "--json").out)
    assert derived == printed | {"files": derived["files"]}
    assert {Path(file) for file in derived["files"]} == set((tmp_path / "a").iterdir())
    exported = json.loads(call("schema", "export", tmp_path / "b", "--json").out)
    assert {Path(file) for file in exported["files"]} == set((tmp_path / "b").rglob("*.json"))


def test_derive_prints_everything_as_one_document(call) -> None:
    ended = call("schema", "derive", PAGE)
    printed = json.loads(ended.out)
    assert (printed["method"], printed["path"]) == ("POST", "api/ChatSocket/WebSocket")
    assert printed["response"]["schema"] == "WebSocketOut_Output"
    assert printed["request"]["mediaTypes"][-1] == "application/x-www-form-urlencoded"
    assert printed["schemas"]["location"] == documents()["urn:chatsocket-harness:literal:location"]


def test_derive_leaves_nothing_behind_when_the_page_is_none(call, tmp_path: Path) -> None:
    ended = call("schema", "derive", ROOT / "Makefile", "--out", tmp_path / "out")
    assert ended.code == 2
    assert "is no help page" in ended.err
    assert not (tmp_path / "out").exists()


def test_diff_finds_nothing_in_the_own_page(call) -> None:
    ended = call("schema", "diff", PAGE)
    assert (ended.code, ended.out) == (0, "No difference.\n")


def test_diff_names_three_changes_and_no_more(call, changed: Path) -> None:
    ended = call("schema", "diff", changed)
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "breaking    member retyped: WebSocketOut_Output.NoReadQty: integer → string",
        "compatible  word added: WebSocketIn_msg.type: video",
        "cosmetic    prose changed: WebSocketOut_Output.Result: Whether it succeeded. → Success.",
        "3 differences: 1 breaking, 1 compatible, 1 cosmetic.",
    ]


def test_diff_as_json_names_the_same(call, changed: Path) -> None:
    ended = call("schema", "diff", changed, "--json")
    printed = json.loads(ended.out)
    assert [(each["class"], each["kind"]) for each in printed["changes"]] == [
        ("compatible", "word added"),
        ("cosmetic", "prose changed"),
        ("breaking", "member retyped"),
    ]
    assert printed["exit_code"] == ended.code == 1


def test_cosmetic_differences_count_for_pedants_alone(call, tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text(PAGE.read_text("utf-8").replace("Why it failed", "The reason"), "utf-8")
    assert call("schema", "diff", file).code == 0
    ended = call("schema", "diff", file, "--pedantic")
    assert ended.code == 1
    assert "1 difference: 0 breaking, 0 compatible, 1 cosmetic." in ended.out


def test_diff_takes_the_page_that_a_profile_names(call, tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text('url = "ws://127.0.0.1:1/x"\npage = "http://127.0.0.1:1/Help?k=hunter2"\n')
    ended = call("schema", "diff", "--profile", profile)
    assert ended.code == 3
    assert "127.0.0.1:1/Help" in ended.err
    assert "hunter2" not in ended.err
    profile.write_text('url = "ws://127.0.0.1:1/x"\n')
    assert "names no help page" in call("schema", "diff", "--profile", profile).err
    assert call("schema", "diff").code == 2


def test_asyncapi_prints_json_and_yaml_of_one_document(call) -> None:
    printed = call("schema", "asyncapi", "--server", "wss://h/x")
    document = json.loads(printed.out)
    assert document["asyncapi"] == "3.0.0"
    assert document["servers"]["server"]["host"] == "h"
    in_yaml = call("schema", "asyncapi", "--server", "wss://h/x", "--format", "yaml")
    assert in_yaml.out.startswith("asyncapi: 3.0.0\n")
    assert yaml.safe_load(in_yaml.out) == document
    assert call("schema", "asyncapi", "--server", "http://h").code == 2


def test_export_writes_single_and_bundled_schemas(call, tmp_path: Path) -> None:
    ended = call("schema", "export", tmp_path / "out")
    assert ended.code == 0
    names = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.json")}
    assert {
        "literal/info.json",
        "strict/location.json",
        "bundled/strict/WebSocketIn_msg.json",
    } <= names
    (tmp_path / "file").touch()
    assert call("schema", "export", tmp_path / "file").code == 2
