"""Drift: each difference between two pages named once, and graded."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.help_page.comparison import compare
from schemas.help_page.drift import DriftClass
from schemas.help_page.html_drawing import draw_page
from schemas.help_page.model import HelpPage
from schemas.help_page.reading import read_page
from schemas.help_page.shipped import shipped_page

B, C, S = DriftClass.BREAKING, DriftClass.COMPATIBLE, DriftClass.COSMETIC
PAGE = (Path(__file__).parents[3] / "schemas" / "help_page" / "page.txt").read_text("utf-8")
HEADER = "Name\tDescription\tType\tAdditional information"
ROW = "\n{name}\n\n{prose}\n\n{type}\n\nNone.\n"


def edited(*changes: tuple[str, str], text: str = PAGE) -> HelpPage:
    """The project's page with every occurrence of each text replaced."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return read_page(text.encode())


def drift(*changes: tuple[str, str]) -> list[tuple[DriftClass, str]]:
    return [(each.drift, str(each)) for each in compare(shipped_page(), edited(*changes))]


def row_after(name: str, new: str) -> tuple[str, str]:
    """Put a row behind the row of ``name``."""
    start = PAGE.index(f"\n{name}\n\n")
    row = PAGE[start : PAGE.index("None.\n", start) + len("None.\n")]
    return row, row + new


def without_row(name: str) -> tuple[str, str]:
    return row_after(name, "")[0], ""


