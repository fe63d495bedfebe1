"""What pytest loads of this package in every session: almost nothing, until the suite is asked for.

``pytest --pyargs harness.conformance …`` brings in :mod:`harness.conformance.plugin` with its
options and fixtures. In any other session this module adds no option, no fixture and no hook that
acts. It must import nothing of the suite.
"""

import pytest

SUITE = "harness.conformance"
PLUGIN = "harness.conformance.plugin"


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Load the suite's plugin where the suite is among what is to be collected."""
    if asks_for_suite(early_config):
        early_config.pluginmanager.import_plugin(PLUGIN)


def asks_for_suite(config: pytest.Config) -> bool:
    """Whether the suite is among what the command line names."""
    known = config.known_args_namespace
    return bool(known.pyargs) and any(map(_is_suite, map(str, known.file_or_dir or ())))


def _is_suite(argument: str) -> bool:
    module = argument.partition("::")[0]
    return module == SUITE or module.startswith(f"{SUITE}.")
