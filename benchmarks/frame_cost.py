"""What judging one server frame costs, against a bare parse of the same bytes in the same round.

    python benchmarks/frame_cost.py [--rounds 9]

Each round times every step once, in rotated order; the figure is the median of the ratios within a
round, with their range, so that a slow minute of the machine slows both sides of a ratio.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

import orjson

from schemas.json_text import read
from schemas.judge import FrameJudge
from schemas.registry import Direction, compiled

STEP_S = 0.05
BASE = "orjson.loads"

MESSAGE = {
    "SendSn": "C1",
    "SendName": "陳大文",
    "SendType": "customer",
    "type": "text",
    "content": "您好，請問這個商品還有貨嗎？",
    "time": "2026-11-22T10:00:00.123+08:00",
    "read": False,
    "titletype": None,
    "location": {"addr": "台北", "latitude": 25.03, "longitude": 121.5},
    "info": None,
}
RECEIVE = {"MsgStatus": "Receive", "Result": True, "msg": MESSAGE, "Error": None, "NoReadQty": 1}
BROKEN = RECEIVE | {"Result": "true"}
FRAMES = {
    "Receive, compact UTF-8": json.dumps(RECEIVE, ensure_ascii=False, separators=(",", ":")),
    "Receive, spaced ASCII": json.dumps(RECEIVE),
    "Receive with a member too many": json.dumps(RECEIVE | {"Version": 2}),
    "Receive, Result a string": json.dumps(BROKEN, ensure_ascii=False),
}


def steps(data: bytes) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    validators = compiled(Direction.SERVER)
    judge = FrameJudge()
    value = orjson.loads(data)
    return {
        BASE: lambda: orjson.loads(data),
        "json.loads": lambda: json.loads(data),
        "jsonschema-rs is_valid": lambda: validators.fast.is_valid(value),
        "jsonschema is_valid": lambda: validators.full.is_valid(value),
        "jsonschema iter_errors": lambda: list(validators.full.iter_errors(value)),
        "text, token by token": lambda: read(data),
        "whole judge": lambda: judge.judge(data),
    }


def microseconds(step: Callable[[], object]) -> float:
    """The time of one call, from as many as fit into :data:`STEP_S`."""
    calls = 1
    while True:
        start = time.perf_counter_ns()
        for _ in range(calls):
            step()
        spent = time.perf_counter_ns() - start
        if spent >= STEP_S * 1e9:
            return spent / calls / 1e3
        calls = max(calls * 2, int(calls * STEP_S * 1e9 / max(spent, 1)))


def measure(data: bytes, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """For each step, each round's time in µs and its ratio to the bare parse of that round."""
    todo = steps(data)
    names = list(todo)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        times = {name: microseconds(todo[name]) for name in names[turn:] + names[:turn]}
        for name, spent in times.items():
            found[name].append((spent, spent / times[BASE]))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="at least 1 (default 9)")
    rounds = max(parser.parse_args().rounds, 1)
    named = (f"{name} {version(name)}" for name in ("orjson", "jsonschema-rs", "jsonschema"))
    print(", ".join(named), f"({rounds} rounds)")
    for title, text in FRAMES.items():
        data = text.encode()
        print(f"\n{title} ({len(data)} bytes)")
        print(f"  {'':24}{'µs':>9}{'ratio':>9}   range")
        for name, samples in measure(data, rounds).items():
            ratios = [ratio for _, ratio in samples]
            spent = statistics.median(time_us for time_us, _ in samples)
            middle = statistics.median(ratios)
            print(f"  {name:24}{spent:9.2f}{middle:9.2f}   {min(ratios):.2f}–{max(ratios):.2f}")


if __name__ == "__main__":
    main()
