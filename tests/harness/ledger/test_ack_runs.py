"""Told in rows or one by one, customers' messages mean the same to the books."""

from collections import Counter
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from harness.ledger import ack_runs, intake
from harness.ledger.ack_rows import COLUMNS, encode_rows, rows_of
from harness.ledger.books import Books, LedgerRules
from harness.ledger.observations import Increment, Opened, SendOutcome, Sent
from harness.ledger.tally import EXAMPLES_PER_WORD
from tests.harness.ledger.test_books_model import World, seeds

CUSTOMERS, STAFF = 3, 2


@pytest.fixture(scope="module", autouse=True)
def every_run_counts() -> Any:
    """However short: the model's worlds are small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "_LONG", 1)
        patch.setattr(ack_runs, "_FEW", 1)
        yield


def world_of(seed: int, steps: int, *, close_busy: bool) -> World:
    """Customers talk to nobody first; then staff comes."""
    world = World(seed, CUSTOMERS, STAFF)
    for participant in range(CUSTOMERS):
        world.connect(participant)
    for _ in range(steps):
        world.step(close_busy=close_busy)
    for participant in range(CUSTOMERS, CUSTOMERS + STAFF):
        world.connect(participant)
    for _ in range(steps):
        world.step(close_busy=close_busy)
    world.drain()
    return world


def fits_a_row(seen: Any) -> bool:
    return (
        type(seen) is Sent
        and seen.outcome is SendOutcome.ACKED
        and not seen.digest
        and seen.sender == seen.conversation
    )


def told(world: World, workers: int, seed: int, *, in_rows: bool) -> tuple[Any, ...]:
    """What the books make of the world's log, and how many rows there were."""
    rng, heard, rows = Random(seed), [], 0
    rules = LedgerRules(patience_ns=rng.choice((3 * 10**6, 10**12)))
    books = Books(range(workers), rules, lambda *latency: heard.append(latency))
    log = [(participant % workers, what, at_ns) for participant, what, at_ns in world.log]
    numbers, until_ns = [0] * workers, 0
    while log:
        until_ns += rng.randrange(1, 200_000)
        place = next((i for i, entry in enumerate(log) if entry[2] > until_ns), len(log))
        part, log = log[:place], log[place:]
        for worker in rng.sample(range(workers), workers):
            counts = Counter(what for w, what, _ in part if w == worker and isinstance(what, str))
            seen = [
                replace(what, connection=worker << 32 | what.connection)
                for w, what, _ in part
                if w == worker and not isinstance(what, str)
            ]
            seen = [replace(each, kind="text") if fits_a_row(each) else each for each in seen]
            acked = [each for each in seen if in_rows and fits_a_row(each)]
            rest = tuple(each for each in seen if not (in_rows and fits_a_row(each)))
            rows += len(acked)
            books.apply(
                Increment(
                    worker,
                    numbers[worker],
                    rest,
                    dict(counts),
                    until_ns,
                    0,
                    encode_rows(rows_of(acked)),
                )
            )
            numbers[worker] += 1
    books.drained(world.time + 1)
    return (books.totals, sorted(map(str, heard)), shown(books), books.owing()), rows


def shown(books: Books) -> list[str]:
    """The examples; of a word that has as many as are kept, how many."""
    words = Counter(example.word for example in books.examples)
    full = [f"{word} {EXAMPLES_PER_WORD}" for word in words if words[word] == EXAMPLES_PER_WORD]
    few = [str(each) for each in books.examples if words[each.word] < EXAMPLES_PER_WORD]
    return sorted(full + few)


@given(seeds, st.integers(10, 150), st.integers(1, 2), st.booleans())
@settings(max_examples=40, deadline=None)
def test_rows_mean_what_the_sends_mean(
    seed: int, steps: int, workers: int, close_busy: bool
) -> None:
    world = world_of(seed, steps, close_busy=close_busy)
    one_by_one, none = told(world, workers, seed, in_rows=False)
    in_rows, _ = told(world, workers, seed, in_rows=True)
    assert in_rows == one_by_one
    assert none == 0


def test_the_model_has_rows_to_tell() -> None:
    _, rows = told(world_of(1, 100, close_busy=False), 1, 1, in_rows=True)
    assert rows > 10


