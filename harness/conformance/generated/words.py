"""What generated messages are made of: pieces of text that go wrong somewhere, plain ones first.

All is drawn by numbers under 100: hypothesis takes greater ones, and texts, from whatever code it
finds loaded, and then a seed would not mean the same everywhere.
"""

from typing import TypeVar

from hypothesis import strategies as st

Choice = TypeVar("Choice")

PIECES = (
    *"ab0Z .,-_/\\\"'<>&%?#{}[]:;|@~`!$()+=*^",
    *"\t\n\r\x01\x1f\x7f\u0080\u0085\u00a0\u200b\u2028\u2029\u3000\ufeff",
    *"您好客服ßéİıǆ\u0301\u202e\u200d\ufe0f\ufffd\ufffe\uffff\ue000",
    *"😀🇹\U00010000\U0010ffff",
    "\\u0041",
    "%00",
    "${7*7}",
    "null",
    "</script>",
    "'; --",
    "👩‍👩‍👧",
    "0" * 120,
    "寬" * 50,
    "../",
    "\r\n",
)
EDGES = ("\u3000", " ", "\n", "\u00a0", "\ufeff", "\t", "\u200b", "\u2028")
PATH_PIECES = ("a", "0", "Z", "-", "_", ".", " ", "%20", "圖", "é", "(1)")

MOST = 6
EDGED = 2 * len(EDGES) + 1

Numbers = tuple[int, ...]


def number(below: int) -> st.SearchStrategy[int]:
    """A number from 0, under ``below`` (at most 100); smaller ones are simpler."""
    return st.integers(0, below - 1)


def numbers(below: int, most: int = MOST) -> st.SearchStrategy[Numbers]:
    """Up to ``most`` such numbers."""
    return st.lists(number(below), max_size=most).map(tuple)


def one_of(*choices: Choice) -> st.SearchStrategy[Choice]:
    """One of these, the simplest first."""
    return number(len(choices)).map(choices.__getitem__)


def several(one: st.SearchStrategy[Choice], most: int) -> st.SearchStrategy[tuple[Choice, ...]]:
    """Some of them, one after another."""
    return st.lists(one, min_size=1, max_size=most).map(tuple)


def edged(content: str, edge: int) -> str:
    """``content`` with one of :data:`EDGES` after it, or before it; as it is for 0."""
    if not edge:
        return content
    piece = EDGES[(edge - 1) // 2 % len(EDGES)]
    return content + piece if edge % 2 else piece + content


def spelled(chosen: Numbers, pieces: tuple[str, ...] = PIECES) -> str:
    """The pieces of these numbers, in a row; numbers may exceed the pieces."""
    return "".join(pieces[number % len(pieces)] for number in chosen)
