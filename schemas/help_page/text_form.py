"""The text of a help page, as a browser copies it or a program extracts it, read into blocks.

Cells come on lines of their own or separated by tabs; the header's cells may run together. A row
ends with its additional information, whose phrases are the generator's.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from schemas.help_page.blocks import (
    ACTION,
    ENUMERATION,
    NO_SAMPLE,
    NONE,
    REQUEST_FORMATS,
    RESPONSE_FORMATS,
    SECTIONS,
    Block,
    Heading,
    Media,
    Pre,
    Rows,
    Text,
    Words,
    media_types,
    squeeze,
)
from schemas.help_page.model import NotAHelpPage, Row
from schemas.help_page.type_text import is_type

_MEMBERS = ("Name", "Description", "Type", "Additional information")
_VALUES = ("Name", "Value", "Description")
_HEADERS = {_MEMBERS: "\0members", _VALUES: "\0values"}
_MARKS = set(_HEADERS.values())
_WHOLE_HEADERS = {gap.join(cells): mark for cells, mark in _HEADERS.items() for gap in ("", " ")}
_MEDIA_LINE = re.compile(r"[\w.+-]+/[\w.+*-]+(\s*,\s*[\w.+-]+/[\w.+*-]+)*")
_SAMPLE = "Sample:"
_RULE = re.compile(
    r"None\.|Required|(Range|String length): inclusive between .+|(Max|Min) length: .+"
    r"|Default value is .*|Data type: .+|Matching regular expression pattern: .+"
)
_INTEGER = re.compile(r"-?\d+")


def text_blocks(text: str) -> list[Block]:
    """The blocks of a page given as text. What stands before the action's line is skipped."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if ACTION.fullmatch(squeeze(line))), len(lines))
    blocks: list[Block] = []
    for title, content in _sections(lines[start:]):
        blocks.append(Heading(title))
        formats = title in (REQUEST_FORMATS, RESPONSE_FORMATS)
        blocks.extend(_formats(content) if formats else _tables(content))
    return blocks


def _sections(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The action with its prose, then each section, in the page's order and no other."""
    if not lines:
        return
    title, content, left = squeeze(lines[0]), list[str](), list(SECTIONS)
    for line in lines[1:]:
        stripped = line.strip()
        if stripped in left:
            yield title, content
            title, content, left = stripped, [], left[left.index(stripped) + 1 :]
        else:
            content.append(line)
    yield title, content


def _tables(lines: Sequence[str]) -> Iterator[Block]:
    """Paragraphs and tables; the last text before a table stays the text that names it."""
    cells = _cells(lines)
    marks = [index for index, cell in enumerate(cells) if cell in _MARKS]
    yield from map(Text, cells[: marks[0]] if marks else cells)
    for mark, end in pairwise([*marks, len(cells)]):
        inside, names = _until_next(cells[mark + 1 : end], last=end == len(cells))
        if cells[mark] == _HEADERS[_MEMBERS]:
            yield Rows(tuple(_rows(inside)))
        else:
            yield Words(tuple(_words(inside)))
        yield from map(Text, names)


def _cells(lines: Sequence[str]) -> list[str]:
    """The cells of all lines, with each table's header made one mark."""
    found: list[str] = []
    for line in lines:
        for cell in filter(None, map(squeeze, line.split("\t"))):
            found.append(_WHOLE_HEADERS.get(cell, cell.replace("\0", "")))
            for header, mark in _HEADERS.items():
                if tuple(found[-len(header) :]) == header:
                    found[-len(header) :] = [mark]
    return found


def _until_next(cells: list[str], *, last: bool) -> tuple[list[str], list[str]]:
    """A table's cells, and the texts that name the next table."""
    if last:
        return cells, []
    names = 2 if cells[-1:] == [ENUMERATION] else 1
    return cells[:-names], cells[-names:]


def _rows(cells: Sequence[str]) -> Iterator[Row]:
    start = 0
    while start < len(cells):
        end = _row_end(cells, start)
        if end is None:
            raise NotAHelpPage(
                f"has a table that breaks off at '{cells[start][:80]}'",
                "save or copy the whole page again",
            )
        first_rule = next(n for n in range(start + 2, end) if _is_rule_at(cells, n))
        yield Row(
            name=cells[start],
            prose=" ".join(cells[start + 1 : first_rule - 1]),
            type_text=cells[first_rule - 1],
            rules=tuple(rule for rule in cells[first_rule:end] if rule != NONE),
        )
        start = end


def _row_end(cells: Sequence[str], start: int) -> int | None:
    """Where the row ends that begins at ``start``: after its run of rules."""
    for index in range(start + 2, len(cells)):
        if _is_rule_at(cells, index):
            end = index + 1
            while cells[index] != NONE and end < len(cells) and _follows(cells[end]):
                end += 1
            return end
    return None


def _is_rule_at(cells: Sequence[str], index: int) -> bool:
    return _RULE.fullmatch(cells[index]) is not None and is_type(cells[index - 1])


def _follows(cell: str) -> bool:
    """Whether ``cell`` is a further rule; Required and None. come first or alone."""
    return cell not in (NONE, "Required") and _RULE.fullmatch(cell) is not None


def _words(cells: Sequence[str]) -> Iterator[str]:
    """The names in an enumeration's table: each stands before a number."""
    for name, value in pairwise(cells):
        if _INTEGER.fullmatch(value):
            yield name


def _formats(lines: Sequence[str]) -> Iterator[Block]:
    """Media types and samples; a line of media types counts when "Sample:" follows."""
    sample: list[str] | None = None
    filled = [line for line in lines if line.strip()]
    for line, following in zip(filled, [*filled[1:], ""], strict=True):
        stripped = line.strip()
        if _MEDIA_LINE.fullmatch(stripped) and following.strip().startswith(_SAMPLE):
            yield from _pre(sample)
            yield Media(media_types(stripped))
            sample = None
        elif sample is None and stripped.startswith(_SAMPLE):
            sample = [stripped.removeprefix(_SAMPLE)]
        elif sample is not None:
            sample.append(line)
    yield from _pre(sample)


def _pre(sample: list[str] | None) -> Iterator[Block]:
    text = "\n".join(sample or ()).strip()
    if text and not text.startswith(NO_SAMPLE):
        yield Pre(text)
