"""What a person sees in a returned file is what is collected, or a finding says so.

Each case changes a fresh, filled template as a person or a program would.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from kdcl_xl.submission.model import Submission
from kdcl_xl.submission.reading import read_submission
from macros_free_validation.rule import Finding, Rule
from macros_free_validation.rules import appearance as rules
from macros_free_validation.values import to_serial
from tests.build import good_task, layout_of, make_plan, workbook_bytes
from tests.cli.test_bad_input import edited
from tests.opened import book_in
from workbook_templates.regulation import builtin_catalogue

LAYOUT = layout_of("2026")
PLAN, PROGRESS, COVER = LAYOUT.sheet("plan"), LAYOUT.sheet("progress"), LAYOUT.sheet("cover")
TASKS = 4
FILLED = workbook_bytes(
    make_plan(LAYOUT, tables={"plan": [good_task(LAYOUT, nth) for nth in range(TASKS)]})
)
FIRST = PLAN.first_row
APPEARANCE = {rule.id for rule in rules.RULES}


def at(field: str, nth: int = 0) -> str:
    """The address of a field in the so-manieth row of the plan, from 0."""
    return f"{PLAN.column(field).letter}{FIRST + nth}"


def saved_by_person(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = book_in(FILLED, rich_text=True)
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def on_plan(change: Callable[[Worksheet], None]) -> bytes:
    return saved_by_person(lambda book: change(book[PLAN.name]))


def read(folder: Path, content: bytes) -> Submission:
    path = folder / "ke-hoach.xlsx"
    path.write_bytes(content)
    return read_submission(path, builtin_catalogue())


def seen(submission: Submission) -> list[Finding]:
    assert submission.is_read, submission.found
    return [found for found in submission.found if found.rule in APPEARANCE]


def value(submission: Submission, field: str, nth: int = 0, sheet: str = "plan") -> object:
    assert submission.plan is not None
    placed = submission.plan.layout.sheet(sheet)
    rows = {record.row: record for record in submission.plan.tables[sheet]}
    return rows[placed.first_row + nth].values[placed.column(field).index]


def the_only(submission: Submission, rule: Rule) -> Finding:
    found = seen(submission)
    assert [f.rule for f in found] == [rule.id], [f.message.vi for f in found]
    return found[0]


def put(
    ws: Worksheet, ref: str, content: str | float | date, number_format: str = "General"
) -> None:
    ws[ref] = content
    ws[ref].number_format = number_format


def test_an_honest_save_has_no_finding_of_these(tmp_path: Path) -> None:
    assert not seen(read(tmp_path, FILLED))
    assert not seen(read(tmp_path, saved_by_person(lambda book: None)))


# ---- seen, not collected -------------------------------------------------------------------------


def test_notes_are_named_with_their_places(tmp_path: Path) -> None:
    def change(ws: Worksheet) -> None:
        ws[at("task", 1)].comment = Comment("Đề nghị bổ sung kinh phí", "Tổ trưởng")
        ws[at("lead", 3)].comment = Comment("Hỏi lại", "Tổ trưởng")

    found = the_only(read(tmp_path, on_plan(change)), rules.NOTES)
    assert found.sheet == PLAN.name
    assert at("task", 1) in found.message.vi
    assert at("lead", 3) in found.message.vi
    assert "Đề nghị bổ sung kinh phí" in found.message.vi


def test_pictures_on_a_sheet_are_named(tmp_path: Path) -> None:
    def change(ws: Worksheet) -> None:
        ws.add_image(Image(io.BytesIO(_PNG)), at("task", 2))

    found = the_only(read(tmp_path, on_plan(change)), rules.DRAWN)
    assert ".png" in found.message.vi


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def part_of(sheet: str) -> str:
    book = read_parts(FILLED)
    names = re.findall(r'<sheet name="([^"]+)"', book["xl/workbook.xml"].decode())
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def read_parts(content: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}

    def keep(name: str, data: bytes) -> bytes:
        parts[name] = data
        return data

    edited(content, keep)
    return parts


def with_cell(ref: str, xml: str, content: bytes = FILLED) -> bytes:
    """The workbook with another element in place of a cell of the plan."""
    part = part_of(PLAN.name)

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        new, count = re.subn(
            rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)' % ref.encode(), xml.encode(), data, count=1
        )
        assert count == 1
        return new

    return edited(content, change)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="{ref}" t="e" vm="1"><v>#VALUE!</v></c>',
        '<c r="{ref}" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>',
        '<c r="{ref}" t="e"><f>DISPIMG("ID_1",1)</f><v>#NAME?</v></c>',
    ],
)
def test_a_picture_in_a_cell_is_a_blank_cell_and_no_error(tmp_path: Path, cell: str) -> None:
    ref = at("planned_evidence", 1)
    submission = read(tmp_path, with_cell(ref, cell.format(ref=ref)))
    found = the_only(submission, rules.PICTURES_IN_CELLS)
    assert ref in found.message.vi
    assert value(submission, "planned_evidence", 1) is None


def test_links_are_named_with_their_targets(tmp_path: Path) -> None:
    def change(ws: Worksheet) -> None:
        ws[at("planned_evidence")] = "Xem minh chứng"
        ws[at("planned_evidence")].hyperlink = "https://example.org/minh-chung"

    found = the_only(read(tmp_path, on_plan(change)), rules.LINKS)
    assert "https://example.org/minh-chung" in found.message.vi


# ---- collected, not seen -------------------------------------------------------------------------


def test_hidden_rows_and_columns_are_read_and_named(tmp_path: Path) -> None:
    def change(ws: Worksheet) -> None:
        ws.row_dimensions[FIRST + 1].hidden = True
        ws.row_dimensions[FIRST + 9].hidden = True  # nothing is in it
        ws.column_dimensions[PLAN.column("lead").letter].hidden = True

    flattened = b'<row r="%d" ht="0" customHeight="1">' % (FIRST + 3)

    def flatten(name: str, data: bytes) -> bytes:
        pattern = rb'<row r="%d"[^>]*>' % (FIRST + 3)
        return re.sub(pattern, flattened, data) if name == part_of(PLAN.name) else data

    submission = read(tmp_path, edited(on_plan(change), flatten))
    found = the_only(submission, rules.HIDDEN_CELLS)
    assert f"dòng {FIRST + 1}, {FIRST + 3}; cột {PLAN.column('lead').letter}" in found.message.vi
    assert value(submission, "lead", 1) == "Ban Giám hiệu"


def test_crossed_out_cells_and_words_are_read_and_named(tmp_path: Path) -> None:
    def change(ws: Worksheet) -> None:
        ws[at("task")].font = Font(strike=True)
        words = TextBlock(InlineFont(strike=True), "Mua mới")
        ws[at("task", 2)] = CellRichText("Sửa chữa ", words)

    submission = read(tmp_path, on_plan(change))
    found = the_only(submission, rules.STRUCK)
    assert at("task") in found.message.vi
    assert at("task", 2) in found.message.vi
    assert value(submission, "task", 2) == "Sửa chữa Mua mới"


@pytest.mark.parametrize(
    ("font", "fill", "number_format"),
    [
        ("FFFFFFFF", None, "General"),
        ("FF00FF00", "FF00FF00", "General"),
        (None, None, ";;;"),
    ],
)
def test_invisible_contents_are_read_and_named(
    tmp_path: Path, font: str | None, fill: str | None, number_format: str
) -> None:
    def change(ws: Worksheet) -> None:
        cell = ws[at("budget", 1)]
        cell.value, cell.number_format = 7_000_000, number_format
        cell.font = Font(color=font)
        cell.fill = PatternFill("solid", fgColor=fill) if fill else PatternFill()

    submission = read(tmp_path, on_plan(change))
    assert at("budget", 1) in the_only(submission, rules.INVISIBLE).message.vi
    assert value(submission, "budget", 1) == 7_000_000


def test_merged_inputs_are_the_reason_for_blanks(tmp_path: Path) -> None:
    column = PLAN.column("lead").letter

    def change(ws: Worksheet) -> None:
        ws.merge_cells(f"{column}{FIRST}:{column}{FIRST + 2}")

    found = the_only(read(tmp_path, on_plan(change)), rules.MERGED)
    assert f"{column}{FIRST}:{column}{FIRST + 2}" in found.message.vi


def test_a_value_under_merged_cells_is_read_and_named(tmp_path: Path) -> None:
    column = PLAN.column("lead").letter
    merged = f'<mergeCells count="1"><mergeCell ref="{column}{FIRST}:{column}{FIRST + 1}"/>'
    part = part_of(PLAN.name)

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        if b"<mergeCells" in data:
            return re.sub(rb'<mergeCells count="\d+">', merged.encode(), data)
        return data.replace(
            b"<conditionalFormatting",
            f"{merged}</mergeCells>".encode() + b"<conditionalFormatting",
            1,
        )

    submission = read(tmp_path, edited(FILLED, change))
    assert f"nội dung bị che ở {at('lead', 1)}" in the_only(submission, rules.MERGED).message.vi
    assert value(submission, "lead", 1) == "Ban Giám hiệu"


# ---- number formats ------------------------------------------------------------------------------


@pytest.mark.parametrize("number_format", ["0%", "0.00%", '0" "%'])
def test_a_percentage_is_read_as_it_is_shown(tmp_path: Path, number_format: str) -> None:
    ref = f"{PROGRESS.column('percent').letter}{PROGRESS.first_row}"

    def change(book: openpyxl.Workbook) -> None:
        put(book[PROGRESS.name], ref, 0.8, number_format)

    submission = read(tmp_path, saved_by_person(change))
    found = the_only(submission, rules.READ_AS_SHOWN)
    assert "«80%»" in found.message.vi
    assert "0,8" in found.message.vi
    assert value(submission, "percent", sheet="progress") == 80


def test_a_fraction_in_a_column_of_percentages_is_a_question(tmp_path: Path) -> None:
    ref = f"{PROGRESS.column('percent').letter}{PROGRESS.first_row}"

    def change(book: openpyxl.Workbook) -> None:
        put(book[PROGRESS.name], ref, 0.8)

    found = the_only(read(tmp_path, saved_by_person(change)), rules.MAYBE_PERCENT)
    assert "0,8%" in found.message.vi
    assert "80%" in found.message.vi


@pytest.mark.parametrize("typed", ["80", "80%", " 80 %", "80,0"])
def test_a_percentage_typed_as_text_is_a_percentage(tmp_path: Path, typed: str) -> None:
    ref = f"{PROGRESS.column('percent').letter}{PROGRESS.first_row}"

    def change(book: openpyxl.Workbook) -> None:
        put(book[PROGRESS.name], ref, typed, "@")

    submission = read(tmp_path, saved_by_person(change))
    the_only(submission, rules.READ_AS_SHOWN)
    assert value(submission, "percent", sheet="progress") == 80


def test_an_amount_in_a_date_format_is_a_question(tmp_path: Path) -> None:
    found = the_only(
        read(tmp_path, on_plan(lambda ws: put(ws, at("budget"), 46023, "dd/mm/yyyy"))),
        rules.SHOWN_OTHERWISE,
    )
    assert "«01/01/2026»" in found.message.vi
    assert "46023" in found.message.vi


def test_a_date_in_a_number_format_is_a_question(tmp_path: Path) -> None:
    serial = int(to_serial(date(2027, 5, 31)))
    found = the_only(
        read(tmp_path, on_plan(lambda ws: put(ws, at("deadline"), serial, "0"))),
        rules.SHOWN_OTHERWISE,
    )
    assert f"«{serial}»" in found.message.vi
    assert "31/05/2027" in found.message.vi


def test_a_scaled_amount_is_a_question(tmp_path: Path) -> None:
    found = the_only(
        read(tmp_path, on_plan(lambda ws: put(ws, at("budget"), 5_000_000, '#,##0,,"tr"'))),
        rules.SHOWN_OTHERWISE,
    )
    assert "«5»" in found.message.vi
    assert "5000000" in found.message.vi


def test_a_day_in_a_cell_for_words_is_read_as_words(tmp_path: Path) -> None:
    serial = int(to_serial(date(2027, 5, 31)))
    submission = read(tmp_path, on_plan(lambda ws: put(ws, at("lead"), serial, "dd/mm/yyyy")))
    the_only(submission, rules.READ_AS_SHOWN)
    assert value(submission, "lead") == "31/05/2027"


def test_days_and_months_exchanged_by_a_machine_are_doubted(tmp_path: Path) -> None:
    def change(ws: Worksheet) -> None:
        contents: tuple[date | str, ...] = (date(2027, 5, 6), date(2027, 8, 3), "25/05/2027")
        for nth, content in enumerate(contents):
            is_day = isinstance(content, date)
            put(ws, at("deadline", nth), content, "mm/dd/yyyy" if is_day else "@")

    found = the_only(read(tmp_path, on_plan(change)), rules.SWAPPED)
    assert "ngày 6 tháng 5 năm 2027" in found.message.vi
    assert "ngày 5 tháng 6 năm 2027" in found.message.vi
    assert at("deadline", 2) in found.message.vi


# ---- look-alikes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "listed"),
    [
        ("recurrence", unicodedata.normalize("NFD", "Một lần"), "Một lần"),
        ("recurrence", "Một\u200b lần", "Một lần"),
        ("recurrence", "Một\u2009lần", "Một lần"),
        ("target_level", "Mức\u00a0１", "Mức 1"),
        ("lead", unicodedata.normalize("NFD", "Ban Giám hiệu"), "Ban Giám hiệu"),
    ],
)
def test_look_alikes_of_a_list_are_accepted_with_a_note(
    tmp_path: Path, field: str, typed: str, listed: str
) -> None:
    submission = read(tmp_path, on_plan(lambda ws: put(ws, at(field), typed, "@")))
    found = the_only(submission, rules.LOOK_ALIKE)
    assert "U+" in found.message.vi or "Unicode tổ hợp" in found.message.vi
    assert value(submission, field) == listed


def test_the_other_letter_d_is_accepted_with_a_note(tmp_path: Path) -> None:
    assessed = LAYOUT.sheet("self_assessment")
    ref = f"{assessed.column('result_1').letter}{assessed.first_row}"

    def change(book: openpyxl.Workbook) -> None:
        put(book[assessed.name], ref, "\u00d0ạt", "@")

    submission = read(tmp_path, saved_by_person(change))
    found = the_only(submission, rules.LOOK_ALIKE)
    assert "U+00D0" in found.message.vi
    assert value(submission, "result_1", sheet="self_assessment") == "Đạt"


def test_a_sheet_name_in_decomposed_letters_is_the_issued_one(tmp_path: Path) -> None:
    issued = f'name="{PLAN.name}"'.encode()
    decomposed = unicodedata.normalize("NFD", issued.decode()).encode()

    def change(name: str, data: bytes) -> bytes:
        return data.replace(issued, decomposed) if name == "xl/workbook.xml" else data

    submission = read(tmp_path, edited(FILLED, change))
    assert submission.is_read
    assert not [f for f in submission.found if f.rule == "KD830"]


# ---- old fonts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "charset"),
    [
        ("Tæ chøc båi d\u00adìng gi¸o viªn", "TCVN3"),
        ("Toå chöùc boài döôõng giaùo vieân", "VNI"),
        ("Tá»• chá»©c bá»“i dÆ°á»¡ng giÃ¡o viÃªn", "UTF-8"),
    ],
)
def test_text_in_an_old_charset_is_named_and_decoded(
    tmp_path: Path, typed: str, charset: str
) -> None:
    submission = read(tmp_path, on_plan(lambda ws: put(ws, at("task", 1), typed, "@")))
    found = the_only(submission, rules.OLD_FONT)
    assert charset in found.message.vi
    assert "Tổ chức bồi dưỡng giáo viên" in found.message.vi
    assert value(submission, "task", 1) == typed
