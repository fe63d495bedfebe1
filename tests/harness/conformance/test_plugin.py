"""The cases under plain pytest, as somebody with an IDE or other plugins runs them."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.loopback


def run(*arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:locust", "-p", "no:cacheprovider"]
    command += ["-p", "harness.conformance.plugin", "--pyargs", "harness.conformance.cases"]
    command += arguments
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_cases_run_by_keyword_and_pytest_reports_them(honest_url):
    done = run("--target", honest_url, "-k", "ping_is_answered or text_is_acknowledged", "-v")
    assert done.returncode == 0, done.stdout
    assert "test_framing.py::test_ping_is_answered[0] PASSED" in done.stdout


def test_a_failure_is_shown_by_its_finding_and_no_traceback(serving):
    with serving("wrong-msgstatus") as url:
        done = run("--target", url, "-k", "every_message or right_token")
    assert done.returncode == 1
    assert "out-msgstatus-word" in done.stdout
    assert "Traceback" not in done.stdout


def test_misuse_is_one_sentence():
    done = run("--target", "http://127.0.0.1/", "--group", "txt")
    assert done.returncode == 4
    assert "does not begin with ws:// or wss://" in done.stderr
