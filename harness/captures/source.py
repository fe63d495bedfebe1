"""Opens a capture: a file, a run folder or the standard input; finds out which kind it is."""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from harness.captures import har, lines
from harness.captures.steps import NoCapture, Steps
from harness.errors import one_line
from schemas.run_log import RUN_LOG

STDIN = "-"

_BUFFER = 1 << 16
_HEAD = 1 << 10
_BOM = b"\xef\xbb\xbf"
_HAR = re.compile(rb'\s*\{\s*"log"\s*:')
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"\x28\xb5\x2f\xfd": "zstd"}


@contextmanager
def open_source(path: str) -> Iterator[Steps]:
    """The steps of the capture at ``path`` ("-" is the standard input).

    NoCapture when it cannot be opened or is none, at once or at the first step; CaptureDamaged at
    the step where it breaks off.
    """
    name = "the standard input" if path == STDIN else one_line(Path(path).name or path)
    try:
        with _opened(path) as raw:
            yield _steps(raw, name)
    except OSError as error:
        raise NoCapture(name, f"cannot be read: {error.strerror or error}") from None


def _opened(path: str) -> BinaryIO:
    if path == STDIN:
        return open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    folder = Path(path).expanduser()
    return (folder / RUN_LOG if folder.is_dir() else folder).open("rb", buffering=0)


def _steps(raw: BinaryIO, name: str) -> Steps:
    head = _head(raw)
    for magic, kind in _PACKED.items():
        if head.startswith(magic):
            raise NoCapture(name, f"is compressed ({kind}); unpack it first")
    head = head.removeprefix(_BOM)
    stream = io.BufferedReader(_Rewound(head, raw), _BUFFER)
    return har.read(stream, name) if _HAR.match(head) else lines.read(stream, name)


def _head(raw: BinaryIO) -> bytes:
    head = b""
    while len(head) < _HEAD and (more := raw.read(_HEAD - len(head))):
        head += more
    return head


class _Rewound(io.RawIOBase):
    """``rest`` with ``head``, which was read from it already, in front again."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` from the head, then from the rest."""
        found = self._head[: len(buffer)] or self._rest.read(len(buffer)) or b""
        self._head = self._head[len(buffer) :]
        buffer[: len(found)] = found
        return len(found)
