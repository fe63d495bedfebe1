"""One process of this machine: CPU seconds, memory and descriptors under Prometheus' names."""

from pathlib import Path

from prometheus_client import ProcessCollector

from harness.errors import UsageError
from harness.observation.exposition import Exposition
from harness.observation.source import Unobservable

_STARTED = "process_start_time_seconds"
_KEPT = ("process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds")


def observable() -> bool:
    """Whether this system tells of its processes."""
    return Path("/proc/self/stat").exists()


class LocalProcess:
    """The process ``pid`` as it runs now; UsageError when there is none, or no way to look."""

    local = True

    def __init__(self, pid: int) -> None:
        if not observable():
            raise UsageError("processes can be observed on Linux alone", "use --observe URL")
        self.name = f"process {pid}"
        self._pid = pid
        self._collector = ProcessCollector(pid=lambda: pid, registry=None)
        self._started = self._values().get(_STARTED)
        if self._started is None:
            raise UsageError(f"there is no process {pid} to observe", "see --observe-pid")

    def read(self) -> Exposition:
        """Its figures now; Unobservable once it has ended, also when its number was given anew."""
        values = self._values()
        if values.get(_STARTED) != self._started:
            raise Unobservable(f"process {self._pid} has ended")
        return Exposition({name: values[name] for name in _KEPT if name in values})

    def close(self) -> None:
        """Nothing is held."""

    def _values(self) -> dict[str, float]:
        try:
            families = list(self._collector.collect())
        except (ValueError, IndexError):  # /proc of a process that is just ending
            return {}
        return {each.name: each.value for family in families for each in family.samples}
