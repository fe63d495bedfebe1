"""Several conversations at a time, and several steps at one instant.

Canary tokens tell whose words are whose: what :meth:`Bench.fresh` made in one conversation must
never be seen in another. Knows no group of cases.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

from harness.blocking.channel import Channel, unopened
from harness.blocking.opening import new_key, upgrade_request
from harness.conformance.chatter import Chatter
from harness.conformance.conversation import Conversation, confirming
from harness.conformance.door import Door
from harness.conformance.listener import shown
from harness.conformance.stops import broken
from harness.target import Account
from harness.wire_handshake import SWITCHING_PROTOCOLS, ResponseHead
from schemas.messages import InMsg
from schemas.modes import AckMode, Binding

Result = TypeVar("Result")


def say_all(sender: Chatter, messages: Iterable[InMsg]) -> None:
    """Send ``messages`` without waiting in between; all must be accepted."""
    for sent in [sender.say(message) for message in messages]:
        sender.accepted(sent)


def say_in_turns(turns: Sequence[tuple[Chatter, InMsg]], breaks: str = "") -> None:
    """Each says its message before any answer is looked at; a refusal breaks ``breaks``."""
    for sender, sent in [(sender, sender.say(message)) for sender, message in turns]:
        sender.accepted(sent, breaks)


def attend(staff: Chatter, customer: Chatter, *, read: bool = True) -> None:
    """``staff``, just logged in for ``customer``, takes its case where that needs a word (D7).

    Where nothing answers the word, the customer must have it: what it says meanwhile might come
    first, as an offer.
    """
    profile = staff.bench.profile
    if profile.binding is Binding.FRAME:
        word = confirming(profile, customer.sn, read=read)
        staff.accepted(staff.say(word), "confirm-binds")
        if profile.dialect.ack is AckMode.NONE and profile.capabilities.case_lifecycle:
            customer.receives_content(word)


def check_separate(conversations: Sequence[Conversation]) -> None:
    """Whether nobody of these has been sent anything that was said in another of them."""
    for one in conversations:
        others = [other for other in conversations if other is not one]
        private = [m for other in others for m in (*other.customer.said, *other.staff.said)]
        for listener in (one.customer, one.staff):
            listener.catch_up()
            check_nothing_of(listener, private)


def check_nothing_of(listener: Chatter, private: Iterable[InMsg]) -> None:
    """Whether ``listener`` has been sent nothing of ``private`` so far."""
    ours = listener.bench.is_ours
    tokens = [said.content.partition(" ")[0] for said in private if ours(said.content)]
    for event in listener.participant.deliveries():
        content = str(event.msg.get("content"))
        if any(token in content for token in tokens):
            raise broken(
                "isolation", "nothing of another's conversation", "a Receive", frame=shown(event)
            )


def enter_at_once(door: Door, accounts: Sequence[Account], *, alone: bool = True) -> list[Chatter]:
    """A connection of each of ``accounts``, upgraded at one instant, and logged in.

    Raises TargetUnavailable where one gets no 101.
    """
    known = [door.knows(account) for account in accounts]
    wires = [
        door.wire(each, f"{to.sn}/{n}")
        for n, (each, to) in enumerate(zip(known, accounts, strict=True))
    ]
    requests = [upgrade_request(each, new_key()) for each in known]
    answers = at_once(
        [
            partial(wire.shake_hands, request, door.patience())
            for wire, request in zip(wires, requests, strict=True)
        ]
    )
    chatters = []
    for wire, account, answer in zip(wires, accounts, answers, strict=True):
        if not isinstance(answer, ResponseHead) or answer.status != SWITCHING_PROTOCOLS:
            raise unopened(answer, door.bench.route.shown)
        chatters.append(door.take_in(Channel(wire), account, alone=alone))
    for chatter in chatters:
        door.log_in(chatter)
    return chatters


def at_once(steps: Sequence[Callable[[], Result]]) -> list[Result]:
    """Do all ``steps`` at one instant, each in a thread; their results in order.

    Raises what the first of them raised. Each step must bound its own waiting.
    """
    start = Barrier(len(steps))

    def begun(step: Callable[[], Result]) -> Result:
        start.wait()
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(begun, steps))
