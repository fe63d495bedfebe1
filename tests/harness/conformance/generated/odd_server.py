"""A reference server with one fault that no catalogue names: ``python odd_server.py FAULT``.

Each is something that a developer could well do, and that no enumerated case was written for.
"""

import sys
from collections import Counter

import yaml
from msgspec.structs import replace

from reference_server.dialect import Dialect
from reference_server.hall import Hall
from reference_server.honest import parts_of
from reference_server.inbound import Blame, Refusal, judge_members
from reference_server.rules import Rules
from reference_server.server import Settings, run
from schemas.account_tokens import DEMO_SECRET
from schemas.words import MessageType, Role


class ForgetsAfterThreeReturns(Hall):
    """From a customer's fourth login on, its unread messages are counted one too low."""

    def __init__(self, *args):
        super().__init__(*args)
        self._logins = Counter()

    def login(self, connection_id, identity, wanted=""):
        self._logins[identity.sn] += 1
        return super().login(connection_id, identity, wanted)

    def _unread_for(self, to, conversation):
        late = to.side is Role.CUSTOMER and self._logins[to.identity.sn] > 3
        return max(0, super()._unread_for(to, conversation) - late)


class LosesThirdImage(Hall):
    """The third image in a row is acknowledged and stored, and reaches nobody."""

    def __init__(self, *args):
        super().__init__(*args)
        self._row = Counter()

    def _publish(self, sender, conversation, msg, step):
        images = msg.type == MessageType.IMAGE
        self._row[sender.id] = self._row[sender.id] + 1 if images else 0
        if self._row[sender.id] != 3:
            super()._publish(sender, conversation, msg, step)


class LosesOneText(Hall):
    """The third text that a customer says is lost; it happens once and never again."""

    def __init__(self, *args):
        super().__init__(*args)
        self._texts = 0

    def _attend(self, conversation, entry, step):
        self._texts += entry.msg.type == MessageType.TEXT
        if self._texts != 3:
            super()._attend(conversation, entry, step)


class SwapsAfterTitle(Hall):
    """Of two messages of staff right after a title the second overtakes the first."""

    def __init__(self, *args):
        super().__init__(*args)
        self._since = {}
        self._held = {}

    def _publish(self, sender, conversation, msg, step):
        if msg.type == MessageType.TITLE:
            self._since[conversation.sn] = 0
        elif sender.side is Role.STAFF:
            self._since[conversation.sn] = self._since.get(conversation.sn, 9) + 1
        super()._publish(sender, conversation, msg, step)
        mine = [f for f in step.frames if f.output.msg is msg and f.connection != sender.id]
        if sender.side is Role.STAFF and self._since.get(conversation.sn) == 1:
            self._held[conversation.sn] = mine
            step.frames[:] = [f for f in step.frames if f not in mine]
        elif conversation.sn in self._held:
            step.frames += self._held.pop(conversation.sn)


class RepeatsToSecondDevice(Hall):
    """A device that logs in beside another gets the last of three missed messages twice."""

    def _replay(self, connection, conversation, step):
        super()._replay(connection, conversation, step)
        unread = conversation.unread[connection.side]
        if len(conversation.devices) > 1 and len(unread) >= 3:
            self._deliver(connection, conversation, unread[-1], step)


class ReadsOnRefusal(Hall):
    """A second refusal in a row marks everything as read."""

    def __init__(self, *args):
        super().__init__(*args)
        self._refused = Counter()

    def refuse(self, connection_id, refusal):
        connection = self._connections[connection_id]
        self._refused[connection_id] += 1
        step = super().refuse(connection_id, refusal)
        if self._refused[connection_id] == 2 and connection.side is Role.CUSTOMER:
            conversation = self._conversations[connection.identity.sn]
            conversation.mark_read(connection.side, conversation.newest)
        return step


class LeaksAfterReturn(Hall):
    """A returning staff member is still sent what its former customer says to its successor."""

    def __init__(self, *args):
        super().__init__(*args)
        self._former = {}

    def _bind(self, connection, conversation, step):
        self._former.setdefault(conversation.sn, connection)
        super()._bind(connection, conversation, step)

    def _attend(self, conversation, entry, step):
        super()._attend(conversation, entry, step)
        former = self._former.get(conversation.sn)
        bound = former is not None and former.bound_to
        if bound and bound is not conversation and former.id in self._connections:
            self._deliver(former, conversation, entry, step)


def _trimming(message):
    trimmed = message.content.endswith("\u3000") and message.type == MessageType.TEXT
    return replace(message, content=message.content[:-1]) if trimmed else message


HALLS = {
    "forgets-after-three-returns": ForgetsAfterThreeReturns,
    "loses-third-image": LosesThirdImage,
    "loses-one-text": LosesOneText,
    "swaps-after-title": SwapsAfterTitle,
    "repeats-to-second-device": RepeatsToSecondDevice,
    "reads-on-refusal": ReadsOnRefusal,
    "leaks-after-return": LeaksAfterReturn,
}


def parts(name):
    honest = parts_of(Dialect())
    if name in HALLS:
        return replace(honest, hall=HALLS[name])
    if name == "trims-ideographic-space":
        return replace(honest, judge=lambda text: _trimmed(honest.judge(text)))
    if name == "reads-yaml":
        return replace(honest, judge=lambda text: _leniently(text, honest.judge(text)))
    raise SystemExit(f"no such fault: {name}")


def _trimmed(judged):
    return _trimming(judged) if hasattr(judged, "content") else judged


def _leniently(text, judged):
    """YAML is nearly JSON: it takes single quotes, bare names and trailing commas as well."""
    if not isinstance(judged, Refusal) or judged.blame is not Blame.SYNTAX:
        return judged
    try:
        members = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return judged
    return judge_members(members) if isinstance(members, dict) else judged


if __name__ == "__main__":
    sys.exit(run(Settings(DEMO_SECRET, rules=Rules(), parts=parts(sys.argv[1]))))
