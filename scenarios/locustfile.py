"""The users for plain Locust:

    locust -f scenarios/locustfile.py --host ws://127.0.0.1:8765/api/ChatSocket/WebSocket

headless, with the web UI, or distributed, with Locust's options and ours (``locust --help``).
"""

import argparse
from typing import Any

from locust import events
from locust.env import Environment

from scenarios.conductor import listen
from scenarios.options import add_options
from scenarios.plain import conduct
from scenarios.slots import CustomerUser, StaffUser

__all__ = ["CustomerUser", "StaffUser"]


def _on_parser(parser: argparse.ArgumentParser, **_: Any) -> None:
    add_options(parser)


def _on_init(environment: Environment, **_: Any) -> None:
    conduct(environment)


listen(events.init_command_line_parser, _on_parser)
listen(events.init, _on_init)
