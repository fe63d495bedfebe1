"""Whether so many connections fit on a machine: open files, ephemeral ports, memory. Pure.

Source: measurement §9 for the memory of a slot.
"""

import msgspec

from harness.errors import UsageError

SLOT_BYTES = 32 * 1024
OWN_FILES = 64
"""What a worker opens beside its connections: Python, gevent, its master, files of words."""

_MIB = 1024 * 1024


class Machine(msgspec.Struct, frozen=True):
    """What there is. ``files`` one process may open, ``ports`` each source address can give to one
    target, ``memory_bytes`` is available; None where that cannot be told.
    """

    files: int | None = None
    ports: int | None = None
    memory_bytes: int | None = None


class Demand(msgspec.Struct, frozen=True):
    """``connections`` on one machine, over ``workers`` processes and ``addresses``; a customer
    has one for each of its ``devices``.
    """

    connections: int
    workers: int = 1
    addresses: int = 1
    devices: int = 1

    @property
    def busiest(self) -> int:
        """Connections of the process with the most of them."""
        return -(-self.connections // self.workers)

    @property
    def reason(self) -> str:
        """Why there are more connections than participants; empty where there are not."""
        return f" ({self.devices} a customer)" if self.devices > 1 else ""


def check(demand: Demand, machine: Machine) -> None:
    """UsageError with the next step where ``demand`` does not fit on ``machine``."""
    _check_files(demand, machine)
    _check_ports(demand, machine)
    _check_memory(demand, machine)


def _check_files(demand: Demand, machine: Machine) -> None:
    needed = demand.busiest + OWN_FILES
    if machine.files is None or needed <= machine.files:
        return
    each = machine.files - OWN_FILES
    more = f"--workers {-(-demand.connections // each)}" if each > 0 else "fewer connections"
    raise UsageError(
        f"{demand.busiest} connections{demand.reason} in one worker need {needed} open files, and"
        f" a process here may open {machine.files} at most",
        f"raise the hard limit (ulimit -Hn {needed}) or use {more}",
    )


def _check_ports(demand: Demand, machine: Machine) -> None:
    if not machine.ports or demand.connections <= machine.ports * demand.addresses:
        return
    addresses = -(-demand.connections // machine.ports)
    have = f"{demand.addresses} source address{'es' * (demand.addresses != 1)}"
    raise UsageError(
        f"{demand.connections} connections{demand.reason} do not fit into the {machine.ports}"
        f" ephemeral ports of {have}",
        f"spread them over {addresses} addresses of this machine with --source-ips, or widen"
        " net.ipv4.ip_local_port_range",
    )


def _check_memory(demand: Demand, machine: Machine) -> None:
    needed = demand.connections * SLOT_BYTES
    if machine.memory_bytes is None or needed <= machine.memory_bytes:
        return
    raise UsageError(
        f"{demand.connections} connections{demand.reason} need about {needed // _MIB} MiB"
        f" ({SLOT_BYTES // 1024} KiB each), and {machine.memory_bytes // _MIB} MiB are available",
        "ask for fewer, or add machines with --expect-workers",
    )
