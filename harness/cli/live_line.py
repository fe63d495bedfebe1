"""What a load master prints while it runs: one JSON object a line, told apart by ``event``."""

import msgspec


class Live(msgspec.Struct, frozen=True, tag_field="event", tag="progress"):
    """How the load stands; ``act`` is where it is. ``elapsed_s`` counts from t0."""

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
