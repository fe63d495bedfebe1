"""The command line: one module per command, thin. It alone in the harness may import ``reports``
and start ``scenarios`` and ``reference_server``, which run as processes of their own.
"""

from harness.cli.entry import main

__all__ = ["main"]
