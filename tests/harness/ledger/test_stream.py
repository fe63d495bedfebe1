"""What one connection's frame stream tells by itself."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.ledger.digests import digest_of
from harness.ledger.observations import Opened, Received, corrupted_digest
from harness.ledger.stream import ConnectionStream, Irregularity, Roster
from harness.load_token import TokenReader, stamp

RUN = "abc123"
C1, C2, S1, S2 = 0, 1, 2, 3
ROSTER = Roster({"C1": C1, "C2": C2, "S1": S1, "S2": S2}, 2, {"C1": C1, "C2": C2})
NAMES = {number: sn for sn, number in ROSTER.numbers.items()}
CONNECTION = 77


class Player:
    """A stream with the frames that a test gives it."""

    def __init__(self, participant: int, **options) -> None:
        self.records: list[Received] = []
        opened = Opened(CONNECTION, participant, participant >= ROSTER.customers, 0, 1)
        self.stream = ConnectionStream(
            opened, TokenReader(RUN), ROSTER, self.records.append, **options
        )
        self._now = count(10)

    def token(self, sender: int, seq: int, conversation: int = C1, alter: str = ""):
        content = stamp(RUN, sender, conversation, seq, 5, "hi") + alter
        return self._receive(NAMES[sender], "text", None, content)

    def title(self, sender: int = C1, number: str = "P-1001"):
        return self._receive(NAMES[sender], "title", "pro", number)

    def staff_word(self, sender: int, customer: str, word: str = "confirm"):
        return self._receive(NAMES[sender], "staff", word, customer)

    def words(self, sn: str | None, content: str):
        return self._receive(sn, "text", None, content)

    def _receive(self, sn, message_type, titletype, content):
        return self.stream.receive(next(self._now), sn, message_type, titletype, content)

    @property
    def seqs(self) -> list[int]:
        return [record.seq for record in self.records]


def test_ordinary_delivery_is_recorded_with_its_time():
    player = Player(C1)
    assert player.token(S1, 4) is None
    assert player.records == [Received(CONNECTION, C1, S1, 4, 0, -1, 10)]


def test_same_message_again_is_a_duplicate_and_is_not_recorded():
    player = Player(C1)
    assert [player.token(S1, seq) for seq in (0, 1, 1, 0)] == [
        None,
        None,
        Irregularity.DUPLICATED,
        Irregularity.DUPLICATED,
    ]
    assert player.seqs == [0, 1]


def test_first_receipt_after_a_later_message_is_reordered():
    player = Player(C1)
    judged = [player.token(S1, seq) for seq in (0, 2, 1, 3, 1)]
    assert judged == [None, None, Irregularity.REORDERED, None, Irregularity.DUPLICATED]
    assert player.seqs == [0, 2, 1, 3]


def test_order_is_kept_per_sender():
    player = Player(C1)
    assert [player.token(S1, 5), player.token(S2, 1), player.token(S1, 6)] == [None] * 3


def test_gap_that_titles_fill_is_closed():
    player = Player(C1)
    player.token(C1, 0)
    player.title()
    player.title(number="P-1002")
    assert player.token(C1, 3) is None
    assert player.token(C1, 2) is Irregularity.DUPLICATED


def test_gap_of_a_missing_message_stays_open():
    player = Player(C1)
    player.token(C1, 0)
    player.title()
    player.token(C1, 3)  # one title for two numbers: one message is late
    assert player.token(C1, 2) is Irregularity.REORDERED


def test_customer_gets_another_conversation_misrouted():
    player = Player(C1)
    assert player.token(S1, 0, conversation=C2) is Irregularity.MISROUTED
    assert player.token(C2, 0, conversation=C2) is Irregularity.MISROUTED
    assert player.title(C2) is Irregularity.MISROUTED
    assert player.staff_word(S1, "C2") is Irregularity.MISROUTED
    assert player.records == []


def test_misrouted_message_may_still_come_properly():
    player = Player(S1)
    player.stream.bind(C2)
    assert player.token(C1, 0) is Irregularity.MISROUTED
    player.stream.bind(None)
    assert player.token(C1, 0) is None


def test_idle_staff_connection_may_be_offered_any_customer():
    player = Player(S1)
    assert player.token(C1, 0, conversation=C1) is None
    assert player.token(C2, 0, conversation=C2) is None
    assert player.title(C2) is None


def test_words_of_other_staff_are_no_offer():
    player = Player(S1)
    assert player.token(S2, 0) is Irregularity.MISROUTED
    assert player.staff_word(S2, "C1") is Irregularity.MISROUTED
    assert player.title(S2) is Irregularity.MISROUTED


def test_own_words_from_elsewhere_are_no_leak():
    assert Player(S1).token(S1, 0) is None
    assert Player(C1).token(C1, 0) is None


def test_bound_staff_connection_gets_its_conversation_only():
    player = Player(S1)
    player.stream.bind(C1)
    assert player.token(C1, 0) is None
    assert player.token(S2, 0) is None
    assert player.token(C2, 0, conversation=C2) is Irregularity.MISROUTED
    assert player.title(C2) is Irregularity.MISROUTED


def test_frames_before_a_confirms_answer_may_belong_to_an_offer():
    player = Player(S1)
    player.stream.asking()
    assert player.token(C2, 0, conversation=C2) is None
    player.stream.bind(C1)
    assert player.token(C2, 1, conversation=C2) is Irregularity.MISROUTED


def test_frames_before_a_closings_answer_may_be_of_either_kind():
    player = Player(S1)
    player.stream.bind(C1)
    player.stream.asking()
    assert player.token(C1, 0) is None
    assert player.token(C2, 0, conversation=C2) is None
    player.stream.bind(C1)  # the closing was refused
    assert player.token(C2, 1, conversation=C2) is Irregularity.MISROUTED


def test_replay_into_a_new_binding_is_not_reordered():
    player = Player(S1)
    player.token(C1, 7)
    player.stream.asking()
    player.stream.bind(C1)
    assert [player.token(C1, seq) for seq in (5, 6, 8)] == [None, None, None]
    assert player.token(C1, 7) is Irregularity.DUPLICATED


def test_refused_confirm_begins_no_new_binding():
    player = Player(S1)
    player.token(C1, 7)
    player.stream.asking()
    player.stream.bind(None)
    assert player.token(C1, 6) is Irregularity.REORDERED


def test_untokened_message_is_placed_behind_the_token_before_it():
    player = Player(C1)
    player.title()
    player.token(C1, 3)
    player.title()
    digest = digest_of("title", "pro", "P-1001")
    assert [(r.seq, r.digest, r.after) for r in player.records] == [
        (-1, digest, -1),
        (3, 0, -1),
        (-1, digest, 3),
    ]


def test_place_of_an_untokened_message_counts_within_the_binding():
    player = Player(S1)
    player.token(C1, 7)
    player.stream.bind(C1)
    player.title()
    assert player.records[-1].after == -1


def test_staff_word_is_placed_in_the_conversation_that_it_names():
    player = Player(S1)  # this account's other connection has confirmed C2
    assert player.staff_word(S1, "C2") is None
    assert (player.records[0].conversation, player.records[0].sender) == (C2, S1)


def test_altered_content_is_corrupted_and_leaves_a_trace_in_its_place():
    player = Player(C1)
    player.token(S1, 0)
    assert player.token(S1, 1, alter="!") is Irregularity.CORRUPTED
    assert player.records[-1] == Received(CONNECTION, C1, S1, -1, corrupted_digest(1), 0, 11)


def test_altered_content_of_no_known_sender_is_corrupted_without_a_place():
    player = Player(C1)
    assert player.words("bot", stamp(RUN, S1, C1, 0, 5, "hi") + "!") is Irregularity.CORRUPTED
    assert player.records == []


def test_altered_content_at_an_idle_staff_connection_counts_for_its_customer():
    player = Player(S1)
    assert player.token(C2, 0, conversation=C2, alter="!") is Irregularity.CORRUPTED
    assert player.records[0].conversation == C2


@pytest.mark.parametrize("content", ["welcome", "", stamp("other0", S1, C1, 0, 5, "hi")])
def test_frame_of_nobody_in_this_run_is_foreign(content):
    assert Player(C1).words("bot", content) is Irregularity.FOREIGN
    assert Player(C1).words(None, content) is Irregularity.FOREIGN


def test_another_runs_token_is_foreign_whoever_sends_it():
    assert Player(C1).words("S1", stamp("other0", S1, C1, 0, 5, "hi")) is Irregularity.FOREIGN


def test_pure_receipt_must_not_arrive():
    player = Player(C1)
    assert player.words("S1", "") is Irregularity.UNEXPECTED
    assert player.records == []


def test_pure_receipt_arrives_where_the_profile_says_so():
    player = Player(C1, receipts_delivered=True)
    assert player.words("S1", "") is None
    assert player.records == []


@given(st.permutations(range(8)), st.lists(st.integers(0, 7), max_size=8))
def test_any_order_with_any_repetitions(order, again):
    player = Player(C1)
    judged = [player.token(S1, seq) for seq in order]
    late = [seq < max(order[:place], default=-1) for place, seq in enumerate(order)]
    assert [verdict is Irregularity.REORDERED for verdict in judged] == late
    assert all(player.token(S1, seq) is Irregularity.DUPLICATED for seq in again)
    assert player.seqs == list(order)


def test_state_does_not_grow_with_messages():
    player = Player(C1)
    for number in range(3_000):
        if number % 10 == 9:
            player.title(S1)
        else:
            player.token(S1, number)
    (lane,) = player.stream._lanes.values()
    assert lane.received.gaps <= 2


def test_leaving_a_case_begins_no_new_order():
    player = Player(S1)
    player.stream.bind(C1)
    player.token(C1, 7)
    player.stream.asking()
    player.stream.bind(None)
    assert player.token(C1, 6) is Irregularity.REORDERED
