"""Writes ``badge.svg``: the verdict in one small picture, in words and counts of our own alone."""

from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from reports.material import Material
from reports.symbols import OUTCOME_TONE, SYMBOL, VERDICT_TONE, VERDICT_WORDS, Tone
from schemas.verdicts import Outcome

_LABEL = "chatsocket"
_CHAR_PX, _PAD_PX, _HEIGHT = 6.6, 7, 20
_COLOUR = {Tone.GOOD: "#17693f", Tone.BAD: "#a8231b", Tone.DOUBT: "#7d5200", Tone.CALM: "#525b66"}
_GREY = "#3a424d"


@dataclass(frozen=True, slots=True)
class _Half:
    """One of the two fields: where it begins, how wide it is, what stands in it."""

    x: int
    width: int
    text: str
    colour: str


def render(material: Material) -> str:
    """The picture as SVG; its title says the same to who cannot see it."""
    left = _half(0, _LABEL, _GREY)
    right = _half(left.width, _words(material), _COLOUR[VERDICT_TONE[material.summary.verdict]])
    says, width = f"{left.text}: {right.text}", left.width + right.width
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(width),
            "height": str(_HEIGHT),
            "role": "img",
            "aria-label": says,
        },
    )
    Xml.SubElement(root, "title").text = says
    for half in (left, right):
        _draw(root, half)
    return Xml.tostring(root, encoding="unicode") + "\n"


def _words(material: Material) -> str:
    summary = material.summary
    words = f"{SYMBOL[VERDICT_TONE[summary.verdict]]} {VERDICT_WORDS[summary.verdict].lower()}"
    if summary.conformance is None:
        return words
    outcomes = [case.outcome for case in summary.conformance.cases]
    asked = sum(outcome is not Outcome.NOT_APPLICABLE for outcome in outcomes)
    passed = sum(OUTCOME_TONE[outcome] is Tone.GOOD for outcome in outcomes)
    return f"{words} {passed}/{asked}"


def _half(x: int, text: str, colour: str) -> _Half:
    return _Half(x, round(len(text) * _CHAR_PX) + 2 * _PAD_PX, text, colour)


def _draw(root: Xml.Element, half: _Half) -> None:
    place = {"x": str(half.x), "width": str(half.width), "height": str(_HEIGHT)}
    Xml.SubElement(root, "rect", {**place, "fill": half.colour})
    text = Xml.SubElement(
        root,
        "text",
        {
            "x": str(half.x + _PAD_PX),
            "y": "14",
            "textLength": str(half.width - 2 * _PAD_PX),
            "fill": "#ffffff",
            "font-family": "Verdana, DejaVu Sans, sans-serif",
            "font-size": "11",
        },
    )
    text.text = half.text
