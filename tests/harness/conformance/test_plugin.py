"""The cases under plain pytest, as somebody with an IDE or other plugins runs them."""

import subprocess
import sys
from xml.etree import ElementTree as Xml

import pytest

from harness.target import MintedAccounts
from harness.target.account_table import write_table
from schemas.words import Role

pytestmark = pytest.mark.loopback


def run(*arguments):
    return pytest_with("--pyargs", "harness.conformance", *arguments)


def pytest_with(*arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:locust", "-p", "no:cacheprovider"]
    command += map(str, arguments)
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)


def test_cases_run_by_keyword_and_pytest_reports_them(honest_url):
    done = run("--target", honest_url, "-k", "ping_is_answered or text_is_acknowledged", "-v")
    assert done.returncode == 0, done.stdout
    assert "test_framing.py::test_ping_is_answered[0] PASSED" in done.stdout


def test_a_server_of_another_kind_is_run_as_what_it_shows(in_mode):
    with in_mode("--read-receipt", "flag") as profile:
        done = run("--target", profile.url, "-k", "read_true_marks or right_token_is_accepted")
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_a_failure_is_shown_by_its_finding_and_no_traceback(serving):
    with serving("wrong-msgstatus") as url:
        done = run("--target", url, "-k", "every_message or right_token")
    assert done.returncode == 1
    assert "out-msgstatus-word" in done.stdout
    assert "Traceback" not in done.stdout


def test_misuse_is_one_sentence():
    assert "give --target ws://" in run().stderr
    done = run("--target", "http://127.0.0.1/", "--group", "txt")
    assert done.returncode == 4
    assert "does not begin with ws:// or wss://" in done.stderr


def test_without_the_suite_there_is_no_option_and_nothing_is_loaded(tmp_path):
    (tmp_path / "test_x.py").write_text(
        "import sys\ndef test_x(request):\n"
        "    assert not hasattr(request.config.option, 'target')\n"
        "    assert 'harness.conformance' not in sys.modules\n"
    )
    done = pytest_with(tmp_path / "test_x.py")
    assert done.returncode == 0, done.stdout
    assert pytest_with(tmp_path / "test_x.py", "--target", "x").returncode == 4


def test_a_failure_carries_its_evidence_for_every_reporter(serving, tmp_path):
    file = tmp_path / "junit.xml"
    with serving("ack-without-msg") as url:
        named = ("-k", "send_repeats_the_text or right_request_opens", "--strict-defaults")
        done = run("--target", url, *named, "--junitxml", file)
    assert done.returncode == 1
    assert "conformance evidence" in done.stdout
    assert "clause ack-echo (should): " in done.stdout
    properties = Xml.parse(file).getroot().iter("property")
    found = [(each.get("name"), each.get("value")) for each in properties]
    assert ("outcome", "failed") in found
    assert ("outcome", "passed") in found
    assert ("clauses", "ack-echo content-text") in found


def test_x_stops_at_the_first_failure(serving):
    with serving("ack-without-msg") as url:
        done = run("--target", url, "--group", "text", "--strict-defaults", "-x", "-q")
    assert done.returncode == 1
    assert "stopping after 1 failures" in done.stdout


def test_own_cases_and_other_tests_run_beside_each_other(honest_url, tmp_path):
    (tmp_path / "test_ours.py").write_text(
        "from harness.conformance import case\n"
        "def test_plain(): pass\n"
        "def test_lost(customer): pass\n"
        "@case(must='We are let in.')\ndef test_in(customer): assert customer.sn\n"
    )
    keyword = "test_ours.py or right_request_opens"
    done = run(tmp_path, "--target", honest_url, "-k", keyword, "-v")
    assert "test_plain PASSED" in done.stdout, done.stdout
    assert "test_in PASSED" in done.stdout
    assert "put @case above the test" in done.stdout
    assert "1 error" in done.stdout


def test_workers_judge_their_share_with_accounts_of_their_own(honest_url, tmp_path):
    profile = tmp_path / "p.toml"
    minted = [account for role in Role for account in MintedAccounts("shared").take(role, 2)]
    table = tmp_path / "a.csv"
    table.write_text("".join(write_table(minted)))
    profile.write_text(f'url = "{honest_url}"\naccounts.file = "{table}"\n')
    named = ("--profile", profile, "-k", "test_text.py and words_arrive")
    done = run(*named, "-n", "2", "-q")
    assert done.returncode == 0, done.stdout


def test_more_workers_than_accounts_is_told_before_they_start(tmp_path):
    profile, table = tmp_path / "p.toml", tmp_path / "a.csv"
    minted = [account for role in Role for account in MintedAccounts("shared").take(role, 2)]
    table.write_text("".join(write_table(minted)))
    profile.write_text(f'url = "ws://127.0.0.1:1/"\naccounts.file = "{table}"\n')
    named = ("--profile", profile, "-k", "test_text.py")
    crowded = run(*named, "-n", "3", "-q")
    assert crowded.returncode == 4
    assert "there are 2 customer accounts for 3 workers; use -n 2" in crowded.stderr


def test_what_workers_find_in_passing_fails_the_session(serving):
    with serving("result-as-string") as url:
        named = ("-k", "every_message or words_arrive or right_token", "-n", "2", "-q")
        done = run("--target", url, *named)
    assert done.returncode == 1
    assert "out-result-type" in done.stdout


def test_workers_of_one_session_speak_as_one_run(honest_url, tmp_path):
    cases, made = tmp_path / "cases", tmp_path / "made"
    for folder in (cases, made):
        folder.mkdir()
    (cases / "test_ours.py").write_text(
        "import os, pathlib, pytest\n"
        "from harness.conformance import case\n"
        "@pytest.mark.parametrize('number', range(4))\n"
        "@case(must='We speak.')\n"
        "def test_say(customer, fresh, number):\n"
        f"    file = pathlib.Path({str(made)!r}, os.environ['PYTEST_XDIST_WORKER'])\n"
        "    with file.open('a') as lines: lines.write(fresh() + '\\n')\n"
    )
    done = run(cases, "--target", honest_url, "-k", "test_ours.py", "-n", "2", "-q")
    assert done.returncode == 0, done.stdout
    contents = [file.read_text().split() for file in made.iterdir()]
    assert len(contents) == 2
    assert len({content.partition(".")[0] for each in contents for content in each}) == 1
    assert len({content for each in contents for content in each}) == 4


TRIES = 3


def test_what_goes_astray_to_another_worker_is_found(serving):
    keyword = "words_arrive or blanks_at or nothing_else or right_token"
    with serving("misrouted-delivery") as url:
        for _ in range(TRIES):
            done = run("--target", url, "-k", keyword, "-n", "2", "-q")
            if done.returncode:
                break
    assert done.returncode == 1, done.stdout
    assert "failed: isolation: " in done.stdout


def test_what_does_not_apply_is_skipped_and_no_error(honest_url):
    done = run("--target", honest_url, "-k", "refused_number_shows or right_token", "-q")
    assert done.returncode == 0, done.stdout
    assert "skipped" in done.stdout
