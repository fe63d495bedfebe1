"""What a load may ask of its target: the profile's limits, held against the plan before it runs.

Pure arithmetic on plan, profile and the schedule that the plan's seed makes.
"""

from collections import Counter, deque
from itertools import islice

import msgspec

from harness.errors import UsageError
from harness.populations.habits import Distribution
from harness.swarm.plan import LoadPlan, Model
from harness.target import Profile

FORESEEN = 500_000
"""How many scheduled messages are looked at; of a longer run the beginning stands for the rest."""

_WINDOW_NS = 1_000_000_000
_BYTES_A_CHAR = 4  # of UTF-8, at most
_BYTES_AROUND = 256  # the other members of a message, and its token
_VARIES = 3  # times drawn by chance crowd: so many times the mean rate at most, nearly always


class Allowance(msgspec.Struct, frozen=True):
    """Messages a second that may be sent; 0 means any number.

    ``connection`` on each connection; ``beside`` by one worker beside the scheduled ones: staff's
    answers and receipts, which can wait.
    """

    connection: int = 0
    beside: int = 0


class Peaks(msgspec.Struct, frozen=True):
    """The most messages that the schedule asks for within a second: over all, and of one."""

    overall: int
    customer: int


def allowance_of(plan: LoadPlan, profile: Profile) -> Allowance:
    """What ``plan`` may send beside its schedule. UsageError where it asks more than is borne."""
    limits = profile.limits
    _check_places(plan, limits.max_connections)
    _check_devices(plan, profile)
    _check_lengths(plan, limits.max_message_bytes)
    if not limits.max_messages_per_s and not limits.max_rate_per_s:
        return Allowance()
    peaks = peaks_of(plan)
    if 0 < limits.max_messages_per_s < peaks.customer:
        raise UsageError(
            f"one customer would send {peaks.customer} messages within a second, and"
            f" limits.max_messages_per_s is {limits.max_messages_per_s}",
            "ask for more --customers or a lower --rate, or raise the limit in the profile",
        )
    return Allowance(limits.max_messages_per_s, _beside(plan, peaks, limits.max_rate_per_s))


def peaks_of(plan: LoadPlan) -> Peaks:
    """What the schedule of ``plan`` asks for at most; in the closed model, what it can come to."""
    if plan.model is Model.CLOSED:
        think = plan.customer.think
        varies = 1 if think.distribution is Distribution.CONSTANT else _VARIES
        one = varies / think.mean_s if think.mean_s else 0.0
        return Peaks(_up(plan.customers * one), _up(one))
    within: deque[tuple[int, int]] = deque()
    of_one: Counter[int] = Counter()
    overall = customer = 0
    for entry in islice(plan.schedule(plan.customers).entries(), FORESEEN):
        within.append((entry.offset_ns, entry.participant))
        of_one[entry.participant] += 1
        while within[0][0] <= entry.offset_ns - _WINDOW_NS:
            of_one[within.popleft()[1]] -= 1
        overall, customer = max(overall, len(within)), max(customer, of_one[entry.participant])
    return Peaks(overall, customer)


def _check_places(plan: LoadPlan, most: int) -> None:
    if 0 < most < plan.connections:
        devices = plan.customer.devices
        each = f" with {devices} devices each" if devices > 1 else ""
        raise UsageError(
            f"{plan.customers} customers{each} and {plan.staff} staff need {plan.connections}"
            f" connections, and limits.max_connections is {most}",
            "ask for fewer --customers or --staff, or raise the limit in the profile",
        )


def _check_devices(plan: LoadPlan, profile: Profile) -> None:
    if plan.customer.devices > 1 and not profile.capabilities.multi_device:
        raise UsageError(
            f"customers with {plan.customer.devices} devices need a target that knows them, and"
            " capabilities.multi_device is false"
        )
    most = profile.limits.max_connections_per_account
    if 0 < most < plan.customer.devices:
        raise UsageError(
            f"customers have {plan.customer.devices} devices each, and"
            f" limits.max_connections_per_account is {most}",
            "ask for fewer devices in the population, or raise the limit in the profile",
        )


def _check_lengths(plan: LoadPlan, most: int) -> None:
    chars = max(plan.customer.text_chars[1], plan.service.answer_chars[1])
    longest = chars * _BYTES_A_CHAR + _BYTES_AROUND
    if 0 < most < longest:
        raise UsageError(
            f"texts of {chars} characters may take {longest} bytes, and limits.max_message_bytes"
            f" is {most}",
            "ask for shorter texts in the population",
        )


def _beside(plan: LoadPlan, peaks: Peaks, most: int) -> int:
    if not most:
        return 0
    left = most - peaks.overall
    if left < 0:
        raise UsageError(
            f"customers would send {peaks.overall} messages within a second, and"
            f" limits.max_rate_per_s is {most}",
            "ask for a lower --rate, or raise the limit in the profile",
        )
    if left < plan.workers:
        raise UsageError(
            f"{peaks.overall} messages a second of customers leave {left} of"
            f" limits.max_rate_per_s = {most} for the answers of staff and for receipts",
            "ask for a lower --rate or fewer --workers, or raise the limit in the profile",
        )
    return left // plan.workers


def _up(rate: float) -> int:
    return -int(-rate // 1)
