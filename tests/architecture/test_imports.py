"""The import arrows of the design, and that no cycle hides behind them."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "harness", "scenarios", "reports", "reference_server")

MAY_IMPORT = {
    "schemas": set(),
    "harness": {"schemas"},
    "scenarios": {"schemas", "harness"},
    "reports": {"schemas"},
    "reference_server": {"schemas"},
}
# The command line alone also draws reports.
EXTRA = {"harness.cli": {"reports"}}

EXCLUSIVE = {"locust": "scenarios", "gevent": "scenarios", "starlette": "reference_server"}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def modules(package: str) -> Iterator[str]:
    return (m for m in graph().modules if m == package or m.startswith(f"{package}."))


def allowed(module: str) -> set[str]:
    package = module.partition(".")[0]
    extra = (names for part, names in EXTRA.items() if f"{module}.".startswith(f"{part}."))
    return {package}.union(MAY_IMPORT[package], *extra)


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_along_the_arrows_alone(package: str) -> None:
    wrong = [
        f"{module} imports {imported}"
        for module in modules(package)
        for imported in graph().find_modules_directly_imported_by(module)
        if (head := imported.partition(".")[0]) in PACKAGES and head not in allowed(module)
    ]
    assert wrong == []


@pytest.mark.parametrize(("library", "owner"), EXCLUSIVE.items())
def test_a_library_stays_in_the_package_that_knows_it(library: str, owner: str) -> None:
    users = graph().find_modules_that_directly_import(library)
    assert {user.partition(".")[0] for user in users} == {owner}


def test_only_the_command_line_is_imported_by_nobody_below_it() -> None:
    importers = graph().find_modules_that_directly_import("harness.cli")
    assert {name for name in importers if not name.startswith("harness.cli")} == set()


def test_there_is_no_import_cycle() -> None:
    ours = {module for package in PACKAGES for module in modules(package)}
    edges = {m: graph().find_modules_directly_imported_by(m) & ours for m in ours}
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as cycle:
        pytest.fail(" imports ".join(reversed(cycle.args[1])))


def test_no_module_is_named_like_one_of_the_standard_library_or_like_a_drawer() -> None:
    banned = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    names = {module.rpartition(".")[2] for package in PACKAGES for module in modules(package)}
    assert names & (banned | set(sys.stdlib_module_names)) == set()


def test_every_module_says_its_job() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []


def test_tests_mirror_the_source() -> None:
    stray = [
        str(test.relative_to(ROOT))
        for package in PACKAGES
        for test in (ROOT / "tests" / package).rglob("test_*.py")
        if not _mirrored(test)
    ]
    assert stray == []


def _mirrored(test: Path) -> bool:
    """``test_<module>.py`` or ``test_<module>_<aspect>.py`` beside where the module lies."""
    folder = ROOT / test.relative_to(ROOT / "tests").parent
    words = test.stem.removeprefix("test_").split("_")
    stems = ("_".join(words[:count]) for count in range(1, len(words) + 1))
    return any((folder / f"{stem}.py").exists() or (folder / stem).is_dir() for stem in stems)
