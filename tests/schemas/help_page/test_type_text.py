"""The types that help pages print."""

import pytest

from schemas.help_page.type_text import (
    Collection,
    Dictionary,
    Named,
    Pair,
    Simple,
    TypeExpr,
    Unknown,
    is_type,
    parse_type,
    table_name,
)

STRING, INTEGER = Simple("string"), Simple("integer")


@pytest.mark.parametrize(
    ("text", "expr"),
    [
        ("string", STRING),
        ("globally unique identifier", STRING),
        ("time  interval", STRING),
        ("unsigned integer", INTEGER),
        ("decimal number", Simple("number")),
        ("Nullable of boolean", Simple("boolean")),
        ("DateTime?", STRING),
        ("integer (nullable)", INTEGER),
        ("Order", Named("Order")),
        ("Collection of Order", Collection(Named("Order"))),
        ("Collection of byte", Collection(INTEGER, of_bytes=True)),
        ("Collection of Collection of integer", Collection(Collection(INTEGER))),
        (
            "Dictionary of string [key] and Collection of Order [value]",
            Dictionary(Collection(Named("Order"))),
        ),
        ("Pair of string [key] and Order [value]", Pair(STRING, Named("Order"))),
        ("Object", Unknown()),
        ("None.", Unknown()),
        ("", Unknown()),
    ],
)
def test_printed_types_are_parsed(text: str, expr: TypeExpr) -> None:
    assert parse_type(text) == expr


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Order", True),
        ("PagedOf[Order]", True),
        ("Collection of Order", True),
        ("The order to place.", False),
        ("", False),
    ],
)
def test_types_are_told_from_prose(text: str, answer: bool) -> None:
    assert is_type(text) is answer


def test_the_table_under_a_collection_is_its_items() -> None:
    assert table_name("Collection of Order") == "Order"
    assert table_name("Dictionary of string [key] and Order [value]") == "Order"
    assert table_name("string") == ""


def test_endless_types_are_cut() -> None:
    parse_type("Collection of " * 100_000)
