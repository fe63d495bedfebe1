"""Kills the reference server under load, again and again, and looks what is left.

Customers and staff send as fast as they are answered; SIGKILL comes at a random moment; the server
is started again on the same file. What was acknowledged must then be there, in the order of
sending, once. Half of the conversations are read after each kill; the others, of fewer messages,
never, so that the oldest have to outlive every kill.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.performance_page import append_row
from benchmarks.processes import Program, running
from schemas.account_tokens import Identity, mint
from schemas.messages import InMsg, confirm, encode, receipt, text
from schemas.words import MsgStatus, Role

HEADING = "The reference server: durability"
CONVERSATIONS, IN_FLIGHT = 8, 4
KEPT_PER_KILL = 50
LOAD_S = (0.2, 1.0)
DEADLINE_S = 60
SENTINEL = '{"type":"whatever is refused"}'


@dataclass
class Sender:
    """One side of one conversation: what it sent in order, and what of it was acknowledged."""

    sn: str
    role: Role
    sent: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)

    def next_message(self, kill: int) -> InMsg | None:
        """One more, unlike all others; None when that is all before this kill."""
        if not is_read(self.sn) and len(self.sent) >= KEPT_PER_KILL * (kill + 1):
            return None
        self.sent.append(f"{self.role}.{self.sn}.{kill}.{len(self.sent)}")
        return text(self.sent[-1])

    def forget(self) -> None:
        """All of this was read and is not shown again."""
        self.sent.clear()
        self.acknowledged.clear()


@dataclass(frozen=True)
class Verdict:
    """What became of the messages of some senders. ``looked_for`` were acknowledged; a message that
    is never read is looked for after every kill. ``survived``: unanswered, and yet stored.
    """

    looked_for: int = 0
    unknown: int = 0
    survived: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    never_sent: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return not (self.lost or self.doubled or self.out_of_order or self.never_sent)

    def __add__(self, other: "Verdict") -> "Verdict":
        mine, theirs = vars(self), vars(other)
        return Verdict(**{name: mine[name] + theirs[name] for name in mine})


def judge(sender: Sender, found: Sequence[str]) -> Verdict:
    """What is wrong with ``found``, the messages of ``sender`` as they were replayed."""
    places = {content: place for place, content in enumerate(sender.sent)}
    known = [places[content] for content in found if content in places]
    first = list(dict.fromkeys(known))
    return Verdict(
        looked_for=len(sender.acknowledged),
        unknown=len(sender.sent) - len(sender.acknowledged),
        survived=len(set(found).intersection(places) - sender.acknowledged),
        lost=len(sender.acknowledged.difference(found)),
        doubled=sum(times - 1 for times in Counter(known).values()),
        out_of_order=sum(later < earlier for earlier, later in pairwise(first)),
        never_sent=len(found) - len(known),
    )


async def log_in(url: str, sn: str, role: Role) -> ClientConnection:
    """A connection after its ``Login``."""
    token = mint(Identity(sn, role, sn))
    socket = await connect(
        url,
        additional_headers={"Authorization": f"Bearer {token}"},
        compression=None,
        proxy=None,
        max_size=None,
        max_queue=None,
    )
    await socket.recv()
    return socket


async def talk(url: str, sender: Sender, kill: int, ready: asyncio.Semaphore) -> None:
    """Send as fast as answers come, until the server is gone."""
    staff = sender.role is Role.STAFF
    socket = await log_in(url, f"S-{sender.sn}" if staff else sender.sn, sender.role)
    if staff:
        await socket.send(encode(confirm(sender.sn)), text=True)
    try:
        for _ in range(IN_FLIGHT):
            await say_more(socket, sender, kill)
        ready.release()
        async for frame in socket:
            content = acknowledged(json.loads(frame))
            if content is not None:
                sender.acknowledged.add(content)
                await say_more(socket, sender, kill)
    except ConnectionClosed:
        return


async def say_more(socket: ClientConnection, sender: Sender, kill: int) -> None:
    """The sender's next message, if there is one."""
    message = sender.next_message(kill)
    if message is not None:
        await socket.send(encode(message), text=True)


def acknowledged(frame: dict[str, object]) -> str | None:
    """The content of an acknowledged text."""
    msg = frame["msg"]
    if frame["MsgStatus"] != MsgStatus.SEND or not frame["Result"] or not isinstance(msg, dict):
        return None
    return str(msg["content"]) if msg["type"] == "text" else None


