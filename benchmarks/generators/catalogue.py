"""The load generators that are compared, and how each is told to do the same.

Knows command lines and plans; nothing of what is measured.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from harness.populations.habits import CustomerHabits, Span
from harness.swarm.plan import Limits, LoadPlan, Model, encode_plan
from schemas.messages import encode, text

HERE = Path(__file__).parent
CONNECTIONS = 50
BARE, OURS, STOCK = "bare picows loop", "chatsocket", "stock Locust"
ONLY_TEXTS = CustomerHabits(
    text=1.0,
    image=0.0,
    title=0.0,
    text_chars=(16, 16),
    read_share=0.0,
    receipt_share=0.0,
    think=Span(0.0),
)
MESSAGE = encode(text("0123456789abcdef0123 您好，請問這個商品還有現貨嗎")).decode()
"""As long as what our customers say on average; the books of the server tell."""
IN_ASCII = MESSAGE.encode().decode("ascii", "replace").replace("\N{REPLACEMENT CHARACTER}", "-")
"""As many bytes: Tsung 1.7 ends a user whose message has a character beyond Latin-1."""


class Task(msgspec.Struct, frozen=True):
    """Where to send, with room for files, and which worker processes take part."""

    url: str
    folder: Path


class Command(msgspec.Struct, frozen=True):
    """A process to start: its words, and what its environment has beside ours."""

    argv: list[str]
    extra: Mapping[str, str] = {}


class Generator(msgspec.Struct, frozen=True):
    """``program`` must be on the PATH ("" needs none)."""

    name: str
    command: Callable[[Task], Command]
    program: str = ""

    @property
    def here(self) -> bool:
        """Whether it can be started on this machine."""
        return not self.program or shutil.which(self.program) is not None


def plan_file(task: Task, **changes: Any) -> Path:
    """A plan of ours: texts alone, and nobody reads. ``changes`` are fields of the plan."""
    values: dict[str, Any] = {
        "run_id": "bench",
        "run": "bench0",
        "customers": CONNECTIONS,
        "staff": 0,
        "rate": 1.0,
        "duration_s": 24 * 3600.0,
        "out": str(task.folder),
        "url": f"{task.url}?sn={{sn}}",
        "model": Model.CLOSED,
        "customer": ONLY_TEXTS,
        "limits": Limits(connects_per_s=2_000.0, connect_deadline_s=120.0),
    }
    path = task.folder / "plan.json"
    path.write_bytes(encode_plan(LoadPlan(**(values | changes))))
    return path


def ours(task: Task, **changes: Any) -> Command:
    """``chatsocket load`` as it starts its processes, for a plan."""
    file = plan_file(task, **changes)
    return Command([sys.executable, "-m", "scenarios", "master", "--plan", str(file)])


def _bare(task: Task) -> Command:
    module = "benchmarks.generators.bare_loop"
    return Command([sys.executable, "-m", module, task.url, str(CONNECTIONS), MESSAGE])


def _stock(task: Task) -> Command:
    number = str(CONNECTIONS)
    script = str(HERE / "stock_locust.py")
    argv = [sys.executable, "-m", "locust", "-f", script, "--headless", "-u", number, "-r", number]
    return Command([*argv, "--loglevel", "ERROR", "--only-summary"], _said(task))


def _k6(task: Task) -> Command:
    return Command(["k6", "run", "--quiet", "--no-summary", str(HERE / "k6.js")], _said(task))


def _artillery(task: Task) -> Command:
    return Command(["artillery", "run", "--quiet", str(HERE / "artillery.yml")], _said(task))


def _tsung(task: Task) -> Command:
    address, file = urlsplit(task.url), task.folder / "tsung.xml"
    places = {
        "@DTD@": os.environ.get("TSUNG_DTD", "/usr/share/tsung/tsung-1.0.dtd"),
        "@HOST@": str(address.hostname),
        "@PORT@": str(address.port),
        "@PATH@": address.path,
        "@MESSAGE@": IN_ASCII,
    }
    text = (HERE / "tsung.xml").read_text("utf-8")
    for place, value in places.items():
        text = text.replace(place, value)
    file.write_text(text, "utf-8")
    return Command(["tsung", "-f", str(file), "-l", str(task.folder / "tsung"), "start"])


def _said(task: Task) -> dict[str, str]:
    return {
        "BENCH_URL": task.url,
        "BENCH_MESSAGE": MESSAGE,
        "BENCH_CONNECTIONS": str(CONNECTIONS),
    }


GENERATORS = (
    Generator(BARE, _bare),
    Generator(OURS, ours),
    Generator(STOCK, _stock),
    Generator("k6", _k6, "k6"),
    Generator("Artillery", _artillery, "artillery"),
    Generator("Tsung", _tsung, "tsung"),
)
