"""Child processes: ended in order, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.cli.children import Children, first_line
from harness.errors import OwnFault

pytestmark = pytest.mark.loopback
DEADLINE_S = 20.0


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while alive(pid):
        assert time.monotonic() < deadline, f"process {pid} was left behind"
        time.sleep(0.01)


def test_leaving_ends_every_child_and_its_children(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time;"
        "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)']);"
        "print(c.pid, flush=True); time.sleep(99)"
    )
    with Children(grace_s=0.2) as children:
        child = children.start("sleeper", ["-c", code], tmp_path / "log")
        grandchild = int(first_line(child, DEADLINE_S))
        assert alive(grandchild)
    assert child.process.returncode == -signal.SIGTERM
    wait_until_gone(grandchild)


def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('on', flush=True); time.sleep(99)"
    )
    with Children(grace_s=0.2) as children:
        child = children.start("stubborn", ["-c", code], tmp_path / "log")
        first_line(child, DEADLINE_S)
    assert child.process.returncode == -signal.SIGKILL


def test_a_child_is_out_of_reach_of_the_terminals_interrupt(tmp_path: Path) -> None:
    with Children(grace_s=0.2) as children:
        child = children.start("sleeper", ["-c", "import time; time.sleep(99)"], tmp_path / "log")
        assert os.getpgid(child.process.pid) != os.getpgid(0)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_a_killed_command_leaves_no_orphan(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from harness.cli.children import Children\n"
        "c = Children().start('c', ['-c', 'import time; time.sleep(99)'], Path(sys.argv[1]))\n"
        "print(c.process.pid, flush=True); time.sleep(99)"
    )
    command = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    )
    with command:
        assert command.stdout is not None
        orphan = int(command.stdout.readline())
        command.kill()
    wait_until_gone(orphan)


@pytest.mark.parametrize(
    ("code", "deadline_s", "sentence"),
    [
        ("raise SystemExit('port in use')", DEADLINE_S, "the thing did not start: port in use."),
        ("import time; time.sleep(99)", 0.2, "the thing did not start within 0.2 s."),
    ],
)
def test_a_child_that_does_not_get_ready_is_told(
    tmp_path: Path, code: str, deadline_s: float, sentence: str
) -> None:
    with Children(grace_s=0.2) as children:
        child = children.start("thing", ["-c", code], tmp_path / "log")
        with pytest.raises(OwnFault) as raised:
            first_line(child, deadline_s)
    assert str(raised.value) == sentence