ONE_CHANGE: dict[str, tuple[list[tuple[str, str]], DriftClass, str]] = {
    "another method": ([("POST api", "PUT api")], B, "method changed: the action: POST → PUT"),
    "another path": (
        [("api/ChatSocket/WebSocket", "api/v2/Chat")],
        B,
        "path changed: the action: api/ChatSocket/WebSocket → api/v2/Chat",
    ),
    "a path in other letters": (
        [("api/ChatSocket/WebSocket", "api/chatsocket/websocket")],
        S,
        "path changed: the action: api/ChatSocket/WebSocket → api/chatsocket/websocket",
    ),
    "a row more": (
        [row_after("read", ROW.format(name="device", prose="Which one.", type="string"))],
        C,
        "member added: WebSocketIn_msg.device: string",
    ),
    "a required row more": (
        [row_after("read", "\ndevice\n\nWhich one.\n\nstring\n\nRequired\n")],
        B,
        "member added: WebSocketIn_msg.device: string, required",
    ),
    "a row and its samples more": (
        [
            row_after("Error", ROW.format(name="Code", prose="Its number.", type="integer")),
            ('"Error": ""', '"Error": "", "Code": 4'),
            ('"Error":""', '"Error":"","Code":4'),
        ],
        C,
        "member added: WebSocketOut_Output.Code: integer",
    ),
    "a nested member more": (
        [('"SendSn": "C1"', '"SendSn": "C1", "id": 7'), ('"SendSn":"C1"', '"SendSn":"C1","id":7')],
        C,
        "member added: WebSocketOut_msg.id: integer",
    ),
    "a nested member more in one sample": (
        [('"SendSn": "C1"', '"SendSn": "C1", "id": 7')],
        C,
        "member added: WebSocketOut_msg.id: integer",
    ),
    "a row less": ([without_row("Error")], B, "member removed: WebSocketOut_Output.Error: string"),
    "a nested object less": (
        [
            ('"titletype": "pro",\n    "location"', '"titletype": "pro",\n    "place"'),
            ('"titletype":"pro","location"', '"titletype":"pro","place"'),
        ],
        B,
        "member removed: WebSocketOut_msg.location: object",
    ),
    "a nested member less in one sample": (
        [('"status":"on sale",', "")],
        B,
        "member removed: info.status: string (in a sample)",
    ),
    "another type in the table": (
        [("alone.\n\ninteger", "alone.\n\nstring")],
        B,
        "member retyped: WebSocketOut_Output.NoReadQty: integer → string",
    ),
    "another type with other prose": (
        [("Number of unread messages, in deliveries alone.\n\ninteger", "How many.\n\nstring")],
        B,
        "member retyped: WebSocketOut_Output.NoReadQty: integer → string",
    ),
    "a wider type in an answer": (
        [("alone.\n\ninteger", "alone.\n\ndecimal number")],
        B,
        "member retyped: WebSocketOut_Output.NoReadQty: integer → number",
    ),
    "a narrower type in an answer": (
        [("25.0375", "25")],
        C,
        "member retyped: location.latitude: number → integer",
    ),
    "another nested type": (
        [('"price": "320"', '"price": 320'), ('"price":"320"', '"price":320')],
        B,
        "member retyped: info.price: string → integer",
    ),
    "another type in one sample": (
        [('"NoReadQty":1', '"NoReadQty":"1"')],
        B,
        "member retyped: WebSocketOut_Output.NoReadQty: integer → string (in a sample)",
    ),
    "an object that became a text": (
        [("WebSocketOut_msg\n\nNone.", "string\n\nNone.")],
        B,
        "member retyped: WebSocketOut_Output.msg: object → string",
    ),
    "another spelling": (
        [("NoReadQty", "noReadQty")],
        B,
        "member respelled: WebSocketOut_Output.NoReadQty: NoReadQty → noReadQty",
    ),
    "a word more from clients": (
        [("(text, image, title, staff)", "(text, image, title, staff, video)")],
        C,
        "word added: WebSocketIn_msg.type: video",
    ),
    "a word less from clients": (
        [("(pro, order, other, ", "(pro, order, "), (" other: anything else;", "")],
        B,
        "word removed: WebSocketIn_msg.titletype: other",
    ),
    "a word more from the server": (
        [("(Login, Send, Receive)", "(Login, Send, Receive, Kick)")],
        B,
        "word added: WebSocketOut_Output.MsgStatus: Kick",
    ),
    "a media type more": (
        [("application/x-www-form-urlencoded", "application/x-www-form-urlencoded, text/plain")],
        C,
        "media type added: the request: text/plain",
    ),
    "a media type less": (
        [("application/x-www-form-urlencoded\n\nSample:\n\nSample not available.\n", "")],
        B,
        "media type removed: the request: application/x-www-form-urlencoded",
    ),
    "a parameter": (
        [
            (
                "URI Parameters\n\nNone.",
                f"URI Parameters\n\n{HEADER}\nid\n\nWhose\n\ninteger\n\nRequired",
            )
        ],
        B,
        "parameter added: the parameter id: integer",
    ),
    "a rule": (
        [("customer's sn.\n\nstring\n\nNone.", "customer's sn.\n\nstring\n\nMax length: 80")],
        B,
        "rule added: WebSocketIn_msg.content: Max length: 80",
    ),
    "a model's name": (
        [("WebSocketOut_Output", "ChatOut")],
        S,
        "type renamed: WebSocketOut_Output: WebSocketOut_Output → ChatOut",
    ),
    "prose": (
        [("Whether it succeeded.", "Success or not.")],
        S,
        "prose changed: WebSocketOut_Output.Result: Whether it succeeded. → Success or not.",
    ),
    "an order": (
        [
            (
                '"SendSn": "C1",\n    "SendName": "陳大文"',
                '"SendName": "陳大文",\n    "SendSn": "C1"',
            )
        ],
        S,
        "order changed: WebSocketOut_msg",
    ),
    "a sample's words": (
        [("臺北市信義區市府路1號", "Taipei")],
        S,
        "sample changed: location.addr: 臺北市信義區市府路1號 → Taipei",
    ),
    "a sample that shows null": (
        [
            ('"titletype": "pro",\n    "location"', '"titletype": null,\n    "location"'),
            ('"titletype":"pro","location"', '"titletype":null,"location"'),
        ],
        S,
        "sample changed: WebSocketOut_msg.titletype: string → null, which tells no type",
    ),
}


