"""Which of the documented media types an answer takes, by the request's ``Accept`` (D20)."""

from typing import Final

JSON: Final = "application/json"
HTML: Final = "text/html"
ANSWER_TYPES: Final = (JSON, "text/json", HTML)
_MAX_RANGES: Final = 32

_Range = tuple[str, float]


def answer_type(accept: str) -> str:
    """The best of :data:`ANSWER_TYPES`; the first of them when all fit alike or none fits."""
    ranges = [_range(text) for text in accept.split(",")[:_MAX_RANGES]]
    return max(ANSWER_TYPES, key=lambda media: _quality(media, ranges))


def _range(text: str) -> _Range:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [part[2:] for part in parameters if part.startswith("q=")]
    try:
        return name, float(weights[0]) if weights else 1.0
    except ValueError:
        return name, 0.0


def _quality(media: str, ranges: list[_Range]) -> float:
    """The weight of the most specific range that covers ``media`` (RFC 9110 §12.5.1)."""
    main = media.partition("/")[0]
    for pattern in (media, f"{main}/*", "*/*"):
        weights = [weight for name, weight in ranges if name == pattern]
        if weights:
            return max(weights)
    return 0.0
