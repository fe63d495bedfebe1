"""What one sender says: numbered, tokened where it must be, the same for the same seed."""

import itertools
from random import Random

from harness.load_token import Token, TokenReader
from harness.populations.habits import CustomerHabits
from harness.swarm.content import Author, Draft, Lexicon, Stamper
from harness.swarm.speech import Speech
from schemas.messages import confirm
from schemas.words import TitleType

RUN = "abc123"
STAMPER = Stamper(RUN, epoch_ns=1_000_000)
LEXICON = Lexicon(
    texts=("hello", "thanks"),
    answers=("yes",),
    products={"C1": ["P-1"], "C2": ["P-2"]},
    orders=("O-1",),
)
READER = TokenReader(RUN)


def author(seed: int = 1, lexicon: Lexicon = LEXICON, **habits: float) -> Author:
    mix = {"text": 1.0, "image": 1.0, "title": 1.0} | habits
    return Author(Random(seed), lexicon, CustomerHabits(**mix), "C1")


def spoken(number: int, writer: Author) -> list[tuple[str, str, int]]:
    """(type, content, digest) of ``number`` messages in a row."""
    speech = Speech(STAMPER, sender=3)
    said = []
    for place in range(number):
        draft = writer.next(token_needed=speech.token_needed(3))
        message, where = speech.word(draft, 3, 1_000_000 + place * 1_000, read=False)
        speech.said(where)
        said.append((message.type, message.content, where.digest))
    return said


def test_untokened_messages_never_follow_each_other_and_never_come_first() -> None:
    said = spoken(500, author())
    bare = [digest != 0 for _, _, digest in said]
    assert any(bare)
    assert not bare[0]
    assert not any(one and two for one, two in itertools.pairwise(bare))


def test_every_tokened_message_can_be_told_from_its_content() -> None:
    said = spoken(200, author())
    for seq, (_, content, digest) in enumerate(said):
        if digest == 0:
            assert READER.read(content) == Token(3, 3, seq, seq, 0)


def test_titles_come_from_this_customers_numbers_and_never_from_anothers() -> None:
    titles = {content for kind, content, _ in spoken(400, author()) if kind == "title"}
    assert titles == {"P-1", "O-1"}


def test_listed_images_are_sent_as_they_are() -> None:
    listed = Lexicon(texts=("hello",), answers=(), images=("/a.jpg", "/b.jpg"))
    images = [item for item in spoken(300, author(lexicon=listed, title=0.0)) if item[0] == "image"]
    assert {content for _, content, _ in images} == {"/a.jpg", "/b.jpg"}
    assert all(digest for _, _, digest in images)


def test_made_up_images_carry_a_token_before_the_path() -> None:
    images = [item for item in spoken(100, author(text=0.01, title=0.0)) if item[0] == "image"]
    assert images
    assert all(isinstance(READER.read(content), Token) for _, content, _ in images)
    assert all(content.endswith(".jpg") for _, content, _ in images)


def test_without_numbers_titles_leave_the_mix() -> None:
    bare = Lexicon(texts=("hello",), answers=())
    assert {kind for kind, _, _ in spoken(200, author(lexicon=bare))} == {"text", "image"}


def test_the_same_seed_says_the_same_words() -> None:
    assert spoken(50, author(seed=5)) == spoken(50, author(seed=5))
    assert spoken(50, author(seed=5)) != spoken(50, author(seed=6))


def test_on_a_new_connection_the_first_message_carries_a_token_again() -> None:
    speech = Speech(STAMPER, sender=3)
    assert speech.token_needed(3)
    _, place = speech.word(Draft("text", "x"), 3, 0, read=False)
    speech.said(place)
    assert not speech.token_needed(3)
    speech.new_connection()
    assert speech.token_needed(3)


def test_a_staff_word_takes_a_number_and_wants_a_token_behind_it() -> None:
    speech = Speech(STAMPER, sender=9)
    place = speech.place(confirm("C1"), 2, due_ns=0)
    speech.said(place)
    assert (place.seq, speech.wants_token(2), speech.token_needed(2)) == (0, True, True)
    _, behind = speech.word(Draft("text", "x"), 2, 0, read=True)
    assert behind.seq == 1


def test_a_word_outside_the_runs_conversations_has_no_place() -> None:
    speech = Speech(STAMPER, sender=9)
    place = speech.place(confirm("stranger"), None, due_ns=0)
    speech.said(place)
    assert (place.conversation, place.seq) == (None, -1)


def test_a_topic_is_a_title_of_its_kind() -> None:
    message = Draft("title", "P-1", TitleType.PRO, tokened=False).message("P-1", read=True)
    assert (message.type, message.titletype, message.read) == ("title", "pro", True)
