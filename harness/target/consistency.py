"""What a profile's keys must be together, when each is right by itself."""

from collections.abc import Iterator

import msgspec

from harness.target.keys import KeyStatus
from harness.target.target_profile import Profile
from harness.target.templates import placeholders
from harness.target.token_place import TokenPlace
from schemas.modes import Binding

_FILES = ("tls.ca_file", "tls.client_cert", "tls.client_key", "accounts.file")


class Contradiction(msgspec.Struct, frozen=True):
    """``key`` disagrees with another key or with the disk; ``complaint`` continues its name."""

    key: str
    complaint: str


def settled(profile: Profile) -> Profile:
    """``profile`` with the defaults that follow from other keys.

    A ``{token}`` in URL or headers says where the token goes (D5); staff bound by URL gets no
    offers (D7).
    """
    if profile.status("login.by") is KeyStatus.DEFAULT and "token" in _used(profile):
        login = msgspec.structs.replace(profile.login, by=TokenPlace.TEMPLATE)
        profile = msgspec.structs.replace(profile, login=login)
    offers = profile.status("capabilities.offers")
    if profile.binding is Binding.URL and offers is KeyStatus.DEFAULT:
        capabilities = msgspec.structs.replace(profile.capabilities, offers=False)
        statuses = {**profile.statuses, "capabilities.offers": KeyStatus.OFF}
        profile = msgspec.structs.replace(profile, capabilities=capabilities, statuses=statuses)
    return profile


def contradiction(profile: Profile) -> Contradiction | None:
    """The first disagreement, or None."""
    return next(_contradictions(profile), None)


def _contradictions(profile: Profile) -> Iterator[Contradiction]:
    used = _used(profile)
    if profile.login.by is TokenPlace.TEMPLATE and "token" not in used:
        yield Contradiction("login.by", 'is "template", but neither url nor headers hold {token}')
    if profile.binding is Binding.URL and "customer_sn" not in used:
        yield Contradiction(
            "binding", 'is "url", but neither staff_url, url nor headers hold {customer_sn}'
        )
    if profile.binding is Binding.URL and profile.capabilities.offers:
        yield Contradiction("capabilities.offers", 'is true, but binding = "url" knows no offers')
    staff = profile.dialect.staff
    if staff.assign == staff.close:
        yield Contradiction("dialect.staff.close", "is the same word as dialect.staff.assign")
    if profile.tls.client_key and not profile.tls.client_cert:
        yield Contradiction("tls.client_key", "needs tls.client_cert beside it")
    yield from _about_accounts(profile)
    yield from _about_files(profile)


def _about_accounts(profile: Profile) -> Iterator[Contradiction]:
    accounts = profile.accounts
    if accounts.entries and accounts.file:
        yield Contradiction("accounts.file", "stands beside accounts written out; keep one of them")
    seen: set[str] = set()
    for number, entry in enumerate(accounts.entries, 1):
        if not entry.sn:
            yield Contradiction("accounts.entries", f"has no sn in entry {number}")
        if entry.sn in seen:
            yield Contradiction("accounts.entries", f"names {entry.sn!r} twice")
        if not entry.token and not profile.login.token_command:
            yield Contradiction(
                "accounts.entries",
                f"has no token for {entry.sn!r}, and there is no login.token_command",
            )
        seen.add(entry.sn)


def _about_files(profile: Profile) -> Iterator[Contradiction]:
    for name in _FILES:
        if profile.value(name) and not profile.path(name).is_file():
            yield Contradiction(name, f"names {profile.path(name)}, which is no file")


def _used(profile: Profile) -> set[str]:
    texts = (profile.url, profile.staff_url, *profile.headers.values())
    return {name for text in texts for name in placeholders(text)}
