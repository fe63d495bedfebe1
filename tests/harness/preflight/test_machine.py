"""This machine, as far as it can be known anywhere."""

import resource
import subprocess
import sys

import pytest

from harness.errors import UsageError
from harness.preflight.machine import source_addresses, this_machine

RAISED = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (50, 90))
from harness.preflight.machine import raise_open_files
print(raise_open_files(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def test_the_soft_limit_is_raised_to_the_hard_one() -> None:
    told = subprocess.run([sys.executable, "-c", RAISED], capture_output=True, check=True)
    assert told.stdout.split() == [b"90", b"90"]


def test_linux_tells_ports_and_memory() -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux has /proc")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        machine = this_machine()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert machine.ports is not None
    assert 0 < machine.ports < 65_536
    assert machine.memory_bytes is not None
    assert machine.memory_bytes > 0


def test_addresses_of_this_machine_can_be_sources() -> None:
    assert source_addresses("") == ()
    assert source_addresses("127.0.0.1") == ("127.0.0.1",)


def test_an_address_of_another_machine_is_refused_in_a_sentence() -> None:
    with pytest.raises(UsageError, match=r"cannot come from 198\.51\.100\.1"):
        source_addresses("198.51.100.1")
    with pytest.raises(UsageError, match="belongs to this machine"):
        source_addresses("198.51.100.0/30")
