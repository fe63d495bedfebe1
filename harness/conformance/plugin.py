"""The cases under plain pytest: ``pytest --pyargs harness.conformance --target URL …``.

Options in, a :class:`~harness.conformance.conductor.Conductor` out. ``chatsocket check`` does not
come this way: it calls :mod:`harness.conformance.suite`. Under pytest-xdist each worker conducts
its share.
"""

import secrets
from pathlib import Path

import pytest

from harness.conformance.bench import Bench
from harness.conformance.conductor import Conductor, Sink
from harness.conformance.first_look import FirstLook, look
from harness.conformance.generated.budget import Generate, Generation
from harness.conformance.listing import Selection
from harness.conformance.sharing import Controller, Seat, Share, Worker, seat_of, seats
from harness.conformance.suite import groups_named, may_be_hostile
from harness.conformance.telling import Teller
from harness.errors import HarnessError
from harness.pytest_entry import asks_for_suite
from harness.target import (
    AccountSource,
    MintedAccounts,
    Profile,
    accounts_of,
    default_profile,
    expired_token,
    read_profile,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of their own names: other plugins have taken ``--host`` and the like."""
    options = parser.getgroup("chatsocket", "conformance of a chat server")
    options.addoption("--target", metavar="URL", help="the server's ws:// or wss:// URL")
    options.addoption("--profile", metavar="FILE", help="the target profile")
    options.addoption("--group", action="append", default=[], help="only this group; repeatable")
    options.addoption("--slow", action="store_true", help="the slow cases too")
    options.addoption("--strict-defaults", action="store_true", help="hold defaults as declared")
    options.addoption("--allow-hostile", action="store_true", help="hostile cases off loopback too")
    options.addoption(
        "--generate",
        choices=[level.value for level in Generate],
        default=Generate.QUICK.value,
        help="how much the generated cases try",
    )
    options.addoption("--seed", type=int, default=1, help="the same seed generates the same")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Conduct the session, when a target was named."""
    if not (config.option.target or config.option.profile):
        if asks_for_suite(config) and not config.option.collectonly:
            raise pytest.UsageError("there is no target; give --target ws://… or --profile FILE")
        return
    seat, places = seat_of(config), seats(config)
    generation = Generation(Generate(config.option.generate), config.option.seed)
    try:
        profile = _profile(config)
        accounts = _accounts(profile, seat or next(iter(places), None))
        runs = not (places or config.option.collectonly or config.option.strict_defaults)
        seen = look(profile, accounts) if runs else FirstLook(profile)
        bench = Bench(
            seen.profile,
            accounts,
            strict=config.option.strict_defaults,
            hostile=may_be_hostile(profile, allowed=config.option.allow_hostile),
            generation=generation,
            mint=seat.mint if seat is not None else None,
        )
        bench.adopted = seen.adopted
        selection = Selection(
            groups_named(config.option.group),
            config.option.slow,
            generated=generation.level is not Generate.OFF,
        )
    except HarnessError as error:
        raise pytest.UsageError(str(error)) from None
    if places:
        config.pluginmanager.register(Controller(config), "chatsocket-controller")
        return
    conductor = Conductor(bench, Sink(), selection, owns_session=False)
    config.pluginmanager.register(conductor, "chatsocket-conductor")
    config.pluginmanager.register(Teller(conductor.run_of), "chatsocket-teller")
    if seat is not None:
        worker = Worker(seat, conductor.group_of, conductor.late)
        config.pluginmanager.register(worker, "chatsocket-worker")


def _accounts(profile: Profile, seat: Seat | None) -> AccountSource:
    """Accounts that no other worker has: minted ones never meet, listed ones are shared out."""
    whole = accounts_of(profile, secrets.token_hex(3))
    expired_token(profile)
    return whole if seat is None or isinstance(whole, MintedAccounts) else Share(whole, seat)


def _profile(config: pytest.Config) -> Profile:
    if config.option.profile:
        return read_profile(Path(config.option.profile), config.option.target)
    return default_profile(config.option.target)
