"""The server's charts."""

from reports.series import bins
from reports.server_charts import server_charts
from schemas.load_records import Observed, Second
from schemas.server_side import CPU, MEMORY

SERIES = bins([Second(second=number, counts={"acked": 1}) for number in range(4)])


def test_what_was_observed_is_drawn_and_said() -> None:
    looks = [
        Observed(source="p", at_s=at, values={CPU: at * 0.25, MEMORY: (at + 1) * 1_048_576})
        for at in range(5)
    ]
    cpu, memory = server_charts(looks, SERIES)
    assert (cpu.title, cpu.says) == ("Server CPU", "between 0.25 and 0.25")
    assert memory.says.replace("\N{NARROW NO-BREAK SPACE}", " ") == "between 2 MiB and 5 MiB"
    assert "<svg" in cpu.svg


def test_without_looks_there_are_no_charts() -> None:
    assert server_charts([], SERIES) == []
