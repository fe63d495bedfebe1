"""Messages of each kind: what the profile lists, or fresh contents; only kinds that are in use."""

from msgspec.structs import replace

from harness.conformance.bench import Bench
from harness.conformance.sayings import of_each_kind, saying
from harness.target import MintedAccounts, default_profile
from schemas.words import MessageType, TitleType

PROFILE = default_profile("ws://127.0.0.1:1/chat")


def bench(profile=PROFILE):
    return Bench(profile, MintedAccounts("t"))


def test_contents_are_fresh_where_nothing_is_listed():
    here = bench()
    said = [saying(here, kind).content for kind in (MessageType.TEXT, MessageType.IMAGE)]
    said += [message.content for message in of_each_kind(here)]
    assert len(set(said)) == len(said)
    assert all(here.is_ours(content) for content in said)


def test_a_topic_is_about_something_else():
    assert saying(bench(), MessageType.TITLE).titletype == TitleType.OTHER


def test_listed_images_and_topics_are_taken():
    data = replace(PROFILE.data, images=("/a.jpg",), other_topics=("returns",))
    here = bench(replace(PROFILE, data=data))
    assert saying(here, MessageType.IMAGE).content == "/a.jpg"
    assert saying(here, MessageType.TITLE).content == "returns"


def test_kinds_that_are_not_spoken_are_not_said():
    dialect = replace(PROFILE.dialect, types=(MessageType.TEXT, MessageType.STAFF))
    kinds = [message.type for message in of_each_kind(bench(replace(PROFILE, dialect=dialect)))]
    assert kinds == [MessageType.TEXT]