@pytest.mark.parametrize("name", ONE_CHANGE)
def test_one_change_is_one_difference(name: str) -> None:
    changes, grade, sentence = ONE_CHANGE[name]
    expected = [(grade, sentence)]
    if name == "a nested object less":  # it came back under another name
        expected.append((C, "member added: WebSocketOut_msg.place: object"))
    assert drift(*changes) == expected


def test_a_page_does_not_differ_from_itself_nor_from_its_html() -> None:
    assert drift() == []
    assert compare(shipped_page(), read_page(draw_page(shipped_page()).encode())) == ()


def test_every_change_in_html_is_one_difference() -> None:
    page = draw_page(shipped_page())
    for old, new in (
        (
            'alone.</p></td><td class="parameter-type">integer',
            'alone.</p></td><td class="parameter-type">string',
        ),
        ("(Login, Send, Receive)", "(Login, Send, Receive, Typing)"),
        ('<h4 class="sample-header">text/html', "<h4>text/html, text/plain"),
    ):
        assert old in page
        page = page.replace(old, new)
    found = compare(shipped_page(), read_page(page.encode()))
    assert [str(each) for each in found] == [
        "media type added: the request: text/plain",
        "media type added: the response: text/plain",
        "word added: WebSocketOut_Output.MsgStatus: Typing",
        "member retyped: WebSocketOut_Output.NoReadQty: integer → string",
    ]


def test_what_the_generator_makes_up_never_differs() -> None:
    renumbered = edited(
        ("陳大文", "sample string 2"),
        ("2026-11-22T10:30:15.123+08:00", "sample string 6"),
        ("P-1001", "sample string 9"),
    )
    assert compare(shipped_page(), renumbered) == ()


def test_a_sample_that_tells_more_does_not_differ() -> None:
    before = edited(('"Error": ""', '"Error": null'), ('"Error":""', '"Error":null'))
    assert compare(before, shipped_page()) == ()
    assert compare(shipped_page(), before) == ()


def test_a_type_that_is_used_twice_is_compared_once() -> None:
    text = (Path(__file__).parent / "pages" / "shipment.txt").read_text("utf-8")
    after = edited(('"floor": 2', '"floor": "2"'), text=text)
    assert [str(each) for each in compare(edited(text=text), after)] == [
        "member retyped: Party_address.floor: integer → string"
    ]


def test_a_body_that_goes_is_one_breaking_difference() -> None:
    start = PAGE.index("WebSocketIn_msg\nName")
    end = PAGE.index("Response Information")
    without = PAGE[:start] + "None.\n\n" + PAGE[end:]
    found = compare(shipped_page(), read_page(without.encode()))
    assert [str(each) for each in found if each.kind != "media type removed"] == [
        "body removed: the request: object"
    ]


def test_recursive_types_end() -> None:
    text = (Path(__file__).parent / "pages" / "tree.html").read_text("utf-8")
    after = edited(("Above it", "Its parent"), text=text)
    assert len(compare(edited(text=text), after)) == 1


@pytest.mark.parametrize(
    ("old", "new", "grade"), [("number", "integer", B), ("integer", "number", C)]
)
def test_a_request_may_widen(old: str, new: str, grade: DriftClass) -> None:
    printed: Callable[[str], str] = {"number": "decimal number", "integer": "integer"}.__getitem__
    before = edited(
        ("was sent.\n\nboolean", f"was sent.\n\n{printed(old)}"),
        ('"read": false', '"read": 1'),
        ('"read":false', '"read":1'),
    )
    after = edited(
        ("was sent.\n\nboolean", f"was sent.\n\n{printed(new)}"),
        ('"read": false', '"read": 1'),
        ('"read":false', '"read":1'),
    )
    [found] = [each for each in compare(before, after) if each.place.startswith("WebSocketIn")]
    assert found.drift is grade
