"""``python -m tests.harness.conformance.busy_server SECONDS WORD``: a server that works too long.

While it handles a message with WORD in its content it does nothing else for SECONDS, not even for
others. Its first line of output is its URL.
"""

import sys
import time
from random import Random
from typing import Any

from reference_server.dialect import Dialect
from reference_server.faults.bending import bend_hall
from reference_server.faults.fault import Deed
from reference_server.hall import Hall, Step
from reference_server.honest import parts_of
from reference_server.server import Settings, run
from schemas.account_tokens import DEMO_SECRET


def main(seconds: str, word: str) -> int:
    class Busy(Hall):
        """Handles what has the word as long as it takes."""

        def handle(self, connection_id: int, message: Any, now_ms: int) -> Step:
            if word in message.content:
                time.sleep(float(seconds))
            return super().handle(connection_id, message, now_ms)

    deed = Deed("busy", None, Random(1), None)
    return run(Settings(DEMO_SECRET, parts=bend_hall(Busy)(parts_of(Dialect()), deed)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
