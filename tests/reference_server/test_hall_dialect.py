"""The hall in its other modes: what each changes in who is sent what."""

from reference_server.dialect import Dialect
from reference_server.inbound import Blame, Refusal
from reference_server.steps import Closing, ReadUpTo
from schemas.account_tokens import Identity
from schemas.messages import assignment, confirm, receipt, text, title
from schemas.modes import (
    AckMode,
    BadInput,
    MsgRead,
    ReadReceipt,
    ReplayCount,
    UnreadScope,
)
from schemas.words import MsgStatus, Role, TitleType
from tests.reference_server.hall_script import NOW, Script


def test_a_bare_or_missing_acknowledgement_is_a_matter_of_dialect():
    bare = Script(Dialect(ack=AckMode.BARE))
    bare.login("C1")
    assert bare.say("C1", text("a")) == ["C1 Send"]
    silent = Script(Dialect(ack=AckMode.NONE))
    silent.login("C1")
    assert silent.say("C1", text("a")) == []


def test_a_running_replay_counts_up_to_the_total():
    script = Script(Dialect(replay_count=ReplayCount.RUNNING))
    script.login("C1")
    for word in "abc":
        script.say("C1", text(word))
    assert script.login("S1") == [
        "S1 Login",
        *(f"S1 Receive {w} {n}" for n, w in enumerate("abc", 1)),
    ]


def test_without_multi_device_one_s_own_words_stay_on_one_device():
    script = Script(Dialect(multi_device=False))
    script.login("C1")
    script.login("C1b", sn="C1")
    assert script.say("C1", text("a")) == ["C1 Send a"]


def test_one_message_is_one_value_in_every_frame():
    script = Script()
    for name in ("C1", "S1"):
        script.login(name)
    script.login("C1b", sn="C1")
    script.say("C1", title(TitleType.ORDER, "O-5001"))
    first, *others = (frame.output.msg for frame in script.step.frames)
    assert len(others) == 2
    assert all(each == first for each in others)
    assert [frame.output.status for frame in script.step.frames] == [
        MsgStatus.SEND,
        MsgStatus.RECEIVE,
        MsgStatus.RECEIVE,
    ]


def test_a_post_by_staff_takes_no_case():
    script = Script()
    for name in ("C1", "S1"):
        script.login(name)
    step = script.hall.post(99, Identity("S2", Role.STAFF, "S2"), confirm("C1"), NOW)
    assert [(each.connection, each.output.result) for each in step.frames] == [(99, False)]
    assert script.say("S1", confirm("C1"))[0] == "S1 Send C1 confirm"


def test_bad_input_closes_where_it_is_not_answered():
    script = Script(Dialect(on_bad_input=BadInput.CLOSE))
    for name in ("C1", "S1"):
        script.login(name)
    syntax, meaning = Refusal("", Blame.SYNTAX), Refusal("", Blame.MEANING)
    assert script.hall.refuse(1, syntax).closings == [Closing(1, 1007)]
    assert script.hall.refuse(1, meaning).closings == [Closing(1, 1008)]
    assert script.say("C1", confirm("C1")) == []
    assert script.step.closings == [Closing(1, 1008)]
    assert script.say("S1", text("unbound")) == []
    assert script.step.closings == [Closing(2, 1008)]


def test_what_is_wrong_only_here_and_now_is_answered_in_every_mode():
    script = Script(Dialect(on_bad_input=BadInput.CLOSE))
    for name in ("C1", "S1"):
        script.login(name)
    assert script.say("C1", title(TitleType.PRO, "P-9")) == ["C1 Send refused"]
    assert script.say("S1", confirm("nobody")) == ["S1 Send refused"]
    assert script.say("S1", assignment("C1")) == ["S1 Send refused"]


def test_a_post_is_answered_in_every_mode():
    customer = Identity("C1", Role.CUSTOMER, "C1")
    hall = Script(Dialect(ack=AckMode.NONE, on_bad_input=BadInput.CLOSE)).hall
    (answer,) = hall.post(9, customer, text("a"), NOW).frames
    assert (answer.output.status, answer.output.msg is not None) == (MsgStatus.SEND, True)
    refusal = hall.post(8, customer, confirm("C1"), NOW)
    assert ([each.output.result for each in refusal.frames], refusal.closings) == ([False], [])


