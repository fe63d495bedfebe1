"""Bad targets: bounded time and memory, a verdict with its reason, no hang and no traceback.

The bounds are generous where machines are busy: they tell a bounded command from one that is not.
"""

import re
import ssl
from pathlib import Path

import pytest

from schemas.run_log import read_run
from schemas.verdicts import ExitCode, Outcome
from tests.hostile import measured, targets

pytestmark = pytest.mark.loopback

MARKED_UP = ("report.html", "junit.xml", "summary.md")
_C0 = re.compile(r"[\x00-\x08\x0b-\x1f]")
_C1 = re.compile(r"[\x7f-\x9f\u202e]")

MOST_MIB = 400.0
MOST_S = 40.0
LOGIN = ("--group", "login")
TALKING = {"evil answers", "closing at random", "resetting at random"}

# What the one sentence says.
NOT_OPENED = {
    "silent": "said nothing",
    "garbage": "does not speak WebSocket",
    "endless garbage": "does not speak WebSocket",
    "http2": "said nothing",
    "endless header": "HTTP 200",
    "endless headers": "HTTP 200",
    "endless interim": "said nothing",
    "endless body": "HTTP 200",
    "dripping head": "said nothing",
    "hanging up": "closed the connection",
    "resetting": "closed the connection",
    "redirect to itself": r"HTTP 301, a redirect to 127\.0\.0\.1",
    "redirect elsewhere": r"HTTP 301, a redirect to 192\.0\.2\.1",
    "evil head": "HTTP 503",
}
CANNOT_BE_JUDGED = {
    "mute": "said nothing",
    "dripping frames": "said nothing",
    "endless frame": "said nothing",
    "evil login": "rejected the token",
}
UNDER_LOAD = {
    "silent": "said nothing",
    "endless header": "does not speak WebSocket",
    "mute": "said nothing",
    "endless frame": "closed the connection",
    "evil login": "rejected the token",
    "resetting at random": "",
}
BAD_CERTIFICATES = {  # the good one is not trusted, the others are
    "good": "self[- ]signed",
    "elsewhere": "mismatch|not valid for",
    "expired": "expired",
}
LEARNED = {
    "silent": "said nothing",
    "mute": "said nothing",
    "hanging up": "closed the connection",
    "endless frames": "floods|answered and delivered none",
    "evil login": "rejected the token",
}


def bounded(took: measured.Took, within_s: float = MOST_S) -> None:
    """Nothing of ours broke, and it took neither long nor much."""
    assert took.code in (ExitCode.FAILED, ExitCode.NO_VERDICT), took.text
    assert "Traceback" not in took.text
    assert "fault of this program" not in took.text
    assert "\x1b" not in took.text
    assert took.seconds < within_s
    assert took.peak_mib < MOST_MIB


def told(took: measured.Took, words: str) -> None:
    """One sentence says why."""
    sentences = [line for line in took.err.splitlines() if line.startswith("chatsocket: ")]
    assert len(sentences) == 1, took.text
    assert re.search(words, sentences[0]), sentences[0]


def kept(run_dir: Path) -> set[Outcome]:
    """The outcomes in the run's log, which holds no fault of ours."""
    assert '"traceback"' not in (run_dir / "run.ndjson").read_text()
    return {case.outcome for case in read_run(run_dir).cases}


def test_every_target_is_met_by_check() -> None:
    assert set(NOT_OPENED) == set(targets.BEFORE_OPENING)


def harmless(run_dir: Path) -> None:
    """Nothing that the target said is markup or steers a terminal in what was written."""
    written = {path.name: path.read_text() for path in run_dir.iterdir() if path.is_file()}
    assert set(MARKED_UP) <= set(written)
    for name, text in written.items():
        assert not _C0.search(text), name
    for name in MARKED_UP:
        assert "<script>alert" not in written[name], name
        assert not _C1.search(written[name]), name


# check


@pytest.mark.parametrize("name", targets.BEFORE_OPENING)
def test_check_says_why_nothing_could_be_opened(name, serve, commands) -> None:
    target = serve(targets.BEFORE_OPENING[name])
    took = commands.check(commands.profile(target.port), *LOGIN)
    bounded(took)
    told(took, NOT_OPENED[name])
    assert not kept(commands.run_dir) & {Outcome.PASSED, Outcome.ERROR}
    harmless(commands.run_dir)


