"""The run log's records of a load part, made from its plan and its collection. Pure."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from harness.attendance import Stay
from harness.clocks.far import REMOTE
from harness.grading import grade
from harness.ledger.tally import Anomaly as Example
from harness.ledger.tally import Series as JoinedSeries
from harness.populations.habits import Coming
from harness.swarm.collection import SHOULD_BE_ZERO, Collection
from harness.swarm.meter import Series as OwnSeries
from harness.swarm.meter import is_part
from harness.swarm.plan import LoadPlan
from harness.swarm.saturation import SaturationLimits
from harness.swarm.setup import Setup
from harness.swarm.vitals import Room
from schemas.clauses import clause
from schemas.load_records import (
    Anomaly,
    Connections,
    Frames,
    Generator,
    LoadPlanned,
    LoadTotals,
    Metric,
    Rate,
    SlowMessage,
    Violation,
)
from schemas.records import Note, OwnFault, Record

_NS = 1_000_000_000
_MOST_REFUSALS = 10
_OF_AN_EXCHANGE = ("sent", "answered with")
_NO_FRAMES = "; its frames were not kept"


def planned(setup: Setup, workers: int, epoch_ns: int = 0) -> LoadPlanned:
    """What was asked for. An open end is a duration of 0. Tokens count from ``epoch_ns``."""
    plan = setup.plan
    return LoadPlanned(
        scenario=plan.scenario,
        model=plan.model,
        rate=plan.rate,
        duration_s=plan.duration_s or 0.0,
        warm_up_s=plan.warm_up_s,
        customers=plan.customers,
        staff=plan.staff,
        workers=workers,
        seed=plan.seed,
        epoch_ns=epoch_ns,
    )


class Ending(msgspec.Struct, frozen=True):
    """What a run's end knows beside its collection.

    ``due`` messages were due until the stop; ``missing`` participants were not logged in at t0;
    ``origin_ns`` is t0, or the epoch of a run that never started. ``cores`` are those of a worker's
    machine, ``addresses`` how many source addresses each worker has, where it is not one;
    ``saturation`` from where on a generator counts as saturated.
    """

    due: int
    missing: int
    origin_ns: int
    cores: int = 1
    addresses: Mapping[int, int] = {}
    saturation: SaturationLimits = SaturationLimits()


def totals(setup: Setup, collection: Collection, ending: Ending) -> list[Record]:
    """Everything that is written at the end."""
    unsent = max(ending.due - collection.counts["scheduled_sent"], 0)
    return [
        *_metrics(collection, unsent),
        _load_totals(setup, collection, ending, unsent),
        *(_generator(worker, collection, ending) for worker in collection.health),
        *_slowest(setup, collection, ending.origin_ns),
        *_anomalies(setup, collection, ending.origin_ns),
        *_violations(setup, collection),
        *(
            OwnFault(where=fault.where, message=fault.message, traceback=fault.traceback)
            for fault in collection.faults
        ),
        *_notes(setup, collection),
        *_advice(collection, ending),
    ]


def _metrics(collection: Collection, unsent: int) -> Iterator[Metric]:
    timeline = collection.timeline
    remote = [f"{name}{REMOTE}" for name in JoinedSeries] if collection.hosts.names else []
    for name in map(str, dict.fromkeys([*OwnSeries, *JoinedSeries, *remote])):
        lost, in_flight = _unmet(collection, name)
        metric = Metric(
            name=name,
            latency=timeline.latency(name),
            service=timeline.service(name),
            timeouts=collection.counts[f"timeouts_{name}"] + lost,
            in_flight=in_flight,
            unsent=unsent if _whole(name) in (OwnSeries.ACK, JoinedSeries.DELIVER) else 0,
            negative=collection.far.negatives[name],
            clock_error_us=collection.hosts.error_us if name in remote else None,
        )
        known = metric.latency.count or metric.timeouts or metric.in_flight or metric.negative
        # what was not sent may have been of any type, but proves none that else never came up
        if known or (metric.unsent and not is_part(name)):
            yield metric


def _whole(name: str) -> str:
    """The series of which this is a part, by message type or by host."""
    return name.removesuffix(REMOTE).partition(".")[0]


def _unmet(collection: Collection, name: str) -> tuple[int, int]:
    """Deliveries of a series that were lost, and that are in flight."""
    if _whole(name) != JoinedSeries.DELIVER:
        return 0, 0
    kind = name.removesuffix(REMOTE).partition(".")[2]
    if kind:
        return collection.books.unmet(kind)
    return collection.ledger.lost, collection.ledger.in_flight


def totals_so_far(rate: float, collection: Collection) -> LoadTotals:
    """The sums while the load runs, of what is certain by then.

    What is under way is neither unsent nor unknown nor in flight, and due is what was sent.
    """
    counts = collection.counts
    certain = {"unknown": counts[f"timeouts_{OwnSeries.ACK}"], "in_flight": 0}
    return LoadTotals(
        rate=Rate(
            asked=rate,
            due=counts["scheduled_sent"],
            sent_in_time=counts["sent_in_time"],
            unsent=0,
        ),
        connections=Connections(**collection.connections, close_codes=dict(collection.close_codes)),
        ledger=msgspec.structs.replace(collection.ledger, **certain),
        frames=_frames(collection),
        refused_unexpectedly=counts["refused_unexpectedly"],
        workers_lost=len(collection.lost),
    )


def _frames(collection: Collection) -> Frames:
    counts = collection.counts
    return Frames(
        sent=counts["frames_sent"],
        received=counts["frames_received"],
        invalid=counts["frames_invalid"],
    )


def _load_totals(setup: Setup, collection: Collection, ending: Ending, unsent: int) -> LoadTotals:
    counts = collection.counts
    return LoadTotals(
        rate=Rate(
            asked=setup.plan.mean_rate,
            due=ending.due,
            sent_in_time=counts["sent_in_time"],
            unsent=unsent,
        ),
        connections=Connections(**collection.connections, close_codes=dict(collection.close_codes)),
        ledger=collection.ledger,
        frames=_frames(collection),
        refused_unexpectedly=counts["refused_unexpectedly"],
        participants_missing=ending.missing,
        workers_lost=len(collection.lost),
    )


def _generator(worker: int, collection: Collection, ending: Ending) -> Generator:
    health, limits = collection.health[worker], ending.saturation
    reasons = health.reasons(limits)
    addresses = ending.addresses.get(worker, 1)
    room = Room(len(collection.health), ending.cores, addresses)
    return Generator(
        worker=worker,
        loop_lag_p99_us=health.loop_lag_p99_us,
        schedule_lag_p99_us=health.schedule_lag_p99_us,
        cpu_share=health.cpu_share,
        core_wait_share=health.core_wait_share,
        saturated=bool(reasons),
        reasons=reasons,
        gc_pauses=health.gc_pauses,
        gc_pause_max_us=health.gc_pause_max_us,
        open_fds=health.usage.open_fds,
        fd_limit=health.fd_limit,
        ports_used=health.usage.ports_used,
        ports=health.ports * addresses if health.ports else None,
        advice=health.advice(limits, room),
    )


def _advice(collection: Collection, ending: Ending) -> Iterator[Note]:
    """What would help the generator: once each, with the workers that need it."""
    needing: dict[str, list[str]] = {}
    for worker in collection.health:
        for step in _generator(worker, collection, ending).advice:
            needing.setdefault(step, []).append(str(worker))
    for step, workers in needing.items():
        yield Note(text=f"the generator was at its limit (worker {', '.join(workers)}): {step}")


def _slowest(setup: Setup, collection: Collection, origin_ns: int) -> Iterator[SlowMessage]:
    for sent in collection.slowest.found():
        yield SlowMessage(
            latency_us=(sent.done_ns - sent.due_ns) // 1000,
            service_us=(sent.done_ns - sent.sent_ns) // 1000,
            at_s=_seconds(sent.done_ns, origin_ns),
            type=sent.kind,
            detail=f"message {sent.seq} of {setup.account(sent.sender).sn}",
            frames=collection.exhibits.frames((sent.sender, sent.conversation, sent.seq)),
        )


def _anomalies(setup: Setup, collection: Collection, origin_ns: int) -> Iterator[Anomaly]:
    for seen in collection.sightings:
        at_s = _seconds(seen.at_ns, origin_ns)
        sent = collection.exhibits.frames(seen.about) if seen.about is not None else []
        yield Anomaly(
            word=seen.word,
            detail=seen.detail,
            at_s=at_s,
            frames=[*sent, *seen.frames],
            captions=[*_OF_AN_EXCHANGE[: len(sent)], *["received"] * len(seen.frames)],
        )
    for example in collection.books.examples:
        if example.word not in SHOULD_BE_ZERO:
            continue
        frames = collection.exhibits.frames(example.key)
        untold = "" if frames else _NO_FRAMES
        yield Anomaly(
            word=example.word,
            detail=_described(setup, example, origin_ns) + untold,
            at_s=_seconds(example.at_ns, origin_ns),
            frames=frames,
            captions=list(_OF_AN_EXCHANGE[: len(frames)]),
        )


def _violations(setup: Setup, collection: Collection) -> Iterator[Violation]:
    for breach in collection.breaches.values():
        outcome = grade(clause(breach.finding.clause), setup.profile)
        yield Violation(finding=breach.finding, count=breach.count, outcome=outcome)


def _notes(setup: Setup, collection: Collection) -> Iterator[Note]:
    for refusal in collection.refusals[:_MOST_REFUSALS]:
        detail = f" ({refusal.detail})" if refusal.detail else ""
        yield Note(text=f"{refusal.count} connects failed: {refusal.cause}{detail}")
    data = setup.profile.data
    wanted = setup.plan.customer.title > 0
    if wanted and not (data.products or data.orders or data.other_topics):
        yield Note(text="no titles were sent: the profile's [data] has no numbers and no topics")
    yield from _notes_of_habits(setup.plan)


def _notes_of_habits(plan: LoadPlan) -> Iterator[Note]:
    slow = sum(map(plan.customer.is_slow, range(plan.customers)))
    if slow:
        text = f"{slow} customers read slowly on purpose: their latencies are left out"
        yield Note(text=text)
    waited = [stay.waited_ns for stay in _sessions(plan) if stay.waited_ns]
    if waited:
        longest = f"the longest {max(waited) / _NS:.1f} s"
        yield Note(text=f"{len(waited)} sessions waited for a free account, {longest}")


def _sessions(plan: LoadPlan) -> Iterable[Stay]:
    planned_sessions = plan.customer.coming is Coming.POISSON and plan.duration_s is not None
    return plan.attendance(plan.customers).stays() if planned_sessions else ()


def _described(setup: Setup, example: Example, origin_ns: int) -> str:
    sender = setup.account(example.sender).sn if example.sender >= 0 else "somebody"
    where = setup.customer_sn(example.conversation) if example.conversation >= 0 else "?"
    what = f"message {example.seq} of {sender}" if example.seq >= 0 else f"a message of {sender}"
    place = f"connection {example.connection}" if example.connection >= 0 else "its side"
    times = (("due", example.due_ns), ("sent", example.sent_ns), ("answered", example.done_ns))
    told = ", ".join(f"{word} at {_seconds(ns, origin_ns):.3f} s" for word, ns in times if ns)
    return f"{what} in the conversation of {where}, for {place}" + (f": {told}" if told else "")


def _seconds(at_ns: int, origin_ns: int) -> float:
    return round((at_ns - origin_ns) / _NS, 6)
