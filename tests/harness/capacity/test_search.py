"""The search against simulated servers: steady ones, noisy ones, and some that never recover."""

import math
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.capacity import Answer, Levels, Search
from schemas.capacity import Ending, TrialOutcome

HELD, FAILED = TrialOutcome.HELD, TrialOutcome.FAILED
Server = Callable[[float], TrialOutcome]
LEVELS = Levels(start=10)


def found(server: Server, levels: Levels = LEVELS, most: int = 400) -> tuple[Answer, list[float]]:
    search, tried = Search(levels), list[float]()
    while (level := search.next) is not None:
        tried.append(level)
        search.record(server(level))
        if len(tried) >= most:
            search.stop(Ending.BUDGET)
    return search.answer(), tried


def steady(capacity: float) -> Server:
    return lambda level: HELD if level <= capacity else FAILED


def noisy(capacity: float, spread: float, random: Random) -> Server:
    """It fails more often the nearer the level is; a logistic curve in the level's logarithm."""

    def trial(level: float) -> TrialOutcome:
        holds = 1 / (1 + math.exp(min(math.log(level / capacity) / spread, 700)))
        return HELD if random.random() < holds else FAILED

    return trial


@given(capacity=st.floats(10, 1e6), start=st.floats(1, 10), width=st.floats(0.01, 0.5))
def test_a_steady_servers_capacity_lies_within_a_narrow_interval(capacity, start, width) -> None:
    levels = Levels(start=start, width=width)
    answer, tried = found(steady(capacity), levels)
    assert answer.ending is Ending.FOUND
    assert answer.recovers is True
    assert answer.held is not None
    assert answer.failed is not None
    assert answer.held <= capacity < answer.failed
    assert answer.failed <= answer.held * (1 + width) * 1.011  # three digits are kept of a level
    steps = math.log2(capacity / start) + math.log2(math.log(2) / math.log1p(width)) + 3
    assert len(tried) <= 4 * (steps + 2)


@given(capacity=st.integers(1, 5_000), start=st.integers(1, 10))
def test_whole_levels_end_at_neighbours_at_the_latest(capacity, start) -> None:
    answer, tried = found(steady(capacity), Levels(start=start, whole=True, width=0.001))
    assert all(level == round(level) for level in tried)
    if capacity < start:
        assert (answer.ending, answer.held, answer.failed) == (Ending.START_FAILED, None, start)
    else:
        assert answer.ending is Ending.FOUND
        assert answer.held == max(level for level in tried if level <= capacity)
        assert answer.failed <= max(answer.held + 1, answer.held * 1.0011)


def test_a_noisy_servers_capacity_is_found_within_its_noise() -> None:
    near, recovering = 0, 0
    for seed in range(300):
        answer, _ = found(noisy(200, 0.02, Random(seed)))
        assert answer.held is not None, f"seed {seed}"
        assert answer.failed is not None, f"seed {seed}"
        assert answer.failed / answer.held <= 1.06, f"seed {seed}"
        near += answer.held / 1.1 <= 200 <= answer.failed * 1.1
        recovering += answer.recovers is True
    assert near >= 290
    assert recovering >= 290


@given(seed=st.integers(0, 10_000), spread=st.floats(0.001, 1.0), capacity=st.floats(1, 1e4))
def test_any_server_gets_an_answer_that_its_trials_bear(seed, spread, capacity) -> None:
    outcomes: dict[float, list[TrialOutcome]] = {}
    server = noisy(capacity, spread, Random(seed))

    def noting(level: float) -> TrialOutcome:
        outcome = server(level)
        outcomes.setdefault(level, []).append(outcome)
        return outcome

    answer, tried = found(noting, most=5_000)
    assert len(tried) < 5_000, f"seed {seed}"
    if answer.held is not None:
        assert outcomes[answer.held].count(HELD) >= 3
    if answer.failed is not None:
        assert outcomes[answer.failed].count(FAILED) >= 2
        assert answer.held is None or answer.held < answer.failed


@pytest.mark.parametrize(
    ("after", "recovers"), [(200, True), (190, True), (120, False), (5, False)]
)
def test_a_server_that_overload_has_hurt_is_told(after: float, recovers: bool) -> None:
    hurt = False

    def server(level: float) -> TrialOutcome:
        nonlocal hurt
        outcome = HELD if level <= (after if hurt else 200) else FAILED
        hurt = hurt or outcome is FAILED
        return outcome

    answer, _ = found(server, Levels(start=50))
    assert answer.recovers is recovers
    assert answer.held_before == 200
    if after == 5:
        assert (answer.ending, answer.held) == (Ending.START_FAILED, None)
    else:
        assert answer.held <= after < answer.failed


def test_a_level_is_tried_no_oftener_than_decides() -> None:
    script = iter([HELD, FAILED, HELD, HELD, FAILED, FAILED, HELD, HELD, HELD])
    _, tried = found(lambda _: next(script), Levels(start=10, width=1.0))
    assert tried == [10] * 4 + [20] * 2 + [10] * 3


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [
        (TrialOutcome.SATURATED, Ending.SATURATED),
        (TrialOutcome.BARRED, Ending.BARRED),
        (TrialOutcome.UNDECIDED, Ending.UNDECIDED),
    ],
)
def test_what_does_not_come_from_the_target_leaves_the_upper_end_open(outcome, ending) -> None:
    answer, tried = found(lambda level: HELD if level <= 100 else outcome)
    assert (answer.ending, answer.failed, answer.recovers) == (ending, None, None)
    if ending is Ending.BARRED:  # asked for as much as may be
        assert answer.held > 95
    else:
        assert (answer.held, tried[-4:]) == (80, [80, 160, 160, 160])


def test_a_few_unclear_trials_do_not_end_the_search() -> None:
    unclear = iter([TrialOutcome.SATURATED, TrialOutcome.UNDECIDED, TrialOutcome.SATURATED])
    answer, _ = found(lambda level: next(unclear, HELD if level <= 100 else FAILED))
    assert answer.ending is Ending.FOUND


@pytest.mark.parametrize(
    ("unclear", "ending"),
    [(TrialOutcome.SATURATED, Ending.SATURATED), (TrialOutcome.UNDECIDED, Ending.UNDECIDED)],
)
def test_a_level_that_cannot_be_tried_again_has_held_all_the_same(unclear, ending) -> None:
    script = iter([HELD] * 3 + [FAILED] * 2 + [unclear] * 3)
    answer, _ = found(lambda _: next(script))
    assert (answer.ending, answer.held, answer.failed) == (ending, 10, 20)
    assert answer.recovers is None


def test_nothing_to_be_had_at_the_start_is_told_apart() -> None:
    for outcome, ending in [
        (FAILED, Ending.START_FAILED),
        (TrialOutcome.SATURATED, Ending.SATURATED),
        (TrialOutcome.BARRED, Ending.BARRED),
        (TrialOutcome.UNDECIDED, Ending.UNDECIDED),
    ]:
        answer, _ = found(lambda _, outcome=outcome: outcome)
        assert (answer.ending, answer.held) == (ending, None)


@given(most=st.integers(1, 40))
def test_a_budget_leaves_what_was_decided_until_then(most: int) -> None:
    answer, tried = found(steady(100), most=most)
    assert answer.ending in (Ending.BUDGET, Ending.FOUND)
    if answer.held is not None:
        assert tried.count(answer.held) >= 3
        assert answer.held <= 100
    if answer.failed is not None:
        assert answer.failed > 100
    if answer.recovers is not None:
        assert answer.ending is Ending.FOUND or tried.index(160) < len(tried)
