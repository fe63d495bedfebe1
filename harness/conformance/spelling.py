"""Messages sent otherwise than one by one in our own JSON: respelled, or several in one write.

What they say, and so what must come of them, is known all the same.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator
from itertools import pairwise

from harness.blocking.participant import Sent
from harness.blocking.wire import Shape
from harness.conformance.chatter import Chatter
from harness.conformance.stops import NotApplicable
from harness.wire_frames import Framing, Opcode, encode_frame
from schemas.messages import InMsg
from schemas.modes import AckMode

_CONTENT = re.compile(rb'("content"\s*:\s*")(?!")')


def say_spelled(
    chatter: Chatter, message: InMsg, text: bytes, shape: Shape = Shape.ONE_WRITE
) -> Sent:
    """Send ``text``, which is ``message`` in other JSON than ours."""
    require_room(chatter, len(text))
    sent = Sent(message, chatter.now)
    chatter.participant.session.send(message, time.monotonic_ns(), sent)
    frames = [encode_frame(Opcode.TEXT, text)]
    chatter.participant.say_frames(frames, shape, answered=False)
    return sent


def say_together(
    chatter: Chatter, *parts: InMsg | bytes, shape: Shape = Shape.ONE_WRITE
) -> list[Sent]:
    """Send all ``parts`` at once, each a text message of its own that one ``Send`` must answer."""
    session, now_ns = chatter.participant.session, time.monotonic_ns()
    sent, frames = [], []
    for part in parts:
        sent.append(Sent(part if isinstance(part, InMsg) else None, chatter.now))
        if isinstance(part, InMsg):
            text = session.send(part, now_ns, sent[-1])
        else:
            text = part
            session.expect_answer(now_ns, sent[-1])
        frames.append(encode_frame(Opcode.TEXT, text))
    chatter.participant.say_frames(frames, shape, answered=False)
    return sent


def say_unasked(chatter: Chatter, text: bytes) -> Sent:
    """Send ``text``, which one ``Send`` must answer where there are such frames (D21)."""
    require_room(chatter, len(text))
    answered = chatter.bench.profile.dialect.ack is not AckMode.NONE
    frames = [encode_frame(Opcode.TEXT, text)]
    return chatter.participant.say_frames(frames, answered=answered)


def fragments(body: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    """One text message in fragments that begin at ``cuts``."""
    places = [0, *cuts, len(body)]
    for number, (at, end) in enumerate(pairwise(places)):
        opcode = Opcode.CONTINUATION if number else Opcode.TEXT
        yield encode_frame(opcode, body[at:end], Framing(fin=end == len(body)))


def require_room(chatter: Chatter, size: int) -> None:
    """NotApplicable where a message of ``size`` bytes is too long for the target (D18)."""
    if size > chatter.bench.profile.limits.max_message_bytes:
        raise NotApplicable(f"limits.max_message_bytes is below {size}")


def spell(**members: object) -> bytes:
    """These members as JSON, whatever they hold."""
    return json.dumps(members, ensure_ascii=False).encode()


def marked(text: bytes, token: str) -> bytes:
    """``text`` with ``token`` in front of every content that is a string with something in it."""
    return _CONTENT.sub(lambda found: found[1] + token.encode() + b" ", text)
