"""What may be said to one target: kinds of messages, and contents of its own data (D1, D16)."""

from collections.abc import Mapping, Sequence

from harness.conformance.bench import Bench
from harness.conformance.generated.words import PATH_PIECES, Numbers, edged, spelled
from schemas.messages import InMsg, image, text, title
from schemas.words import MessageType, TitleType


class Lexicon:
    """Makes messages of numbers. Each is made once: texts and paths carry a token that nobody has
    sent before, and what comes of a list is not taken again.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._data = bench.profile.data
        self._types = bench.profile.dialect.types
        self._taken: set[tuple[str, str]] = set()

    def message(
        self, kind: int, words: Numbers, customer_sn: str, *, read: bool, edge: int = 0
    ) -> InMsg:
        """A message of the ``kind``-th kind; ``edge`` is what a text begins or ends with.

        ``customer_sn`` is the customer who says it, "" for staff, who brings up no topics.
        """
        chosen = (MessageType.TEXT, MessageType.IMAGE, MessageType.TITLE)[kind % 3]
        made: InMsg | None = None
        if chosen is MessageType.TITLE and chosen in self._types and customer_sn:
            made = self._title(words, customer_sn, read=read)
        elif chosen is MessageType.IMAGE and chosen in self._types:
            made = image(self._path(words), read=read)
        if made is not None and (made.type, made.content) not in self._taken:
            self._taken.add((made.type, made.content))
            return made
        return text(edged(self._words(words), edge), read=read)

    def token(self) -> str:
        """A content that nobody has sent before."""
        return self._bench.fresh()

    def _words(self, words: Numbers) -> str:
        """The token stands before, after or between the words: all ends must stay."""
        cut = (len(words) + 1) // 2 if words and words[0] % 2 else 0
        return f"{spelled(words[:cut])}{self._bench.fresh()}{spelled(words[cut:])}"

    def _path(self, words: Numbers) -> str:
        listed = self._data.images
        if listed:
            return listed[(sum(words) + len(self._taken)) % len(listed)]
        return f"/upload/{self._bench.fresh()}{spelled(words, PATH_PIECES)}.jpg"

    def _title(self, words: Numbers, customer_sn: str, *, read: bool) -> InMsg:
        known = [
            *((TitleType.PRO, number) for number in _of(self._data.products, customer_sn)),
            *((TitleType.ORDER, number) for number in _of(self._data.orders, customer_sn)),
            *((TitleType.OTHER, topic) for topic in self._data.other_topics),
        ]
        number = (sum(words) + len(self._taken)) % (len(known) + (not self._data.other_topics))
        if number == len(known):
            return title(TitleType.OTHER, self._words(words), read=read)
        return title(*known[number], read=read)


def _of(numbers: Sequence[str] | Mapping[str, Sequence[str]], customer_sn: str) -> Sequence[str]:
    return numbers.get(customer_sn, ()) if isinstance(numbers, Mapping) else numbers
