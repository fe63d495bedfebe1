"""A transport that stands before another one: everything passes through, unless overridden."""

import asyncio
from collections.abc import Iterable
from typing import Any


class Relay(asyncio.Transport):
    """Passes all on to ``behind``."""

    def __init__(self, behind: asyncio.Transport) -> None:
        super().__init__()
        self.behind = behind

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write to the socket."""
        self.behind.write(data)

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Write to the socket, in one go."""
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        """Close this direction."""
        self.behind.write_eof()

    def close(self) -> None:
        """Close once all is written."""
        self.behind.close()

    def abort(self) -> None:
        """Close at once."""
        self.behind.abort()

    def can_write_eof(self) -> bool:
        """Whether :meth:`write_eof` works."""
        return self.behind.can_write_eof()

    def is_closing(self) -> bool:
        """Whether the end has begun."""
        return self.behind.is_closing()

    def is_reading(self) -> bool:
        """Whether input is taken."""
        return self.behind.is_reading()

    def pause_reading(self) -> None:
        """Take no input for now."""
        self.behind.pause_reading()

    def resume_reading(self) -> None:
        """Take input again."""
        self.behind.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the socket knows of itself."""
        return self.behind.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        """Bytes that wait to be written."""
        return self.behind.get_write_buffer_size()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Who hears of the socket."""
        self.behind.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Who hears of the socket."""
        return self.behind.get_protocol()
