"""What a process measures, by second."""

from harness.swarm.meter import ACK_BY_KIND, BEFORE, Meter, Series, is_part

NS = 1_000_000_000
T0 = 50 * NS


def started(warm_up_s: float = 0.0) -> Meter:
    meter = Meter()
    meter.start(T0, warm_up_s)
    return meter


def test_a_latency_belongs_to_the_second_of_its_completion() -> None:
    meter = started()
    meter.latency(Series.ACK, T0 + NS - 5_000_000, T0 + NS - 2_000_000, T0 + NS + 5_000_000)
    seconds = meter.take()
    assert list(seconds) == [1]
    assert seconds[1].latency["ack"].sum_us == 10_000
    assert seconds[1].service["ack"].sum_us == 7_000
    assert meter.largest_us == 10_000


def test_what_was_due_in_the_warm_up_is_shown_but_not_measured() -> None:
    meter = started(warm_up_s=1.0)
    meter.latency(Series.ACK, T0, T0, T0 + 2 * NS)
    meter.latency(Series.ACK, T0 + NS, T0 + NS, T0 + 2 * NS)
    data = meter.take()[2]
    assert data.warm["ack"].count == 1
    assert data.latency["ack"].sum_us == 1_000_000


def test_before_t0_there_is_one_second_without_a_number() -> None:
    meter = Meter()
    meter.latency(Series.LOGIN, NS, NS, 2 * NS)
    meter.count("received", 3 * NS)
    seconds = meter.take()
    assert list(seconds) == [BEFORE]
    assert seconds[BEFORE].counts == {"received": 1}
    assert seconds[BEFORE].latency["login"].count == 1


def test_take_empties() -> None:
    meter = started()
    meter.count("sent", T0, times=3)
    assert meter.take()[0].counts == {"sent": 3}
    assert meter.take() == {}


def test_a_part_is_measured_in_the_sum_and_in_no_second() -> None:
    meter = started(warm_up_s=1.0)
    meter.total(Series.ACK_IMAGE, T0, T0, T0 + NS)
    meter.total(Series.ACK_IMAGE, T0 + 2 * NS, T0 + 2 * NS + 1_000, T0 + 2 * NS + 5_000_000)
    seconds = meter.take()
    assert list(seconds) == [BEFORE]
    assert seconds[BEFORE].latency["ack.image"].sum_us == 5_000
    assert seconds[BEFORE].service["ack.image"].count == 1


def test_what_has_a_dot_is_a_part() -> None:
    assert {name for name in Series if is_part(name)} == set(ACK_BY_KIND.values())
