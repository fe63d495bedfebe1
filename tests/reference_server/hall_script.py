"""A hall played by names: they log in, speak and leave; what each is sent comes back as lines."""

from reference_server.conversation import Past
from reference_server.dialect import Dialect
from reference_server.hall import Hall
from reference_server.steps import Step
from schemas.account_tokens import Identity
from schemas.messages import InMsg
from schemas.words import Role

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
