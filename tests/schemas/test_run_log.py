"""A run's folder read back, whatever became of the run."""

from pathlib import Path

from harness.run_log import header
from schemas.load_records import LoadPlanned, Second
from schemas.records import Target, encode
from schemas.run_log import LEFT_OVER, LOAD_LOG, RUN_LOG, read_run

PLANNED = LoadPlanned(
    scenario="steady",
    model="open-constant",
    rate=10,
    duration_s=5,
    warm_up_s=0,
    customers=2,
    staff=1,
    workers=1,
    seed=1,
)


def killed(folder: Path, *lines: bytes) -> None:
    """A run whose command was killed: no footer, and its load's own log still there."""
    made = header(
        run_id="r",
        command=["chatsocket"],
        seed=1,
        parts=["load"],
        target=Target(url="ws://t/", profile_name="t", profile={}),
    )
    (folder / RUN_LOG).write_bytes(encode(made))
    (folder / LOAD_LOG).write_bytes(b"".join(lines))


def test_what_a_killed_run_had_measured_is_read_as_a_partial_run(tmp_path: Path) -> None:
    cut_off = encode(Second(second=1, counts={}))[:-9]
    killed(tmp_path, encode(PLANNED), encode(Second(second=0, counts={"sent": 9})), cut_off)
    run = read_run(tmp_path)
    assert run.partial
    assert run.plan is not None
    assert [second.counts["sent"] for second in run.seconds] == [9]
    assert [note.text for note in run.notes] == [LEFT_OVER]
    assert run.damaged == []


def test_a_run_that_ended_has_nothing_left_over(tmp_path: Path) -> None:
    killed(tmp_path)
    (tmp_path / LOAD_LOG).unlink()
    run = read_run(tmp_path)
    assert run.notes == run.seconds == []
