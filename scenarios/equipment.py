"""What a worker brings of its own: where its target and its accounts are, its source addresses.

The plan of its master travels; tokens, and the files that hold them, do not.
"""

from collections.abc import Callable, Sequence

import msgspec

from harness.preflight.machine import this_machine
from harness.preflight.needs import Demand, check
from harness.swarm.link import Clock
from harness.swarm.plan import LoadPlan
from harness.swarm.setup import Setup
from harness.swarm.transport import PicowsDialer, TransportLimits

MakeDialer = Callable[[Setup, Clock], PicowsDialer]


class Equipment(msgspec.Struct, frozen=True):
    """``url``, ``profile`` and ``accounts`` replace the plan's own; ``sources`` are addresses of
    this machine that connections come from. Empty: the plan's, and any. ``locustfile`` has users of
    one's own; the plan's never counts here, for whoever sends a plan must not choose the code.
    """

    url: str = ""
    profile: str = ""
    accounts: str = ""
    sources: Sequence[str] = ()
    locustfile: str = ""

    def __repr__(self) -> str:
        return "Equipment(…)"

    def own(self, plan: LoadPlan) -> LoadPlan:
        """The plan as it is carried out here."""
        mine = {"url": self.url, "profile": self.profile, "accounts": self.accounts}
        given = {key: text for key, text in mine.items() if text}
        return msgspec.structs.replace(plan, **given, locustfile=self.locustfile)

    def dialer(self, setup: Setup, clock: Clock) -> PicowsDialer:
        """What opens this worker's connections."""
        limits = TransportLimits(dial_s=setup.plan.limits.dial_s)
        proxy = setup.profile.proxy or None
        return PicowsDialer(limits, setup.tls, proxy, clock, self.sources)


def travelling(setup: Setup) -> LoadPlan:
    """The plan for other machines: without code, and without a URL that has a key in it."""
    profile = setup.profile
    url = setup.plan.url if profile.shown_url == profile.url else ""
    return msgspec.structs.replace(setup.plan, url=url, locustfile="")


def check_machine(plan: LoadPlan, workers: int, sources: Sequence[str]) -> None:
    """UsageError where ``workers`` on this machine could not hold their part of the plan.

    ``plan.workers`` share all of it.
    """
    whole = plan.connections * workers / max(plan.workers, workers)
    connections = min(-int(-whole // 1), plan.connections)
    demand = Demand(connections, workers, max(len(sources), 1), plan.customer.devices)
    check(demand, this_machine())
