"""What stands behind a transport, and what a deed writes down, kept in memory."""

import asyncio
import io
import time
from random import Random
from typing import Any

import msgspec
import orjson
from websockets.frames import Frame, Opcode

from reference_server.faults.fault import Deed
from reference_server.faults.journal import Journal
from schemas.fault_journal import Acted


class Written(asyncio.Transport):
    """Remembers what it was given, and when it ended."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.ends: list[str] = []

    def write(self, data: Any) -> None:
        self.pieces.append(bytes(data))

    def write_eof(self) -> None:
        self.ends.append("eof")

    def close(self) -> None:
        self.ends.append("close")

    def abort(self) -> None:
        self.ends.append("abort")

    def is_closing(self) -> bool:
        return bool(self.ends)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default


class Noted:
    """A deed with a journal in memory."""

    def __init__(self, value: Any, seed: int = 1) -> None:
        self._file = io.BytesIO()
        journal = Journal(lambda: self._file, time.monotonic_ns)
        self.deed = Deed("the-fault", value, Random(seed), journal)

    @property
    def acts(self) -> list[Acted]:
        lines = self._file.getvalue().splitlines()
        return [msgspec.json.decode(line, type=Acted) for line in lines]


def frame(members: dict[str, Any]) -> bytes:
    """A server's text frame."""
    return Frame(Opcode.TEXT, orjson.dumps(members)).serialize(mask=False)


def delivery(sender: str, content: str, *, send_type: str = "staff", kind: str = "text") -> bytes:
    """A frame that delivers a message."""
    msg = {"SendSn": sender, "SendType": send_type, "type": kind, "content": content}
    return frame({"MsgStatus": "Receive", "Result": True, "msg": msg, "NoReadQty": 1})
