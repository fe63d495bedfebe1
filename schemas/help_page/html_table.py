"""One table of an HTML page while it is read, and the block that it is."""

from collections.abc import Mapping, Sequence

from schemas.help_page.blocks import NONE, Block, Rows, Words, squeeze
from schemas.help_page.model import Row

# The class of a column's cells and its header; the first two columns make the kind of table.
_MEMBER_COLUMNS = {
    "parameter-name": "Name",
    "parameter-type": "Type",
    "parameter-documentation": "Description",
    "parameter-annotations": "Additional information",
}
_ENUM_COLUMNS = {"enum-name": "Name", "enum-value": "Value"}


class _Cell:
    """One cell of a table while it is read."""

    def __init__(self, classes: Sequence[str]) -> None:
        self.classes = classes
        self.text = ""
        self.open = True

    @property
    def lines(self) -> list[str]:
        """Its paragraphs."""
        return [line for line in map(squeeze, self.text.split("\n")) if line]

    @property
    def line(self) -> str:
        """All of it on one line."""
        return squeeze(self.text)


class HtmlTable:
    """One table while it is read. Its cells' classes tell what it is, else its header's words."""

    def __init__(self) -> None:
        self.rows: list[list[_Cell]] = []

    def open_cell(self, classes: Sequence[str]) -> None:
        """Begin a cell of the last row."""
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(_Cell(classes))

    def close_cell(self, text: str) -> None:
        """End the cell that is open, if one is."""
        if self.rows and self.rows[-1] and self.rows[-1][-1].open:
            self.rows[-1][-1].text += text
            self.rows[-1][-1].open = False

    def blocks(self) -> list[Block]:
        """One block, or none for a table of some other kind."""
        names = self._column(_ENUM_COLUMNS)
        if names is not None:
            return [Words(tuple(row[0].line for row in names))]
        rows = self._column(_MEMBER_COLUMNS)
        return [Rows(tuple(map(_row, rows)))] if rows is not None else []

    def _column(self, columns: Mapping[str, str]) -> list[list[_Cell]] | None:
        """The cells under ``columns`` (class to header), row by row; None for other tables."""
        rows = [row for row in self.rows if row]
        header = [cell.line for cell in rows[0]] if rows else []
        by_class = [{name: cell for cell in row for name in cell.classes} for row in rows]
        by_header = [dict(zip(header, row, strict=False)) for row in rows[1:]]
        for names, table in ((list(columns), by_class), (list(columns.values()), by_header)):
            found = [
                [row.get(name, _BLANK) for name in names]
                for row in table
                if all(name in row for name in names[:2])
            ]
            if found:
                return found
        return None


_BLANK = _Cell(())


def _row(cells: Sequence[_Cell]) -> Row:
    name, type_text, prose, rules = cells
    return Row(
        name=name.line,
        prose=prose.line,
        type_text=type_text.line,
        rules=tuple(line for line in rules.lines if line != NONE),
    )
