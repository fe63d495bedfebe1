"""What participants say: words, image paths and topics prepared before the run, stamped when sent.

Words come in as data (who makes them is the caller's affair). A title's content must be a real
number of the shop, and a listed image's path must exist: these carry no token, so an author never
says two of them without a tokened message in between (measurement §2).
"""

from collections.abc import Mapping, Sequence
from random import Random

import msgspec

from harness.load_token import LaneStamp
from harness.populations.habits import CustomerHabits
from harness.target import Profile
from schemas.messages import InMsg
from schemas.messages import title as title_message
from schemas.words import TitleType

Numbers = Sequence[str] | Mapping[str, Sequence[str]]


class Draft(msgspec.Struct, frozen=True):
    """What is to be said; ``rest`` is what stands behind the token of a tokened message.

    ``raw`` may hold ``rest`` as UTF-8, where one draft is said many times.
    """

    kind: str
    rest: str = ""
    topic: TitleType | None = None
    tokened: bool = True
    raw: bytes | None = None

    def message(self, content: str, *, read: bool) -> InMsg:
        """The client message with its final content."""
        if self.topic is not None:
            return title_message(self.topic, content, read=read)
        return InMsg("image" if self.kind == "image" else "text", content, read)


class Lexicon(msgspec.Struct, frozen=True):
    """What can be said. ``images`` are paths that exist; empty: any path may be made up.

    ``drafts`` are made of ``texts``, once for everybody.
    """

    texts: Sequence[str]
    answers: Sequence[str]
    images: Sequence[str] = ()
    products: Numbers = ()
    orders: Numbers = ()
    topics: Sequence[str] = ()
    drafts: Sequence[Draft] = ()

    def __post_init__(self) -> None:
        drafts = [Draft("text", f" {text}", raw=f" {text}".encode()) for text in self.texts]
        msgspec.structs.force_setattr(self, "drafts", drafts)

    def titles(self, customer_sn: str) -> list[tuple[TitleType, str]]:
        """Every title that this customer may send."""
        return [
            *((TitleType.PRO, number) for number in _of(self.products, customer_sn)),
            *((TitleType.ORDER, number) for number in _of(self.orders, customer_sn)),
            *((TitleType.OTHER, words) for words in self.topics),
        ]


def lexicon(profile: Profile, texts: Sequence[str], answers: Sequence[str]) -> Lexicon:
    """The words given, and the ``[data]`` of the profile."""
    data = profile.data
    return Lexicon(texts, answers, data.images, data.products, data.orders, data.other_topics)


class Stamper(msgspec.Struct, frozen=True):
    """Puts this run's token in front of content. ``epoch_ns`` is the run's."""

    run: str
    epoch_ns: int

    def stamp(self, sender: int, conversation: int, seq: int, due_ns: int, rest: str) -> str:
        """The whole content of one message."""
        return self.lane(sender, conversation).stamp(seq, self.due_us(due_ns), rest)

    def lane(self, sender: int, conversation: int) -> LaneStamp:
        """What stamps all that ``sender`` says in ``conversation``."""
        return LaneStamp(self.run, sender, conversation)

    def due_us(self, due_ns: int) -> int:
        """A due time as tokens tell it."""
        return max(due_ns - self.epoch_ns, 0) // 1000


class Author:
    """One customer's next words, from a seed of its own. Follows the mix as far as tokens allow."""

    __slots__ = (
        "_draft_bits",
        "_drafts",
        "_image_below",
        "_lexicon",
        "_rng",
        "_text_below",
        "_titles",
        "_whole",
    )

    def __init__(
        self, rng: Random, lexicon: Lexicon, habits: CustomerHabits, customer_sn: str
    ) -> None:
        self._rng = rng
        self._lexicon = lexicon
        self._titles = lexicon.titles(customer_sn)
        self._drafts = lexicon.drafts
        self._draft_bits = len(lexicon.drafts).bit_length()
        self._text_below = habits.text
        self._image_below = habits.text + habits.image
        self._whole = self._image_below + (habits.title if self._titles else 0.0)

    def text(self) -> Draft:
        """A text."""
        # As ``rng.choice`` draws, at a third of its price: this is said for every message.
        drafts, bits, draw = self._drafts, self._draft_bits, self._rng.getrandbits
        place = draw(bits)
        while place >= len(drafts):
            place = draw(bits)
        return drafts[place]

    def next(self, *, token_needed: bool) -> Draft:
        """A text, an image or a title; one that carries a token where ``token_needed``."""
        place = self._rng.random() * self._whole
        if place < self._text_below:
            return self.text()
        if place < self._image_below:
            return self._image(token_needed)
        if token_needed:
            return self.text()
        topic, number = self._rng.choice(self._titles)
        return Draft("title", number, topic, tokened=False)

    def _image(self, token_needed: bool) -> Draft:
        listed = self._lexicon.images
        if not listed:
            return Draft("image", f"/upload/{self._rng.getrandbits(32):08x}.jpg")
        if token_needed:
            return self.text()
        return Draft("image", self._rng.choice(listed), tokened=False)


def _of(numbers: Numbers, customer_sn: str) -> Sequence[str]:
    return numbers.get(customer_sn, ()) if isinstance(numbers, Mapping) else numbers
