"""Types from samples alone: whatever JSON a page shows, its own schema takes it."""

import json
from typing import Any

import jsonschema
import pytest
import referencing
from hypothesis import assume, given
from hypothesis import strategies as st
from referencing.jsonschema import DRAFT202012

from schemas.help_page.comparison import compare
from schemas.help_page.derivation import derive
from schemas.help_page.model import Body, HelpPage, NotAHelpPage, Row, Sample, Side, TypeTable
from schemas.help_page.outline import outline
from schemas.help_page.shapes import ABSENT, ObjectOf

NAMES = st.sampled_from(["a", "b", "items", "Items", "info", "1", "sample string 1", "名", "x/y"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-9, 9) | st.sampled_from(["x", "7"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
BODIES = st.dictionaries(NAMES, VALUES, max_size=4) | st.lists(VALUES, max_size=3)


def page(*values: Any, type_text: str = "", rows: tuple[Row, ...] = ()) -> HelpPage:
    samples = tuple(Sample(("application/json",), json.dumps(value)) for value in values)
    tables = (TypeTable(type_text, rows),) if rows else ()
    return HelpPage("GET", "api/x", Body(), Body(type_text, "", tables, (), samples))


def takes(shown: HelpPage, value: Any) -> bool:
    found = derive(shown, "urn:t:{name}")
    resources = [
        (body["$id"], referencing.Resource.from_contents(body, DRAFT202012))
        for body in found.schemas.values()
    ]
    registry: Any = referencing.Registry()
    root = found.schemas[found.messages[Side.RESPONSE].schema]
    return jsonschema.Draft202012Validator(
        root, registry=registry.with_resources(resources)
    ).is_valid(value)


@given(st.lists(BODIES, min_size=1, max_size=3))
def test_every_sample_is_valid_by_the_schemas_derived_from_all(values: list[Any]) -> None:
    shown = page(*values)
    try:
        derive(shown, "{name}")
    except NotAHelpPage as error:
        assume("names are alike" not in error.problem)
    assert all(takes(shown, value) for value in values)


@given(st.lists(BODIES, min_size=1, max_size=3))
def test_a_page_never_differs_from_itself(values: list[Any]) -> None:
    assert compare(page(*values), page(*values)) == ()


@given(st.dictionaries(st.sampled_from("abc"), VALUES, min_size=1), st.sampled_from("abc"))
def test_a_new_member_is_one_compatible_difference(value: dict[str, Any], name: str) -> None:
    before = {key: inner for key, inner in value.items() if key != name}
    found = compare(page({"k": 1, **before}), page({"k": 1, **before, name: "new"}))
    assert [each.kind for each in found] == ["member added"]


def test_a_wrong_kind_is_refused() -> None:
    shown = page({"a": {"b": 1}, "c": [True]})
    assert takes(shown, {"a": None, "extra": 1})
    assert not takes(shown, {"a": {"b": "1"}})
    assert not takes(shown, {"c": [1]})
    assert not takes(shown, [])


def test_tables_decide_and_samples_add() -> None:
    rows = (Row("a", "", "decimal number"), Row("b", "", "string"))
    types = outline(page({"a": 1, "c": 2}, type_text="Thing", rows=rows))
    [thing] = types.objects.values()
    assert [(field.name, field.seen) for field in thing.fields] == [
        ("a", frozenset({"integer"})),
        ("b", frozenset({ABSENT})),
        ("c", frozenset({"integer"})),
    ]
    assert types.roots == {Side.RESPONSE: ObjectOf(("Thing",))}


def test_types_that_no_sample_shows_are_followed_through_their_tables() -> None:
    members = {"Thing": ("child", "Child"), "Child": ("leaf", "Leaf"), "Leaf": ("n", "integer")}
    tables = tuple(TypeTable(each, (Row(name, "", of),)) for each, (name, of) in members.items())
    samples = (Sample(("text/json",), '{"child": null}'),)
    shown = HelpPage("GET", "api/x", Body(), Body("Thing", "", tables, (), samples))
    assert list(derive(shown, "{name}").schemas) == ["Thing", "Child", "Leaf"]


def test_a_table_without_a_name_is_the_bodys() -> None:
    shown = page({"a": 1}, rows=(Row("a", "", "integer"),))
    assert list(derive(shown, "{name}").schemas) == ["response"]


def test_names_that_are_paths_stay_in_the_folder() -> None:
    shown = page({"../../etc/passwd": {"a": 1}, "..": {"b": 1}, "a b": {"c": 1}})
    names = list(derive(shown, "urn:t:{name}").schemas)
    assert names == ["response", "__.._etc_passwd", "_", "a_b"]


def test_names_alike_but_for_letter_case_are_one_type_or_refused() -> None:
    equal = derive(page({"info": {"a": 1}, "Info": {"a": 2}}), "urn:t:{name}")
    assert list(equal.schemas) == ["response", "info"]
    with pytest.raises(NotAHelpPage, match="names are alike"):
        derive(page({"info": {"a": 1}, "Info": {"b": 2}}), "urn:t:{name}")
