"""Sheets as a person sees them, each on a page of its own size; runs in the Python that has uno.

``picture_uno.py PIPE JOB``, where the job is JSON: the workbook's path and its pictures, each
with a sheet, how much of it is shown (``cells``, ``screen`` or ``print``), how many rows, which of
how many parts of its columns, and the PDF to write. Prints the width of each in millimetres.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uno
from office import PDF, connect, leave, load, properties

MARGIN = 100
"""Around the cells, in hundredths of a millimetre, as all lengths are here."""
HEADINGS = (1200, 500)
"""Room for the numbers of the rows and the letters of the columns."""


SCREEN = (36040, 16670)
"""Width and height of the cells in sight on a screen of 1366 x 768 pixels, at a zoom of 90 %."""


def in_sight(sheet: Any) -> Any:
    """Return the upper cells of a sheet that are wholly in sight on a small screen."""
    last = [0, 0]
    for nth, (lines, length) in enumerate(((sheet.Columns, "Width"), (sheet.Rows, "Height"))):
        total, at = 0, 0
        while True:
            line = lines.getByIndex(at)
            total += getattr(line, length) if line.IsVisible else 0
            if total > SCREEN[nth]:
                break
            last[nth], at = at, at + 1
    return sheet.getCellRangeByPosition(0, 0, *last)


def seen(sheet: Any, rows: int, part: int, parts: int) -> Any:
    """Yield the upper cells of a sheet: a number of visible rows, and part of their columns."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    columns = [sheet.Columns.getByIndex(n) for n in range(end.EndColumn + 1)]
    widths = [column.Width if column.IsVisible else 0 for column in columns]
    page = sheet.DrawPage
    shapes = [page.getByIndex(n) for n in range(page.Count)]
    edge = max((shape.Position.X + shape.Size.Width for shape in shapes), default=0)
    while sum(widths) < edge:
        widths.append(sheet.Columns.getByIndex(len(widths)).Width)
    share = sum(widths) / parts
    own = [n for n, w in enumerate(widths) if w and int(sum(widths[:n]) / share) == part - 1]
    last_row = 0
    # Charts may be below the last cell.
    foot = max((shape.Position.Y + shape.Size.Height for shape in shapes), default=0)
    end_row = end.EndRow
    while sheet.getCellByPosition(0, end_row + 1).Position.Y < foot:
        end_row += 1
    for number in range(end_row + 1):
        if rows and sheet.Rows.getByIndex(number).IsVisible:
            rows, last_row = rows - 1, number
    return sheet.getCellRangeByPosition(own[0], 0, own[-1], last_row)


def draw(document: Any, picture: dict[str, Any]) -> float:
    """Print the upper part of a sheet on one page; its width in millimetres."""
    sheet = document.Sheets.getByName(picture["sheet"])
    style = document.StyleFamilies.getByName("PageStyles").getByName(sheet.PageStyle)
    if picture["shown"] == "print":
        area = sheet.getPrintAreas()[0]
        ends = (area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        _save(document, sheet.getCellRangeByPosition(*ends), picture["target"])
        return float(style.Width) / 100
    if picture["shown"] == "screen":
        cells = in_sight(sheet)
    else:
        cells = seen(sheet, picture["rows"], picture["part"], picture["parts"])
    width = cells.Size.Width + 2 * MARGIN + HEADINGS[0]
    height = cells.Size.Height + 2 * MARGIN + HEADINGS[1]
    style.HeaderIsOn = style.FooterIsOn = False
    style.ScaleToPages = style.ScaleToPagesX = style.ScaleToPagesY = 0
    style.PageScale = 100
    style.LeftMargin = style.RightMargin = style.TopMargin = style.BottomMargin = MARGIN
    style.CenterHorizontally = style.CenterVertically = False
    style.IsLandscape = width > height
    style.Width, style.Height = width, height
    style.PrintHeaders = True
    style.PrintGrid = False
    sheet.removeAllManualPageBreaks()
    sheet.setPrintTitleRows(False)
    sheet.setPrintTitleColumns(False)
    sheet.setPrintAreas((cells.RangeAddress,))
    _save(document, cells, picture["target"])
    return float(width) / 100


def _save(document: Any, cells: Any, target: str) -> None:
    chosen = uno.Any("[]com.sun.star.beans.PropertyValue", properties(Selection=cells))
    document.storeToURL(Path(target).as_uri(), properties(FilterName=PDF, FilterData=chosen))


def main(pipe: str, job: str) -> None:
    """Draw every picture of a workbook."""
    task = json.loads(Path(job).read_text("utf-8"))
    document = load(connect(pipe), Path(task["path"]))
    try:
        document.calculateAll()
        widths = [draw(document, picture) for picture in task["pictures"]]
    finally:
        document.close(True)
    print(json.dumps(widths))
    leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
