"""The figures of the overview as tables and native charts of a Word document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from kdcl_xl.district.sheets.blocks import TOTAL, Number, Unit
from kdcl_xl.district.sheets.blocks import Block as Figures
from kdcl_xl.docx.write_blocks import (
    BOLD,
    PLAIN,
    Align,
    Block,
    Cell,
    Chart,
    Paragraph,
    ParagraphFormat,
    Row,
    Table,
)
from kdcl_xl.docx.write_styles import CAPTION, CENTRED, TABLE_HEADING, TABLE_TEXT
from macros_free_validation.values import to_date
from workbook_templates.styles import BRAND
from workbook_templates.text import Language

TEXT_WIDTH = 165.0
"""Millimetres between the margins of an upright page."""
_NUMBER_WIDTH, _MONEY_WIDTH = 24.0, 32.0
_MANY = 1e8
"""A number from this on needs the wider column."""
_ON_ONE_PAGE = 16
"""Rows of a table that is not parted between pages."""
_CHART_HEIGHT, _BAR = 28.0, 5.5
"""Millimetres: of a chart without bars, and of each bar."""
_RIGHT = ParagraphFormat(align=Align.RIGHT)


def shown(number: Number, unit: Unit, language: Language) -> str:
    """Return a number as it is written in a report: 1.234 in Vietnamese, 1,234 in English."""
    if number is None:
        return ""
    if unit is Unit.DATE:
        return f"{to_date(number):%d/%m/%Y}"
    text = f"{number:,.1f}" if unit is Unit.PERCENT else f"{number:,.0f}"
    return text.translate(str.maketrans(",.", ".,")) if language is Language.VI else text


def tables_of(figures: Figures, nth: int, language: Language) -> Iterator[Block]:
    """Yield the caption, the table and the chart of a block; ``nth`` numbers the table."""
    word = "Bảng" if language is Language.VI else "Table"
    title = figures.title.in_(language)
    yield Paragraph.of(f"{word} {nth}. {title}", CAPTION, format=ParagraphFormat(keep_next=True))
    every = [*(n for _, line in figures.lines for n in line), *figures.totals]
    is_wide = any(abs(n or 0) >= _MANY for n in every)
    width, columns = (_MONEY_WIDTH if is_wide else _NUMBER_WIDTH), len(figures.headings)
    widths = (TEXT_WIDTH - columns * width, *[width] * columns)
    heads = (figures.title, *figures.headings)
    rows = [Row(tuple(_cell(h.in_(language), TABLE_HEADING) for h in heads), header=True)]
    for label, numbers in figures.lines:
        rows.append(_row(label.in_(language), numbers, figures, language))
    if figures.totals:
        rows.append(_row(TOTAL.in_(language), figures.totals, figures, language, is_bold=True))
    if len(rows) <= _ON_ONE_PAGE:
        rows[:-1] = [replace(row, keep_next=True) for row in rows[:-1]]
    yield Table(widths, tuple(rows), caption=title)
    if figures.note:
        yield Paragraph.of(figures.note.in_(language), CAPTION)
    if figures.has_chart:
        yield Paragraph((_chart(figures, language),), CENTRED, ParagraphFormat(before=6, after=6))


def _row(
    label: str,
    numbers: Sequence[Number],
    figures: Figures,
    language: Language,
    *,
    is_bold: bool = False,
) -> Row:
    texts = [shown(n, figures.unit(i), language) for i, n in enumerate(numbers)]
    look = BOLD if is_bold else PLAIN
    return Row(
        (
            Cell((Paragraph.of(label, TABLE_TEXT, look),)),
            *(Cell((Paragraph.of(t, TABLE_TEXT, look, _RIGHT),)) for t in texts),
        )
    )


def _cell(text: str, style: str) -> Cell:
    return Cell((Paragraph.of(text, style),), middle=True)


def _chart(figures: Figures, language: Language) -> Chart:
    """Return a native bar chart; stacked where several columns are drawn."""
    labels = [label.in_(language) for label, _ in figures.lines]
    colours = [*figures.colours, BRAND]
    series = "".join(
        _series(
            nth,
            figures.headings[column - 1].in_(language),
            labels,
            [numbers[column - 1] for _, numbers in figures.lines],
            colours[nth].lstrip("#"),
            # The labels of a stacked chart would be drawn over each other.
            has_labels=len(figures.chart) == 1,
        )
        for nth, column in enumerate(figures.chart)
    )
    grouping = "stacked" if len(figures.chart) > 1 else "clustered"
    overlap = '<c:overlap val="100"/>' if len(figures.chart) > 1 else ""
    legend = '<c:legend><c:legendPos val="b"/></c:legend>' if len(figures.chart) > 1 else ""
    letters = '<a:p><a:pPr><a:defRPr sz="900"/></a:pPr><a:endParaRPr/></a:p>'
    size = f"<c:txPr><a:bodyPr/>{letters}</c:txPr>"
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/>'
        f'<c:grouping val="{grouping}"/><c:varyColors val="0"/>{series}<c:gapWidth val="50"/>'
        f'{overlap}<c:axId val="1"/><c:axId val="2"/></c:barChart>'
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/>{size}'
        '<c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:min val="0"/></c:scaling><c:delete val="1"/>'
        '<c:axPos val="b"/><c:crossAx val="1"/></c:valAx></c:plotArea>'
        f"{legend}</c:chart></c:chartSpace>"
    )
    title = figures.title.in_(language)
    return Chart(xml, TEXT_WIDTH, _CHART_HEIGHT + _BAR * len(labels), title)


def _series(
    nth: int,
    name: str,
    labels: Sequence[str],
    values: Sequence[Number],
    colour: str,
    *,
    has_labels: bool,
) -> str:
    count = f'<c:ptCount val="{len(labels)}"/>'
    names = "".join(f'<c:pt idx="{i}"><c:v>{escape(t)}</c:v></c:pt>' for i, t in enumerate(labels))
    numbers = "".join(
        f'<c:pt idx="{i}"><c:v>{value:.15g}</c:v></c:pt>'
        for i, value in enumerate(values)
        if value is not None
    )
    return (
        f'<c:ser><c:idx val="{nth}"/><c:order val="{nth}"/><c:tx><c:strRef><c:f>s{nth}</c:f>'
        f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt>'
        f'</c:strCache></c:strRef></c:tx><c:spPr><a:solidFill><a:srgbClr val="{colour}"/>'
        '</a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        '<c:dLbls><c:numFmt formatCode="#,##0.##" sourceLinked="0"/><c:showLegendKey val="0"/>'
        f'<c:showVal val="{has_labels:d}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strRef><c:f>c</c:f><c:strCache>{count}{names}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>v{nth}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f"{count}{numbers}</c:numCache></c:numRef></c:val></c:ser>"
    )
