"""One plain HTTP exchange with the target: request out, bounded answer in.

h11 speaks the protocol over our stream, so that the deadline is for the whole exchange and the
transcript sees it. Knows no chat.
"""

import h11
import msgspec

from harness.blocking.deadline import Deadline
from harness.blocking.opening import Request
from harness.blocking.stream import READ_BYTES
from harness.blocking.wire import Cause, Ended, Wire

MAX_BODY_BYTES = 1024 * 1024


class HttpAnswer(msgspec.Struct, frozen=True):
    """A response. ``body`` is cut to :data:`MAX_BODY_BYTES`; header names are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first value of a header (lower case), "" without one."""
        return next((value for key, value in self.headers if key == name), "")


def exchange(
    wire: Wire, request: Request, body: bytes, deadline: Deadline
) -> HttpAnswer | Ended | None:
    """The answer to ``request`` with ``body``; None when it is not complete in time."""
    fields = request.having("Content-Length", str(len(body))).having("Connection", "close").fields
    wire.diary.transcript.event(wire.diary.actor, "request", request.shown(), sent=True)
    wire.diary.transcript.event(wire.diary.actor, "body", body, sent=True)
    talk = h11.Connection(h11.CLIENT)
    asked = h11.Request(method=request.method, target=request.target, headers=list(fields))
    parts = [talk.send(part) or b"" for part in (asked, h11.Data(data=body), h11.EndOfMessage())]
    end = wire.write(parts, deadline)
    try:
        answer = _read(wire, talk)
    except TimeoutError:
        return None
    except (OSError, EOFError):
        return end or wire.ended(Cause.EOF)
    except h11.RemoteProtocolError:
        return wire.ended(Cause.VIOLATION)
    shown = f"HTTP/1.1 {answer.status}\n".encode() + answer.body
    wire.diary.transcript.event(wire.diary.actor, "answer", shown, sent=False)
    return answer


def _read(wire: Wire, talk: h11.Connection) -> HttpAnswer:
    status, body = 0, b""
    headers: tuple[tuple[str, str], ...] = ()
    while len(body) < MAX_BODY_BYTES:
        event = talk.next_event()
        match event:
            case h11.NEED_DATA:
                data = wire.stream.recv(READ_BYTES)
                if not data and not status and not talk.trailing_data[0]:
                    raise EOFError
                talk.receive_data(data)
            case h11.Response():
                status = event.status_code
                headers = tuple(
                    (k.decode("latin-1"), v.decode("latin-1")) for k, v in event.headers
                )
            case h11.Data():
                body += event.data
            case h11.EndOfMessage() | h11.PAUSED:
                break
            case h11.ConnectionClosed():
                raise EOFError
    return HttpAnswer(status, headers, body[:MAX_BODY_BYTES])
