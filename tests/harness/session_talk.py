"""A session without sockets, and the frames a server might send it."""

import json
from typing import Any

from harness.session import Session
from harness.session_rules import SessionRules
from schemas.account_tokens import Identity
from schemas.findings import Finding
from schemas.messages import InMsg
from schemas.words import Role

CUSTOMER = Identity("C1", Role.CUSTOMER, "陳大文")
STAFF = Identity("S1", Role.STAFF, "林小姐")


class Talk:
    """A session with its findings, and the frames a server might send it."""

    def __init__(self, identity: Identity = CUSTOMER, **rules: Any) -> None:
        self.identity = identity
        self.findings: list[Finding] = []
        self.session = Session(identity, self.findings.append, SessionRules(**rules))

    @property
    def broken(self) -> list[str]:
        return [finding.clause for finding in self.findings]

    def feed(self, frame: dict[str, Any] | str) -> list[Any]:
        data = frame if isinstance(frame, str) else json.dumps(frame)
        return list(self.session.receive(data.encode()))

    def login(self) -> "Talk":
        self.feed({"MsgStatus": "Login", "Result": True})
        return self

    def msg(self, message: InMsg, sender: Identity | None = None) -> dict[str, Any]:
        sender = sender or self.identity
        return {
            "SendSn": sender.sn,
            "SendName": sender.name,
            "SendType": sender.role,
            "type": message.type,
            "content": message.content,
            "titletype": message.titletype,
            "time": "2026-11-22T10:00:00.000+08:00",
            "read": False,
        }

    def ack(self, message: InMsg, **changes: Any) -> dict[str, Any]:
        return {"MsgStatus": "Send", "Result": True, "msg": self.msg(message)} | changes

    def delivery(self, message: InMsg, count: int, sender: Identity) -> dict[str, Any]:
        status = {"MsgStatus": "Receive", "Result": True, "NoReadQty": count}
        return status | {"msg": self.msg(message, sender)}
