"""The words that a member may hold, read off its description: a heuristic, and only that.

A list of single words in brackets, or after "one of" and its like, is taken at its word. What
follows may explain the words one by one; a further word explained in the same way belongs to them,
though the list forgot it. Never used to judge a frame: words become examples, notes and drift.
"""

import re

_WORD = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_GAP = r"\s*(?:,|/|\||;|、|，|／|｜|\bor\b|\band\b|或|和)\s*"
_QUOTE = "[\"'“”‘’「」`]?"
_LIST = re.compile(rf"{_QUOTE}({_WORD}){_QUOTE}((?:{_GAP}{_QUOTE}{_WORD}{_QUOTE})+)")
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]{1,500})[)）\]】]")
_INTRODUCED = re.compile(
    r"\b(?:one of|either|values?(?: are| is)?|allowed|options?)\b\s*:?\s*(.{1,500})", re.IGNORECASE
)
_EXPLAINED = re.compile(
    r"(?<![A-Za-z0-9_.-])([A-Za-z_][A-Za-z0-9_-]*)(?:\s*[:=：＝]|\s+-\s|\s?(?=[\u3400-\u9fff]))"
)
_MAX_PROSE_CHARS = 4000
MAX_WORDS = 100


def words_in(prose: str) -> tuple[str, ...]:
    """The words that ``prose`` lists, in its order; empty when it lists none."""
    prose = prose[:_MAX_PROSE_CHARS]
    for match in _BRACKETS.finditer(prose):
        if words := _listed(match[1].strip(), whole=True):
            return _with_explained(words, prose[match.end() :])
    for match in _INTRODUCED.finditer(prose):
        if words := _listed(match[1], whole=False):
            return _with_explained(words, match[1])
    return ()


def _listed(text: str, *, whole: bool) -> tuple[str, ...]:
    """The words of the list that ``text`` is (``whole``) or begins with."""
    match = _LIST.fullmatch(text) if whole else _LIST.match(text)
    if match is None:
        return ()
    found = (part.strip("\"'“”‘’「」` ") for part in re.split(_GAP, match[0]))
    return tuple(dict.fromkeys(word.rstrip(".") for word in found if word))[:MAX_WORDS]


def _with_explained(words: tuple[str, ...], rest: str) -> tuple[str, ...]:
    explained = _EXPLAINED.findall(rest)
    if not set(words) & set(explained):
        return words
    return tuple(dict.fromkeys((*words, *explained)))[:MAX_WORDS]
