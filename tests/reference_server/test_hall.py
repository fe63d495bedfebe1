"""The hall, event by event: who is sent what, in which order, with which count."""

from reference_server.conversation import Past
from reference_server.dialect import Dialect
from reference_server.hall import Hall
from reference_server.inbound import Blame, Refusal
from reference_server.steps import Closing, ReadUpTo, Said, Seen, Step
from schemas.account_tokens import Identity
from schemas.messages import InMsg, assignment, confirm, image, receipt, text, title
from schemas.modes import (
    AckMode,
    BadInput,
    MsgRead,
    ReadReceipt,
    ReplayCount,
    UnreadScope,
)
from schemas.words import MsgStatus, Role, TitleType

NOW = 1_800_000_000_000


class Script:
    """Connections by name; every event returns what each connection is sent, as short lines."""

    def __init__(self, dialect: Dialect | None = None, past: tuple[Past, ...] = ()) -> None:
        self.hall = Hall(dialect, past)
        self.ids: dict[str, int] = {}
        self.step = Step()
        self.now_ms = NOW

    def login(self, name: str, sn: str = "") -> list[str]:
        self.ids[name] = len(self.ids) + 1
        role = Role.STAFF if name.startswith("S") else Role.CUSTOMER
        return self._lines(self.hall.login(self.ids[name], Identity(sn or name, role, name)))

    def leave(self, name: str) -> list[str]:
        return self._lines(self.hall.leave(self.ids[name]))

    def say(self, name: str, message: InMsg) -> list[str]:
        return self._lines(self.hall.handle(self.ids[name], message, self.now_ms))

    def _lines(self, step: Step) -> list[str]:
        self.step = step
        names = {number: name for name, number in self.ids.items()}
        lines = []
        for frame in step.frames:
            out = frame.output
            words = [names.get(frame.connection, str(frame.connection)), out.status.value]
            if not out.result:
                words.append("refused")
            if out.msg is not None:
                words.append(out.msg.content or "receipt")
            if out.msg is not None and out.msg.type == "staff":
                words.append(str(out.msg.titletype))
            if out.unread is not None:
                words.append(str(out.unread))
            lines.append(" ".join(words))
        return lines


def test_the_contract_s_worked_example_line_by_line():
    script = Script()
    script.login("S1")
    script.login("S2")
    assert script.login("C1") == ["C1 Login"]
    assert script.say("C1", title(TitleType.PRO, "P-1001")) == [
        "C1 Send P-1001",
        "S1 Receive P-1001 1",
    ]
    shown = script.step.frames[0].output.msg
    assert shown is not None
    assert (shown.send_sn, shown.send_type, shown.type) == ("C1", "customer", "title")
    assert (shown.info is not None, shown.read) == (True, False)
    assert script.say("S1", confirm("C1", read=True)) == [
        "S1 Send C1 confirm",
        "C1 Receive C1 confirm 1",
    ]
    assert script.say("S2", confirm("C1")) == ["S2 Send refused"]
    assert script.say("S1", text("您好", read=True)) == ["S1 Send 您好", "C1 Receive 您好 2"]
    assert script.say("C1", receipt()) == ["C1 Send receipt"]
    assert script.say("C1", image("/upload/2026/11/7f3a.jpg", read=True)) == [
        "C1 Send /upload/2026/11/7f3a.jpg",
        "S1 Receive /upload/2026/11/7f3a.jpg 1",
    ]
    assert script.say("S1", assignment("C1", read=True)) == [
        "S1 Send C1 assignment",
        "C1 Receive C1 assignment 1",
    ]
    assert script.login("C1b", sn="C1") == ["C1b Login", "C1b Receive C1 assignment 1"]
    assert script.say("C1", text("again")) == [
        "C1 Send again",
        "C1b Receive again 1",
        "S2 Receive again 1",
    ]
    assert script.say("S1", confirm("C1", read=True)) == [
        "S1 Send C1 confirm",
        "C1 Receive C1 confirm 2",
        "C1b Receive C1 confirm 2",
        "S1 Receive again 1",
    ]


def test_every_step_records_what_it_must_not_forget():
    script = Script()
    script.login("C1")
    assert script.step.records == [Seen("C1")]
    script.login("S1")
    script.say("C1", text("a"))
    (said,) = script.step.records
    assert isinstance(said, Said)
    assert (said.sn, said.entry.position, said.entry.side) == ("C1", 1, Role.CUSTOMER)
    script.say("S1", confirm("C1", read=True))
    assert ReadUpTo("C1", Role.STAFF, 1) in script.step.records


def test_offers_go_round_and_later_messages_follow_them():
    script = Script()
    for name in ("S1", "S2", "C1", "C2", "C3"):
        script.login(name)
    assert script.say("C1", text("a"))[1:] == ["S1 Receive a 1"]
    assert script.say("C2", text("b"))[1:] == ["S2 Receive b 1"]
    assert script.say("C3", text("c"))[1:] == ["S1 Receive c 1"]
    assert script.say("C2", text("d"))[1:] == ["S2 Receive d 2"]


def test_a_message_waits_until_somebody_is_idle():
    script = Script()
    script.login("C1")
    assert script.say("C1", text("a")) == ["C1 Send a"]
    assert script.say("C1", text("b")) == ["C1 Send b"]
    assert script.login("S1") == ["S1 Login", "S1 Receive a 2", "S1 Receive b 2"]


def test_the_winner_s_other_offers_pass_on():
    script = Script()
    for name in ("S1", "C1", "C2"):
        script.login(name)
    script.say("C1", text("a"))
    script.say("C2", text("b"))
    assert script.login("S2") == ["S2 Login"]
    assert script.say("S1", confirm("C1"))[2:] == ["S2 Receive b 1"]


