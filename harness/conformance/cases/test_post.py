"""Plain HTTP on the same path: what is taken, and with what answer (decision D20)."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from harness.conformance.chatter import NO_SUCH_TYPE, Chatter
from harness.conformance.conditions import ERROR_FRAMES, EXPIRED, POSTS, one_token
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.post import (
    FORM,
    JSON,
    Mail,
    check_accepted,
    check_refused,
    check_status,
    frame_in,
    posted,
)
from harness.conformance.spec import Manner, case
from harness.conformance.stops import broken
from harness.target import (
    Account,
    Profile,
    Secret,
    anonymous,
    expired_credentials,
    expired_token,
)
from schemas.messages import InMsg, encode, text
from schemas.words import Role

Fresh = Callable[..., str]


@case("post-accepted", when=(POSTS,))
def test_post_is_a_message(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """A message by POST is answered by Send, and reaches staff like one by socket."""
    message = text(fresh("by post"))
    check_accepted(mail.post(conversation.customer.account, encode(message), JSON), "post-accepted")
    if conversation.staff.receives_content(message) is None:
        raise broken("post-accepted", "a Receive at the staff member's", "none")


@case("post-media-types", when=(POSTS,))
@pytest.mark.parametrize("media", [JSON, "text/json", "text/html"])
def test_json_media_types_are_taken(
    conversation: Conversation, mail: Mail, fresh: Fresh, media: str
) -> None:
    """The same JSON is taken under each of the page's three media types."""
    body = encode(text(fresh("typed")))
    check_accepted(mail.post(conversation.customer.account, body, media), "post-media-types")


@case("post-form", when=(POSTS,))
def test_form_is_taken(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """A form with fields named like the members is taken, and arrives."""
    message = text(fresh("您好 & more"))
    body = urlencode({"type": "text", "content": message.content, "read": "false"}).encode()
    check_accepted(mail.post(conversation.customer.account, body, FORM), "post-form")
    if conversation.staff.receives_content(message) is None:
        raise broken("post-form", "a Receive with the form's content", "none")


@case("post-authenticated", when=(POSTS, one_token))
def test_wrong_token_gets_401(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """A POST with a token that proves nothing gets 401."""
    account = conversation.customer.account
    wrong = Account(account.sn, account.role, account.name, Secret("no-such-token"))
    answer = mail.post(wrong, encode(text(fresh("not me"))), JSON)
    check_status(answer, "post-authenticated", 401)


@case("post-authenticated", when=(POSTS, one_token))
def test_missing_token_gets_401(door: Door, mail: Mail, fresh: Fresh) -> None:
    """A POST without any token gets 401."""
    answer = mail.send(anonymous(door.bench.profile), encode(text(fresh("nobody"))), JSON)
    check_status(answer, "post-authenticated", 401)


@case("post-authenticated", when=(POSTS, EXPIRED))
def test_expired_token_gets_401(door: Door, mail: Mail, fresh: Fresh, profile: Profile) -> None:
    """A POST with a token that was right until it expired gets 401."""
    door.evidence.transcript.hide(expired_token(profile).reveal())
    known = expired_credentials(profile, door.anyone(Role.CUSTOMER))
    answer = mail.send(known, encode(text(fresh("too late"))), JSON)
    check_status(answer, "post-authenticated", 401)


@case("post-unparsable", when=(POSTS,), manner=Manner.HOSTILE)
@pytest.mark.parametrize("body", [b"{", b"\xff", b""], ids=["syntax", "bytes", "nothing"])
def test_unparsable_body_gets_400(customer: Chatter, mail: Mail, body: bytes) -> None:
    """A body that is no JSON gets 400."""
    check_status(mail.post(customer.account, body, JSON), "post-unparsable", 400)


@case("post-unknown-media-type", when=(POSTS,))
def test_unknown_media_type_gets_415(customer: Chatter, mail: Mail, fresh: Fresh) -> None:
    """A body of a media type that the page does not name gets 415."""
    answer = mail.post(customer.account, encode(text(fresh())), "application/xml")
    check_status(answer, "post-unknown-media-type", 415)


@case("post-unknown-media-type", when=(POSTS,))
@pytest.mark.parametrize("media", ["text/plain", "image/png", "application/x-json"])
def test_near_media_types_get_415(customer: Chatter, mail: Mail, fresh: Fresh, media: str) -> None:
    """JSON under a media type that is like a documented one, and is none, gets 415."""
    answer = mail.post(customer.account, encode(text(fresh())), media)
    check_status(answer, "post-unknown-media-type", 415)


@case("post-too-large", when=(POSTS,), manner=Manner.HOSTILE)
def test_body_over_the_limit_gets_413(customer: Chatter, mail: Mail, door: Door) -> None:
    """A body over the limit for messages gets 413."""
    size = door.bench.profile.limits.max_message_bytes
    answer = mail.post(customer.account, encode(text("x" * size)), JSON)
    check_status(answer, "post-too-large", 413)


@case("post-accept", when=(POSTS,))
@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/json", "text/json"),
        ("text/html", "text/html"),
        ("image/png", JSON),
        ("text/json;q=0.5, text/html", "text/html"),
        ("text/html;q=0.3, application/json;q=0.2, text/json;q=0.8", "text/json"),
        ("*/*;q=0.1, text/html", "text/html"),
        ("text/html;q=0, */*", f"{JSON} text/json"),
        ("image/png, text/json;q=0.1", "text/json"),
        ("application/*", JSON),
        ("TEXT/HTML", "text/html"),
    ],
    ids=[
        "none",
        "any",
        "text-json",
        "text-html",
        "nothing-fits",
        "second-weighs-more",
        "third-weighs-most",
        "named-before-any",
        "weight-of-nought",
        "only-the-last-fits",
        "any-application",
        "capitals",
    ],
)
def test_answer_follows_accept(
    conversation: Conversation, mail: Mail, fresh: Fresh, accept: str, media: str
) -> None:
    """The media type of the answer follows Accept; application/json where nothing fits."""
    body = encode(text(fresh("as you like")))
    answer = mail.post(conversation.customer.account, body, JSON, accept)
    came = answer.header("content-type").partition(";")[0].strip().lower()
    if came not in media.split():
        raise broken("post-accept", media, came or "none")


