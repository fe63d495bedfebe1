"""A help page as a flat run of blocks, which both forms are read into, and the page made of them.

Knows the order of the page's sections. Where a block comes from, text or HTML, it cannot see.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from schemas.help_page.model import (
    Body,
    HelpPage,
    NotAHelpPage,
    Row,
    Sample,
    TypeTable,
    WordTable,
)
from schemas.help_page.type_text import is_type, table_name

REQUEST = "Request Information"
URI_PARAMETERS = "URI Parameters"
BODY_PARAMETERS = "Body Parameters"
REQUEST_FORMATS = "Request Formats"
RESPONSE = "Response Information"
RESOURCE = "Resource Description"
RESPONSE_FORMATS = "Response Formats"
SECTIONS = (
    REQUEST,
    URI_PARAMETERS,
    BODY_PARAMETERS,
    REQUEST_FORMATS,
    RESPONSE,
    RESOURCE,
    RESPONSE_FORMATS,
)
NONE = "None."
NO_SAMPLE = "Sample not available."
ENUMERATION = "Possible enumeration values:"

ACTION = re.compile(r"(GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)\s+/?(\S+)")
ADVICE = "give the page of one action: its address, its HTML saved from a browser, or its text"


class Heading(msgspec.Struct, frozen=True):
    """The action's line or the title of a section."""

    text: str


class Text(msgspec.Struct, frozen=True):
    """A paragraph, or a type that stands alone."""

    text: str


class Rows(msgspec.Struct, frozen=True):
    """A table of members or parameters."""

    rows: tuple[Row, ...]


class Words(msgspec.Struct, frozen=True):
    """A table of an enumeration's values."""

    words: tuple[str, ...]


class Media(msgspec.Struct, frozen=True):
    """The media types above a sample."""

    media_types: tuple[str, ...]


class Pre(msgspec.Struct, frozen=True):
    """A sample's text."""

    text: str


Block = Heading | Text | Rows | Words | Media | Pre


def media_types(line: str) -> tuple[str, ...]:
    """The media types that ``line`` lists, separated by commas."""
    return tuple(part.strip() for part in line.split(",") if part.strip())


def squeeze(text: str) -> str:
    """``text`` with every run of white space made one space."""
    return " ".join(text.split())


def assemble(blocks: Sequence[Block]) -> HelpPage:
    """The page that ``blocks`` describe; NotAHelpPage when one that every page has is missing."""
    start, action = _action(blocks)
    sections = _sections(blocks[start:])
    missing = [name for name in (REQUEST, RESPONSE) if name not in sections]
    if missing:
        raise NotAHelpPage(f"has no section '{missing[0]}', so it is no help page", ADVICE)
    return HelpPage(
        method=action[1],
        path=action[2],
        prose=_prose(sections[""]),
        uri_parameters=_parameters(sections.get(URI_PARAMETERS, ())),
        request=_body(sections, BODY_PARAMETERS, REQUEST_FORMATS),
        response=_body(sections, RESOURCE, RESPONSE_FORMATS),
    )


def _action(blocks: Sequence[Block]) -> tuple[int, re.Match[str]]:
    for index, block in enumerate(blocks):
        if isinstance(block, Heading) and (match := ACTION.fullmatch(block.text)):
            return index + 1, match
    raise NotAHelpPage(
        "names no action such as 'POST api/Chat/Send', so it is no help page", ADVICE
    )


def _sections(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """The blocks under each section's heading; those before the first are under ''."""
    found: dict[str, list[Block]] = {"": []}
    current = found[""]
    for block in blocks:
        if isinstance(block, Heading) and block.text in SECTIONS:
            current = found.setdefault(block.text, [])
        else:
            current.append(block)
    return found


def _prose(blocks: Iterable[Block]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Text))


def _parameters(blocks: Iterable[Block]) -> tuple[Row, ...]:
    return tuple(row for block in blocks if isinstance(block, Rows) for row in block.rows)


def _body(sections: dict[str, list[Block]], described: str, formats: str) -> Body:
    blocks = sections.get(described, [])
    prose, type_text = _opening(blocks)
    tables, words = _tables(blocks)
    return Body(
        type_text=type_text,
        prose=prose,
        tables=tables,
        words=words,
        samples=_samples(sections.get(formats, [])),
    )


def _opening(blocks: Sequence[Block]) -> tuple[str, str]:
    """The prose and the type that stand before the first table (or before "None.")."""
    texts, emptied = [], False
    for block in blocks:
        emptied = block == Text(NONE)
        if emptied or not isinstance(block, Text):
            break
        texts.append(block.text)
    if emptied and not (texts and is_type(texts[-1])):  # no model at all
        return " ".join(texts), ""
    return (" ".join(texts[:-1]), texts[-1]) if texts else ("", "")


def _tables(blocks: Sequence[Block]) -> tuple[tuple[TypeTable, ...], tuple[WordTable, ...]]:
    """The tables with the names above them."""
    tables, words = [], []
    above: list[str] = []
    for block in blocks:
        match block:
            case Text(text) if text != ENUMERATION:
                above.append(text)
            case Rows(rows):
                tables.append(TypeTable(above[-1] if above else "", rows))
            case Words(listed):
                words.append(WordTable(table_name(above[-1]) if above else "", listed))
            case _:
                pass
    return tuple(tables), tuple(words)


def _samples(blocks: Sequence[Block]) -> tuple[Sample, ...]:
    """Each group of media types with the first thing under it; an error's text is no sample."""
    marks = [index for index, block in enumerate(blocks) if isinstance(block, Media)]
    found = []
    for start, end in pairwise([*marks, len(blocks)]):
        media = blocks[start]
        texts = [block.text for block in blocks[start:end] if isinstance(block, Pre)]
        if isinstance(media, Media):
            found.append(Sample(media.media_types, texts[0] if texts else None))
    return tuple(found)
