"""This machine as the pre-flight sees it. What the system does not tell is None."""

import errno
import resource
import socket
from contextlib import suppress
from pathlib import Path

from harness.errors import UsageError
from harness.preflight.needs import Machine
from harness.preflight.sources import is_network, parse_sources

_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_MEMORY = Path("/proc/meminfo")


def raise_open_files() -> int | None:
    """Let this process open as many files as it may at most; that number, None for no end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(OSError, ValueError):  # macOS takes no more than kern.maxfilesperproc
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


def this_machine() -> Machine:
    """What there is now, with the open files raised as far as they go."""
    return Machine(files=raise_open_files(), ports=_ports(), memory_bytes=_memory_bytes())


def source_addresses(text: str) -> tuple[str, ...]:
    """The addresses of ``text`` that connections can come from; () for an empty text.

    UsageError for a single address that is not this machine's; of a network those count that are.
    """
    if not text:
        return ()
    usable = [address for address in parse_sources(text) if _is_ours(address, text)]
    if not usable:
        raise UsageError(
            f"no address of {text} belongs to this machine", "see `ip address` for those that do"
        )
    return tuple(usable)


def _is_ours(address: str, text: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((address, 0))
    except OSError as error:
        if is_network(text) and error.errno == errno.EADDRNOTAVAIL:
            return False
        raise UsageError(
            f"connections cannot come from {address}: {error.strerror}",
            "give addresses of this machine (`ip address`)",
        ) from None
    return True


def _ports() -> int | None:
    try:
        low, high = map(int, _PORT_RANGE.read_text().split())
    except (OSError, ValueError):
        return None
    return high - low + 1


def _memory_bytes() -> int | None:
    try:
        lines = _MEMORY.read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if "MemAvailable" in line)
    except (OSError, ValueError, IndexError, StopIteration):
        return None
