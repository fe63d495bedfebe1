"""Population files: what they may say, and one sentence for what they may not."""

from pathlib import Path

import pytest

from harness.errors import UnknownName, UsageError
from harness.populations import Population, find_population, read_population, shipped
from harness.populations.habits import Bend, Coming, CustomerHabits, Distribution, Span
from harness.populations.keys import KEYS
from harness.populations.reading import population_from

SHIPPED = Path(__file__).parents[3] / "scenarios" / "populations"
NAMES = (
    "breakpoint",
    "fan-out",
    "login-storm",
    "pipeline",
    "reconnect-storm",
    "rush-hour",
    "slow-readers",
    "smoke",
    "soak",
    "spike",
    "steady",
)


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text)
    return file


def test_what_is_shipped_can_be_read_and_tells_what_it_is() -> None:
    found = shipped(SHIPPED)
    assert tuple(population.name for population in found) == NAMES
    assert all(population.about.endswith((".", "?")) for population in found)


def test_an_empty_file_is_the_default_population(tmp_path: Path) -> None:
    assert read_population(written(tmp_path, "")) == Population(name="mine")


def test_every_part_of_a_file_finds_its_place(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
        about = "Mine."
        load = {rate = 3, duration = "2m", model = "closed", shape = [[0.0, 0.5], [1, 1]]}
        [customers]
        arrive = "poisson"
        sessions_per_s = 0.5
        session = {mean = "20s", distribution = "lognormal", spread = 0.7}
        mix = {text = 0.9, title = 0.1}
        text_chars = [5, 9]
        [staff]
        count = 2
        reply = "300ms"
        """,
    )
    found = read_population(file)
    assert (found.name, found.about, found.rate, found.duration_s) == ("mine", "Mine.", 3.0, 120.0)
    assert found.shape == (Bend(0.0, 0.5), Bend(1.0, 1.0))
    assert found.customers is None
    habits = found.customer
    assert (habits.text, habits.image, habits.title) == (0.9, 0.0, 0.1)
    assert (habits.coming, habits.text_chars) == (Coming.POISSON, (5, 9))
    assert habits.sessions.length == Span(20.0, Distribution.LOGNORMAL, 0.7)
    assert (found.staff, found.service.reply) == (2, Span(0.3))


def test_every_key_has_a_place_of_its_own() -> None:
    assert len({key.place for key in KEYS.values()}) == len(KEYS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[customers]\nread_shar = 0.1", "no key 'customers.read_shar'; did you mean customers.re"),
        ("[customer]\ncount = 1", r"no table 'customer'; did you mean customers\?"),
        ("rate = 3", r"no key 'rate'; did you mean load.rate\?"),
        ("customers = 3", r"customers is a table, written \[customers\]"),
        ("[load]\nrate = 0", "load.rate = '0': expected messages per second, over 0"),
        ("[load]\nrate = inf", "load.rate = 'inf': expected"),
        ("[load]\nduration = 30", "load.duration = '30': expected a time"),
        ("[load]\nmodel = 'open-poison'", "did you mean open-poisson"),
        ("[load]\nshape = [[0.0, 1.0], [0.9, 1.0]]", "from 0.0 to 1.0"),
        ("[load]\nshape = [[0.0, 0.0], [1.0, 0.0]]", "not all of it silent"),
        ("[load]\nlanguages = ['de']", "a list of zh_TW, en_US"),
        ("[customers]\ncount = -1", "customers.count = '-1': expected a whole number"),
        ("[customers]\ncount = true", "customers.count = 'True': expected a whole number"),
        ("[customers]\nread_share = 1.5", "a share from 0 to 1"),
        ("[customers.mix]\ntext = 0.5\nimage = 0.1", "shares that add to 1"),
        ("[customers]\nmix = {text = 0.5, video = 0.5}", "{text = …, image = …, title = …}"),
        ("[customers]\nmix = {image = 1.0}", "they carry the tokens"),
        ("[customers]\nthink = {distribution = 'constant'}", "expected a time like"),
        ("[customers]\nthink = {mean = '1s', distribution = 'normal'}", "expected a time like"),
        ("[customers]\narrive = 'poison'", "did you mean poisson"),
        (
            "[customers]\nthink = {mean = '2s', distribution = 'exponental'}",
            r"did you mean exponential\?",
        ),
        (
            "[staff]\nreply = {distribution = 'exponential'}",
            r"lognormal; spread for the last\)\.?$",
        ),
        ("[customers]\ntext_chars = [9, 5]", "1 or more"),
        ("[customers]\nidle_share = 1.0", "customers that all listen"),
        ("[customers.reconnect]\nshare = 0.5", "needs the key every"),
        ("[customers.reconnect]\nevery = '1s'\naway = '2s'", "back before the next"),
        ("[customers]\narrive = 'poisson'\n[customers.reconnect]\nevery = '9s'", "not both"),
        ("[customers]\narrive = 'poisson'\ndevices = 2", "stay to the end"),
        ("rate = = 3", "not valid TOML"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as told:
        read_population(written(tmp_path, text))
    assert str(told.value).startswith(str(tmp_path))
    assert "\n" not in str(told.value)


def test_a_file_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the population"):
        read_population(tmp_path / "none.toml")
    (tmp_path / "mine.toml").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="not TOML in UTF-8"):
        read_population(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_bytes(b"#" * (1 << 19))
    with pytest.raises(UsageError, match="longer than"):
        read_population(tmp_path / "mine.toml")


def test_a_name_that_is_none_gets_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'smoke'"):
        find_population("smok", SHIPPED)


def test_a_population_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    assert find_population("smoke", SHIPPED).name == "smoke"
    assert find_population(str(written(tmp_path, "[load]\nrate = 7")), SHIPPED).rate == 7


def test_the_defaults_of_a_table_are_those_of_the_habits() -> None:
    assert population_from({"customers": {}}, "x", "x").customer == CustomerHabits()
