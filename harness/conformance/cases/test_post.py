"""Messages by plain HTTP on the same path (decision D20)."""

from collections.abc import Callable
from urllib.parse import urlencode

import orjson
import pytest

from harness.blocking.exchange import HttpAnswer
from harness.conformance.chatter import NO_SUCH_TYPE, Chatter
from harness.conformance.conditions import ERROR_FRAMES, POSTS, one_token
from harness.conformance.conversation import Conversation
from harness.conformance.door import Door
from harness.conformance.post import Mail
from harness.conformance.spec import Manner, case
from harness.conformance.stops import broken
from harness.target import Account, Secret, anonymous
from schemas.messages import InMsg, encode, text

Fresh = Callable[..., str]

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def _check_status(answer: HttpAnswer, slug: str, *allowed: int) -> None:
    if answer.status not in allowed:
        raise broken(slug, " or ".join(map(str, allowed)), f"{answer.status}", frame=answer.body)


def _accepted(answer: HttpAnswer, slug: str) -> None:
    """A 200 whose body is a ``Send`` with ``Result`` true."""
    _check_status(answer, slug, 200)
    value = _json(answer)
    if value.get("MsgStatus") != "Send" or value.get("Result") is not True:
        raise broken(slug, "a Send with Result true", "another answer", frame=answer.body)


def _json(answer: HttpAnswer) -> dict[str, object]:
    try:
        value = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


@case("post-accepted", when=(POSTS,))
def test_post_is_a_message(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """A message by POST is answered by Send, and reaches staff like one by socket."""
    message = text(fresh("by post"))
    _accepted(mail.post(conversation.customer.account, encode(message), JSON), "post-accepted")
    if conversation.staff.receives_content(message) is None:
        raise broken("post-accepted", "a Receive at the staff member's", "none")


@case("post-media-types", when=(POSTS,))
@pytest.mark.parametrize("media", [JSON, "text/json", "text/html"])
def test_json_media_types_are_taken(
    conversation: Conversation, mail: Mail, fresh: Fresh, media: str
) -> None:
    """The same JSON is taken under each of the page's three media types."""
    body = encode(text(fresh("typed")))
    _accepted(mail.post(conversation.customer.account, body, media), "post-media-types")


@case("post-form", when=(POSTS,))
def test_form_is_taken(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """A form with fields named like the members is taken, and arrives."""
    message = text(fresh("您好 & more"))
    body = urlencode({"type": "text", "content": message.content, "read": "false"}).encode()
    _accepted(mail.post(conversation.customer.account, body, FORM), "post-form")
    if conversation.staff.receives_content(message) is None:
        raise broken("post-form", "a Receive with the form's content", "none")


@case("post-authenticated", when=(POSTS, one_token))
def test_wrong_token_gets_401(conversation: Conversation, mail: Mail, fresh: Fresh) -> None:
    """A POST with a token that proves nothing gets 401."""
    account = conversation.customer.account
    wrong = Account(account.sn, account.role, account.name, Secret("no-such-token"))
    answer = mail.post(wrong, encode(text(fresh("not me"))), JSON)
    _check_status(answer, "post-authenticated", 401)


@case("post-authenticated", when=(POSTS, one_token))
def test_missing_token_gets_401(door: Door, mail: Mail, fresh: Fresh) -> None:
    """A POST without any token gets 401."""
    answer = mail.send(anonymous(door.bench.profile), encode(text(fresh("nobody"))), JSON)
    _check_status(answer, "post-authenticated", 401)


@case("post-unparsable", when=(POSTS,), manner=Manner.HOSTILE)
@pytest.mark.parametrize("body", [b"{", b"\xff", b""], ids=["syntax", "bytes", "nothing"])
def test_unparsable_body_gets_400(customer: Chatter, mail: Mail, body: bytes) -> None:
    """A body that is no JSON gets 400."""
    _check_status(mail.post(customer.account, body, JSON), "post-unparsable", 400)


@case("post-unknown-media-type", when=(POSTS,))
def test_unknown_media_type_gets_415(customer: Chatter, mail: Mail, fresh: Fresh) -> None:
    """A body of a media type that the page does not name gets 415."""
    answer = mail.post(customer.account, encode(text(fresh())), "application/xml")
    _check_status(answer, "post-unknown-media-type", 415)


@case("post-too-large", when=(POSTS,), manner=Manner.HOSTILE)
def test_body_over_the_limit_gets_413(customer: Chatter, mail: Mail, door: Door) -> None:
    """A body over the limit for messages gets 413."""
    size = door.bench.profile.limits.max_message_bytes
    answer = mail.post(customer.account, encode(text("x" * size)), JSON)
    _check_status(answer, "post-too-large", 413)


@case("post-accept", when=(POSTS,))
@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/json", "text/json"),
        ("text/html", "text/html"),
        ("image/png", JSON),
    ],
    ids=["none", "any", "text-json", "text-html", "nothing-fits"],
)
def test_answer_follows_accept(
    conversation: Conversation, mail: Mail, fresh: Fresh, accept: str, media: str
) -> None:
    """The media type of the answer follows Accept; application/json where nothing fits."""
    body = encode(text(fresh("as you like")))
    answer = mail.post(conversation.customer.account, body, JSON, accept)
    came = answer.header("content-type").partition(";")[0].strip().lower()
    if came != media:
        raise broken("post-accept", media, came or "none")


@case("post-refused", when=(POSTS, ERROR_FRAMES))
def test_refusal_has_result_false(customer: Chatter, mail: Mail) -> None:
    """What a socket would refuse is answered with Result false and a reason."""
    answer = mail.post(customer.account, encode(InMsg(NO_SUCH_TYPE, "no")), JSON)
    _check_status(answer, "post-refused", 200, 400, 422)
    value = _json(answer)
    if value.get("Result") is not False or not value.get("Error"):
        raise broken("post-refused", "Result false and an Error", "another", frame=answer.body)


@case("post-refused", when=(POSTS,))
def test_staff_cannot_post(staff: Chatter, mail: Mail, fresh: Fresh) -> None:
    """A POST of staff, which is bound to nobody, is refused."""
    answer = mail.post(staff.account, encode(text(fresh("hello"))), JSON)
    if answer.status == 200 and _json(answer).get("Result") is True:
        raise broken("post-refused", "a refusal", "accepted", frame=answer.body)


@case("get-without-upgrade", when=(POSTS,))
def test_plain_get_gets_4xx(customer: Chatter, mail: Mail) -> None:
    """GET without an upgrade gets a status from 400 to 499."""
    answer = mail.send(mail.known(customer.account), b"", "", method="GET")
    if not 400 <= answer.status < 500:
        raise broken("get-without-upgrade", "4xx", str(answer.status))
