"""What a load master prints while it runs: one JSON object a line, told apart by ``event``."""

import msgspec

from schemas.load_records import LoadTotals


class Live(msgspec.Struct, frozen=True, tag_field="event", tag="progress"):
    """How the load stands; ``act`` is where it is. ``elapsed_s`` counts from t0.

    Quantiles are of acknowledgements so far, from their due time; ``totals`` are the sums of what
    is certain by now.
    """

    act: str
    elapsed_s: float
    duration_s: float | None
    logged_in: int
    rate: int
    sent: int
    acked: int
    delivered: int
    anomalies: int
    invalid: int
    failed_connects: int
    errors: int
    due: int = 0
    received: int = 0
    ack_p50_us: int | None = None
    ack_p99_us: int | None = None
    totals: LoadTotals | None = None

    def reading(self) -> dict[str, float]:
        """The numbers that are known, by name; latencies in s."""
        latencies = {"ack_p50_s": self.ack_p50_us, "ack_p99_s": self.ack_p99_us}
        numbers: dict[str, float] = {name: getattr(self, name) for name in _NUMBERS}
        return numbers | {name: us / 1e6 for name, us in latencies.items() if us is not None}


_NUMBERS = (
    *("elapsed_s", "logged_in", "rate", "due", "sent", "acked", "received", "delivered"),
    *("anomalies", "invalid", "failed_connects", "errors"),
)


class Listening(msgspec.Struct, frozen=True, tag_field="event", tag="listening"):
    """The master accepts workers."""


class Ended(msgspec.Struct, frozen=True, tag_field="event", tag="ended"):
    """The load is over; ``reason`` says why an incomplete one ended early."""

    complete: bool
    reason: str = ""


_decoder: msgspec.json.Decoder[Live | Listening | Ended] = msgspec.json.Decoder(
    Live | Listening | Ended
)


def read_line(line: bytes) -> Live | Listening | Ended | None:
    """One line as a value; None for one that is none of these."""
    try:
        return _decoder.decode(line)
    except msgspec.DecodeError:
        return None
