"""Source addresses as a user writes them: a list, or a network. Pure."""

import ipaddress
from itertools import islice

from harness.errors import UsageError, shown

MOST_ADDRESSES = 4096


def parse_sources(text: str) -> tuple[str, ...]:
    """The addresses of ``A,B,...`` and of every ``NETWORK/BITS`` in it, each once.

    UsageError names the part that is neither, and a list of over :data:`MOST_ADDRESSES`.
    """
    found: dict[str, None] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        found |= dict.fromkeys(islice(_addresses(part), MOST_ADDRESSES + 1))
    if not found:
        raise UsageError("--source-ips names no address", "such as 127.0.0.2,127.0.0.3")
    if len(found) > MOST_ADDRESSES:
        raise UsageError(
            f"--source-ips names over {MOST_ADDRESSES} addresses", "give a smaller network"
        )
    return tuple(found)


def is_network(text: str) -> bool:
    """Whether some addresses of ``text`` may be missing: it names a network, not each of them."""
    return "/" in text


def _addresses(part: str) -> "islice[str]":
    try:
        if is_network(part):
            hosts = ipaddress.ip_network(part, strict=False).hosts()
            return islice(map(str, hosts), MOST_ADDRESSES + 1)
        return islice([str(ipaddress.ip_address(part))], 1)
    except ValueError:
        raise UsageError(
            f"--source-ips: {shown(part)} is neither an address nor a network",
            "such as 127.0.0.2,127.0.0.3 or 10.1.0.0/28",
        ) from None
