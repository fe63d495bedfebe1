"""What a ``msg`` holds, mode by mode."""

import pytest

from reference_server.catalogue import place_of
from reference_server.choice import chosen
from reference_server.composing import Composer
from schemas.account_tokens import Identity
from schemas.messages import confirm, image, receipt, text, title
from schemas.modes import ContentMode, InfoMode, LocationMode
from schemas.words import Role, TitleType

NOW = 1_800_000_000_000
C1 = Identity("C1", Role.CUSTOMER, "王小明")


def composed(message, sender=C1, **modes):
    return Composer(chosen(modes)).compose(sender, message, NOW, read=False)


def test_a_plain_message_shows_its_sender_and_itself():
    msg = composed(text("您好"))
    assert (msg.send_sn, msg.send_name, msg.send_type) == ("C1", "王小明", "customer")
    assert (msg.type, msg.content, msg.titletype, msg.read) == ("text", "您好", None, False)
    assert msg.time == "2027-01-15T08:00:00.000+00:00"
    assert (msg.location, msg.info) == (place_of(C1), None)


@pytest.mark.parametrize(
    ("modes", "message", "content"),
    [
        ({"content_image": ContentMode.SUFFIX}, image("/a.jpg"), "https://img.shop.example/a.jpg"),
        ({"content_image": ContentMode.SUFFIX}, text("/a.jpg"), "/a.jpg"),
        ({"content_text": ContentMode.SUFFIX}, text("a"), "» a"),
        ({"content_text": ContentMode.SUFFIX}, receipt(), ""),
        ({"content_text": ContentMode.SUFFIX}, confirm("C1"), "C1"),
        ({"content_text": ContentMode.ANY}, text("<b>您 & 好"), "&lt;b&gt;您 &amp; 好"),
        ({"content_title": ContentMode.SUFFIX}, title(TitleType.PRO, "P-1001"), "No. P-1001"),
    ],
)
def test_content_stays_is_completed_or_sanitised(modes, message, content):
    assert composed(message, **modes).content == content


def test_info_is_of_the_number_that_was_sent_whatever_becomes_of_it():
    msg = composed(title(TitleType.PRO, "P-1001"), content_title=ContentMode.SUFFIX)
    assert msg.info == composed(title(TitleType.PRO, "P-1001")).info
    assert msg.info is not None


def test_info_and_location_can_be_left_out():
    assert composed(title(TitleType.PRO, "P-1001"), info=InfoMode.NONE).info is None
    staff = Identity("S1", Role.STAFF, "")
    assert composed(text("a"), staff).location is not None
    assert composed(text("a"), staff, location=LocationMode.NONE).location is None


def test_sides_and_times_speak_the_dialect():
    msg = composed(text("a"), send_types=("buyer", "seller"), time_format="%d.%m.%Y %H:%M")
    assert (msg.send_type, msg.time) == ("buyer", "15.01.2027 08:00")
    staff = Identity("S1", Role.STAFF, "")
    assert composed(text("a"), staff, send_types=("buyer", "seller")).send_type == "seller"


@pytest.mark.parametrize(
    ("template", "content", "sn"),
    [
        ("{customer_sn}", "C1", "C1"),
        ("case {customer_sn}!", "case C1!", "C1"),
        ("case {customer_sn}!", "case !", None),
        ("case {customer_sn}!", "C1", None),
        ("aba{customer_sn}aba", "aba", None),
        ("{customer_sn}", "case C1", "case C1"),
    ],
)
def test_a_staff_word_names_the_customer_by_the_template(template, content, sn):
    composer = Composer(chosen({"staff_content": template}))
    assert composer.customer_named(confirm(content)) == sn
