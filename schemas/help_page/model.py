"""An ASP.NET Web API help page of one action, as values. Knows neither text nor HTML nor schemas.

The names are the page's own: URI parameters, body parameters, request and response formats.
"""

from enum import StrEnum

import msgspec


class NotAHelpPage(Exception):
    """What was given cannot be read as a help page: ``problem`` says why, ``advice`` what to do.

    ``problem`` continues a sentence that begins with the page's name.
    """

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem, advice)
        self.problem, self.advice = problem, advice


class Side(StrEnum):
    """Which half of the page, and so which direction of messages."""

    REQUEST = "request"
    RESPONSE = "response"


class Row(msgspec.Struct, frozen=True):
    """One row of a table: a member or a parameter.

    ``type_text`` is the type as printed; ``rules`` the additional information, empty for "None.".
    """

    name: str
    prose: str
    type_text: str
    rules: tuple[str, ...] = ()


class TypeTable(msgspec.Struct, frozen=True):
    """The table of a model's members, under the type that the page prints above it."""

    type_text: str
    rows: tuple[Row, ...]


class WordTable(msgspec.Struct, frozen=True):
    """The table of an enumeration's values."""

    name: str
    words: tuple[str, ...]


class Sample(msgspec.Struct, frozen=True):
    """One sample, for the media types that share it. ``text`` is None for "not available"."""

    media_types: tuple[str, ...]
    text: str | None


class Body(msgspec.Struct, frozen=True):
    """What the page says of one direction. ``type_text`` is empty where it says "None."."""

    type_text: str = ""
    prose: str = ""
    tables: tuple[TypeTable, ...] = ()
    words: tuple[WordTable, ...] = ()
    samples: tuple[Sample, ...] = ()

    @property
    def media_types(self) -> tuple[str, ...]:
        """All media types in the page's order, each once."""
        return tuple(dict.fromkeys(each for sample in self.samples for each in sample.media_types))


class HelpPage(msgspec.Struct, frozen=True):
    """The page of one action. ``path`` has no leading slash, as on the page."""

    method: str
    path: str
    request: Body
    response: Body
    prose: str = ""
    uri_parameters: tuple[Row, ...] = ()

    def body(self, side: Side) -> Body:
        """The half that ``side`` names."""
        return self.request if side is Side.REQUEST else self.response