@pytest.mark.parametrize("name", targets.AFTER_OPENING)
def test_check_ends_whatever_comes_after_the_opening(name, serve, commands) -> None:
    target = serve(targets.AFTER_OPENING[name])
    more = ("--group", "text") if name in TALKING else ()
    took = commands.check(commands.profile(target.port), *LOGIN, *more)
    bounded(took)
    assert Outcome.ERROR not in kept(commands.run_dir)
    harmless(commands.run_dir)
    if name in CANNOT_BE_JUDGED:
        told(took, CANNOT_BE_JUDGED[name])


@pytest.mark.parametrize("name", ["silent", "mute"])
def test_silence_does_not_cost_every_case_its_patience(name, serve, commands) -> None:
    answer_s = 1.0
    target = serve(targets.SCRIPTS[name])
    took = commands.check(commands.profile(target.port, answer_s=answer_s))
    bounded(took)
    cases = read_run(commands.run_dir).cases
    waited_s = sum(case.duration_ms for case in cases) / 1000
    assert len(cases) > 150
    assert waited_s < 10 * answer_s


def test_an_endless_answer_to_a_post_is_cut(serve, commands) -> None:
    def script(connection, head):
        if head.startswith("POST"):
            targets.endless(targets.OK + b"Content-Encoding: gzip\r\n\r\n", targets.CHUNK)(
                connection, head
            )
        targets.answering(lambda message: targets.said(targets.echo(message)))(connection, head)

    took = commands.check(commands.profile(serve(script).port), "--group", "post", "-k", "token")
    bounded(took)
    assert Outcome.ERROR not in kept(commands.run_dir)


# load, run, profile learn


@pytest.mark.parametrize("name", UNDER_LOAD)
def test_load_ends_with_a_reason(name, serve, commands) -> None:
    took = commands.load(commands.profile(serve(targets.SCRIPTS[name]).port))
    bounded(took, within_s=60)
    kept(commands.run_dir)
    if UNDER_LOAD[name]:
        told(took, UNDER_LOAD[name])


def test_run_loads_nothing_that_could_not_be_checked(serve, commands) -> None:
    took = commands.load(commands.profile(serve(targets.silent).port), command="run")
    bounded(took)
    told(took, "said nothing")
    assert read_run(commands.run_dir).partial


@pytest.mark.parametrize("name", LEARNED)
def test_learning_writes_nothing_of_a_bad_target(name, serve, commands) -> None:
    took = commands.learn(commands.profile(serve(targets.SCRIPTS[name]).port))
    bounded(took)
    assert took.code == ExitCode.NO_VERDICT
    told(took, LEARNED[name])
    assert not (commands.folder / "learned.toml").exists()


# TLS


def secured(certificates: Path, name: str) -> ssl.SSLContext:
    """The server's side of TLS with the certificate ``name``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{name}.pem", certificates / f"{name}.key")
    return context


@pytest.mark.parametrize(
    ("command", "name"),
    [*(("check", name) for name in BAD_CERTIFICATES), ("load", "good"), ("learn", "elsewhere")],
)
def test_a_bad_certificate_is_told(command, name, serve, commands, certificates) -> None:
    target = serve(targets.silent, tls=secured(certificates, name))
    profile = commands.profile(target.port, scheme="wss")
    if name != "good":
        ca_file = certificates / f"{name}.pem"
        profile.write_text(f'{profile.read_text()}\n[tls]\nca_file = "{ca_file}"\n')
    took = getattr(commands, command)(profile)
    bounded(took)
    told(took, f"failed the TLS handshake .*({BAD_CERTIFICATES[name]})")
    assert took.code == ExitCode.NO_VERDICT


def test_plain_http_on_the_tls_port_is_told(serve, commands) -> None:
    answer = targets.raw(b"HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n")
    target = serve(answer, early=True)
    took = commands.check(commands.profile(target.port, scheme="wss"), *LOGIN)
    bounded(took)
    told(took, "failed the TLS handshake")
