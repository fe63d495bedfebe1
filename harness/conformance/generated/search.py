"""Looks for an example that fails, and for the smallest such: hypothesis within a budget.

The one module that runs hypothesis. Leaves nothing on disk; the same seed tries the same examples.
Knows no chat: what an example is, and which clauses it breaks, comes from the caller.
"""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from random import Random
from tempfile import TemporaryDirectory
from typing import Generic, TypeVar

from hypothesis import Phase, Verbosity, find, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import HypothesisException
from hypothesis.internal.conjecture import providers
from hypothesis.strategies import SearchStrategy

from harness.conformance.generated.budget import Budget

Example = TypeVar("Example", bound=Hashable)
Clauses = frozenset[str]


@contextmanager
def _blind_to_our_source() -> Iterator[None]:
    """Keep hypothesis from parsing all modules that are loaded: the constants it looks for there
    take up to seconds, and would never be drawn (:mod:`.words`)."""
    kept = providers._get_local_constants
    providers._get_local_constants = lambda: providers._local_constants
    try:
        yield
    finally:
        providers._get_local_constants = kept


class _Enough(BaseException):
    """The budget is spent. No Exception, which would be a failure for hypothesis."""


class Search(Generic[Example]):
    """One search. ``attempt`` does an example and says which clauses that broke; it is told whether
    a failure is known already, so that it may hurry.

    ``tried`` counts the examples that were done until the first failure or the end.
    """

    def __init__(self, attempt: Callable[[Example, bool], Clauses], budget: Budget) -> None:
        self._attempt = attempt
        self._budget = budget
        self._until = 0.0
        self._done: dict[Example, bool] = {}
        self._clauses: Clauses = frozenset()
        self._smallest: Example | None = None
        self._fault: BaseException | None = None
        self.tried = 0

    def run(self, strategy: SearchStrategy[Example], seed: int) -> Example | None:
        """The smallest example that fails as the first one did, None when none was found.

        Raises what ``attempt`` raises.
        """
        with TemporaryDirectory() as folder, _blind_to_our_source():
            set_hypothesis_home_dir(folder)
            try:
                find(strategy, self._fails, settings=self._settings(), random=Random(seed))  # noqa: S311
            except (HypothesisException, _Enough):
                pass  # none was found, or the smallest is known
            finally:
                set_hypothesis_home_dir(None)
        if self._fault is not None:
            raise self._fault
        return self._smallest

    def _settings(self) -> settings:
        return settings(
            max_examples=self._budget.examples,
            database=None,
            deadline=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            verbosity=Verbosity.quiet,
        )

    def _fails(self, example: Example) -> bool:
        if example in self._done:
            return self._done[example]
        self._until = self._until or time.monotonic() + self._budget.search_s
        if time.monotonic() > self._until:
            raise _Enough
        try:
            broken = self._attempt(example, bool(self._clauses))
        except BaseException as fault:
            self._fault = fault
            raise _Enough from None
        return self._note(example, broken)

    def _note(self, example: Example, broken: Clauses) -> bool:
        first = not self._clauses
        self.tried += first
        failed = bool(broken if first else broken & self._clauses)
        if failed and first:
            self._clauses = broken
            self._until = time.monotonic() + self._budget.shrink_s
        if failed:
            self._smallest = example
        self._done[example] = failed
        return failed
