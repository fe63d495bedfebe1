"""The cases under plain pytest: ``pytest -p harness.conformance.plugin --target URL …``.

Options in, a :class:`~harness.conformance.conductor.Conductor` out. ``chatsocket check`` does not
come this way: it calls :mod:`harness.conformance.suite`.
"""

import secrets
from pathlib import Path

import pytest

from harness.conformance.bench import Bench
from harness.conformance.conductor import Conductor, Selection, Sink
from harness.conformance.suite import groups_named, may_be_hostile
from harness.errors import HarnessError
from harness.target import Profile, accounts_of, default_profile, read_profile


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of their own names: other plugins have taken ``--host`` and the like."""
    options = parser.getgroup("chatsocket", "conformance of a chat server")
    options.addoption("--target", metavar="URL", help="the server's ws:// or wss:// URL")
    options.addoption("--profile", metavar="FILE", help="the target profile")
    options.addoption("--group", action="append", default=[], help="only this group; repeatable")
    options.addoption("--slow", action="store_true", help="the slow cases too")
    options.addoption("--strict-defaults", action="store_true", help="hold defaults as declared")
    options.addoption("--allow-hostile", action="store_true", help="hostile cases off loopback too")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Conduct the session, when a target was named."""
    if not (config.option.target or config.option.profile):
        return
    try:
        profile = _profile(config)
        bench = Bench(
            profile,
            accounts_of(profile, secrets.token_hex(3)),
            strict=config.option.strict_defaults,
            hostile=may_be_hostile(profile, allowed=config.option.allow_hostile),
        )
        selection = Selection(groups_named(config.option.group), config.option.slow)
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(Conductor(bench, Sink(), selection), "chatsocket-conductor")


def _profile(config: pytest.Config) -> Profile:
    if config.option.profile:
        return read_profile(Path(config.option.profile), config.option.target)
    return default_profile(config.option.target)
