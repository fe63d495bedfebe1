"""What stands for the content of a message that carries no token. Both ends compute the same."""

from zlib import crc32

from schemas.words import MessageType

_TOKENLESS = 1 << 32  # keeps every digest apart from 0, the digest of tokened content


def digest_of(message_type: str, titletype: str | None, content: str) -> int:
    """A number that tells a sender's message from its other untokened ones between two tokens.

    A staff word counts without its content (the case is named by the conversation), an image by the
    last part of its path (a server may complete the path in front, D21).
    """
    if message_type == MessageType.STAFF:
        content = ""
    elif message_type == MessageType.IMAGE:
        content = content.rpartition("/")[2]
    words = f"{message_type}\0{titletype or ''}\0{content}"
    return _TOKENLESS | crc32(words.encode("utf-8", "surrogatepass"))