@case("post-refused", when=(POSTS, ERROR_FRAMES))
def test_refusal_has_result_false(customer: Chatter, mail: Mail) -> None:
    """What a socket would refuse is answered with Result false and a reason."""
    check_refused(mail.post(customer.account, encode(InMsg(NO_SUCH_TYPE, "no")), JSON))


@case("post-refused", when=(POSTS,))
def test_staff_cannot_post(staff: Chatter, mail: Mail, fresh: Fresh) -> None:
    """A POST of staff, which is bound to nobody, is refused."""
    answer = mail.post(staff.account, encode(text(fresh("hello"))), JSON)
    if answer.status == 200 and frame_in(answer).get("Result") is True:
        raise broken("post-refused", "a refusal", "accepted", frame=answer.body)


@case("get-without-upgrade", when=(POSTS,))
def test_plain_get_gets_4xx(customer: Chatter, mail: Mail) -> None:
    """GET without an upgrade gets a status from 400 to 499."""
    answer = mail.send(mail.known(customer.account), b"", "", method="GET")
    if not 400 <= answer.status < 500:
        raise broken("get-without-upgrade", "4xx", str(answer.status))


# Spellings of the request


@case("post-media-types", when=(POSTS,))
@pytest.mark.parametrize(
    "media",
    ["application/json; charset=utf-8", 'text/json;charset="UTF-8"', "Application/JSON"],
    ids=["charset", "quoted", "capitals"],
)
def test_media_types_are_read_as_http_has_them(
    conversation: Conversation, mail: Mail, fresh: Fresh, media: str
) -> None:
    """A charset parameter and capitals make no other media type; the words arrive as sent."""
    message = text(fresh("您好"))
    answer = mail.post(conversation.customer.account, encode(message), media)
    check_accepted(answer, "post-media-types")
    conversation.customer.said.append(message)
    if conversation.staff.receives_content(message) is None:
        raise broken("post-media-types", "a Receive at the staff member's", "none")


@case("post-form", when=(POSTS,))
@pytest.mark.parametrize("spelling", ["charset", "lower-hex", "no-read", "more-fields"])
def test_forms_are_read_as_browsers_send_them(
    conversation: Conversation, mail: Mail, fresh: Fresh, spelling: str
) -> None:
    """A charset, other ways of escaping, a field less or one more make no difference."""
    message = text(fresh("您好 100% & 1+1=2"))
    fields = {"type": "text", "content": message.content, "read": "false"}
    if spelling == "no-read":
        del fields["read"]
    if spelling == "more-fields":
        fields["submit"] = "Send"
    body = urlencode(fields)
    if spelling == "lower-hex":
        body = re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), body)
    media = f"{FORM}; charset=UTF-8" if spelling == "charset" else FORM
    answer = mail.post(conversation.customer.account, body.encode(), media)
    check_accepted(answer, "post-form")
    conversation.customer.said.append(message)
    if conversation.staff.receives_content(message) is None:
        raise broken("post-form", "a Receive with the form's content", "none")


@case("post-form", when=(POSTS, ERROR_FRAMES))
def test_a_form_is_held_to_the_same_rules(customer: Chatter, mail: Mail) -> None:
    """A form with an unknown type is refused like JSON."""
    body = urlencode({"type": NO_SUCH_TYPE, "content": "no", "read": "false"}).encode()
    check_refused(mail.post(customer.account, body, FORM), "post-form")


@case("post-accepted", when=(POSTS,), manner=Manner.HOSTILE)
def test_body_at_the_limit_is_taken(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """A body of as many bytes as a message may have is no matter of 413."""
    size = conversation.bench.profile.limits.max_message_bytes
    words = fresh()
    message = text(words + "x" * (size - len(encode(text(words)))))
    posted(mail, conversation.customer, message)


@case("post-too-large", when=(POSTS,), manner=Manner.HOSTILE)
def test_form_over_the_limit_gets_413(customer: Chatter, mail: Mail, door: Door) -> None:
    """A form over the limit for messages gets 413."""
    size = door.bench.profile.limits.max_message_bytes
    body = urlencode({"type": "text", "content": "x" * size, "read": "false"}).encode()
    check_status(mail.post(customer.account, body, FORM), "post-too-large", 413)


@case("get-without-upgrade", when=(POSTS,))
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_plain_get_gets_4xx_whatever_it_accepts(customer: Chatter, mail: Mail, accept: str) -> None:
    """GET without an upgrade gets a status from 400 to 499 from browsers and programs alike."""
    answer = mail.send(mail.known(customer.account), b"", "", accept, method="GET")
    if not 400 <= answer.status < 500:
        raise broken("get-without-upgrade", "4xx", str(answer.status))
