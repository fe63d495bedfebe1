"""The file that `profile init` writes, and the profile that ships with the reference server."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from harness.target.keys import KeyStatus, register
from harness.target.reading import default_profile, read_profile
from harness.target.target_profile import Profile
from harness.target.toml_text import commented_profile, toml_value

URL = "ws://127.0.0.1:8765/api/ChatSocket/WebSocket"


def written(folder: Path, text: str) -> Profile:
    path = folder / "profile.toml"
    path.write_text(text, "utf-8")
    return read_profile(path)


def test_the_commented_file_leaves_every_key_but_the_url_at_its_default(tmp_path: Path) -> None:
    profile = written(tmp_path, commented_profile(URL))
    assert profile.statuses == {"url": KeyStatus.DECLARED}
    assert profile.url == URL


def test_every_commented_key_is_valid_and_equals_its_default(tmp_path: Path) -> None:
    everything = re.sub(r"^#(?=\w+ = )", "", commented_profile(URL), flags=re.MULTILINE)
    profile, plain = written(tmp_path, everything), default_profile(URL)
    assert profile.statuses.keys() == register().keys()
    for name in register():
        assert profile.value(name) == plain.value(name), name


def test_every_key_is_explained_just_above_its_line() -> None:
    text = commented_profile(URL)
    for key in register().values():
        if key.name != "url":
            leaf = key.name.rpartition(".")[2]
            assert re.search(rf"# {re.escape(key.meaning)}\n# .+\n#{leaf} = ", text), key.name


def test_the_reference_profile_declares_every_key() -> None:
    profile = read_profile(Path(str(files("reference_server").joinpath("profile.toml"))))
    undeclared = [key for key in register() if profile.status(key) is not KeyStatus.DECLARED]
    assert undeclared == []


def test_the_reference_profile_describes_the_contract_as_decided() -> None:
    profile = read_profile(Path(str(files("reference_server").joinpath("profile.toml"))))
    plain = default_profile(URL)
    differing = [name for name in register() if profile.value(name) != plain.value(name)]
    assert differing == [
        "page",
        "accounts.expired_token",
        "limits.max_connections",
        "data.products",
        "data.orders",
        "data.unknown_product",
        "data.unknown_order",
    ]


@pytest.mark.parametrize(
    "value", ['a "b" \\ \n', True, 3, 2.5, ["x", "y"], {"C1": ["O-1"]}, {}, (), "客服"]
)
def test_a_value_as_toml_reads_back(value: object) -> None:
    expected = list(value) if isinstance(value, tuple) else value
    text = toml_value(value)
    assert tomllib.loads(f"a = {text}")["a"] == expected
    assert "\n" not in text


def test_a_profile_line_names_table_and_key() -> None:
    profile = default_profile(URL)
    assert profile.line("dialect.ack", "bare") == '[dialect] ack = "bare"'
    assert profile.line("url") == f'url = "{URL}"'
