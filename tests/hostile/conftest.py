"""Bad targets to start, and the command to run against them."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hostile import measured, targets

ANSWER_S = 0.4
PROFILE = """url = "{scheme}://{host}:{port}/chat"

[limits]
answer_s = {answer_s}
"""


@pytest.fixture
def serve() -> Iterator[Callable[..., targets.Target]]:
    """Start a target of a script; it ends with the test."""
    running: list[targets.Target] = []

    def start(script: targets.Script, **options: object) -> targets.Target:
        running.append(targets.Target(script, **options))
        return running[-1]

    yield start
    for target in running:
        target.close()


class Commands:
    """`chatsocket` commands against a port of loopback, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run_dir = folder / "run"

    def profile(
        self, port: int, *, scheme: str = "ws", host: str = "127.0.0.1", answer_s: float = ANSWER_S
    ) -> Path:
        """A profile of the target at ``port``."""
        path = self.folder / "profile.toml"
        path.write_text(PROFILE.format(scheme=scheme, host=host, port=port, answer_s=answer_s))
        return path

    def check(self, profile: Path, *more: object, limit_s: float = 40) -> measured.Took:
        """`chatsocket check`."""
        words = ("check", "--profile", profile, "--out", self.run_dir, *more)
        return measured.chatsocket(self.folder, *words, limit_s=limit_s)

    def load(self, profile: Path, *, command: str = "load", limit_s: float = 60) -> measured.Took:
        """`chatsocket load`, or ``run``, small and short."""
        size = ("--customers", 3, "--staff", 0, "--rate", 20, "--duration", "1s")
        span = ("--warm-up", "0s", "--out", self.run_dir)
        words = (command, "--profile", profile, *size, *span)
        return measured.chatsocket(self.folder, *words, limit_s=limit_s)

    def learn(self, profile: Path, *, limit_s: float = 40) -> measured.Took:
        """`chatsocket profile learn`."""
        words = ("profile", "learn", "--profile", profile, "--out", self.folder / "learned.toml")
        return measured.chatsocket(self.folder, *words, limit_s=limit_s)


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``good``, ``elsewhere`` and ``expired``, each with its key; each signed by itself."""
    folder = tmp_path_factory.mktemp("certificates")
    names = {"good": "IP:127.0.0.1", "elsewhere": "DNS:other.example", "expired": "IP:127.0.0.1"}
    for name, address in names.items():
        _self_signed(folder / name, address, days=-1 if name == "expired" else 2)
    return folder


def _self_signed(path: Path, address: str, days: int) -> None:
    key, request, extension = (path.with_suffix(each) for each in (".key", ".csr", ".ext"))
    extension.write_text(f"subjectAltName={address}\nbasicConstraints=critical,CA:TRUE\n")
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=bad"]
    _openssl("req", *new, "-keyout", str(key), "-out", str(request))
    sign = ["-req", "-in", str(request), "-signkey", str(key), "-extfile", str(extension)]
    _openssl("x509", *sign, "-days", str(days), "-out", str(path.with_suffix(".pem")))


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
