import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator, ValidationError

from schemas.published import PUBLISHED, text
from schemas.records import Note, PartEnded, encode


def _shipped(name: str) -> str:
    return files("schemas").joinpath(name).read_text("utf-8")


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_shipped_file_says_what_the_values_say(name: str) -> None:
    assert _shipped(name) == text(name), "run python -m schemas.published"


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_shipped_file_is_a_schema_with_a_name(name: str) -> None:
    schema = json.loads(_shipped(name))
    Draft202012Validator.check_schema(schema)
    assert schema["$id"].startswith("urn:chatsocket-harness:")


def test_records_keep_to_the_shipped_schema_and_others_do_not() -> None:
    validator = Draft202012Validator(json.loads(_shipped("run_record.schema.json")))
    validator.validate(json.loads(encode(Note(text="x"))))
    validator.validate(json.loads(encode(PartEnded(name="load", duration_s=1, complete=True))))
    with pytest.raises(ValidationError):
        validator.validate({"kind": "note"})
    with pytest.raises(ValidationError):
        validator.validate({"text": "x"})
