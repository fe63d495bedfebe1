"""The page keeps what other commands wrote."""

from tests.detection.page import with_part


def test_a_part_is_replaced_and_the_other_is_kept():
    page = with_part(with_part("", "alarms", "## old\n"), "kills", "| a |\n")
    changed = with_part(page, "alarms", "## new\n")
    assert changed == with_part(with_part("", "kills", "| a |\n"), "alarms", "## new\n")
    assert "old" not in changed
    assert changed.startswith("# Detection\n\n<!-- kills -->\n| a |\n<!-- end -->\n")
