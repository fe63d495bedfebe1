"""Digests tell untokened messages apart and survive what a server may do to a content."""

from harness.ledger.digests import digest_of


def test_digest_is_never_that_of_tokened_content():
    assert digest_of("title", "pro", "P-1001") > 0


def test_type_topic_and_content_all_count():
    digests = {
        digest_of("title", "pro", "P-1001"),
        digest_of("title", "pro", "P-1002"),
        digest_of("title", "other", "P-1001"),
        digest_of("text", None, "P-1001"),
        digest_of("staff", "confirm", "C1"),
        digest_of("staff", "assignment", "C1"),
    }
    assert len(digests) == 6


def test_image_path_may_come_back_completed_in_front():
    assert digest_of("image", None, "https://cdn.example/a/7f.jpg") == digest_of(
        "image", "", "7f.jpg"
    )


def test_lone_surrogate_has_a_digest():
    assert digest_of("title", "other", "\ud800") > 0
