"""Native charts of the authority workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.xlsx.writer import Book
from workbook_templates.styles import BRAND, BRAND_PALE, FONT, INK
from workbook_templates.text import Language, Text

Cells = tuple[str, int, int, int, int]
"""A sheet, and the first and last row and column of a range, all from 0."""
WIDTH, LEAST_HEIGHT, BAR_HEIGHT, FRAME_HEIGHT = 640, 250, 26, 120
"""Pixels: of the chart, of a bar, and of title and axes together."""
ROW_PIXELS = 20
_LETTER, _MOST_ROOM = 5.2, 0.62
"""Pixels of a letter in a label, and the greatest share of the width for labels."""
MILLIONS, WHOLE_MILLIONS = "#,##0.0,,", "#,##0,,"
"""Number formats that show đồng in millions; labels beside each other have room for the second."""


@dataclass(frozen=True, slots=True)
class Series:
    """A series: the cells of its categories, of its values and of its name."""

    categories: Cells
    values: Cells
    name: tuple[str, int, int] | None = None
    colour: str = BRAND

    @property
    def size(self) -> int:
        """Number of values."""
        _, first_row, first_column, last_row, last_column = self.values
        return (last_row - first_row + 1) * (last_column - first_column + 1)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: its title, the name of the axis of values, and of the other axis.

    ``is_column`` draws columns instead of bars. ``longest`` is the length of the longest
    label, for which bars leave room. ``end`` is the last value of the axis; None leaves it open.
    """

    title: Text
    axis: Text
    along: Text
    series: Sequence[Series]
    number_format: str = "#,##0"
    is_column: bool = False
    longest: int = 0
    end: float | None = None

    @property
    def height(self) -> int:
        """Pixels."""
        size = max(series.size for series in self.series)
        return (
            LEAST_HEIGHT if self.is_column else max(LEAST_HEIGHT, FRAME_HEIGHT + BAR_HEIGHT * size)
        )

    @property
    def room(self) -> float:
        """The share of the width that labels and the name of their axis need."""
        return (self.longest * _LETTER + 60) / WIDTH

    @property
    def plot(self) -> dict[str, float]:
        """The area of the bars, as shares of the chart. Without it, programs differ."""
        left = min(_MOST_ROOM, self.room)
        top, bottom = 40 / self.height, 75 / self.height
        return {"x": left, "y": top, "width": 0.94 - left, "height": 1 - top - bottom}

    @property
    def rows(self) -> int:
        """The rows of usual height under the chart, and one to spare."""
        return self.height // ROW_PIXELS + 2


def add_chart(
    book: Book, ws: Worksheet, row: int, column: int, picture: Picture, language: Language
) -> None:
    """Insert a native chart at a cell (from 0)."""
    kind = "column" if picture.is_column else "bar"
    options = {"type": kind, "subtype": "stacked"} if len(picture.series) > 1 else {"type": kind}
    chart = book.workbook.add_chart(options)
    for series in picture.series:
        chart.add_series(
            {
                "name": list(series.name) if series.name else "",
                "categories": list(series.categories),
                "values": list(series.values),
                "fill": {"color": series.colour},
                "data_labels": {
                    "value": len(picture.series) == 1,
                    "num_format": picture.number_format,
                    "font": _font(9),
                },
                "gap": 50,
            }
        )
    title = picture.title.in_(language)
    chart.set_title({"name": title, "name_font": _font(12, bold=True), "overlay": False})
    chart.set_legend({"position": "bottom"} if len(picture.series) > 1 else {"none": True})
    values = {
        "name": picture.axis.in_(language),
        "name_font": _font(9),
        "num_font": _font(9),
        "num_format": picture.number_format,
        "min": 0,
        "max": picture.end,
        "major_gridlines": {"visible": True, "line": {"color": BRAND_PALE, "width": 0.75}},
    }
    along = {
        # Labels that fill all the room they may take would be written over.
        "name": picture.along.in_(language) if picture.room <= _MOST_ROOM else None,
        "name_font": _font(9),
        "num_font": _font(9),
    }
    if picture.is_column:
        chart.set_x_axis(along)
        chart.set_y_axis(values)
    else:  # the first bar on top, the scale below
        chart.set_y_axis({**along, "reverse": True, "crossing": "max"})
        chart.set_x_axis(values)
        chart.set_plotarea({"layout": picture.plot})
    chart.set_size({"width": WIDTH, "height": picture.height})
    description = _ALT.format(title=picture.title, axis=picture.axis, along=picture.along).in_(
        language
    )
    ws.insert_chart(row, column, chart, {"description": description, "object_position": 2})


_ALT = Text(
    "Biểu đồ: {title}. Trục giá trị: {axis}; trục còn lại: {along}. Số liệu lấy từ các ô của "
    "sổ tính.",
    "Chart: {title}. Values: {axis}, by {along}. The figures come from cells of the workbook.",
)


def _font(size: int, *, bold: bool = False) -> dict[str, object]:
    return {"name": FONT, "size": size, "bold": bold, "color": INK}
