import struct
from collections.abc import Callable
from xml.etree import ElementTree as Xml

from reports import chart_image
from reports.material import Material, read_material
from schemas.histogram import HistogramData
from schemas.load_records import Second


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def framed(svg: str) -> str:
    """The picture without the drawings in it, whose measures hang on the machine's fonts."""
    root = Xml.fromstring(svg)
    for child in [each for each in root if each.get("class") == "marks"]:
        place = {name: child.get(name, "") for name in ("x", "y")}
        child.clear()
        child.attrib.update(place)
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode") + "\n"


def test_charts_png(material: Material, golden: Callable[[str, str], None]) -> None:
    golden("charts.svg", framed(chart_image.drawn(material)))
    width, height = size(chart_image.render(material))
    assert (width, height) == (1740, 4 * 495 + 66)


def test_every_token_is_painted(material: Material) -> None:
    assert "#0c0c" not in chart_image.drawn(material)


def test_a_run_without_load_says_so(passing) -> None:
    material = read_material(passing)
    assert "no load to draw" in chart_image.drawn(material)
    assert size(chart_image.render(material)) == (1740, 561)


def test_hostile_names_are_words_in_the_picture(make_run, hostile: str) -> None:
    data = HistogramData({900: 20}, 90_000)
    folder = make_run(Second(second=0, counts={"sent": 1}, latencies={hostile: data}))
    svg = chart_image.drawn(read_material(folder))
    assert not {element.tag for element in Xml.fromstring(svg).iter() if "script" in element.tag}
    assert "<script" not in svg
    assert "alert(1)" in svg