def test_what_a_leaving_staff_connection_left_unread_is_offered_again():
    script = Script()
    for name in ("S1", "C1"):
        script.login(name)
    script.say("C1", text("a"))
    script.say("S1", confirm("C1"))
    script.login("S2")
    assert script.leave("S1") == ["S2 Receive a 1"]


def test_nothing_is_offered_twice_on_one_connection():
    script = Script()
    for name in ("S1", "C1"):
        script.login(name)
    script.say("C1", text("a"))
    script.say("S1", confirm("C1"))
    assert script.say("S1", assignment("C1")) == [
        "S1 Send C1 assignment",
        "C1 Receive C1 assignment 2",
    ]
    assert script.login("S2") == ["S2 Login", "S2 Receive a 1"]
    assert script.leave("S2") == []
    assert script.say("C1", text("b")) == ["C1 Send b", "S1 Receive b 2"]


def test_read_on_a_confirm_marks_only_what_this_connection_was_sent():
    script = Script()
    for name in ("S1", "S2", "C1"):
        script.login(name)
    script.say("C1", text("a"))
    assert script.say("S2", confirm("C1", read=True))[-1] == "S2 Receive a 1"
    assert script.say("C1", text("b"))[-1] == "S2 Receive b 2"
    script.say("S2", receipt())
    assert script.say("C1", text("c"))[-1] == "S2 Receive c 1"


def test_a_customer_s_device_that_reads_marks_for_the_whole_side():
    script = Script()
    for name in ("C1", "S1"):
        script.login(name)
    script.say("S1", confirm("C1"))
    script.say("C1", receipt())
    assert script.login("C1b", sn="C1") == ["C1b Login"]


def test_a_refused_message_marks_nothing():
    script = Script()
    for name in ("C1", "S1"):
        script.login(name)
    script.say("S1", confirm("C1"))
    assert script.say("C1", title(TitleType.PRO, "P-9", read=True)) == ["C1 Send refused"]
    assert script.step.records == []
    assert script.say("S1", text("x"))[-1] == "C1 Receive x 2"


def test_who_may_not_say_what():
    script = Script()
    for name in ("C1", "C2", "S1", "S1b"):
        script.login(name, sn=name[:2])
    refused = ["C1 Send refused"]
    assert script.say("C1", confirm("C1")) == refused
    assert script.say("C1", title(TitleType.ORDER, "P-1001")) == refused
    refused = ["S1 Send refused"]
    assert script.say("S1", text("x")) == refused
    assert script.say("S1", receipt()) == refused
    assert script.say("S1", assignment("C1")) == refused
    assert script.say("S1", confirm("nobody")) == refused
    script.say("S1", confirm("C1"))
    assert script.say("S1", confirm("C2")) == refused
    assert script.say("S1", assignment("C2")) == refused
    assert script.say("S1b", confirm("C1")) == ["S1b Send refused"]
    assert script.say("S1b", assignment("C1")) == ["S1b Send refused"]


def test_a_silent_customer_can_be_confirmed_and_other_words_need_no_catalogue():
    script = Script()
    for name in ("C1", "S1"):
        script.login(name)
    assert script.say("S1", confirm("C1")) == ["S1 Send C1 confirm", "C1 Receive C1 confirm 1"]
    script.say("S1", title(TitleType.OTHER, "P-1001"))
    shown = script.step.frames[0].output.msg
    assert shown is not None
    assert shown.info is None


def test_info_is_for_titles_alone():
    script = Script()
    script.login("C1")
    script.say("C1", InMsg("text", "P-1001", titletype="pro"))
    shown = script.step.frames[0].output.msg
    assert shown is not None
    assert shown.info is None


def test_time_never_goes_back_within_a_conversation():
    script = Script()
    script.login("C1")
    script.say("C1", text("a"))
    script.now_ms -= 5_000
    script.say("C1", text("b"))
    shown = script.step.frames[0].output.msg
    assert shown is not None
    assert shown.time == "2027-01-15T08:00:00.000+00:00"


def test_a_post_is_one_more_device_that_was_sent_nothing():
    script = Script()
    for name in ("C1", "S1"):
        script.login(name)
    script.say("S1", confirm("C1"))
    customer, staff = Identity("C1", Role.CUSTOMER, "C1"), Identity("S1", Role.STAFF, "S1")
    step = script.hall.post(99, customer, text("by post", read=True), NOW)
    assert [(each.connection, each.output.unread) for each in step.frames] == [
        (99, None),
        (script.ids["C1"], 1),
        (script.ids["S1"], 1),
    ]
    assert script.hall.post(98, staff, text("x"), NOW).frames[0].output.result is False


def test_a_post_makes_its_account_known():
    script = Script()
    script.login("S1")
    step = script.hall.post(99, Identity("C7", Role.CUSTOMER, "C7"), receipt(), NOW)
    assert step.records == [Seen("C7")]
    assert script.say("S1", confirm("C7")) == ["S1 Send C7 confirm"]


def test_a_restart_binds_nobody_and_forgets_nothing():
    before = Script()
    for name in ("C1", "S1"):
        before.login(name)
    before.say("C1", text("a"))
    entries = [each.entry for each in before.step.records if isinstance(each, Said)]
    after = Script(past=(Past("C1", 1, NOW, tuple(entries)),))
    assert after.login("S1") == ["S1 Login", "S1 Receive a 1"]
    after.login("C1")
    assert after.say("C1", text("b"))[-1] == "S1 Receive b 2"


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
