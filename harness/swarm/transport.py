"""Opens links over picows, and says in our words why one could not be opened.

Knows no chat and no participant; an address, which may carry a token, is only passed on.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import msgspec
from picows import WSHandshakeError, WSInvalidStatusError, WSTransport, ws_connect

from harness.errors import TargetUnavailable, Unavailability, one_line
from harness.swarm.link import Address, Clock, DialFailed, Sink
from harness.swarm.picows_link import PicowsLink
from harness.swarm.pulse import Pulse

MAX_MESSAGE_BYTES = 1024 * 1024
READ_BUFFER_BYTES = 2048


class _Mute(logging.LoggerAdapter[logging.Logger]):
    """A logger that is off: picows would log (and keep a logger for) every connection."""

    def __init__(self) -> None:
        super().__init__(logging.getLogger("picows"), {})

    def isEnabledFor(self, level: int) -> bool:  # noqa: ARG002, N802 - logging's signature
        return False


class TransportLimits(msgspec.Struct, frozen=True):
    """Bounds on what a target may do to us. Seconds and bytes."""

    dial_s: float = 10.0
    max_message_bytes: int = MAX_MESSAGE_BYTES


class PicowsDialer:
    """Opens :class:`PicowsLink` s on the running loop."""

    def __init__(
        self,
        limits: TransportLimits | None = None,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
        clock: Clock = time.monotonic_ns,
        sources: Sequence[str] = (),
    ) -> None:
        """``sources``: local addresses that connections come from in turn; empty for any."""
        self._sources = cycle((source, 0) for source in sources) if sources else None
        self._limits = limits or TransportLimits()
        self._tls, self._proxy, self._clock = tls, proxy, clock
        self._logger = _Mute()
        self._pulse: Pulse | None = None

    async def dial(self, address: Address, sink: Sink) -> "PicowsLink":
        """Open a link within ``limits.dial_s``; raises :class:`DialFailed`."""
        pulse = self._pulse = self._pulse or Pulse(self._clock)
        link = PicowsLink(sink, self._clock, pulse, self._limits.max_message_bytes)
        try:
            async with asyncio.timeout(self._limits.dial_s):
                transport, listener = await self._connect(address, link)
        except asyncio.CancelledError:
            link.abandon()
            raise
        except Exception as error:
            link.abandon()
            raise dial_failure(error) from None
        if listener is None:  # picows reports a peer that hung up during the handshake as success
            raise DialFailed(Unavailability.CLOSED, "during the opening handshake")
        _forget_handshake(transport)
        return link

    async def _connect(self, address: Address, link: "PicowsLink") -> tuple[WSTransport, Any]:
        bound: dict[str, Any] = {} if self._sources is None else {"local_addr": next(self._sources)}
        return await ws_connect(
            link.admit,
            address.url,
            ssl_context=self._tls if address.url.startswith("wss:") else None,
            # picows ends a connection at this deadline only; a cancelled dial would leave it open
            websocket_handshake_timeout=self._limits.dial_s / 2,
            logger_name=self._logger,
            max_frame_size=self._limits.max_message_bytes,
            extra_headers=address.headers,
            max_redirects=0,  # a redirect would carry the token elsewhere
            proxy=self._proxy,
            read_buffer_init_size=READ_BUFFER_BYTES,
            use_aiofastnet=False,  # 5 KiB a connection more, and no faster than uvloop's own
            **bound,
        )


def _forget_handshake(transport: WSTransport) -> None:
    """picows would keep all headers, a token among them, as long as the connection."""
    for message in (transport.request, transport.response):
        if message is not None:
            message.headers.clear()


def dial_failure(error: Exception) -> DialFailed:
    """What went wrong while dialling, in our words and without the request."""
    if isinstance(error, WSInvalidStatusError) and error.response is not None:
        status = int(error.response.status)
        return DialFailed(_refusal(status), f"HTTP {status}", status)
    if isinstance(error, WSHandshakeError):
        return DialFailed(Unavailability.NOT_WEBSOCKET, one_line(str(error)))
    if isinstance(error, TimeoutError) and error.args:  # picows': a connection is there, no answer
        return DialFailed(Unavailability.SILENT, "no answer to the upgrade")
    if isinstance(error, OSError):
        told = TargetUnavailable.from_os_error("", error)
        return DialFailed(told.cause, told.detail)
    return DialFailed(Unavailability.UNREACHABLE, type(error).__name__)


def _refusal(status: int) -> Unavailability:
    return Unavailability.CREDENTIALS if status in (401, 403) else Unavailability.HTTP_STATUS
