"""`chatsocket faults`."""

import json

import pytest

pytestmark = pytest.mark.loopback


def listed(call, *options):
    ended = call("faults", "--json", *options)
    assert ended.code == 0
    return json.loads(ended.out)


def test_a_fault_is_listed_with_its_intent_and_the_clauses_it_breaks(call):
    ended = call("faults", "never answered", "--clause", "ack-one-per-message")
    assert ended.code == 0
    *lines, count = ended.out.splitlines()
    assert lines[:3] == [
        "missing-ack  [logins and answers]",
        "    Accepted texts are never answered.",
        "    breaks ack-one-per-message",
    ]
    assert count.startswith("2 of ")


def test_a_fault_with_a_value_shows_one_and_what_it_moves(call):
    out = call("faults", "delay").out
    assert "delay=20ms  [time]" in out
    assert "breaks no clause; moves login, ack, deliver, replay; takes a duration such as" in out


def test_filters_keep_what_fits_and_nothing_else(call):
    everything = listed(call)
    assert len(everything) >= 80
    by_clause = listed(call, "--clause", "isolation")
    assert by_clause == [each for each in everything if "isolation" in each["clauses"]]
    by_load = listed(call, "--found-by", "load")
    assert by_load == [each for each in everything if each["found_by"] == "load"]
    assert {"loss", "stall"} <= {each["name"] for each in by_load}


@pytest.mark.parametrize(
    ("options", "near"),
    [(["--clause", "isolatoin"], "isolation"), (["--found-by", "lod"], "load")],
)
def test_an_unknown_word_is_answered_with_the_nearest(call, options, near):
    ended = call("faults", *options)
    assert ended.code == 2
    assert f"did you mean '{near}'" in ended.err
