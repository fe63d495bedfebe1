"""What master and workers say to each other, over Locust's own messages.

Every payload is bytes or plain values, because Locust packs them with msgpack. With a local runner
both ends live in one process and a message is a call.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from locust.env import Environment
from locust.runners import MasterRunner, Runner

Handler = Callable[[str, Any], None]
"""Called with the sender's node id and the payload."""

LOCAL = "local"


class Subject(StrEnum):
    """The kinds of messages; the first group goes to the master, the second to the workers."""

    READY = "chat_ready"
    FIT = "chat_fit"
    HELLO = "chat_hello"
    PONG = "chat_pong"
    RESERVE = "chat_reserve"
    REPORT = "chat_report"
    FAILED = "chat_failed"

    CHECK = "chat_check"
    DISMISS = "chat_dismiss"
    PING = "chat_ping"
    PLAN = "chat_plan"
    GRANT = "chat_grant"
    START = "chat_start"
    STOP = "chat_stop"
    VISIT = "chat_visit"
    CONCLUDE = "chat_conclude"
    ASK = "chat_ask"
    SHOW = "chat_show"
    FINISH = "chat_finish"


class Post:
    """Sends and receives on one runner. A subject has one handler, which may be replaced."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._handlers: dict[Subject, Handler] = {}

    def on(self, subject: Subject, handler: Handler) -> None:
        """From now on ``handler`` gets the messages of ``subject``."""
        if subject not in self._handlers:
            self._runner.register_message(subject.value, self._receiver(subject))
        self._handlers[subject] = handler

    def to_master(self, subject: Subject, data: Any = None) -> None:
        """Send from a worker. Raises what Locust raises when the master cannot be reached."""
        self._runner.send_message(subject.value, data)

    def to_worker(self, node: str, subject: Subject, data: Any = None) -> None:
        """Send from the master to one worker."""
        if isinstance(self._runner, MasterRunner):
            self._runner.send_message(subject.value, data, client_id=node)
        else:
            self._runner.send_message(subject.value, data)

    def _receiver(self, subject: Subject) -> Callable[..., None]:
        def receive(environment: Environment, msg: Any, **_: Any) -> None:  # noqa: ARG001
            self._handlers[subject](msg.node_id or LOCAL, msg.data)

        return receive