async def replayed(socket: ClientConnection) -> dict[str, list[str]]:
    """The texts that come by themselves, in order, by who sent them."""
    await socket.send(SENTINEL)
    found: dict[str, list[str]] = {}
    async for raw in socket:
        frame = json.loads(raw)
        if frame["MsgStatus"] == MsgStatus.SEND:
            return found
        if frame["msg"]["type"] == "text":
            found.setdefault(frame["msg"]["SendSn"], []).append(frame["msg"]["content"])
    raise ConnectionError("the server ended the connection in the middle of a replay")


async def ask(socket: ClientConnection, message: InMsg) -> None:
    """Say it, and wait for its acknowledgement."""
    await socket.send(encode(message), text=True)
    async for raw in socket:
        frame = json.loads(raw)
        if frame["MsgStatus"] == MsgStatus.SEND:
            assert frame["Result"], frame
            return


async def load_and_kill(program: Program, senders: list[Sender], kill: int, seconds: float) -> None:
    """Let everybody send, and kill the server in the middle of it."""
    for sn in {sender.sn for sender in senders}:
        await (await log_in(program.url, sn, Role.CUSTOMER)).close()
    ready = asyncio.Semaphore(0)
    talks = [asyncio.create_task(talk(program.url, each, kill, ready)) for each in senders]
    for _ in senders:
        await ready.acquire()
    await asyncio.sleep(seconds)
    program.process.send_signal(signal.SIGKILL)
    await asyncio.wait_for(asyncio.gather(*talks), DEADLINE_S)


async def look(url: str, senders: list[Sender]) -> Verdict:
    """What a new server shows of everything: one staff connection is offered all conversations,
    each customer is replayed its own. Then some of it is read.
    """
    staff = await log_in(url, "S-auditor", Role.STAFF)
    by_customer = await replayed(staff)
    verdict = Verdict()
    for sender in senders:
        if sender.role is Role.CUSTOMER:
            verdict += judge(sender, by_customer.get(sender.sn, []))
            continue
        customer = await log_in(url, sender.sn, Role.CUSTOMER)
        verdict += judge(sender, (await replayed(customer)).get(f"S-{sender.sn}", []))
        if is_read(sender.sn):
            await ask(customer, receipt())
        await customer.close()
    await read_as_staff(url, staff, senders)
    return verdict


async def read_as_staff(url: str, staff: ClientConnection, senders: list[Sender]) -> None:
    """Staff reads half of the conversations; the senders forget what nobody will see again."""
    await staff.close()
    for sender in senders:
        if is_read(sender.sn):
            if sender.role is Role.STAFF:
                reader = await log_in(url, f"S-{sender.sn}", Role.STAFF)
                await ask(reader, confirm(sender.sn))
                await replayed(reader)
                await ask(reader, receipt())
                await reader.close()
            sender.forget()


def is_read(sn: str) -> bool:
    """Every second conversation is read after each kill."""
    return int(sn.rpartition("-")[2]) % 2 == 0


def kill_often(kills: int, rng: random.Random, extra: Sequence[str]) -> Verdict:
    """All kills in a row on one file."""
    names = [f"C-{number}" for number in range(CONVERSATIONS)]
    senders = [Sender(sn, role) for sn in names for role in Role]
    total = Verdict()
    with tempfile.TemporaryDirectory() as folder:
        server = ("-m", "reference_server", "--db", f"{folder}/chat.sqlite3", *extra)
        for kill in range(kills):
            seconds = rng.uniform(*LOAD_S)
            with running(*server) as program:
                asyncio.run(load_and_kill(program, senders, kill, seconds))
            with running(*server) as program:
                verdict = asyncio.run(asyncio.wait_for(look(program.url, senders), DEADLINE_S))
            print(f"kill {kill + 1} after {seconds:.2f} s: {verdict}", flush=True)
            total += verdict
    return total


def main() -> int:
    """Print what each kill left; exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=None, help="decides the moments of the kills")
    parser.add_argument("--record", action="store_true", help="append to docs/performance.md")
    parser.add_argument("server_option", nargs="*", help="after --: options of the server")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    rng = random.Random(seed)  # noqa: S311 - moments, not secrets
    total = kill_often(options.kills, rng, options.server_option)
    word = "kept" if total.is_clean else "BROKEN"
    print(f"{options.kills} kills: {total}: {word}")
    if options.record:
        unknown = f"{total.unknown}, {total.survived}"
        wrong = (total.lost, total.doubled, total.out_of_order)
        cells = [options.kills, total.looked_for, unknown, *wrong, f"{word} (seed {seed})"]
        append_row(HEADING, [str(cell) for cell in cells])
    return int(not total.is_clean)


if __name__ == "__main__":
    sys.exit(main())
