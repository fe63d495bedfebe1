"""The unread model: never wrong about an honest server, and not blind."""

import random

from hypothesis import given
from hypothesis import strategies as st

from harness.unread import UnreadModel


def test_counts_up_message_by_message() -> None:
    model = UnreadModel()
    assert [model.received(count) for count in (1, 2, 3)] == [1, 2, 3]
    assert model.promised == 0


def test_a_replay_tells_the_whole_number_each_time() -> None:
    model = UnreadModel()
    assert [model.received(3) for _ in range(3)] == [1, 2, 3]
    assert model.promised == 0
    assert model.received(4) == 4


def test_what_was_promised_and_never_came_makes_no_later_count_wrong() -> None:
    model = UnreadModel()
    model.received(3)
    assert model.promised == 2
    model.read_sent()
    model.read_answered(accepted=True)
    assert model.received(1) == 1


def test_an_answered_read_resets_the_count() -> None:
    model = UnreadModel()
    model.received(1)
    model.read_sent()
    model.read_answered(accepted=True)
    assert model.received(1) == 1
    assert model.promised == 0


def test_a_read_under_way_allows_both_orders() -> None:
    model = UnreadModel()
    model.received(1)
    model.read_sent()
    assert model.received(2) == 1
    model.read_answered(accepted=True)
    assert model.received(1) == 1


def test_a_count_that_does_not_reset_is_an_unkept_promise() -> None:
    model = UnreadModel()
    model.received(1)
    model.read_sent()
    model.read_answered(accepted=True)
    model.received(2)
    assert model.promised == 1


def test_a_count_one_too_low_is_below_the_bound() -> None:
    model = UnreadModel()
    assert model.received(0) > 0


class HonestSide:
    """The server's account of one side and its one connection, with both queues in between."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.unread = 0  # stored, not read
        self.sent_unread = 0  # of those, already sent to the connection
        self.to_server: list[str] = []
        self.to_client: list[tuple[str, int]] = []

    def store(self, number: int) -> None:
        """Several messages may be stored before the first of their frames is made."""
        self.unread += number
        for _ in range(number):
            self.sent_unread += 1
            self.to_client.append(("receive", self.unread))

    def handle(self) -> None:
        if self.to_server:
            self.to_server.pop(0)
            self.unread -= self.sent_unread
            self.sent_unread = 0
            self.to_client.append(("answer", 0))


@given(st.integers(0, 2**32), st.integers(0, 5))
def test_no_order_of_an_honest_server_is_called_wrong(seed: int, replayed: int) -> None:
    chance, model = random.Random(seed), UnreadModel()
    side = HonestSide(chance)
    side.store(replayed)

    def client_takes_one() -> None:
        kind, count = side.to_client.pop(0)
        if kind == "receive":
            least = model.received(count)
            assert count >= least, f"seed {seed}: {count} told, {least} expected at least"
        else:
            model.read_answered(accepted=True)

    for _ in range(60):
        step = chance.randrange(4)
        if step == 0:
            side.store(chance.randrange(1, 3))
        elif step == 1:
            model.read_sent()
            side.to_server.append("read")
        elif step == 2:
            side.handle()
        elif side.to_client:
            client_takes_one()
    while side.to_server or side.to_client:
        side.handle()
        while side.to_client:
            client_takes_one()
    assert model.promised == 0, f"seed {seed}"
