"""A population file in; a :class:`Population`, or one sentence of complaint, out."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from harness.errors import UnknownName, UsageError, nearest, shown
from harness.populations.habits import Coming, CustomerHabits
from harness.populations.keys import KEYS, TABLES, Key
from harness.populations.population import Population

MAX_BYTES = 1 << 18

Table = dict[str, Any]


def read_population(path: Path) -> Population:
    """The population in ``path``. UsageError names what is wrong with it."""
    return population_from(_parsed(path), str(path), path.stem)


def population_from(table: Table, file: str, name: str) -> Population:
    """The population that ``table`` spells; ``file`` names it in complaints."""
    nested: Table = {"name": name}
    for key, value in _leaves(table, file):
        _put(nested, key.place, _parsed_value(key, value, file))
    if "every_s" not in nested.get("customer", {}).get("reconnects", {"every_s": 0}):
        raise UsageError(f"{file}: [customers.reconnect] needs the key every")
    customer = nested.get("customer", {})
    customer |= zip(("text", "image", "title"), customer.pop("mix", ()), strict=False)
    if customer.get("coming") is Coming.POISSON:
        nested.setdefault("customers", None)
    plain = msgspec.to_builtins(nested)
    return _checked(msgspec.convert(plain, Population), file)


def shipped(folder: Path) -> list[Population]:
    """Every population in ``folder``, by name."""
    return [read_population(path) for path in sorted(folder.glob("*.toml"))]


def find_population(asked: str, folder: Path) -> Population:
    """The population called ``asked`` in ``folder``, or in the file of that path."""
    path = Path(asked)
    if path.suffix == ".toml" or len(path.parts) > 1 or path.is_file():
        return read_population(path)
    names = [found.stem for found in sorted(folder.glob("*.toml"))]
    if asked not in names:
        raise UnknownName("population", asked, names)
    return read_population(folder / f"{asked}.toml")


def _parsed(path: Path) -> Table:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise UsageError(f"{path} is no population: it is longer than 256 KiB")
        return tomllib.loads(raw.decode())
    except OSError as error:
        raise UsageError(
            f"cannot read the population {path}: {error.strerror}",
            "`chatsocket populations` lists those there are",
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is no population: not TOML in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}") from error


def _leaves(table: Table, file: str, prefix: str = "") -> Iterator[tuple[Key, Any]]:
    for part, value in table.items():
        name = f"{prefix}{part}"
        if name in KEYS:
            yield KEYS[name], value
        elif name not in TABLES:
            raise _unknown(name, isinstance(value, dict), file)
        elif isinstance(value, dict):
            yield from _leaves(value, file, f"{name}.")
        else:
            raise UsageError(f"{file}: {name} is a table, written [{name}]")


def _unknown(name: str, is_table: bool, file: str) -> UsageError:
    what, known = ("table", list(TABLES)) if is_table else ("key", list(KEYS))
    leaf = name.rpartition(".")[2]
    same_leaf = [other for other in known if other.rpartition(".")[2] == leaf]
    close = same_leaf[0] if same_leaf else nearest(name, known)
    advice = f"did you mean {close}?" if close else ""
    return UsageError(f"{file}: there is no {what} {shown(name)}", advice)


def _parsed_value(key: Key, value: Any, file: str) -> Any:
    try:
        return key.parse(value)
    except (ValueError, TypeError):
        word = value.get("distribution") if isinstance(value, dict) else value
        known = not isinstance(word, str) or word in key.choices
        close = None if known else nearest(str(word), key.choices)
        raise UsageError(
            f"{file}: {key.name} = {shown(value)}: expected {key.expects}",
            f"did you mean {close}?" if close else "",
        ) from None


def _put(nested: Table, place: str, value: Any) -> None:
    *parents, leaf = place.split(".")
    for part in parents:
        nested = nested.setdefault(part, {})
    nested[leaf] = value


def _checked(population: Population, file: str) -> Population:
    habits: CustomerHabits = population.customer
    demands = (*habits.demands(), *population.service.demands())
    problem = next((sentence for wrong, sentence in demands if wrong), None)
    if problem is not None:
        raise UsageError(f"{file}: {problem}")
    return population
