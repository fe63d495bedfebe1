"""A short talk with a hall put together from parts, without sockets: what each connection hears."""

import json
from collections.abc import Iterable
from typing import Any

from reference_server.faults import assemble
from reference_server.inbound import Refusal
from reference_server.outgoing import Frame
from reference_server.parts import Parts
from schemas.account_tokens import Identity
from schemas.messages import InMsg, confirm, encode, image, receipt, text, title
from schemas.words import Role, TitleType

NOW = 1_800_000_000_000
C1, S1, C2 = 1, 2, 3
Heard = dict[int, list[dict[str, Any]]]
Texts = list[bytes]


class Talk:
    """A hall and what its connections hear."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.hall = parts.hall()
        self.texts: dict[int, Texts] = {}
        self.now_ms = NOW

    def login(self, number: int, sn: str, role: Role) -> None:
        self.texts[number] = []
        self._hear(self.hall.login(number, named(sn, role)).frames)

    def leave(self, number: int) -> None:
        del self.texts[number]
        self._hear(self.hall.leave(number).frames)

    def post(self, number: int, sn: str, message: InMsg) -> None:
        self._hear(self.hall.post(number, named(sn, Role.CUSTOMER), message, self.now_ms).frames)

    def say(self, number: int, message: InMsg) -> None:
        self.say_text(number, encode(message).decode())

    def say_text(self, number: int, raw: str) -> None:
        judged = self.parts.judge(raw)
        if isinstance(judged, Refusal):
            self._hear(self.hall.refuse(number, judged).frames)
        elif not self.parts.drops(judged):
            self._hear(self.hall.handle(number, judged, self.now_ms).frames)

    def _hear(self, frames: list[Frame]) -> None:
        for frame in self.parts.arrange(frames):
            if frame.connection in self.texts:
                self.texts[frame.connection].append(self.parts.encode(frame.output))

    def heard(self, number: int) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.texts[number]]

    def told(self, number: int) -> list[dict[str, Any]]:
        """What was delivered there since this was last asked."""
        heard = [each for each in self.heard(number) if each["MsgStatus"] == "Receive"]
        self.texts[number].clear()
        return heard

    def answer(self, number: int, message: InMsg) -> dict[str, Any]:
        """The last frame that saying ``message`` brought to who said it."""
        self.say(number, message)
        return self.heard(number)[-1]


def named(sn: str, role: Role) -> Identity:
    """An account, as it is called here."""
    return Identity(sn, role, f"name of {sn}")


def stage(*faults: str) -> Talk:
    """A server with these faults, to which C1 and S1 have come; S1 is idle."""
    scene = Talk(assemble(faults, Parts()))
    scene.login(C1, "C1", Role.CUSTOMER)
    scene.login(S1, "S1", Role.STAFF)
    return scene


def talk(parts: Parts) -> Talk:
    """C1 and S1 talk, C2 stands by."""
    scene = Talk(parts)
    scene.login(C1, "C1", Role.CUSTOMER)
    scene.login(S1, "S1", Role.STAFF)
    scene.login(C2, "C2", Role.CUSTOMER)
    scene.say(S1, text("not bound"))
    scene.say(S1, confirm("C1"))
    for words in ("one", "two", "three"):
        scene.say(C1, text(words))
    scene.say(C1, receipt())
    scene.say(C1, image("/a.jpg"))
    scene.say(C1, title(TitleType.PRO, "P-1001"))
    scene.say(S1, text("you know who 👋"))
    return scene


def words(heard: Iterable[dict[str, Any]], status: str) -> list[str]:
    """The contents of the frames of one status, in order."""
    return [each["msg"]["content"] for each in heard if each["MsgStatus"] == status and each["msg"]]
