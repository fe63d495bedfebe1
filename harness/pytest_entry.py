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
    known = early_config.known_args_namespace
    if known.pyargs and any(_is_suite(str(each)) for each in known.file_or_dir or ()):
        early_config.pluginmanager.import_plugin(PLUGIN)


def _is_suite(argument: str) -> bool:
    module = argument.partition("::")[0]
    return module == SUITE or module.startswith(f"{SUITE}.")
