"""The hall, event by event: who is sent what, in which order, with which count."""

from reference_server.conversation import Past
from reference_server.steps import ReadUpTo, Said, Seen
from schemas.account_tokens import Identity
from schemas.messages import InMsg, assignment, confirm, image, receipt, text, title
from schemas.words import Role, TitleType
from tests.reference_server.hall_script import NOW, Script


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
