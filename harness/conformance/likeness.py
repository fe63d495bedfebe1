"""Whether a message is the same on each way that it goes: messages of all kinds, what each ``Send``
showed of them, and whether a listener is sent just that."""

from collections.abc import Iterator, Sequence

from harness.conformance.bench import Bench
from harness.conformance.chatter import Chatter, Msg
from harness.conformance.contents import WORDS
from harness.conformance.deliveries import differing
from harness.conformance.listener import shown
from harness.conformance.sayings import of_each_kind
from harness.conformance.stops import broken
from schemas.messages import InMsg, image, text, title
from schemas.modes import ReadReceipt
from schemas.words import MessageType, TitleType

LONG = (300, 4_200, 8_200)
"""Just over the sizes of columns that databases are fond of."""

SPARE = 200  # for what a message has beside its content


def everything(bench: Bench) -> list[InMsg]:
    """Words of all kinds, long ones and a picture, as far as the target takes them."""
    return list(_words(bench))[: bench.profile.limits.max_backlog // 2 or None]


def _words(bench: Bench) -> Iterator[InMsg]:
    limits = bench.profile.limits
    yield from (text(bench.fresh(words)) for words in WORDS.values())
    for size in LONG:
        if size + SPARE <= limits.max_message_bytes:
            yield text(bench.fresh("x" * size))
    yield text(f"  {bench.fresh('between')}\n\n")
    if MessageType.IMAGE in bench.profile.dialect.types and not bench.profile.data.images:
        yield image(f"/Upload/{bench.fresh()} 圖.JPG")


def forms(bench: Bench) -> list[InMsg]:
    """A message of each kind, and a product where every customer may name one.

    Without what has no token where accounts are used again and nothing is ever read: the same of
    an earlier case comes again.
    """
    messages = [*of_each_kind(bench), *_products(bench)]
    if bench.owns_the_pool or bench.profile.dialect.read_receipt is not ReadReceipt.NONE:
        return messages
    return [message for message in messages if bench.is_ours(message.content)]


def _products(bench: Bench) -> Iterator[InMsg]:
    products = bench.profile.data.products
    if MessageType.TITLE in bench.profile.dialect.types and isinstance(products, tuple):
        yield from (title(TitleType.PRO, number) for number in products[:1])


def told(sender: Chatter, messages: Sequence[InMsg]) -> list[Msg]:
    """What each ``Send`` showed."""
    return [sender.tell(message) for message in messages]


def check_same(
    echoed: Sequence[Msg], listener: Chatter, sender: Chatter, messages: Sequence[InMsg]
) -> None:
    """Whether ``listener`` is sent ``messages``, each as its ``Send`` showed it."""
    for one, event in zip(echoed, listener.receives(sender, *messages), strict=True):
        for member in differing(one, event.msg):
            expected, actual = repr(one.get(member)), event.msg.get(member)
            raise broken("same-msg", expected, actual, pointer=f"/msg/{member}", frame=shown(event))
