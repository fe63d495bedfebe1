"""Whether anything listens where a target is said to be, told before anything else is started."""

import socket
from urllib.parse import urlsplit

from harness.errors import TargetUnavailable
from harness.target import Profile

PATIENCE_S = 2.0


def demand_listener(profile: Profile) -> None:
    """TargetUnavailable where the connection is refused; what else there may be shows itself.

    Behind a proxy nothing can be told.
    """
    parts = urlsplit(profile.url)
    if profile.proxy or not parts.hostname:
        return
    port = parts.port or (443 if parts.scheme == "wss" else 80)
    try:
        socket.create_connection((parts.hostname, port), PATIENCE_S).close()
    except ConnectionRefusedError as error:
        raise TargetUnavailable.from_os_error(profile.shown_url, error) from None
    except OSError:
        return