def run_of(seqs: range | list[int]) -> bytes:
    at_ns = 1_000
    return encode_rows(
        rows_of(
            Sent(1, 0, 0, seq, 0, at_ns, at_ns, at_ns + seq, SendOutcome.ACKED, "text")
            for seq in seqs
        )
    )


def books_with_a_customer() -> Books:
    books = Books([0])
    books.apply(Increment(0, 0, (Opened(1, 0, False, 1, 2),), {}, 10))
    return books


def test_what_nobody_hears_is_owed_to_staff_and_kept_as_rows() -> None:
    books = books_with_a_customer()
    books.apply(Increment(0, 1, (), {}, 10_000, 0, run_of(range(1_000))))
    (lane,) = books._join._presence.lanes()
    assert len(lane.messages_owed._rows) == 999 * COLUMNS  # the first one opened the case
    totals = books.totals
    assert (totals.sent, totals.acked, totals.expected_deliveries) == (1_000, 1_000, 1_000)
    assert books.owing() == {0}
    assert books.size() >= 1_000
    assert list(lane.owed) == list(range(1_000))
    assert len(lane.messages_owed._rows) == 0


def told_to_nobody(each: range, *, staffed: bool, told: range) -> Books:
    """Of ``told``, ``each`` at a time; a title after all of them."""
    books = Books([0], LedgerRules(staffed=staffed))
    books.apply(Increment(0, 0, (Opened(1, 0, False, 1, 2),), {}, 10))
    number = count(1)
    for begin in told[:: len(each)]:
        rows = run_of(range(begin, begin + len(each)))
        books.apply(Increment(0, next(number), (), {}, 10_000, 0, rows))
    title = Sent(1, 0, 0, told.stop, 7, 9, 9, 20_000, SendOutcome.ACKED, "title")
    books.apply(Increment(0, next(number), (title,), {}, 30_000))
    return books


@pytest.mark.parametrize("at_a_time", [1, 7, 60])
def test_what_no_staff_will_ever_hear_is_counted_and_not_kept(
    at_a_time: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ack_runs, "_FEW", 8)
    monkeypatch.setattr(intake, "_LONG", 50)
    each, told = range(at_a_time), range(420)
    awaited = told_to_nobody(each, staffed=True, told=told)
    unawaited = told_to_nobody(each, staffed=False, told=told)
    assert awaited.size() > 420
    assert unawaited.size() < 60
    assert unawaited.owing() == awaited.owing() == {0}
    assert unawaited.drained(40_000) == awaited.drained(40_000)
    assert unawaited.totals.in_flight == 421
    assert [unawaited.unmet(kind) for kind in ("text", "title")] == [(0, 420), (0, 1)]
    assert [awaited.unmet(kind) for kind in ("text", "title")] == [(0, 420), (0, 1)]
    assert unawaited.outstanding == awaited.outstanding == 0
    assert unawaited.owing() == awaited.owing() == set()
    assert [e.word for e in unawaited.examples] == ["in_flight"] * EXAMPLES_PER_WORD


def test_a_run_that_is_told_again_changes_nothing() -> None:
    books = books_with_a_customer()
    books.apply(Increment(0, 1, (), {}, 10_000, 0, run_of(range(10))))
    books.apply(Increment(0, 2, (), {}, 20_000, 0, run_of(range(10))))
    assert books.totals.sent == 10


def test_a_gap_in_a_run_is_no_message() -> None:
    books = books_with_a_customer()
    books.apply(Increment(0, 1, (), {}, 10_000, 0, run_of([0, 1, 2, 4, 5])))
    (lane,) = books._join._presence.lanes()
    assert books.totals.sent == 5
    assert list(lane.sent.ranges()) == [(0, 2), (4, 5)]


def test_rows_past_the_horizon_of_another_worker_wait() -> None:
    books = Books([0, 1])
    books.apply(Increment(0, 0, (Opened(1, 0, False, 1, 2),), {}, 10_000, 0, run_of(range(10))))
    books.apply(Increment(1, 0, (), {}, 1_004))
    assert (books.totals.sent, books.outstanding) == (5, 5 + 5)
    books.apply(Increment(1, 1, (), {}, 10_000))
    assert books.totals.sent == 10
