"""The pipelines' files: valid, true to the command line, and passing on its exit code.

Their scripts are run as a pipeline would run them, with a command in the program's place that
writes down its arguments.
"""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from harness.cli.app import app
from reports.render import FILE_NAMES, Format

ROOT = Path(__file__).parents[2]
FILES = ("action.yml", "ci/github.yml", "ci/gitlab.yml", "ci/Jenkinsfile")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")

FAKE = """#!/bin/sh
for argument in "$@"; do printf '%s\\n' "$argument" >> "$CALLS"; done
echo end >> "$CALLS"
[ "$1" = run ] || { echo '::notice::seen' > chatsocket-run/annotations.txt; exit 0; }
mkdir -p chatsocket-run && echo '## Verdict' > chatsocket-run/summary.md
exit "$WANTED"
"""


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def loaded(name: str) -> Any:
    return yaml.safe_load(text(name))


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "ci/github.yml"),
        ("vendor.gitlab-ci", "ci/gitlab.yml"),
    ],
)
def test_the_file_is_valid_by_the_public_schema(schema: str, name: str) -> None:
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, ROOT / name]
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_one_machine_or_registry_is_in_it(name: str) -> None:
    found = re.findall(
        r"https?://\S+|index-url|(?<![\w./])/(?:work|home|root|usr|opt)/\S*", text(name)
    )
    assert found == []


def option_names(command: str) -> set[str]:
    group = get_command(app)
    return {name for each in group.commands[command].params for name in each.opts}


@pytest.mark.parametrize("name", FILES)
def test_the_options_in_it_exist(name: str) -> None:
    known = option_names("run") | option_names("report")
    known |= {"--quiet", "--require-hashes", "--no-deps", "--no-build-isolation"}
    assert set(OPTION.findall(text(name))) - known == set()


@pytest.mark.parametrize("name", ["action.yml", "ci/gitlab.yml", "ci/Jenkinsfile"])
@pytest.mark.parametrize("format_", [Format.JUNIT, Format.MARKDOWN])
def test_the_reports_it_publishes_are_those_that_are_written(name: str, format_: Format) -> None:
    assert FILE_NAMES[format_] in text(name)


def test_the_jenkins_pipeline_publishes_the_page_and_closes_its_braces() -> None:
    pipeline = text("ci/Jenkinsfile")
    assert FILE_NAMES[Format.HTML] in pipeline
    for pair in ("{}", "()", "[]"):
        assert pipeline.count(pair[0]) == pipeline.count(pair[1])


class Pipeline:
    """Runs scripts with a stand-in for the program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        binaries = folder / "bin"
        binaries.mkdir()
        fake = binaries / "chatsocket"
        fake.write_text(FAKE)
        fake.chmod(fake.stat().st_mode | stat.S_IEXEC)
        self.files = {
            name: folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
        }
        paths = {name: str(path) for name, path in self.files.items()}
        self.env = {"PATH": f"{binaries}:{os.environ['PATH']}", "CALLS": str(self.calls), **paths}

    def run(self, script: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.env | {"WANTED": "0"} | env,
            capture_output=True,
            text=True,
            check=False,
        )

    def arguments(self) -> list[str]:
        """Those of the first call."""
        return self.calls.read_text().split("end\n")[0].splitlines()


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return Pipeline(tmp_path)


def step(name: str) -> dict[str, Any]:
    return next(each for each in loaded("action.yml")["runs"]["steps"] if each.get("name") == name)


NO_INPUTS = {"TARGET": "", "ACCOUNTS": "", "EXPECT": "", "MORE": "", "OUT": "chatsocket-run"}


@pytest.mark.loopback
def test_every_input_reaches_the_command_as_it_was_written(pipeline: Pipeline) -> None:
    ended = pipeline.run(
        step("chatsocket run")["run"],
        PROFILE="my shop.toml",
        TARGET="ws://h/x?a=$(touch owned)",
        ACCOUNTS="a b.csv",
        EXPECT="known.toml",
        MORE="--rate=50\n\n--duration=1m; touch owned\n",
        OUT="chatsocket-run",
    )
    assert ended.returncode == 0, ended.stderr
    assert pipeline.arguments() == [
        *("run", "--profile", "my shop.toml", "--out", "chatsocket-run", "--force"),
        *("--accounts", "a b.csv", "--expect", "known.toml"),
        *("--rate=50", "--duration=1m; touch owned", "--", "ws://h/x?a=$(touch owned)"),
    ]
    assert not (pipeline.folder / "owned").exists()


@pytest.mark.loopback
@pytest.mark.parametrize("code", range(4))
def test_the_action_ends_as_the_command_did_and_shows_its_summary(
    pipeline: Pipeline, code: int
) -> None:
    ended = pipeline.run(
        step("chatsocket run")["run"], **NO_INPUTS, PROFILE="shop.toml", WANTED=str(code)
    )
    assert ended.returncode == 0
    assert pipeline.files["GITHUB_OUTPUT"].read_text() == f"exit-code={code}\n"
    assert pipeline.files["GITHUB_STEP_SUMMARY"].read_text() == "## Verdict\n"
    assert "::notice::seen" in ended.stdout
    assert pipeline.run(step("Verdict")["run"], CODE=str(code)).returncode == code


@pytest.mark.loopback
def test_an_action_without_an_exit_code_is_no_success(pipeline: Pipeline) -> None:
    assert pipeline.run(step("Verdict")["run"], CODE="").returncode == 3


def test_no_input_is_written_into_a_script() -> None:
    for each in loaded("action.yml")["runs"]["steps"]:
        assert "${{" not in each.get("run", "")


@pytest.mark.loopback
@pytest.mark.parametrize("code", range(4))
def test_the_gitlab_job_ends_as_the_command_did(pipeline: Pipeline, code: int) -> None:
    job = loaded("ci/gitlab.yml")[".chatsocket"]
    variables = {name: str(value) for name, value in job["variables"].items()}
    variables |= {"CHATSOCKET_OPTIONS": "--rate 50", "WANTED": str(code)}
    ended = pipeline.run("\n".join(job["script"]), **variables)
    assert ended.returncode == code
    assert pipeline.arguments() == [
        *("run", "--profile", "chatsocket.toml", "--out", "chatsocket-run", "--force"),
        *("--rate", "50"),
    ]
    shown = pipeline.run("\n".join(job["after_script"]))
    assert (shown.returncode, shown.stdout) == (0, "## Verdict\n")
    assert job["artifacts"]["reports"]["junit"] == "chatsocket-run/junit.xml"
    assert job["artifacts"]["when"] == "always"


@pytest.mark.loopback
def test_the_gitlab_job_says_when_it_was_not_told_what_to_install(pipeline: Pipeline) -> None:
    first, *_ = loaded("ci/gitlab.yml")[".chatsocket"]["before_script"]
    ended = pipeline.run(first, CHATSOCKET_SOURCE="")
    assert ended.returncode == 2
    assert "CHATSOCKET_SOURCE" in ended.stdout
    assert pipeline.run(first, CHATSOCKET_SOURCE="x.tar.gz").returncode == 0


@pytest.mark.parametrize("name", ["ci/gitlab.yml", "ci/Jenkinsfile"])
def test_no_template_installs_a_name_from_a_public_registry_unasked(name: str) -> None:
    (found,) = re.findall(r"CHATSOCKET_SOURCE\s*[:=]\s*['\"]([^'\"]*)['\"]", text(name))
    assert found == "" or "/" in found
