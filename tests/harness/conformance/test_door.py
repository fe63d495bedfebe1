"""What one case opens: nobody it listens to in passing can hold it up."""

from types import SimpleNamespace

from msgspec.structs import replace

from harness.conformance.bench import Bench
from harness.conformance.door import Door
from harness.conformance.evidence import Evidence
from harness.conformance.spec import CaseSpec
from harness.target import MintedAccounts, default_profile

PROFILE = default_profile("ws://127.0.0.1:1/")
MOST = 20


class Endless:
    """A connection on which something lies whenever one looks, up to a deadline's own end."""

    def __init__(self):
        self.deadlines = []

    def hear(self, deadline):
        self.deadlines.append(deadline)
        return len(self.deadlines) < MOST


def test_what_never_ends_is_read_up_to_one_deadline():
    limits = replace(PROFILE.limits, max_backlog=2)
    bench = Bench(replace(PROFILE, limits=limits), MintedAccounts("t"))
    door, endless = Door(bench, Evidence(CaseSpec(clauses=()))), Endless()
    listening = SimpleNamespace(channel=SimpleNamespace(ended=None), participant=endless)
    door._chatters.append(listening)
    for _ in range(3):
        door._terms(alone=True).turn()
    assert len(endless.deadlines) >= MOST
    assert len(set(endless.deadlines[:MOST])) == 1
