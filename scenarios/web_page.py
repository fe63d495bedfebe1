"""Locust's web UI beside a run that a command has begun: it shows the run and stops it.

Locust's page offers to start a run when it is loaded before one goes on, and keeps offering it; so
this one is opened then and not before. Nor may it change how many take part.
"""

from typing import Any

from locust.env import Environment

_STARTING = "locust.swarm"
_REFUSAL = "This run goes as `chatsocket load` was told; here it can be watched and stopped."


class WebPage:
    """The page on ``host``:``port``, once :meth:`open` was called."""

    def __init__(self, environment: Environment, host: str, port: int) -> None:
        self._page = environment.create_web_ui(host, port, delayed_start=True)
        assert self._page.app is not None
        self._page.app.view_functions[_STARTING] = _refuse

    def open(self) -> None:
        """Accept browsers."""
        self._page.start()  # type: ignore[no-untyped-call]


def _refuse() -> dict[str, Any]:
    """What Start and Edit are answered; Locust's page shows the sentence."""
    return {"success": False, "message": _REFUSAL}
