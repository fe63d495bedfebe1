"""Reading is the inverse of drawing."""

import json

from hypothesis import given
from hypothesis import strategies as st

from schemas.help_page.html_drawing import draw_page
from schemas.help_page.model import Body, HelpPage, Row, Sample, TypeTable, WordTable
from schemas.help_page.reading import read_page
from schemas.help_page.shipped import shipped_page

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
# No control or private characters: HTML has no way to write some of them.
PROSE = (
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text not in ("None.", "Sample:", "Sample not available."))
)
SIMPLE = st.sampled_from(["string", "integer", "date", "boolean", "decimal number"])
TYPES = st.one_of(SIMPLE, NAMES, st.builds("Collection of {}".format, NAMES))
RULES = st.lists(st.sampled_from(["Required", "Max length: 5", "Data type: <b>"]), unique=True)
ROWS = st.builds(Row, NAMES, PROSE, TYPES, RULES.map(tuple))
MEDIA = st.sampled_from(["application/json", "text/json", "text/html", "text/plain"])
TEXTS = st.none() | st.dictionaries(PROSE, PROSE | st.integers(), max_size=3).map(
    lambda value: json.dumps(value, ensure_ascii=False, indent=1)
)
SAMPLES = st.builds(Sample, st.lists(MEDIA, min_size=1, unique=True).map(tuple), TEXTS)
TABLES = st.builds(TypeTable, NAMES, st.lists(ROWS, min_size=1, max_size=3).map(tuple))
WORDS = st.builds(WordTable, NAMES, st.lists(NAMES, min_size=1, max_size=3).map(tuple))


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    prose, samples = draw(PROSE), tuple(draw(st.lists(SAMPLES, max_size=3)))
    tables = tuple(draw(st.lists(TABLES, max_size=2)))
    words = tuple(draw(st.lists(WORDS, max_size=2))) if tables else ()
    type_text = tables[0].type_text if tables else draw(st.just("") | TYPES)
    # A single word before "None." reads as a type without members.
    return Body(type_text, f"{prose} of it" if prose else "", tables, words, samples)


PAGES = st.builds(
    HelpPage,
    st.sampled_from(["GET", "POST", "DELETE"]),
    st.from_regex(r"api/[a-z]{1,8}(/\{id\})?(\?q=\{q\}&r=\{r\})?", fullmatch=True),
    bodies(),
    bodies(),
    PROSE,
    st.lists(ROWS, max_size=2).map(tuple),
)


@given(PAGES)
def test_a_drawn_page_reads_as_the_page(page: HelpPage) -> None:
    assert read_page(draw_page(page).encode()) == page


def test_the_page_stands_in_the_help_areas_markup() -> None:
    drawn = draw_page(shipped_page())
    for piece in (
        "<h1>POST api/ChatSocket/WebSocket</h1>",
        "<h2>Request Information</h2>",
        "<h3>URI Parameters</h3>\n<p>None.</p>",
        '<a href="/Help/ResourceModel?modelName=WebSocketIn_msg">WebSocketIn_msg</a>',
        '<table class="help-page-table">',
        "<tr><th>Name</th><th>Description</th><th>Type</th><th>Additional information</th></tr>",
        '<td class="parameter-name">NoReadQty</td>',
        '<h4 class="sample-header">application/json, text/json</h4>',
        '<pre class="wrapped">',
        "<p>Sample not available.</p>",
    ):
        assert piece in drawn
