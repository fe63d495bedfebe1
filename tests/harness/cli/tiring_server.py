"""``python -m tests.harness.cli.tiring_server RATE``: a server that stays slower after overload.

It takes RATE messages a second, one after another. Once a message would wait for over a second, it
takes half as many from then on. Its first line of output is its URL.
"""

import sys
from random import Random

from reference_server.dialect import Dialect
from reference_server.faults.fault import Deed
from reference_server.faults.queueing import Counter, queueing
from reference_server.honest import parts_of
from reference_server.server import Settings, run
from schemas.account_tokens import DEMO_SECRET

_BACKLOG_NS = 1_000_000_000


class Tiring(Counter):
    """Serves half as fast since the line was once too long."""

    _tired = False

    def due_ns(self, now_ns: int) -> int:
        due_ns = super().due_ns(now_ns)
        if due_ns - now_ns > _BACKLOG_NS and not self._tired:
            self._tired = True
            self._service_ns *= 2
        return due_ns


def main(rate: str) -> int:
    deed = Deed("tiring", rate, Random(1), None)
    return run(Settings(DEMO_SECRET, parts=queueing(parts_of(Dialect()), deed, Tiring)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
