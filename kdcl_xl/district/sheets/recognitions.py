"""The sheet of recognitions (Công nhận): those that have ended or are about to end, soonest first.

An authority asks these schools to register for the next assessment, and plans the external ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.model.model import District, SchoolLine, authority_path
from kdcl_xl.district.model.summary import Recognition
from kdcl_xl.district.sheets.common_columns import CODE, NAME, authority_columns
from kdcl_xl.district.sheets.declare import ListColumn, Listing, ListSheet, Total
from kdcl_xl.district.sheets.links import Links
from kdcl_xl.xlsx.writer import Book
from macros_free_validation.expression import quote
from macros_free_validation.values import Raw, to_serial
from workbook_templates.recognition import RecognitionState, recognition_state, register_by
from workbook_templates.styles import FAULT_STYLE, WARNING_STYLE
from workbook_templates.text import Text
from workbook_templates.vocabulary import word_of


@dataclass(frozen=True, slots=True)
class RecognitionLine:
    """A recognition whose end is near, with its school; ``valid_to`` is its last day."""

    line: SchoolLine
    path: str
    recognition: Recognition
    valid_to: date
    state: RecognitionState


def ending_recognitions(district: District) -> tuple[RecognitionLine, ...]:
    """Return the recognitions that have ended or whose renewal falls due within 12 months."""
    found = []
    for line, summary in district.summaries:
        end = summary.recognition.valid_to
        if end is None:
            continue
        state = recognition_state(end, district.made_on)
        if state is not RecognitionState.LATER:
            found.append(RecognitionLine(line, summary.path, summary.recognition, end, state))
    return tuple(sorted(found, key=lambda entry: (entry.valid_to, entry.line.school.code)))


STATE = Text("Tình trạng công nhận", "State of the recognition")


def _day(day: date | None) -> Raw:
    return None if day is None else to_serial(day)


def _columns(
    _entries: Sequence[RecognitionLine], links: Links
) -> tuple[ListColumn[RecognitionLine], ...]:
    return (
        ListColumn(
            CODE,
            13,
            lambda e: e.line.school.code,
            link=lambda e: links.school(e.path),
            total=Total.COUNT,
        ),
        ListColumn(NAME, 34, lambda e: e.line.school.name),
        *authority_columns(links, lambda e: authority_path(e.line.under)),
        ListColumn(
            Text("Cấp độ kiểm định", "Accreditation"),
            14,
            lambda e: word_of(e.recognition.grade).in_(links.language),
        ),
        ListColumn(
            Text("Chuẩn quốc gia", "National standard"),
            14,
            lambda e: word_of(e.recognition.degree).in_(links.language),
        ),
        ListColumn(
            Text("Ngày quyết định", "Recognised on"),
            13,
            lambda e: _day(e.recognition.decided),
            "cell_date",
        ),
        ListColumn(
            Text("Có giá trị đến", "Valid to"), 13, lambda e: to_serial(e.valid_to), "cell_date"
        ),
        ListColumn(
            Text("Đăng ký lại trước", "Register by"),
            13,
            lambda e: to_serial(register_by(e.valid_to)),
            "cell_date",
        ),
        ListColumn(STATE, 30, lambda e: e.state.value.in_(links.language)),
    )


def _colour(book: Book, ws: Worksheet, listing: Listing[RecognitionLine], count: int) -> None:
    """Colour the recognitions that have ended, and those whose renewal is late."""
    if not count:
        return
    column, first = listing.index(STATE), listing.sheet.first_row
    for state, style in (
        (RecognitionState.EXPIRED, FAULT_STYLE),
        (RecognitionState.LATE, WARNING_STYLE),
    ):
        ws.conditional_format(
            first,
            column,
            first + count - 1,
            column,
            {
                "type": "cell",
                "criteria": "==",
                "value": quote(state.value.in_(listing.language)),
                "format": book.format(style),
            },
        )


SHEET = ListSheet(
    Text("Công nhận", "Recognitions"),
    Text("CÔNG NHẬN ĐÃ HẾT HẠN HOẶC SẮP HẾT HẠN", "RECOGNITIONS EXPIRED OR ABOUT TO END"),
    ending_recognitions,
    _columns,
    frozen_columns=2,
    notes=(
        Text(
            "Theo ô «Công nhận có giá trị đến ngày» do các trường ghi; đăng ký đánh giá ngoài ít "
            "nhất 5 tháng trước ngày hết hạn.",
            "From the end that the schools typed; they register for the external assessment at "
            "least 5 months before.",
        ),
    ),
    finish=_colour,
)
