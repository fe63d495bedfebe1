"""Messages of every kind that a target takes, with contents that nobody has sent before.

Draws on the profile's ``[data]`` where that restricts what may be said (D16). Knows no connection.
"""

from harness.conformance.bench import Bench
from schemas.messages import InMsg, image, text, title
from schemas.words import MessageType, TitleType


def saying(bench: Bench, kind: MessageType) -> InMsg:
    """A message of ``kind``: ``text``, ``image``, or ``title`` about something else."""
    data = bench.profile.data
    match kind:
        case MessageType.IMAGE:
            return image(data.images[0] if data.images else f"/upload/{bench.fresh()}.jpg")
        case MessageType.TITLE:
            topic = data.other_topics[0] if data.other_topics else bench.fresh("delivery")
            return title(TitleType.OTHER, topic)
        case _:
            return text(bench.fresh("words"))


def of_each_kind(bench: Bench) -> list[InMsg]:
    """A text, an image and a topic, as far as the target's dialect has them (D1)."""
    kinds = (MessageType.TEXT, MessageType.IMAGE, MessageType.TITLE)
    return [saying(bench, kind) for kind in kinds if kind in bench.profile.dialect.types]
