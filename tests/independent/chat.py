"""A second reading of the contract, written from its text alone: who hears what, and how often.

State is plain dictionaries; a peer is a dictionary whose ``send`` takes a JSON object. Knows no
socket, and imports nothing of this project: it is a witness.
"""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

ROLE_WORDS = {"customer": "member", "staff": "agent"}
TAKES, CLOSES, CASE = "assignment", "confirm", "case:"
GOODS = {f"SKU{n}": ("盒裝茶葉", "上架", f"{n * 3}.00") for n in range(100, 160)}
ORDERS = {f"20261{n}": ("訂單", "出貨中", f"{n}.50") for n in range(100, 160)}
WORDS = {"text": (), "image": (), "title": ("pro", "order", "other"), "staff": (TAKES, CLOSES)}
CDN = "https://cdn.example.test"


class Refusal(Exception):
    """What a message is refused for; the text goes into ``Error``."""


def read_json(text: str | bytes) -> object:
    """Any JSON text; Refusal when it is none."""

    def no_constant(name: str) -> None:
        raise Refusal(f"{name} 不是 JSON")

    try:
        return json.loads(text, parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise Refusal("無法解析 JSON") from None


def checked(value: object) -> Json:
    """The four members of a message, null filled in; Refusal where the grammar forbids it."""
    if not isinstance(value, dict):
        raise Refusal("需要 JSON 物件")
    kinds = {"type": str, "content": str, "read": bool, "titletype": str}
    for name, kind in kinds.items():
        if value.get(name) is not None and not isinstance(value[name], kind):
            raise Refusal(f"{name} 的型別不對")
    found: Json = {
        "type": value.get("type"),
        "content": value.get("content") or "",
        "read": value.get("read") or False,
        "titletype": value.get("titletype"),
    }
    if found["type"] not in WORDS:
        raise Refusal("未知的 type")
    allowed = WORDS[found["type"]]
    if allowed and found["titletype"] not in allowed:
        raise Refusal("titletype 不符合 type")
    if not found["content"] and not is_receipt(found):
        raise Refusal("content 不可為空")
    return found


def is_receipt(message: Json) -> bool:
    """Whether it only says that everything has been read."""
    return message["type"] == "text" and not message["content"] and bool(message["read"])


class Chat:
    """All conversations, by the customer's number, and everybody who is connected."""

    def __init__(self) -> None:
        self.cases: dict[str, Json] = {}
        self.peers: list[Json] = []
        self.turn = itertools.count()

    # Coming and going

    def join(self, account: Json, send: Callable[[Json], None]) -> Json:
        """A new connection of ``account``: its Login, and then what it has missed."""
        peer: Json = {"account": account, "send": send, "bound": None, "seen": {}, "turn": -1}
        self.peers.append(peer)
        send({"MsgStatus": "Login", "Result": True, "msg": None, "server": "independent"})
        if account["role"] == "customer":
            mine = self.cases.setdefault(account["sn"], new_case(account["sn"]))
            self.replay(mine, peer, "customer")
        else:
            self.offer_all()
        return peer

    def leave(self, peer: Json) -> None:
        """``peer`` is gone: what it held is somebody else's now."""
        self.peers.remove(peer)
        self.release(peer)
        self.offer_all()

    def release(self, peer: Json) -> None:
        peer["bound"] = None
        for case in self.cases.values():
            for hold in ("holder", "offered"):
                if case[hold] is peer:
                    case[hold] = None

    # A message

    def take(self, peer: Json, text: str) -> None:
        """Handle one text message of ``peer``."""
        try:
            message = checked(read_json(text))
            self.handle(peer, message)
        except Refusal as why:
            peer["send"](refused(why))

    def post(self, account: Json, value: object) -> Json:
        """Handle a message that came by plain HTTP; the answer. Raises Refusal."""
        answers: list[Json] = []
        peer: Json = {"account": account, "send": answers.append, "bound": None, "seen": {}}
        if account["role"] == "customer":
            self.cases.setdefault(account["sn"], new_case(account["sn"]))
        self.handle(peer, checked(value))
        return answers[0]

    def handle(self, peer: Json, message: Json) -> None:
        staff = peer["account"]["role"] == "staff"
        if message["type"] == "staff":
            if not staff:
                raise Refusal("只有客服可以指派")
            (self.assign if message["titletype"] == TAKES else self.finish)(peer, message)
            return
        sn = peer["bound"] if staff else peer["account"]["sn"]
        if sn is None:
            raise Refusal("尚未接手任何客戶")
        self.say(peer, self.cases[sn], message)

    def say(self, peer: Json, case: Json, message: Json) -> None:
        """Accept ``message`` into ``case``: answered first, then heard by the others."""
        side = peer["account"]["role"]
        msg = composed(peer["account"], case, message)
        self.mark_read(peer, case, side, message)
        if is_receipt(message):
            peer["send"](sent(msg))
            return
        other = "staff" if side == "customer" else "customer"
        case["log"].append({"by": side, "msg": msg})
        number = len(case["log"]) - 1
        case["unread"][other].append(number)
        peer["send"](sent(msg))
        self.spread(peer, case, number)

    def mark_read(self, peer: Json, case: Json, side: str, message: Json) -> None:
        newest = peer["seen"].get(case["sn"], -1)
        if message["read"]:
            case["unread"][side] = [n for n in case["unread"][side] if n > newest]

    def spread(self, peer: Json, case: Json, number: int) -> None:
        """Give message ``number`` to everybody who may hear it now."""
        for other in self.devices(case["sn"]):
            if other is not peer:
                self.give(case, other, "customer", number)
        if peer["account"]["role"] == "customer":
            holder = case["holder"] or case["offered"]
            if holder is not None:
                self.give(case, holder, "staff", number)
            else:
                self.offer(case)

    def give(self, case: Json, peer: Json, side: str, number: int, count: int = -1) -> None:
        seen = peer["seen"].get(case["sn"], -1)
        peer["seen"][case["sn"]] = max(seen, number)
        unread = len(case["unread"][side]) if count < 0 else count
        frame = {"MsgStatus": "Receive", "Result": True, "NoReadQty": unread}
        peer["send"]({**frame, "msg": case["log"][number]["msg"]})

    def replay(self, case: Json, peer: Json, side: str) -> None:
        """What ``side`` has not read and ``peer`` has not been sent, oldest first, counted up."""
        seen = peer["seen"].get(case["sn"], -1)
        for place, number in enumerate(list(case["unread"][side]), 1):
            if number > seen:
                self.give(case, peer, side, number, count=place)

    def devices(self, sn: str) -> list[Json]:
        return [peer for peer in self.peers if peer["account"]["sn"] == sn]

    # Staff

    def assign(self, peer: Json, message: Json) -> None:
        """``peer`` takes the case that the content names."""
        case = self.named(message)
        if peer["bound"] is not None:
            raise Refusal("請先結案")
        if case["holder"] is not None:
            raise Refusal("已有客服接手")
        self.say(peer, case, message)
        self.release(peer)
        peer["bound"], case["holder"], case["offered"] = case["sn"], peer, None
        self.replay(case, peer, "staff")
        self.offer_all()

    def finish(self, peer: Json, message: Json) -> None:
        """``peer`` closes its case."""
        case = self.named(message)
        if peer["bound"] != case["sn"]:
            raise Refusal("不是您的客戶")
        self.say(peer, case, message)
        self.release(peer)
        self.offer_all()

    def named(self, message: Json) -> Json:
        sn = message["content"].removeprefix(CASE)
        if not message["content"].startswith(CASE) or sn not in self.cases:
            raise Refusal("查無此客戶")
        return self.cases[sn]

    # Offers

    def offer_all(self) -> None:
        for case in self.cases.values():
            self.offer(case)

    def offer(self, case: Json) -> None:
        """Give an unattended case with unread messages to whoever has waited longest for one.

        Not to somebody who has been sent all of them before.
        """
        if not case["unread"]["staff"] or case["holder"] or case["offered"]:
            return
        free = [p for p in self.peers if p["account"]["role"] == "staff" and p["bound"] is None]
        newest = case["unread"]["staff"][-1]
        fresh = [peer for peer in free if peer["seen"].get(case["sn"], -1) < newest]
        if fresh:
            chosen = min(fresh, key=lambda peer: (case["sn"] in peer["seen"], peer["turn"]))
            chosen["turn"] = next(self.turn)
            case["offered"] = chosen
            self.replay(case, chosen, "staff")


def new_case(sn: str) -> Json:
    """A customer's conversation before anybody has said anything."""
    unread: Json = {"customer": [], "staff": []}
    return {"sn": sn, "log": [], "unread": unread, "holder": None, "offered": None, "clock": ""}


def composed(account: Json, case: Json, message: Json) -> Json:
    """The ``msg`` of an accepted message; Refusal for a number that the shop does not know."""
    customer = account["role"] == "customer"
    msg = {
        "SendSn": account["sn"],
        "SendName": account["name"],
        "SendType": ROLE_WORDS[account["role"]],
        "type": message["type"],
        "content": completed(message),
        "read": message["read"],
        "location": {"addr": "臺北市", "latitude": 25, "longitude": 121.5} if customer else None,
        "info": looked_up(message),
    }
    if message["type"] in ("title", "staff"):
        msg["titletype"] = message["titletype"]
    msg = {name: value for name, value in msg.items() if value is not None}
    case["clock"] = max(case["clock"], datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f+0000"))
    return {**msg, "time": case["clock"]}


def completed(message: Json) -> str:
    """Images get the host that serves them."""
    content: str = message["content"]
    return CDN + content if message["type"] == "image" and content.startswith("/") else content


def looked_up(message: Json) -> Json | None:
    """Name, status and price of a product or an order; None for anything else."""
    shelf = {"pro": GOODS, "order": ORDERS}.get(message["titletype"])
    if message["type"] != "title" or shelf is None:
        return None
    if message["content"] not in shelf:
        raise Refusal("查無此編號")
    return dict(zip(("name", "status", "price"), shelf[message["content"]], strict=True))


def sent(msg: Json) -> Json:
    """The answer to an accepted message."""
    return {"MsgStatus": "Send", "Result": True, "msg": msg}


def refused(why: Refusal) -> Json:
    """The answer to a message that was not accepted."""
    return {"MsgStatus": "Send", "Result": False, "Error": str(why)}
