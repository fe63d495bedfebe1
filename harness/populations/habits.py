"""What customers and staff are like: the values of a population, small enough to travel as JSON.

Shares are probabilities, times are seconds. Knows no file, no target and no clock.
"""

from collections.abc import Iterator
from enum import StrEnum
from math import exp
from random import Random

import msgspec

_LONGEST = 20.0  # a drawn time is at most so many means: no run waits for a freak of chance


class Distribution(StrEnum):
    """How a time varies about its mean."""

    CONSTANT = "constant"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"


class Span(msgspec.Struct, frozen=True):
    """A time of ``mean_s`` seconds. ``spread`` is the lognormal's standard deviation of the log."""

    mean_s: float
    distribution: Distribution = Distribution.CONSTANT
    spread: float = 0.5

    def draw(self, rng: Random) -> float:
        """One time, in seconds: never negative, at most twenty means."""
        if self.distribution is Distribution.CONSTANT or not self.mean_s:
            return self.mean_s
        if self.distribution is Distribution.EXPONENTIAL:
            factor = rng.expovariate(1.0)
        else:
            factor = exp(rng.gauss(0.0, self.spread) - self.spread**2 / 2)
        return self.mean_s * min(factor, _LONGEST)


class Coming(StrEnum):
    """How customers come: all before the load begins, one by one, or as sessions by chance."""

    TOGETHER = "together"
    RAMP = "ramp"
    POISSON = "poisson"


class Sessions(msgspec.Struct, frozen=True):
    """Customers arrive by chance, ``per_s`` a second on average, and stay for ``length``."""

    per_s: float = 1.0
    length: Span = Span(20.0, Distribution.EXPONENTIAL)


class Reconnects(msgspec.Struct, frozen=True):
    """Every ``every_s`` each customer drops by chance (``share``), within ``within_s`` of then.

    It is back ``away_s`` later. ``abrupt``: its connection goes without a Close frame.
    """

    every_s: float
    share: float = 1.0
    within_s: float = 0.0
    away_s: float = 0.0
    abrupt: bool = True


class CustomerHabits(msgspec.Struct, frozen=True):
    """What customers do.

    ``text``, ``image`` and ``title`` are weights of the message mix; a text has as many characters
    as ``text_chars`` allows, its token not counted. ``read_share`` of the messages carry
    ``read: true``; ``receipt_share`` of what is received is answered by a pure receipt. ``think``
    separates an answer from the next message in the closed model. ``devices`` connections a
    customer has, one of which speaks. ``idle_share`` of the customers only listen; ``slow_share``
    read only every ``slow_pause_s``.
    """

    text: float = 0.8
    image: float = 0.1
    title: float = 0.1
    text_chars: tuple[int, int] = (4, 80)
    read_share: float = 0.3
    receipt_share: float = 0.1
    think: Span = Span(1.0)
    coming: Coming = Coming.TOGETHER
    ramp_s: float = 10.0
    sessions: Sessions = Sessions()
    reconnects: Reconnects | None = None
    devices: int = 1
    idle_share: float = 0.0
    slow_share: float = 0.0
    slow_pause_s: float = 0.5

    def listens(self, number: int) -> bool:
        """Whether customer ``number`` never speaks."""
        return _is_among(number, self.idle_share)

    def is_slow(self, number: int) -> bool:
        """Whether customer ``number`` reads slowly."""
        return _is_among(number, self.slow_share)

    @property
    def steady(self) -> bool:
        """Whether every customer is there from before the load to its end."""
        return self.coming is Coming.TOGETHER and self.reconnects is None

    def demands(self) -> Iterator[tuple[bool, str]]:
        """Every way in which these habits can be impossible, with its sentence."""
        mix = (self.text, self.image, self.title)
        shares = (self.read_share, self.receipt_share, self.idle_share, self.slow_share)
        stays = self.coming is not Coming.POISSON and self.reconnects is None
        yield any(w < 0 for w in mix) or not sum(mix), "the message mix needs positive weights"
        yield mix[0] <= 0, "the message mix needs texts: they carry the tokens"
        yield any(not 0 <= s <= 1 for s in shares), "shares lie between 0 and 1"
        yield self.idle_share == 1, "customers that all listen send nothing"
        yield not 1 <= self.text_chars[0] <= self.text_chars[1], "texts have 1 character or more"
        times = (self.think.mean_s, self.ramp_s, self.slow_pause_s)
        yield any(t < 0 for t in times), "think times and delays cannot be negative"
        yield self.devices < 1, "a customer has at least one device"
        yield self.devices > 1 and not stays, "customers with several devices stay to the end"
        yield from self._demands_of_coming()

    def _demands_of_coming(self) -> Iterator[tuple[bool, str]]:
        if self.coming is Coming.POISSON:
            yield not self.sessions.per_s > 0, "sessions come at a rate over 0"
            yield not self.sessions.length.mean_s > 0, "a session lasts longer than 0"
            yield self.reconnects is not None, "customers come in sessions, or reconnect: not both"
        if self.reconnects is not None:
            habit = self.reconnects
            yield not habit.every_s > 0, "reconnects happen every so many seconds, over 0"
            yield not 0 <= habit.share <= 1, "shares lie between 0 and 1"
            lasting = habit.within_s + habit.away_s
            yield min(habit.within_s, habit.away_s) < 0, "reconnects take no negative time"
            yield lasting >= habit.every_s, "customers must be back before the next reconnects"


class StaffHabits(msgspec.Struct, frozen=True):
    """What staff does: answers ``reply`` after each message, closes ``close_share`` of the cases
    that it has just answered, and any case that was silent for ``patience_s``. An answer has as
    many characters as ``answer_chars`` allows.
    """

    reply: Span = Span(0.5)
    close_share: float = 0.2
    patience_s: float = 3.0
    answer_chars: tuple[int, int] = (4, 40)

    def demands(self) -> Iterator[tuple[bool, str]]:
        """Every way in which these habits can be impossible, with its sentence."""
        yield not 0 <= self.close_share <= 1, "shares lie between 0 and 1"
        times = (self.reply.mean_s, self.patience_s)
        yield any(t < 0 for t in times), "think times and delays cannot be negative"
        least, most = self.answer_chars
        yield not 1 <= least <= most, "answers have 1 character or more"


class Bend(msgspec.Struct, frozen=True):
    """At ``at`` (share of the duration) the rate is ``rate`` (share of the one asked for).

    Between two bends it changes evenly; two at the same place are a step.
    """

    at: float
    rate: float


def _is_among(number: int, share: float) -> bool:
    """Whether ``number`` is one of the ``share`` of all, spread evenly over the numbers."""
    return int((number + 1) * share + 1e-9) > int(number * share + 1e-9)
