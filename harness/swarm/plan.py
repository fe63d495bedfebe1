"""The load plan: what a load run is asked to do, as one value that travels as JSON.

Made by the command line (or from Locust's options), read by master and workers. Holds no token:
each process takes its accounts from the profile by number.
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from harness.attendance import Attendance
from harness.errors import UsageError
from harness.load_token import RUN_CHARS
from harness.populations.habits import Bend, CustomerHabits, StaffHabits
from harness.schedule import Arrivals, Schedule
from harness.swarm.saturation import SaturationLimits

MOST_PER_S = 1_000_000
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


class Model(StrEnum):
    """When customers send: by a schedule that waits for nobody, or after the previous answer."""

    OPEN_CONSTANT = "open-constant"
    OPEN_POISSON = "open-poisson"
    CLOSED = "closed"

    @property
    def arrivals(self) -> Arrivals:
        """How the open schedule lies in time (the closed model has none)."""
        return Arrivals.POISSON if self is Model.OPEN_POISSON else Arrivals.CONSTANT


class Limits(msgspec.Struct, frozen=True):
    """Bounds in seconds, connections per second, and connects under way at once (per worker)."""

    connects_per_s: float = 200.0
    connects_at_once: int = 64
    connect_deadline_s: float = 30.0
    dial_s: float = 10.0
    give_up_s: float = 5.0
    drain_s: float = 30.0
    quiet_s: float = 2.0


class LoadPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One load run. UsageError when its figures cannot be.

    ``profile`` is the path of a profile ("" for the default one) and ``url`` replaces its URL;
    ``accounts`` is a CSV that replaces its accounts. ``run`` is the six characters in every token
    and minted account; ``run_id`` the name of the run folder ``out``. ``duration_s`` None means
    until somebody stops the run. ``customers`` and ``staff`` are how many take part. ``rate`` is
    reached where the ``shape`` is at 1. ``scenario`` is the population's name. ``locustfile`` is
    the path of users of one's own ("" for ours), which never travels: it is code.
    """

    run_id: str
    run: str
    customers: int
    staff: int
    rate: float
    duration_s: float | None
    out: str
    url: str = ""
    profile: str = ""
    accounts: str = ""
    model: Model = Model.OPEN_CONSTANT
    warm_up_s: float = 0.0
    seed: int = 1
    workers: int = 1
    scenario: str = "steady"
    locales: tuple[str, ...] = ("zh_TW", "en_US")
    shape: tuple[Bend, ...] = ()
    customer: CustomerHabits = CustomerHabits()
    service: StaffHabits = StaffHabits()
    limits: Limits = Limits()
    saturation: SaturationLimits = SaturationLimits()
    locustfile: str = ""

    def __post_init__(self) -> None:
        problem = next((sentence for wrong, sentence in self._demands() if wrong), None)
        if problem is not None:
            raise UsageError(problem)

    def _demands(self) -> Iterator[tuple[bool, str]]:
        """Every way in which a plan can be impossible, with its sentence."""
        duration, closed = self.duration_s, self.model is Model.CLOSED
        yield self.customers < 0 or self.staff < 0, "customers and staff cannot be negative"
        alone = "staff alone has nobody to serve: " if self.staff else ""
        yield not self.customers, f"{alone}a load needs customers; give --customers"
        rate = f"a rate of {self.rate:g} messages a second"
        yield not self.rate > 0, f"{rate} sends nothing"
        yield self.rate > MOST_PER_S, f"{rate} cannot be made; ask for {MOST_PER_S} at most"
        yield duration is not None and not duration > 0, "the duration must be over 0"
        yield self.warm_up_s < 0, "the warm-up cannot be negative"
        nothing_left = duration is not None and self.warm_up_s >= duration
        yield nothing_left, "the warm-up leaves nothing of the duration to be measured"
        yield self.workers < 1, "a load needs at least one worker"
        yield from self.customer.demands()
        yield from self.service.demands()
        yield bool(self.shape) and duration is None, "a rate with a shape needs a duration"
        yield bool(self.shape) and closed, "the closed model has no rate that could have a shape"
        unheard = self.customers and not any(map(self.speaks, range(self.customers)))
        yield bool(unheard), "customers that all listen send nothing"
        yield not _is_run(self.run), f"a run's mark is {RUN_CHARS} of [0-9a-z]: {self.run!r}"

    @property
    def participants(self) -> int:
        """Customers and staff together; customers are numbered first, from 0."""
        return self.customers + self.staff

    @property
    def connections(self) -> int:
        """How many connections they have at most, all devices counted."""
        return self.customers * self.customer.devices + self.staff

    @property
    def mean_rate(self) -> float:
        """The rate that the schedule asks for on average."""
        if not self.shape or not self.duration_s:
            return self.rate
        return self.schedule(self.customers).count / self.duration_s

    def speaks(self, customer: int) -> bool:
        """Whether ``customer`` ever says something."""
        return not self.customer.listens(customer)

    def attendance(self, customers: int) -> Attendance:
        """When the first ``customers`` customers are connected."""
        return Attendance(self.seed, customers, self.until_s, self.customer)

    def schedule(self, customers: int) -> Schedule:
        """The open model's schedule over the first ``customers`` customers: one for all workers."""
        plain = self.customer.steady and not self.customer.idle_share
        return Schedule(
            self.seed,
            self.rate,
            self.until_s,
            customers,
            self.model.arrivals,
            self.shape,
            None if plain else self.attendance(customers),
        )

    @property
    def until_s(self) -> float:
        """The end of the schedule; without a duration further than any run lasts."""
        return self.duration_s if self.duration_s is not None else 7 * 24 * 3600.0


def run_mark(number: int) -> str:
    """Six characters of ``[0-9a-z]`` from a (random) number."""
    digits = []
    for _ in range(RUN_CHARS):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)


def read_plan(path: Path) -> LoadPlan:
    """The plan in ``path``; UsageError when there is none that can be carried out."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=LoadPlan)
    except OSError as error:
        raise UsageError(f"cannot read the load plan {path}: {error.strerror}") from None
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, UsageError):
            raise error.__cause__ from None
        raise UsageError(f"{path} is no load plan: {error}") from None
    except msgspec.DecodeError as error:
        raise UsageError(f"{path} is no load plan: {error}") from None


def encode_plan(plan: LoadPlan) -> bytes:
    """The plan as JSON."""
    return msgspec.json.encode(plan)


def decode_plan(data: bytes) -> LoadPlan:
    """What :func:`encode_plan` made."""
    return msgspec.json.decode(data, type=LoadPlan)


def _is_run(run: str) -> bool:
    return len(run) == RUN_CHARS and set(run) <= set(_ALPHABET)
