"""Literal schemas of varied help pages: our own rendering of the contract, and pages unlike it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.help_page.derivation import Derived, derive, without_annotations
from schemas.help_page.model import Side
from schemas.help_page.reading import read_page
from schemas.registry import documents

PAGES = Path(__file__).parent / "pages"
URN = "urn:test:{name}"

# Every page with the types it yields: a list is [item], a dictionary {value}, a type its name.
EXPECTED: dict[str, dict[str, Any]] = {
    "order.html": {
        "Order": {
            "Id": "string",
            "PlacedAt": "string",
            "Status": "integer",
            "Lines": "[OrderLine]",
            "Total": "number",
            "Remark": "string",
        },
        "OrderLine": {
            "Sku": "string",
            "Quantity": "integer",
            "Price": "number",
            "Gift": "boolean",
        },
    },
    "ticket.txt": {
        "response": "boolean",
        "Ticket": {
            "subject": "string",
            "severity": "string",
            "assignee": "Agent",
            "watchers": "[Agent]",
        },
        "Agent": {"login": "string", "team": "team", "absent": "boolean"},
        "team": {"code": "string", "size": "integer"},
    },
    "upload.txt": {
        "Upload": {
            "Name": "string",
            "Content": "string",
            "Parts": "[integer]",
            "Took": "string",
            "Source": "string",
            "Labels": "{string}",
            "Anything": "{any}",
        },
        "Stored": {"Id": "string"},
    },
    "people.html": {
        "CollectionOfPerson": "[Person]",
        "Person": {"Name": "string", "Born": "string", "Height": "number", "Address": "Address"},
        "Address": {"Street": "string", "Geo": "Geo"},
        "Geo": {"Lat": "number", "Lon": "number"},
    },
    "tree.html": {
        "Category": {"Title": "string", "Parent": "Category", "Children": "[Category]"},
    },
    "parcel.html": {
        "Parcel": {
            "Carrier": "Carrier",
            "State": "string",
            "Weights": "[[number]]",
            "Range": "Range",
            "Insured": "boolean",
        },
        "Carrier": {"Code": "string", "Depots": "{Depot}"},
        "Range": {"Key": "string", "Value": "string"},
        "Depot": {"City": "string", "Open": "boolean"},
    },
    "member.big5.html": {
        "Member_in": {"姓名": "string", "level": "string", "point": "integer"},
        "response": {"ok": "boolean", "errors": "[string]"},
    },
    "shipment.txt": {
        "response": "[string]",
        "Shipment": {"from": "Party", "to": "Party", "parcels": "[parcels]"},
        "Party": {"name": "string", "address": "Party_address"},
        "parcels": {
            "kg": "number",
            "address": "Shipment_parcels_address",
            "stamps": "{string}",
            "code": "any",
        },
        "Party_address": {"street": "string", "floor": "integer"},
        "Shipment_parcels_address": {"locker": "string"},
    },
}


def derived(name: str) -> Derived:
    return derive(read_page((PAGES / name).read_bytes()), URN)


def compact(schema: dict[str, Any]) -> Any:
    """A schema in the notation of EXPECTED."""
    if "properties" in schema:
        return {name: compact(inner) for name, inner in schema["properties"].items()}
    if "anyOf" in schema:
        ref, null = schema["anyOf"]
        assert null == {"type": "null"}
        return compact(ref)
    if "$ref" in schema:
        return schema["$ref"].removeprefix("urn:test:")
    kinds = schema.get("type", ["any", "null"])
    kinds = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
    if kinds == ["array"]:
        return f"[{compact(schema.get('items', {}))}]"
    if kinds == ["object"]:
        return f"{{{compact(schema.get('additionalProperties', {}))}}}"
    return "|".join(kinds)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_yields_its_types_in_literal_schemas(name: str) -> None:
    schemas = derived(name).schemas
    assert {title: compact(schema) for title, schema in schemas.items()} == EXPECTED[name]
    for title, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"urn:test:{title}"
        assert "required" not in json.dumps(without_annotations(schema))


def test_every_page_in_the_folder_is_tested() -> None:
    assert {path.name for path in PAGES.iterdir()} == set(EXPECTED)


def test_shipped_literal_schemas_are_what_the_projects_own_page_yields() -> None:
    page = Path(__file__).parents[3] / "schemas" / "help_page" / "page.txt"
    urn = "urn:chatsocket-harness:literal:{name}"
    mine = {
        body["$id"]: body for body in derive(read_page(page.read_bytes()), urn).schemas.values()
    }
    shipped = {urn: body for urn, body in documents().items() if ":literal:" in urn}
    assert mine.keys() == shipped.keys()
    for urn, body in mine.items():
        assert without_annotations(body) == without_annotations(shipped[urn])
        assert body == shipped[urn], (
            "run: chatsocket schema derive schemas/help_page/page.txt --out schemas/wire/literal"
        )


def test_action_and_media_types_are_told() -> None:
    found = derived("order.html")
    assert (found.method, found.path) == ("POST", "api/orders")
    request = found.messages[Side.REQUEST]
    assert request.schema == "Order"
    assert request.media_types == (
        "application/json",
        "text/json",
        "application/xml",
        "text/xml",
        "application/x-www-form-urlencoded",
    )
    assert Side.RESPONSE not in found.messages
    assert "POST api/orders" in found.schemas["Order"]["$comment"]


def test_a_body_is_never_null_and_its_members_may_be() -> None:
    schemas = derived("tree.html").schemas["Category"]
    assert schemas["type"] == "object"
    assert schemas["properties"]["Parent"]["anyOf"][1] == {"type": "null"}
    assert derived("people.html").schemas["CollectionOfPerson"]["type"] == "array"
    assert derived("people.html").schemas["Address"]["type"] == ["object", "null"]


def test_words_and_additional_information_stay_annotations() -> None:
    ticket = derived("ticket.txt").schemas["Ticket"]["properties"]
    assert ticket["severity"]["examples"] == ["low", "normal", "high"]
    assert ticket["subject"]["description"] == "Required What it is about in a few words"
    assert ticket["subject"]["$comment"] == "Additional information: Required; Max length: 80."
    assert "enum" not in ticket["severity"]
    member = derived("member.big5.html").schemas["Member_in"]["properties"]
    assert member["level"]["examples"] == ["gold", "silver", "none"]
    parcel = derived("parcel.html").schemas
    assert parcel["Parcel"]["properties"]["State"]["examples"] == ["Packed", "Sent"]
    assert parcel["Carrier"]["properties"]["Code"]["examples"] == ["dhl", "ups", "post"]
    order = derived("order.html").schemas["Order"]["properties"]
    assert order["Id"]["$comment"].startswith("Printed type: globally unique identifier.")
    assert order["Id"]["description"] == "Identifies the order & its parcel."


def test_what_the_generator_made_up_is_no_example() -> None:
    line = derived("order.html").schemas["OrderLine"]["properties"]
    assert "examples" not in line["Sku"]
    assert derived("tree.html").schemas["Category"]["properties"]["Title"]["examples"] == [
        "Cups",
        "Kitchen",
    ]


def test_only_annotations_are_left_out_of_a_comparison() -> None:
    schema = {
        "$id": "a",
        "title": "b",
        "type": "object",
        "properties": {"title": {"type": "string", "examples": ["x"]}, "examples": {}},
    }
    assert without_annotations(schema) == {
        "type": "object",
        "properties": {"title": {"type": "string"}, "examples": {}},
    }
