"""What is a help page, in which form, and what is none: one clear reason, in bounded time."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from schemas.help_page.html_drawing import draw_page
from schemas.help_page.model import NotAHelpPage
from schemas.help_page.outline import outline
from schemas.help_page.reading import MAX_PAGE_BYTES, read_page
from schemas.help_page.shipped import shipped_page

PAGES = Path(__file__).parent / "pages"
ORDER = (PAGES / "order.html").read_bytes()
TICKET = (PAGES / "ticket.txt").read_text("utf-8")


def reason(data: bytes | str) -> str:
    with pytest.raises(NotAHelpPage) as caught:
        outline(read_page(data.encode() if isinstance(data, str) else data))
    assert caught.value.advice
    return caught.value.problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_the_encodings_of_editors(encoding: str) -> None:
    assert read_page(TICKET.encode(encoding)) == read_page(TICKET.encode())


def test_line_ends_and_surroundings_do_not_matter() -> None:
    framed = "My API\nHelp Page Home\n\n" + TICKET
    assert read_page(framed.replace("\n", "\r\n").encode()) == read_page(TICKET.encode())


def test_a_transports_charset_wins_over_the_pages_own() -> None:
    page = (PAGES / "member.big5.html").read_bytes()
    declared_wrongly = page.replace(b"charset=big5", b"charset=utf-8")
    assert read_page(declared_wrongly, "big5") == read_page(page)


def test_cells_may_come_in_one_run_by_tabs_or_by_lines() -> None:
    text = (PAGES / "upload.txt").read_text("utf-8")
    header = "Name\tDescription\tType\tAdditional information"
    for other in (header.replace("\t", ""), header.replace("\t", " "), header.replace("\t", "\n")):
        assert read_page(text.replace(header, other).encode()) == read_page(text.encode())


def test_what_the_page_prints_is_read_as_it_stands() -> None:
    page = read_page(TICKET.encode())
    assert (page.method, page.path) == ("PUT", "api/tickets/{id}?notify={notify}")
    assert page.prose == "Changes a ticket."
    assert [(row.name, row.rules) for row in page.uri_parameters] == [
        ("id", ("Required",)),
        ("notify", ("Default value is True",)),
    ]
    subject = page.request.tables[0].rows[0]
    assert subject.rules == ("Required", "Max length: 80")
    assert page.response.type_text == "boolean"
    assert page.response.samples[1].text is None


def test_scripts_footers_and_debug_messages_are_no_content() -> None:
    page = read_page(ORDER)
    assert (page.method, page.path) == ("POST", "api/orders")
    assert page.request.samples[2].text is None
    assert page.response.type_text == ""


def test_a_footer_is_no_type() -> None:
    text = ORDER.decode().replace("<p></p>\n\n<p>None.</p>\n\n</div>", "string\n</div>")
    assert text.count("string\n</div>") == 1
    assert read_page(text.encode()).response.type_text == "string"


def test_a_model_without_members_is_told_from_none() -> None:
    for type_text, expected in (("Ping\n\nNone.", "Ping"), ("None.", "")):
        text = TICKET.replace("Whether it was changed\n\nboolean", f"Said to be\n\n{type_text}")
        response = read_page(text.encode()).response
        assert (response.type_text, response.tables) == (expected, ())


def test_a_tag_that_never_ends_is_refused() -> None:
    assert "never ends" in reason("<h1>GET api/x</h1><a b='" + "x" * 600_000)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("", "names no action"),
        ("{}", "names no action"),
        ("<html><body><h1>Welcome</h1></body></html>", "names no action"),
        (
            "<html><form><input name=u><input type=Password name=p></form></html>",
            "is a login form",
        ),
        ("From: <Saved by Blink>\nMIME-Version: 1.0\n", "web archive"),
        ("%PDF-1.7 \0\1\2", "is not text"),
        (b"\xff\xfe\x00\xd8", "names no action"),
        (b"POST api/x \xa4\xa4", "is not text in utf-8"),
        ("<meta charset=punycode><h1>GET api/x</h1>", "has no section 'Request Information'"),
        ("POST api/x\n\nRequest Information\n", "has no section 'Response Information'"),
        (
            TICKET.replace('"subject": "sample string 1",', '"subject": ', 1),
            "a sample for application",
        ),
        (TICKET[: TICKET.index("None.\n\nassignee")] + "Response Information", "breaks off"),
        (b" " * (MAX_PAGE_BYTES + 1), "bytes, so it is no help page"),
    ],
)
def test_what_is_no_help_page_is_told_apart(page: bytes | str, expected: str) -> None:
    assert expected in reason(page)


def test_a_page_without_samples_is_told_apart() -> None:
    start, end = TICKET.index("Request Formats"), TICKET.index("Response Information")
    bare = TICKET[:start] + TICKET[end : TICKET.index("Response Formats")]
    assert "has no JSON sample" in reason(bare)
    assert "has no JSON sample" in reason(TICKET.replace("{", "(").replace("true\n", "?\n"))


def test_a_login_form_beside_a_help_page_is_no_login_page() -> None:
    form = b"<form><input type='password'></form></body>"
    assert read_page(ORDER.replace(b"</body>", form)) == read_page(ORDER)


@pytest.mark.parametrize("depth", [65, 100_000])
def test_deep_samples_are_refused(depth: int) -> None:
    deep = TICKET.replace('"sample string 1",', '{"a":' * depth + "1" + "}" * depth + ",", 1)
    assert "nested deeper than 64" in reason(deep)


def test_wide_samples_are_refused() -> None:
    wide = ",".join(f'"m{n}":1' for n in range(501))
    assert "more than 500 members" in reason(
        TICKET.replace('"severity":', wide + ',"severity":', 1)
    )
    many = ",".join("1" for _ in range(20_001))
    assert "more than 20,000 values" in reason(
        TICKET.replace('"severity":', f'"x":[{many}],"severity":', 1)
    )


@pytest.mark.parametrize(
    "piece", ["<a b='", "<!--", "<![", "<table>", "<div>", "<h4>", "<", "&", "<a b='>'", "<td>"]
)
def test_hostile_markup_is_read_or_refused_in_linear_time(piece: str) -> None:
    markup = draw_page(shipped_page()).replace("</body>", piece * (400_000 // len(piece)))
    started = time.monotonic()
    with suppress(NotAHelpPage):
        read_page(markup.encode())
    # In one call html.parser takes 5 minutes for the first of these.
    assert time.monotonic() - started < 20
