from collections.abc import Callable
from xml.etree import ElementTree as Xml

import pytest

from reports import badge
from reports.material import Material, read_material
from schemas.verdicts import Outcome

SVG = "{http://www.w3.org/2000/svg}"


def test_badge_svg(material: Material, golden: Callable[[str, str], None]) -> None:
    golden("badge.svg", badge.render(material))


def test_a_badge_is_a_picture_of_our_own_words(material: Material, hostile: str) -> None:
    text = badge.render(material)
    root = Xml.fromstring(text)
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{name}" for name in ("svg", "title", "rect", "text")
    }
    assert "script" not in text
    assert int(root.get("width", "0")) == sum(
        int(r.get("width", "")) for r in root.iter(f"{SVG}rect")
    )


def test_a_green_badge_has_its_mark_and_count(passing) -> None:
    assert "✓ passed 1/1" in badge.render(read_material(passing))


def test_a_badge_counts_what_was_asked(make_run, make_case) -> None:
    folder = make_run(
        make_case("a.one", Outcome.PASSED),
        make_case("a.two", Outcome.FAILED),
        make_case("a.off", Outcome.NOT_APPLICABLE),
    )
    assert "? no verdict 1/2" in badge.render(read_material(folder))


@pytest.mark.parametrize("cases", [0, 12_345])
def test_words_have_room(make_run, make_case, cases: int) -> None:
    folder = make_run(*(make_case(f"a.{n}", Outcome.PASSED) for n in range(cases)))
    root = Xml.fromstring(badge.render(read_material(folder)))
    for text in root.iter(f"{SVG}text"):
        assert int(text.get("textLength", "0")) >= 6 * len(text.text or "")