def test_swapped_staff_words_swap_what_they_do():
    script = Script(Dialect(staff_assign=TitleType.ASSIGNMENT, staff_close=TitleType.CONFIRM))
    for name in ("C1", "S1"):
        script.login(name)
    assert script.say("S1", confirm("C1")) == ["S1 Send refused"]
    assert script.say("S1", assignment("C1"))[0] == "S1 Send C1 assignment"
    assert script.say("S1", text("hi"))[0] == "S1 Send hi"
    assert script.say("S1", confirm("C1"))[0] == "S1 Send C1 confirm"
    assert script.say("S1", text("hi")) == ["S1 Send refused"]


def test_delivered_receipts_reach_the_other_side_and_count_nothing():
    script = Script(Dialect(read_receipt=ReadReceipt.DELIVERED))
    for name in ("C1", "S1", "S2"):
        script.login(name)
    script.login("C1b", sn="C1")
    script.say("C1", text("a"))
    assert script.say("C1", receipt()) == ["C1 Send receipt", "S1 Receive receipt 1"]
    script.say("S2", confirm("C1"))
    assert script.say("S2", receipt()) == [
        "S2 Send receipt",
        "C1 Receive receipt 1",
        "C1b Receive receipt 1",
    ]
    assert script.step.records == [ReadUpTo("C1", Role.STAFF, 1)]
    assert script.say("C1", receipt()) == ["C1 Send receipt", "S2 Receive receipt 0"]


def test_where_read_is_ignored_nothing_is_ever_read():
    script = Script(Dialect(read_receipt=ReadReceipt.NONE))
    for name in ("C1", "S1"):
        script.login(name)
    script.say("C1", text("a"))
    script.say("S1", confirm("C1", read=True))
    assert script.say("C1", text("b"))[-1] == "S1 Receive b 2"


def test_an_account_wide_count_adds_up_the_offered_and_the_taken():
    script = Script(Dialect(unread_scope=UnreadScope.ACCOUNT))
    for name in ("S1", "C1", "C2"):
        script.login(name)
    script.say("C1", text("a"))
    assert script.say("C2", text("b"))[-1] == "S1 Receive b 2"
    assert script.login("S1b", sn="S1") == ["S1b Login"]
    assert script.say("S1b", confirm("C2"))[-1] == "S1b Receive b 2"
    assert script.say("S1b", text("for you"))[-1] == "C2 Receive for you 2"


def test_the_ack_may_leave_out_the_sender_s_place():
    script = Script(Dialect(same_msg=False))
    for name in ("C1", "C2", "S1"):
        script.login(name)
    shown = []
    for name in ("C1", "C2"):
        script.say(name, text("a"))
        shown += [frame.output.msg for frame in script.step.frames if frame.output.msg]
    assert [each.location for each in shown[::2]] == [None, None]
    assert any(each.location for each in shown[1::2])
    assert shown[0].content == shown[1].content


def test_msg_read_may_echo_or_tell_whether_somebody_is_there():
    def first_msg(dialect: Dialect, staffed: bool) -> bool:
        script = Script(dialect)
        script.login("C1")
        if staffed:
            script.login("S1")
            script.say("S1", confirm("C1"))
        script.say("C1", text("a", read=True))
        shown = script.step.frames[0].output.msg
        assert shown is not None
        return shown.read

    assert not first_msg(Dialect(), staffed=True)
    assert first_msg(Dialect(msg_read=MsgRead.ECHO), staffed=False)
    assert first_msg(Dialect(msg_read=MsgRead.ANY), staffed=True)
    assert not first_msg(Dialect(msg_read=MsgRead.ANY), staffed=False)


def test_without_offers_a_message_waits_for_a_confirm():
    script = Script(Dialect(offers=False))
    for name in ("S1", "C1"):
        script.login(name)
    assert script.say("C1", text("a")) == ["C1 Send a"]
    assert script.say("S1", confirm("C1"))[-1] == "S1 Receive a 1"
    assert script.leave("S1") == []
    assert script.login("S2") == ["S2 Login"]


def test_without_a_case_lifecycle_staff_words_stay_with_staff():
    script = Script(Dialect(case_lifecycle=False))
    for name in ("S1", "C1"):
        script.login(name)
    assert script.say("S1", confirm("C1")) == ["S1 Send C1 confirm"]
    assert script.step.records == []
    assert script.say("S1", text("hi")) == ["S1 Send hi", "C1 Receive hi 1"]
    assert script.say("S1", assignment("C1")) == ["S1 Send refused"]
