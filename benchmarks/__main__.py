"""``python -m benchmarks``: everything about the generator, one after the other, recorded.

Each prints its own figures; a missed bar does not keep the others from running.
"""

import argparse
import subprocess
import sys

FRAMES = "frame_cost"
RECORDED = ("generator_cost", "generator_models", "generator_memory", "connect_rate")


def main() -> int:
    """Exit code 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--note", default="", help="what else the machine did, for the record")
    note = parser.parse_args().note
    missed = _run(FRAMES)
    for name in RECORDED:
        missed |= _run(name, "--record", "--note", note)
    return int(missed)


def _run(name: str, *options: str) -> bool:
    print(f"\n== {name}", flush=True)
    argv = [sys.executable, "-m", f"benchmarks.{name}", *options]
    return subprocess.run(argv, check=False).returncode != 0  # noqa: S603 - our own modules


if __name__ == "__main__":
    sys.exit(main())
