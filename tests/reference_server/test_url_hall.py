"""The hall where staff is bound by its URL: who hears whom, who may claim and close a case."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from reference_server.choice import chosen
from reference_server.steps import Seen, Step
from reference_server.url_hall import UrlHall
from schemas.account_tokens import Identity
from schemas.messages import InMsg, assignment, confirm, image, receipt, text
from schemas.modes import Binding, UnreadScope
from schemas.words import MsgStatus, Role

NOW = 1_800_000_000_000


class Script:
    """Connections by name: ``C1`` is a customer, ``S1@C1`` a staff connection bound to it."""

    def __init__(self, **modes: object) -> None:
        self.hall = UrlHall(chosen({"binding": Binding.URL, **modes}))
        self.ids: dict[str, int] = {}
        self._numbers = count(1)

    def login(self, name: str) -> list[str]:
        self.ids[name] = next(self._numbers)
        account, _, wanted = name.rstrip("'").partition("@")
        role = Role.STAFF if account.startswith("S") else Role.CUSTOMER
        return self._lines(self.hall.login(self.ids[name], Identity(account, role, ""), wanted))

    def leave(self, name: str) -> list[str]:
        return self._lines(self.hall.leave(self.ids.pop(name)))

    def say(self, name: str, message: InMsg) -> list[str]:
        return self._lines(self.hall.handle(self.ids[name], message, NOW))

    def _lines(self, step: Step) -> list[str]:
        names = {number: name for name, number in self.ids.items()}
        lines = []
        for frame in step.frames:
            out = frame.output
            words = [names[frame.connection], out.status.value]
            words += [] if out.result else ["refused"]
            words += [out.msg.content] if out.msg is not None else []
            words += [str(out.unread)] if out.unread is not None else []
            lines.append(" ".join(words))
        return lines


def test_staff_is_bound_at_once_and_may_send_without_a_confirm():
    script = Script()
    script.login("C1")
    script.login("C2")
    assert script.login("S1@C1") == ["S1@C1 Login"]
    assert script.say("S1@C1", text("hello")) == ["S1@C1 Send hello", "C1 Receive hello 1"]
    assert script.say("C1", text("hi")) == ["C1 Send hi", "S1@C1 Receive hi 1"]
    assert script.say("C2", text("anybody?")) == ["C2 Send anybody?"]


def test_what_staff_missed_comes_after_its_login_and_nothing_is_ever_offered():
    script = Script()
    script.login("C1")
    script.login("S2@C2")
    assert script.say("C1", text("a")) == ["C1 Send a"]
    assert script.login("S1@C1") == ["S1@C1 Login", "S1@C1 Receive a 1"]
    assert script.say("S1@C1", confirm("C1", read=True)) == [
        "S1@C1 Send C1",
        "C1 Receive C1 1",
    ]
    assert script.leave("S1@C1") == []


def test_the_first_to_confirm_has_the_case_until_it_closes_it_or_leaves():
    script = Script()
    for name in ("C1", "S1@C1", "S2@C1"):
        script.login(name)
    assert script.say("S1@C1", confirm("C1"))[0] == "S1@C1 Send C1"
    assert script.say("S2@C1", confirm("C1")) == ["S2@C1 Send refused"]
    assert script.say("S1@C1", confirm("C1")) == ["S1@C1 Send refused"]
    assert script.say("S2@C1", assignment("C1")) == ["S2@C1 Send refused"]
    assert script.say("S1@C1", assignment("C1"))[0] == "S1@C1 Send C1"
    assert script.say("S2@C1", confirm("C1"))[0] == "S2@C1 Send C1"
    script.leave("S2@C1")
    assert script.say("S1@C1", confirm("C1"))[0] == "S1@C1 Send C1"


def test_closing_leaves_the_connection_where_its_url_put_it():
    script = Script()
    for name in ("C1", "S1@C1"):
        script.login(name)
    script.say("S1@C1", confirm("C1"))
    script.say("S1@C1", assignment("C1"))
    assert script.say("C1", text("again"))[1:] == ["S1@C1 Receive again 1"]
    assert script.say("S1@C1", text("yes"))[0] == "S1@C1 Send yes"


def test_staff_words_about_another_customer_are_refused():
    script = Script()
    for name in ("C1", "C2", "S1@C1"):
        script.login(name)
    assert script.say("S1@C1", confirm("C2")) == ["S1@C1 Send refused"]
    assert script.say("S1@C1", assignment("C2")) == ["S1@C1 Send refused"]
    assert script.say("C1", confirm("C1")) == ["C1 Send refused"]


def test_all_staff_of_a_conversation_hears_the_customer_and_an_account_hears_itself():
    script = Script()
    for name in ("C1", "S1@C1", "S1@C1'", "S2@C1"):
        script.login(name)
    assert script.say("C1", text("a"))[1:] == [
        "S1@C1 Receive a 1",
        "S1@C1' Receive a 1",
        "S2@C1 Receive a 1",
    ]
    assert script.say("S1@C1", text("b")) == [
        "S1@C1 Send b",
        "S1@C1' Receive b 1",
        "C1 Receive b 1",
    ]


def test_staff_must_name_a_customer_and_is_remembered_with_it():
    hall = UrlHall(chosen({"binding": Binding.URL}))
    staff = Identity("S1", Role.STAFF, "")
    assert "conversation=SN" in str(hall.admission_refusal(staff, ""))
    assert hall.admission_refusal(staff, "C1") is None
    assert hall.admission_refusal(Identity("C1", Role.CUSTOMER, ""), "") is None
    assert hall.login(1, staff, "C1").records == [Seen("C1")]


def test_a_post_by_staff_is_refused_where_urls_bind_too():
    hall = UrlHall(chosen({"binding": Binding.URL}))
    step = hall.post(9, Identity("S1", Role.STAFF, ""), text("x"), NOW)
    assert [frame.output.result for frame in step.frames] == [False]


def test_an_account_wide_count_adds_up_the_conversations_it_attends():
    script = Script(unread_scope=UnreadScope.ACCOUNT)
    for name in ("C1", "C2", "S1@C1", "S1@C2", "S2@C2"):
        script.login(name)
    assert script.say("C1", text("a"))[1:] == ["S1@C1 Receive a 1"]
    assert script.say("C2", text("b"))[1:] == ["S1@C2 Receive b 2", "S2@C2 Receive b 1"]
    script.say("S1@C1", receipt())
    assert script.say("C2", text("c"))[1:] == ["S1@C2 Receive c 2", "S2@C2 Receive c 2"]


NAMES = ("C1", "C2", "S1@C1", "S1@C1'", "S2@C1", "S2@C2")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["say", "leave", "read"]))))
def test_whoever_belongs_to_a_conversation_hears_each_message_of_others_once(events):
    """An oracle without a hall: who is there, to which conversation each belongs."""
    script = Script()
    heard: dict[str, list[str]] = {}
    expected: dict[str, list[str]] = {}
    for serial, (name, what) in enumerate(events):
        if name not in script.ids:
            script.login(name)
            heard[name], expected[name] = [], []
        elif what == "leave":
            script.leave(name)
        else:
            message = image(f"/{serial}") if what == "say" else receipt()
            step = script.hall.handle(script.ids[name], message, NOW)
            for other in script.ids:
                if what == "say" and _hears(other, name):
                    expected[other].append(message.content)
            names = {number: one for one, number in script.ids.items()}
            for frame in step.frames:
                if frame.output.status is MsgStatus.RECEIVE and frame.output.msg is not None:
                    heard[names[frame.connection]].append(frame.output.msg.content)
    assert heard == expected


def _hears(other: str, sender: str) -> bool:
    account, _, wanted = other.rstrip("'").partition("@")
    said_by, _, said_to = sender.rstrip("'").partition("@")
    if other == sender or (wanted or account) != (said_to or said_by):
        return False
    return bool(wanted) != bool(said_to) or account == said_by
