"""What the server bears: one frozen value, one field per limit. 0 means no limit.

Holds the figures; who keeps to them is each edge's own business.
"""

from typing import Annotated

import msgspec

from reference_server.declaring import setting


class Guards(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a running server. Those that the chat's users would notice are off."""

    max_connections: Annotated[
        int, setting("limits.max_connections", "open connections at a time", least=0)
    ] = 20_000
    max_connections_per_account: Annotated[
        int,
        setting("limits.max_connections_per_account", "open connections of one account", least=0),
    ] = 0
    max_messages_per_s: Annotated[
        int, setting("limits.max_messages_per_s", "messages a second on one connection", least=0)
    ] = 0
    max_backlog: Annotated[
        int,
        setting(
            "limits.max_backlog",
            "frames that may wait for a connection that reads slowly; then close 1008",
            least=0,
        ),
    ] = 0
    handshake_s: Annotated[
        int, setting("", "seconds that a request may take to arrive", least=0)
    ] = 10
    ping_s: Annotated[
        int,
        setting("", "seconds between pings; close 1011 when one is not answered as soon", least=0),
    ] = 30
