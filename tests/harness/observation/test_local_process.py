"""One process of this machine."""

import os
import subprocess
import sys

import pytest

from harness.errors import UsageError
from harness.observation import LocalProcess, Unobservable
from schemas.server_side import CPU, FDS, MEMORY


def test_a_process_shows_cpu_memory_and_descriptors() -> None:
    values = LocalProcess(os.getpid()).read().values
    assert set(values) == {CPU, MEMORY, FDS}
    assert values[MEMORY] > 1 << 20
    assert values[FDS] >= 3


@pytest.mark.loopback
def test_a_process_that_ended_is_told() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    source = LocalProcess(child.pid)
    assert source.read().values
    child.kill()
    child.communicate()
    with pytest.raises(Unobservable, match=f"process {child.pid} has ended"):
        source.read()


def test_no_such_process_is_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="there is no process 4194305"):
        LocalProcess(4_194_305)
