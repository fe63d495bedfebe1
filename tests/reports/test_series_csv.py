import csv
import io
from collections.abc import Callable

from reports import series_csv
from reports.material import Material, read_material
from schemas.histogram import HistogramData
from schemas.load_records import Second


def table(material: Material) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(series_csv.render(material))))


def test_series_csv(material: Material, golden: Callable[[str, str], None]) -> None:
    golden("series.csv", series_csv.render(material))


def test_every_second_is_a_row_with_its_counts_and_quantiles(material: Material) -> None:
    rows = table(material)
    assert [row["second"] for row in rows] == [str(n) for n in range(10)]
    assert (rows[5]["acked"], rows[4]["acked"]) == ("19", "20")
    assert int(rows[9]["ack_p50_us"]) > int(rows[0]["ack_p50_us"])
    assert rows[0]["ack_count"] == "20"


def test_what_did_not_happen_is_0_and_what_is_not_known_is_empty(make_run) -> None:
    empty = HistogramData()
    folder = make_run(Second(second=3, counts={"due": 0}, latencies={"ack": empty}))
    (row,) = table(read_material(folder))
    assert (row["due"], row["refused"], row["ack_count"]) == ("0", "0", "0")
    assert (row["open"], row["ack_p50_us"]) == ("", "")


def test_no_name_becomes_a_formula_or_a_column_of_its_own(make_run) -> None:
    hostile = '=HYPERLINK("http://evil.example"),x\n'
    folder = make_run(
        Second(second=0, counts={hostile: 1}, latencies={hostile: HistogramData({9: 1}, 9)})
    )
    text = series_csv.render(read_material(folder))
    assert len(text.splitlines()) == 2
    assert not set(text) & set('="()/\r')
    assert "_HYPERLINK" in text


def test_without_a_load_there_is_the_head_alone(passing) -> None:
    text = series_csv.render(read_material(passing))
    assert text == "second,due,sent,acked,refused,received,invalid,open\n"
