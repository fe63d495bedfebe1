import json
from collections.abc import Callable
from importlib.resources import files

from jsonschema import Draft202012Validator

from reports import json_file
from reports.material import Material, read_material


def test_summary_json(material: Material, golden: Callable[[str, str], None]) -> None:
    golden("summary.json", json_file.render(material))


def test_a_real_summary_keeps_to_the_shipped_schema(material: Material, make_run) -> None:
    schema = json.loads(files("schemas").joinpath("summary.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    validator.validate(json.loads(json_file.render(material)))
    validator.validate(json.loads(json_file.render(read_material(make_run(footer=False)))))


def test_a_part_that_did_not_run_is_null(make_run) -> None:
    summary = json.loads(json_file.render(read_material(make_run())))
    assert summary["conformance"] is None
    assert summary["load"] is None


def test_a_quantile_without_samples_is_null(material: Material) -> None:
    metrics = json.loads(json_file.render(material))["load"]["metrics"]
    assert metrics["replay"]["p50_us"] is None
    assert metrics["replay"]["max_us"] is None


def test_a_quantile_among_the_unanswered_is_null_beside_what_it_exceeds(material: Material) -> None:
    ack = json.loads(json_file.render(material))["load"]["metrics"]["ack"]
    assert ack["p99_us"] is None
    assert ack["p99_at_least_us"] == ack["max_us"]
