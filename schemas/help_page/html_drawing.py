"""A page drawn as the HTML of the standard HelpPage area, as such a server would serve it.

The inverse of reading it: what :mod:`schemas.help_page.reading` makes of the result is the page.
"""

from collections.abc import Iterable, Sequence
from html import escape

from schemas.help_page.blocks import (
    BODY_PARAMETERS,
    ENUMERATION,
    NO_SAMPLE,
    NONE,
    REQUEST,
    REQUEST_FORMATS,
    RESOURCE,
    RESPONSE,
    RESPONSE_FORMATS,
    URI_PARAMETERS,
)
from schemas.help_page.model import Body, HelpPage, Row, Sample, TypeTable, WordTable
from schemas.help_page.type_text import table_name

_MEMBERS = ("Name", "Description", "Type", "Additional information")
_FRAME = """<!DOCTYPE html>
<html>
<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>{title}</title>
</head>
<body>
<div id="body" class="help-page">
    <section class="featured">
        <div class="content-wrapper">
            <p><a href="/Help">Help Page Home</a></p>
        </div>
    </section>
    <section class="content-wrapper main-content clear-fix">
{content}
    </section>
</div>
</body>
</html>
"""


def draw_page(page: HelpPage) -> str:
    """The whole HTML document."""
    action = f"{page.method} {page.path}"
    lines = (
        f"<h1>{escape(action)}</h1>",
        "<div>",
        _paragraph(page.prose),
        f"<h2>{REQUEST}</h2>",
        f"<h3>{URI_PARAMETERS}</h3>",
        _members(page.uri_parameters),
        f"<h3>{BODY_PARAMETERS}</h3>",
        *_described(page.request),
        *_formats(REQUEST_FORMATS, page.request.samples),
        f"<h2>{RESPONSE}</h2>",
        f"<h3>{RESOURCE}</h3>",
        *_described(page.response),
        *_formats(RESPONSE_FORMATS, page.response.samples),
        "</div>",
    )
    return _FRAME.format(title=escape(action), content="\n".join(lines))


def _described(body: Body) -> Iterable[str]:
    yield _paragraph(body.prose)
    if not body.type_text:
        yield _paragraph(NONE)
        return
    if not body.tables:
        yield f"<div>{_linked(body.type_text)}</div>"
    for table in body.tables:
        yield from _typed(table)
    for words in body.words:
        yield from _enumeration(words)


def _typed(table: TypeTable) -> Iterable[str]:
    yield f"<div>{_linked(table.type_text)}</div>"
    yield _members(table.rows)


def _enumeration(words: WordTable) -> Iterable[str]:
    yield f"<div>{_linked(words.name)}</div>"
    yield _paragraph(ENUMERATION)
    rows = (
        f'<tr><td class="enum-name"><b>{escape(word)}</b></td>'
        f'<td class="enum-value"><p>{number}</p></td><td class="enum-description"><p></p></td></tr>'
        for number, word in enumerate(words.words)
    )
    yield _table(("Name", "Value", "Description"), rows)


def _members(rows: Sequence[Row]) -> str:
    return _table(_MEMBERS, map(_row, rows)) if rows else _paragraph(NONE)


def _table(header: Iterable[str], rows: Iterable[str]) -> str:
    titles = "".join(f"<th>{title}</th>" for title in header)
    return "\n".join(
        (
            '<table class="help-page-table">',
            f"<thead><tr>{titles}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody>",
            "</table>",
        )
    )


def _row(row: Row) -> str:
    rules = "".join(map(_paragraph, row.rules or (NONE,)))
    return (
        f'<tr><td class="parameter-name">{escape(row.name)}</td>'
        f'<td class="parameter-documentation">{_paragraph(row.prose)}</td>'
        f'<td class="parameter-type">{_linked(row.type_text)}</td>'
        f'<td class="parameter-annotations">{rules}</td></tr>'
    )


def _formats(title: str, samples: Sequence[Sample]) -> Iterable[str]:
    if samples:
        yield f"<h3>{title}</h3>"
    for sample in samples:
        text = sample.text
        yield f'<h4 class="sample-header">{escape(", ".join(sample.media_types))}</h4>'
        yield '<div class="sample-content">\n<span><b>Sample:</b></span>'
        yield (
            _paragraph(NO_SAMPLE)
            if text is None
            else f'<pre class="wrapped">\n{escape(text)}\n</pre>'
        )
        yield "</div>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _linked(type_text: str) -> str:
    """A type with its model's name linked as the HelpPage area links it."""
    name, text = escape(table_name(type_text)), escape(type_text)
    if not name or not text.endswith(name):
        return text
    link = f'<a href="/Help/ResourceModel?modelName={name}">{name}</a>'
    return text.removesuffix(name) + link
