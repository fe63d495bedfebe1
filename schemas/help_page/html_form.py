"""The HTML of a help page, served or saved, read into blocks.

The standard library's parser is fed in pieces and never closed: it then reads any input in linear
time, whereas one call over unterminated tags takes quadratic time (27 s for 120 KB). A construct
that stays open for :data:`MAX_OPEN_CHARS` is refused.
"""

from html.parser import HTMLParser

from schemas.help_page.blocks import (
    ADVICE,
    NO_SAMPLE,
    Block,
    Heading,
    Media,
    Pre,
    Rows,
    Text,
    media_types,
    squeeze,
)
from schemas.help_page.html_table import HtmlTable
from schemas.help_page.model import NotAHelpPage

MAX_OPEN_CHARS = 512 * 1024
_PIECE_CHARS = 8 * 1024

_INLINE_NAMES = "a abbr b bdi bdo code em font i kbd mark s small span strong sub sup u wbr"
_HEADINGS = {"h1", "h2", "h3"}
_UNSEEN = {
    "script",
    "style",
    "title",
    "noscript",
    "template",
    "textarea",
    "select",
    "nav",
    "footer",
}
_INLINE = frozenset(_INLINE_NAMES.split())
_CELLS = {"td", "th"}


def html_blocks(markup: str) -> list[Block]:
    """The blocks of a page given as HTML; NotAHelpPage for a login form and the like."""
    reader = _Reader()
    try:
        for start in range(0, len(markup), _PIECE_CHARS):
            reader.feed(markup[start : start + _PIECE_CHARS])
            if len(reader.rawdata) > MAX_OPEN_CHARS:
                raise NotAHelpPage("is no HTML that can be read: a tag in it never ends", ADVICE)
        reader.feed("<br>")
    except AssertionError:  # how html.parser says that a declaration is malformed
        raise NotAHelpPage("is no HTML that can be read", ADVICE) from None
    reader.flush()
    if reader.asks_password and not any(isinstance(block, Rows) for block in reader.blocks):
        raise NotAHelpPage(
            "is a login form, not a help page",
            "save the page from a browser that is logged in, and give that file",
        )
    return reader.blocks


class _Reader(HTMLParser):
    """Collects blocks; a run of inline text ends wherever a block element begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.asks_password = False
        self._text: list[str] = []
        self._unseen = ""
        self._kept_for = ""  # the element whose whole text is one block: a heading or a sample
        self._tables: list[HtmlTable] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            return
        given = dict(attrs)
        self.asks_password |= tag == "input" and (given.get("type") or "").lower() == "password"
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag in _INLINE:
            return
        elif tag == "br":
            self._text.append("\n")
        elif tag == "table" or self._tables:
            self._table_start(tag, given.get("class") or "")
        else:
            self._block_start(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._unseen = "" if tag == self._unseen else self._unseen
        elif self._tables:
            self._table_end(tag)
        elif tag == self._kept_for or tag not in _INLINE:
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._text.append(data)

    def flush(self) -> None:
        """Make a block of the text so far."""
        raw, kept = "".join(self._text), self._kept_for
        text = squeeze(raw)
        self._text.clear()
        self._kept_for = ""
        if kept in _HEADINGS:
            self.blocks.append(Heading(text))
        elif kept == "h4":
            self.blocks.append(Media(media_types(text)))
        elif kept == "pre":
            self.blocks.append(Pre(raw.strip()))
        elif text and text not in (NO_SAMPLE, "Sample:"):
            self.blocks.append(Text(text))

    def _block_start(self, tag: str) -> None:
        if self._kept_for == "pre" and tag != "pre":
            return
        self.flush()
        if tag in _HEADINGS or tag in ("h4", "pre"):
            self._kept_for = tag

    def _table_start(self, tag: str, css: str) -> None:
        if tag == "table":
            if not self._tables:
                self.flush()
            self._tables.append(HtmlTable())
            return
        if tag in _CELLS or tag == "tr":
            self._end_cell()
        if tag == "tr":
            self._tables[-1].rows.append([])
        elif tag in _CELLS:
            self._tables[-1].open_cell(css.split())
        else:  # a paragraph inside a cell
            self._text.append("\n")

    def _table_end(self, tag: str) -> None:
        if tag in _CELLS or tag in ("tr", "table"):
            self._end_cell()
        elif tag == "p":
            self._text.append("\n")
        if tag == "table":
            table = self._tables.pop()
            if not self._tables:
                self.blocks.extend(table.blocks())

    def _end_cell(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        self._tables[-1].close_cell(text)
