"""A short talk with a hall put together from parts, without sockets: what each connection hears."""

import json
from collections.abc import Iterable
from typing import Any

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

    def login(self, number: int, sn: str, role: Role) -> None:
        self.texts[number] = []
        self._hear(self.hall.login(number, Identity(sn, role, f"name of {sn}")).frames)

    def say(self, number: int, message: InMsg) -> None:
        self.say_text(number, encode(message).decode())

    def say_text(self, number: int, raw: str) -> None:
        judged = self.parts.judge(raw)
        if isinstance(judged, Refusal):
            self._hear(self.hall.refuse(number, judged).frames)
        elif not self.parts.drops(judged):
            self._hear(self.hall.handle(number, judged, NOW).frames)

    def _hear(self, frames: list[Frame]) -> None:
        for frame in self.parts.arrange(frames):
            if frame.connection in self.texts:
                self.texts[frame.connection].append(self.parts.encode(frame.output))

    def heard(self, number: int) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.texts[number]]


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
