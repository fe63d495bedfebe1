"""A help page's bytes made a value: which form they are in, and what is no help page at all.

Pure: where the bytes come from is the caller's affair.
"""

import codecs
import re

from schemas.help_page.blocks import ADVICE, assemble
from schemas.help_page.html_form import html_blocks
from schemas.help_page.model import HelpPage, NotAHelpPage
from schemas.help_page.text_form import text_blocks

MAX_PAGE_BYTES = 4 * 1024 * 1024

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_META_WITHIN = 2048
_CHARSETS = re.compile(
    r"utf-?(8|16|16[lb]e)|us-ascii|iso-8859-\d+|latin-?1|windows-\d+|cp\d+"
    r"|big5(-?hkscs)?|gbk|gb2312|gb18030|shift[-_]jis|euc-(jp|kr|tw)",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(r"\s*(From:|MIME-Version:)", re.IGNORECASE)


def read_page(data: bytes, charset: str | None = None) -> HelpPage:
    """The page in ``data``, text or HTML; NotAHelpPage says why it is none.

    ``charset`` is what a transport said of the encoding; a byte order mark wins over it, and it
    over the HTML's own words. Without any of them it is UTF-8.
    """
    if len(data) > MAX_PAGE_BYTES:
        raise NotAHelpPage(f"has more than {MAX_PAGE_BYTES:,} bytes, so it is no help page", ADVICE)
    text = _decoded(data, charset)
    if _ARCHIVE.match(text):
        raise NotAHelpPage(
            "is a web archive (.mht)", "save the page as HTML, or copy its text into a file"
        )
    is_html = text.lstrip()[:1] == "<"
    return assemble(html_blocks(text) if is_html else text_blocks(text))


def _decoded(data: bytes, charset: str | None) -> str:
    for bom, name in _BOMS.items():
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    meta = _META.search(data[:_META_WITHIN])
    declared = charset or (meta[1].decode("ascii") if meta else "utf-8")
    try:
        text = data.decode(declared if _CHARSETS.fullmatch(declared) else "utf-8")
    except (LookupError, UnicodeDecodeError):
        raise NotAHelpPage(
            f"is not text in {declared[:40]}", "save the page in UTF-8, or give its address"
        ) from None
    if "\0" in text:
        raise NotAHelpPage("is not text", ADVICE)
    return text
