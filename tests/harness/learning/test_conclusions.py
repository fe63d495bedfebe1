"""What frames show together, without a server."""

import pytest

from harness.learning.conclusions import Gathered, Shown, conclude, content_mode
from harness.learning.heard import Heard
from harness.learning.notebook import Notebook
from harness.learning.visit import Said
from harness.target import Account, Secret
from schemas.messages import text
from schemas.words import Role

AT_S = 1_795_343_415.0
TIME = "2026-11-22T10:30:15.000+00:00"


class At:
    """As much of a connection as something said needs."""

    def __init__(self, sn, role):
        self.name = sn
        self.account = Account(sn, role, "", Secret("t"))


CUSTOMER, STAFF = At("C1", Role.CUSTOMER), At("S1", Role.STAFF)
PLACE = {"addr": "a", "latitude": 1.0, "longitude": 2.0}


def heard(status, msg, *, who="C1", **members):
    frame = {"MsgStatus": status, "Result": True, "msg": msg, "Error": None, **members}
    return Heard(who, frame, AT_S)


def msg(by, message, **changes):
    shown = {
        "SendSn": by.account.sn,
        "SendName": "n",
        "SendType": by.account.role.value,
        "type": message.type,
        "content": message.content,
        "time": TIME,
        "read": False,
        "titletype": None,
        "location": None,
        "info": None,
    }
    return {**shown, **changes}


def exchange(by=CUSTOMER, *, read=False, sent=None, got=None, content="1 < 2"):
    """One text, its Send and its Receive; ``sent`` and ``got`` change their members."""
    message = text(content, read=read)
    answer = heard("Send", msg(by, message, **(sent or {})), who=by.name)
    delivery = heard("Receive", msg(by, message, **(got or {})), NoReadQty=1)
    return Shown(Said(message, by, "", {}, answer=answer), (answer, delivery))


def concluded(*shown, streams=None):
    notes = Notebook()
    frames = tuple(view for each in shown for view in each.views)
    conclude(Gathered(shown, (frames,) if streams is None else streams), notes)
    return notes


def both(**more):
    return [exchange(CUSTOMER, **more), exchange(STAFF, read=True, **more)]


def test_plain_frames_show_the_contract_s_own_readings():
    values = concluded(*both(got={"location": PLACE}, sent={"location": PLACE})).values
    assert values == {
        "login.frame": False,
        "dialect.tier": "strict",
        "dialect.send_types": ["customer", "staff"],
        "dialect.time_formats": ["rfc3339"],
        "dialect.location": "known",
        "dialect.ack": "echo",
        "dialect.same_msg": True,
        "dialect.msg_read": "false",
        "dialect.content.text": "same",
    }


def test_nothing_shows_nothing():
    assert concluded().values == {}


@pytest.mark.parametrize(
    ("said", "shown", "mode"),
    [
        ("a", "a", "same"),
        ("/a.jpg", "https://h/a.jpg", "suffix"),
        ("a<b", "a&lt;b", "any"),
        ("a", None, "any"),
    ],
)
def test_content_is_the_same_completed_or_rewritten(said, shown, mode):
    assert content_mode(said, shown) == mode


def test_unchanged_content_without_markup_shows_no_mode():
    assert "dialect.content.text" not in concluded(exchange(content="plain")).values


@pytest.mark.parametrize(
    ("shown", "mode"),
    [((False, False), "false"), ((False, True), "echo"), ((True, True), "any")],
)
def test_read_is_false_echoed_or_something_else(shown, mode):
    changes = [{"read": value} for value in shown]
    notes = concluded(
        exchange(sent=changes[0], got=changes[0]),
        exchange(read=True, sent=changes[1], got=changes[1]),
    )
    assert notes.value("dialect.msg_read") == mode


def test_two_faces_of_one_message_are_not_the_same():
    notes = concluded(*both(sent={"location": PLACE}))
    assert notes.value("dialect.same_msg") is False
    assert "location" in notes.lesson("dialect.same_msg").why


def test_a_message_vouches_for_no_words_that_are_unknown():
    """The clause of sender and message also holds SendType, whose words must then be known."""
    assert "dialect.same_msg" not in concluded(exchange(), exchange(read=True)).values


def test_hostile_words_are_not_taken_over():
    shown = [exchange(CUSTOMER, sent={"SendType": "x" * 999}, got={"SendType": "x" * 999})]
    assert "dialect.send_types" not in concluded(*shown, exchange(STAFF)).values


def test_an_error_on_success_is_the_literal_tier():
    login = heard("Login", None, Error="OK")
    notes = concluded(*both(), streams=((login,),))
    assert notes.value("dialect.tier") == "literal"
    assert '"Error": "OK"' in notes.lesson("dialect.tier").evidence[0]


def test_wrong_types_are_no_tier():
    login = heard("Login", None, Result="true")
    assert "dialect.tier" not in concluded(streams=((login,),)).values


def test_an_error_that_tells_of_the_inside_is_not_clean():
    refusal = heard("Send", None, Result=False, Error="boom at /srv/chat/hall.py")
    notes = concluded(streams=((refusal,),))
    assert notes.value("dialect.clean_errors") is False


def test_a_clock_that_is_far_off_gets_room():
    shown = exchange(sent={"time": "2026-11-22T10:35:15Z"}, got={"time": "2026-11-22T10:35:15Z"})
    notes = concluded(shown)
    assert notes.value("limits.clock_skew_s") > 300
    assert "limits.clock_skew_s" not in concluded(exchange()).values


def test_without_sends_delivered_messages_show_that_none_come():
    whole = exchange()
    silent = Shown(Said(whole.said.message, CUSTOMER, "", {}), whole.views[1:])
    assert concluded(silent).value("dialect.ack") == "none"
    assert concluded(Shown(silent.said, ())).value("dialect.ack") is None


def test_a_place_that_is_never_shown_takes_two_accounts_to_be_none():
    assert concluded(*both()).value("dialect.location") == "none"
    assert "dialect.location" not in concluded(exchange()).values
