"""Where the processes of one load meet: ``HOST[:PORT]`` as a user writes it. Pure."""

from harness.errors import UsageError, shown

DEFAULT_PORT = 5557
LOOPBACK = "127.0.0.1"
URL_VARIABLE = "CHATSOCKET_WORKER_TARGET"
"""The environment variable by which a worker's own URL reaches its process; it may hold a key."""


def host_and_port(text: str, default_port: int = DEFAULT_PORT) -> tuple[str, int]:
    """The two parts of ``HOST``, ``HOST:PORT``, ``[V6]`` or ``[V6]:PORT``; UsageError otherwise."""
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]") or (text.count(":") > 1 and not text.startswith("[")):
        host, port = text, str(default_port)
    host = host.removeprefix("[").removesuffix("]")
    number = int(port) if port.isdecimal() else -1
    if not host or not 0 <= number < 1 << 16 or any(sign in host for sign in "/@ "):
        raise UsageError(f"{shown(text)} is no HOST:PORT", f"such as {LOOPBACK}:{DEFAULT_PORT}")
    return host, number
