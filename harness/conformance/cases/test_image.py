"""Pictures: their paths, acknowledged and delivered (decisions D16, D21, D22)."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from harness.conformance.conditions import ACKS, ECHOES, SAME_MSG, speaks
from harness.conformance.conversation import Conversation
from harness.conformance.deliveries import differing
from harness.conformance.spec import case
from harness.conformance.stops import broken
from harness.target import Profile
from schemas.messages import InMsg, image, text
from schemas.words import MessageType

IMAGES = speaks(MessageType.IMAGE)
PATHS = {
    "absolute": "https://cdn.shop.example/2026/11/@.jpg?w=640&h=480#top",
    "letter cases": "/Upload/@/IMG_0001.JPG",
    "blanks": "/upload/my pictures/@ (1).png",
    "chinese": "/上傳/圖片-@.png",
    "escaped": "/upload/%E5%9C%96%20@.png",
    "long": "/upload/" + "sub/" * 200 + "@.webp",
}


def any_path(profile: Profile) -> str | None:
    """Any path may be sent."""
    return "data.images lists the paths" if profile.data.images else None


def _picture(conversation: Conversation, fresh: Callable[..., str]) -> InMsg:
    """A path from the profile's list, or any where there is none."""
    listed = conversation.bench.profile.data.images
    return image(listed[0] if listed else f"/Upload/IMG {fresh()}.JPG")


@case("in-type-word", "ack-one-per-message", when=(IMAGES, ACKS))
def test_image_is_acknowledged(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """A picture's path is answered by one Send with Result true."""
    conversation.customer.tell(_picture(conversation, fresh))


@case("content-image", "ack-echo", when=(IMAGES, ECHOES))
def test_send_repeats_the_path(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """The Send repeats the path, unchanged or completed in front as the profile says."""
    msg = conversation.customer.tell(_picture(conversation, fresh))
    if msg.get("type") != MessageType.IMAGE:
        raise broken("ack-echo", "'image'", msg.get("type"), pointer="/msg/type")


@case("content-image", "delivery-stored", when=(IMAGES,))
def test_image_reaches_both_sides(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """A picture's path arrives at the other side, from customers and from staff."""
    customer, staff = conversation.customer, conversation.staff
    for sender, receiver in ((customer, staff), (staff, customer)):
        mark, picture = receiver.now, _picture(conversation, fresh)
        sender.tell(picture)
        receiver.receives(sender, picture, since=mark)


@case("same-msg", when=(IMAGES, SAME_MSG, ECHOES))
def test_image_is_the_same_everywhere(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """The Send and the Receive of a picture show equal members."""
    picture = _picture(conversation, fresh)
    echoed = conversation.customer.tell(picture)
    delivered = conversation.staff.receives_one(conversation.customer, picture).msg
    for member in differing(echoed, delivered):
        raise broken(
            "same-msg", repr(echoed.get(member)), delivered.get(member), pointer=f"/msg/{member}"
        )


@case("info-elsewhere-null", when=(IMAGES, ECHOES))
def test_image_has_no_info(conversation: Conversation, fresh: Callable[..., str]) -> None:
    """``info`` is null on a picture."""
    msg = conversation.customer.tell(_picture(conversation, fresh))
    if msg.get("info") is not None:
        raise broken("info-elsewhere-null", "null", msg.get("info"), pointer="/msg/info")


@case("content-image", "delivery-stored", when=(IMAGES, any_path))
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_path_arrives_as_it_was_sent(
    conversation: Conversation, fresh: Callable[..., str], path: str
) -> None:
    """A path comes back and arrives letter by letter, or completed in front."""
    picture = image(path.replace("@", fresh()))
    conversation.customer.tell(picture)
    conversation.staff.receives(conversation.customer, picture)


@case("delivery-order", "delivery-once", when=(IMAGES,))
def test_pictures_between_words_keep_their_order(
    conversation: Conversation, fresh: Callable[..., str]
) -> None:
    """Pictures and words that are sent in turns arrive in that order."""
    customer = conversation.customer
    messages = [each for _ in range(3) for each in (text(fresh()), _picture(conversation, fresh))]
    for sent in [customer.say(message) for message in messages]:
        customer.accepted(sent)
    conversation.staff.receives(customer, *messages)


@case("in-type-word", when=(IMAGES,))
@pytest.mark.parametrize("read", [False, True], ids=["unread", "read"])
def test_picture_of_staff_is_taken_with_either_read(
    conversation: Conversation, fresh: Callable[..., str], read: bool
) -> None:
    """Staff can send pictures as well, whether they mark what has arrived or not."""
    conversation.customer.tell(text(fresh("how does it look?")))
    mark, picture = conversation.customer.now, _picture(conversation, fresh)
    conversation.staff.tell(replace(picture, read=read))
    conversation.customer.receives(conversation.staff, replace(picture, read=read), since=mark)
