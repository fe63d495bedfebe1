"""Which modes follow from others, and which cannot be had together."""

import pytest

from reference_server.choice import DialectRefused, chosen
from reference_server.dialect import Dialect
from schemas.modes import AckMode, BadInput, Binding, ReadReceipt, RejectMode
from schemas.words import MessageType, TitleType

ASSIGN, CONFIRM = TitleType.ASSIGNMENT, TitleType.CONFIRM
NO_STAFF = (MessageType.TEXT, MessageType.IMAGE, MessageType.TITLE)
NO_TEXT = (MessageType.IMAGE, MessageType.STAFF)


def test_nothing_chosen_is_the_contract():
    assert chosen({}) == Dialect()


@pytest.mark.parametrize(
    ("choices", "follows"),
    [
        ({"binding": Binding.URL}, {"offers": False}),
        ({"login_frame": False}, {"login_reject": RejectMode.HTTP}),
        ({"ack": AckMode.NONE}, {"on_bad_input": BadInput.CLOSE}),
        ({"staff_assign": ASSIGN}, {"staff_close": CONFIRM}),
        ({"staff_close": CONFIRM}, {"staff_assign": ASSIGN}),
        ({"staff_close": ASSIGN}, {"staff_assign": CONFIRM}),
    ],
)
def test_some_modes_bring_others_along(choices, follows):
    assert chosen(choices) == Dialect(**choices, **follows)


@pytest.mark.parametrize(
    ("choices", "word"),
    [
        ({"binding": Binding.URL, "offers": True}, "--binding url"),
        ({"login_frame": False, "login_reject": RejectMode.FRAME}, "--login-reject http"),
        ({"ack": AckMode.NONE, "on_bad_input": BadInput.ERROR_FRAME}, "--on-bad-input close"),
        ({"types": NO_STAFF}, "--binding url"),
        ({"types": NO_STAFF, "binding": Binding.URL}, "--case-lifecycle false"),
        ({"types": NO_TEXT}, "--read-receipt"),
        ({"types": (MessageType.TEXT, MessageType.STAFF, MessageType.TEXT)}, "none twice"),
        ({"types": ()}, "--types"),
        ({"staff_assign": CONFIRM, "staff_close": CONFIRM}, "--staff-close"),
        ({"staff_assign": TitleType.PRO}, "--staff-assign"),
        ({"staff_content": "C1"}, "{customer_sn} once"),
        ({"staff_content": "{customer_sn}{customer_sn}"}, "{customer_sn} once"),
        ({"staff_content": "{customer_sn} {sn}"}, "{customer_sn} once"),
        ({"send_types": ("a", "a")}, "--send-types"),
        ({"send_types": ("", "a")}, "--send-types"),
        ({"time_format": "soon"}, "--time-format"),
        ({"time_format": "%Q"}, "--time-format"),
    ],
)
def test_nonsense_is_refused_with_what_to_change(choices, word):
    with pytest.raises(DialectRefused) as refused:
        chosen(choices)
    assert word in str(refused.value)


def test_sense_is_not_refused():
    chosen({"types": NO_STAFF, "binding": Binding.URL, "case_lifecycle": False})
    chosen({"types": NO_TEXT, "read_receipt": ReadReceipt.FLAG})
    chosen({"login_frame": False, "login_reject": RejectMode.HTTP, "ack": AckMode.BARE})
    chosen({"time_format": "%Y-%m-%d %H:%M:%S.%f"})
