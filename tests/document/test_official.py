"""The official document: the contents of the print-out, laid out as an official letter."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from kdcl_xl.document.notes import Notes
from kdcl_xl.document.official import official_document
from kdcl_xl.document.tables import official_table
from kdcl_xl.docx.write_blocks import Page
from kdcl_xl.docx.write_blocks import Table as WrittenTable
from kdcl_xl.submission.reading import read_submission
from macros_free_validation.plan import Plan
from macros_free_validation.printed import RECIPIENTS
from samples import describe
from tests.build import Value, good_plan, good_task, layout_of, make_plan, workbook_bytes
from tests.document.reading import Read, read, rows_of, squeezed
from workbook_templates.declare import PrintColumn, PrintPart
from workbook_templates.layout import place_print
from workbook_templates.regulation import builtin_catalogue

FORMS = ("2018", "2026")
SAMPLES = sorted((describe.HERE / "workbooks").glob("*.xlsx"))


def sample(name: str) -> Plan:
    plan = read_submission(describe.HERE / "workbooks" / name, builtin_catalogue()).plan
    assert plan is not None
    return plan


def on_sheet(plan: Plan) -> list[list[str]]:
    """The rows in use of the print-out sheet, as the workbook itself caches them."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(plan)), data_only=True)
    (place,) = (place_print(plan.layout, s) for s in plan.layout.sheets if s.sheet.printed)
    ws = book[place.sheet.name]
    columns = range(2, place.last_index + 2)
    return [
        [squeezed(str(v)) for c in columns if (v := ws.cell(row, c).value) not in (None, "")]
        for row in range(2, ws.max_row + 1)
        if ws.cell(row, 1).value == 1
    ]


@pytest.mark.parametrize("name", ["thcs-2020-2021.xlsx", "thcs-2026-2027-tot.xlsx"])
def test_everything_on_the_print_out_sheet_is_in_the_document_in_its_order(name: str) -> None:
    plan = sample(name)
    sheet, found = on_sheet(plan), read(plan)
    text = squeezed(" ".join(found.lines)).replace(" | ", " ").upper()
    at = 0
    for row in sheet[8:-1]:  # below the letterhead, above the recipients
        words = " ".join(cell.rstrip() for cell in row).upper()
        assert words in text[at:], words
        at = text.index(words, at)
    letterhead = [cell for row in sheet[:8] for cell in row if not set(cell) <= set("―")]
    assert all(cell.upper() in text for cell in letterhead), letterhead
    assert all(line.upper() in text for line in re.split(r"\n", sheet[-1][0]))


@pytest.mark.parametrize("form", FORMS)
def test_tasks_are_in_the_order_of_the_school(form: str) -> None:
    layout = layout_of(form)
    rows = [{**good_task(layout, n), "task": f"Việc {n}"} for n in range(4)]
    rows[3]["print_order"] = 1
    plan = make_plan(layout, tables={"plan": rows})
    found = re.findall(r"Việc \d", read(plan).xml)
    assert found == ["Việc 3", "Việc 0", "Việc 1", "Việc 2"]


@pytest.mark.parametrize("form", FORMS)
def test_tables_are_on_landscape_pages_between_upright_ones(form: str) -> None:
    found = read(good_plan(form))
    assert found.sizes == [(210, 297), (297, 210), (210, 297)]
    for section in found.document.sections:
        sides = (section.top_margin, section.bottom_margin, section.left_margin)
        assert [round(side.mm) for side in sides if side] == [20, 20, 30]
        assert section.right_margin is not None
        assert round(section.right_margin.mm) == 15
    sections = [m.start() for m in re.finditer("<w:sectPr>", found.xml)]
    tables = [m.start() for m in re.finditer("<w:tblBorders>", found.xml)]
    assert sections[0] < min(tables) <= max(tables) < sections[1]


@pytest.mark.parametrize("form", FORMS)
def test_header_rows_are_repeated_and_no_row_is_split(form: str) -> None:
    found = read(good_plan(form, tasks=9))
    headers = [len(re.findall("<w:tblHeader/>", table._tbl.xml)) for table in found.tables]
    assert headers == ([1] if form == "2018" else [1, 2, 1])
    assert found.xml.count("<w:cantSplit/>") == len(re.findall(r"<w:tr>", found.xml))


def test_only_a_row_taller_than_a_page_may_be_split() -> None:
    layout = layout_of("2018")
    rows = [good_task(layout), {**good_task(layout, 1), "task": "rất dài " * 1_250}]
    found = read(make_plan(layout, tables={"plan": rows}))
    split = [row for row in re.findall(r"<w:tr>.*?</w:tr>", found.xml) if "cantSplit" not in row]
    assert len(split) == 1
    assert "rất dài " * 1_249 in split[0]


def test_levels_and_standards_are_rows_across_the_table_of_2018() -> None:
    layout = layout_of("2018")
    criteria = layout.regulation.criteria
    chosen = [criteria[0], criteria[0], next(c for c in criteria if c.code.startswith("2"))]
    rows = [{**good_task(layout), "criterion": c.label} for c in chosen]
    (table,) = read(make_plan(layout, tables={"plan": rows})).tables
    found = rows_of(table)
    across = [row[0] for row in found if len(row) == 1]
    assert across[0].startswith("MỨC 1")
    assert [text[:12] for text in across[1:]] == ["Tiêu chuẩn 1", "Tiêu chuẩn 2"]
    tasks = [row for row in found[1:] if len(row) > 1]
    assert [bool(row[1]) for row in tasks] == [True, False, True]
    merges = [cell.vMerge for row in table.rows for cell in row._tr.tc_lst if cell.vMerge]
    assert merges == ["restart", "continue"]


def test_standards_are_a_merged_column_of_the_problems_of_2026() -> None:
    layout = layout_of("2026")
    standards = [s.label for s in layout.regulation.standards]
    rows = [{"standard": standards[n], "weakness": f"Điểm {n}"} for n in (0, 0, 1)]
    table = read(make_plan(layout, tables={"problems": rows, "plan": []})).tables[0]
    assert [row[1] for row in rows_of(table)[1:]] == [standards[0], "", standards[1]]
    assert [row.cells[1].text for row in table.rows][1:] == [standards[0]] * 2 + [standards[1]]


def test_merged_rows_are_on_one_page() -> None:
    layout = layout_of("2018")
    criterion = layout.regulation.criteria[0].label
    rows = [{**good_task(layout), "criterion": criterion} for _ in range(3)]
    (table,) = read(make_plan(layout, tables={"plan": rows})).tables
    kept = ["w:keepNext/" in row._tr.xml for row in table.rows]
    assert kept[-3:] == [True, True, False]


def test_a_new_column_of_the_form_is_a_column_of_the_document() -> None:
    layout = layout_of("2018")
    plan = make_plan(layout, tables={"plan": [{**good_task(layout), "notes": "rất mới"}]})
    (printed,) = (s.sheet.printed for s in layout.sheets if s.sheet.printed)
    (table,) = printed.tables
    wider = replace(table, columns=(*table.columns, PrintColumn("Cột mới", (PrintPart("notes"),))))
    _, made = official_table(plan, wider, (*printed.widths, 9), Page(landscape=True), Notes({}, ""))
    assert isinstance(made, WrittenTable)
    assert len(made.widths) == len(table.columns) + 1
    assert "Cột mới" in str(made.rows[0].cells[-1])
    assert "rất mới" in str(made.rows[-1].cells[-1])
    assert sum(made.widths) == pytest.approx(252)


@pytest.mark.parametrize("form", FORMS)
def test_looks_of_the_letterhead(form: str) -> None:
    """Sizes and looks by Phụ lục I of decree 30/2020, part I, section V."""
    plan = make_plan(layout_of(form), cover={"parent_body": "Phòng VH-XH xã Bình Minh"})
    heading = read(plan).document.tables[0]
    (parent, school, _), (nation, motto, _) = (cell.paragraphs for cell in heading.rows[0].cells)
    (number,), (dated,) = (cell.paragraphs for cell in heading.rows[1].cells)

    def look(paragraph: object) -> tuple[str, float, bool, bool]:
        (run,) = paragraph.runs  # type: ignore[attr-defined]
        return run.text, run.font.size.pt, bool(run.bold), bool(run.italic)

    assert look(parent) == ("PHÒNG VH-XH XÃ BÌNH MINH", 12, False, False)
    assert look(school) == ("TRƯỜNG THCS BÌNH MINH", 12, True, False)
    assert look(nation) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True, False)
    assert look(motto) == ("Độc lập - Tự do - Hạnh phúc", 13, True, False)
    assert look(number) == ("Số: 12/KH-THCS", 13, False, False)
    year = 2020 if form == "2018" else 2026
    assert look(dated) == (f"ngày 12 tháng 9 năm {year}", 13, False, True)


def test_a_plan_in_january_and_its_place() -> None:
    layout = layout_of()
    cover = {"issue_date": "5/1/2027", "place": "Bình Minh"}
    assert "Bình Minh, ngày 05 tháng 01 năm 2027" in read(make_plan(layout, cover=cover)).xml


def test_looks_of_title_text_and_signature() -> None:
    layout = layout_of("2026")
    cover: dict[str, Value] = {
        "purpose": "Nâng cao chất lượng.\nGiữ vững thành tích.",
        "recipients": "- Sở GDĐT;\n- Lưu: VT.",
        "signer": "Hiệu trưởng",
        "signer_name": "Họ và Tên",
    }
    found = read(make_plan(layout, cover=cover))
    paragraphs = {p.text: p for p in found.document.paragraphs}
    title, subject = (
        paragraphs["KẾ HOẠCH"],
        paragraphs["Cải tiến chất lượng giáo dục năm học 2026-2027"],
    )
    assert [p.style.name for p in (title, subject) if p.style] == ["Title", "Title"]
    purpose = paragraphs["Nâng cao chất lượng."]
    assert purpose.style is not None
    look = purpose.style.paragraph_format
    assert look.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert look.first_line_indent is not None
    assert look.first_line_indent.mm == pytest.approx(10, abs=0.1)
    assert look.space_before is not None
    assert look.space_before.pt >= 6
    assert paragraphs["III. MỤC ĐÍCH, YÊU CẦU"].style.name == "Heading 1"  # type: ignore[union-attr]
    assert paragraphs["1. Mục đích"].style.name == "Heading 2"  # type: ignore[union-attr]
    signature = found.document.tables[-1].rows[-1].cells
    received = [(p.text, p.runs[0].font.size.pt) for p in signature[0].paragraphs]
    assert received == [(RECIPIENTS, 12), ("- Sở GDĐT;", 11), ("- Lưu: VT.", 11)]
    signed = [p.text for p in signature[1].paragraphs]
    assert signed == ["HIỆU TRƯỞNG", *[""] * 5, "Họ và Tên"]


def test_the_signature_is_on_the_page_of_the_last_sentence() -> None:
    paragraphs = read(good_plan()).document.paragraphs
    last = [p for p in paragraphs if p.text.startswith("Trên đây là kế hoạch")]
    assert [p.paragraph_format.keep_with_next for p in last] == [True]


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_plan_has_every_heading_and_a_row_to_fill_in(form: str) -> None:
    layout = layout_of(form)
    blank = dict.fromkeys((c.field for c in layout.sheet("cover").cells), None)
    plan = make_plan(layout, cover=blank, tables={"plan": []})
    found = read(plan)
    assert "Cải tiến chất lượng giáo dục năm học ……………" in found.lines
    assert "Số: ……………" in found.xml
    assert "ngày …… tháng …… năm ………" in found.xml
    tables = found.tables[:-1] if form == "2026" else found.tables
    for table in tables:
        assert rows_of(table)[-1] == [""] * len(table.columns)
    for title in [
        t.title for s in layout.sheets if s.sheet.printed for t in s.sheet.printed.tables
    ]:
        assert title in found.lines


def test_what_is_not_understood_is_printed_as_typed() -> None:
    layout = layout_of("2018")
    row = {**good_task(layout), "deadline": "Tháng năm 2023", "budget": "1 triệu/tháng"}
    (table,) = read(make_plan(layout, tables={"plan": [row]})).tables
    assert "Đến Tháng năm 2023" in rows_of(table)[-1][5]
    assert "1 triệu/tháng" in rows_of(table)[-1][6]


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_openxml_audit_finds_nothing(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.docx"
    target.write_bytes(official_document(sample(path.name)))
    assert [error.description for error in OpenXmlValidator().validate(str(target)).errors] == []


@pytest.mark.parametrize("form", FORMS)
def test_the_same_plan_gives_the_same_bytes(form: str) -> None:
    assert official_document(good_plan(form)) == official_document(good_plan(form))


NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "\x00\x01\x1f",
            "_x0000_",
            "]]><w:p/>",
            "&amp;<b>",
            "\u2060¶",
            "\u202eđảo",
            "\ufffe\uffff",
            "👩‍👩‍👧",
            "a\r\nb\tc",
            "=HYPERLINK(1)",
            "chữ " * 2_500,
            "x" * 10_000,
        ]
    ),
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=6, phases=(Phase.generate,), suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_hostile_texts_are_only_texts(form: str, data: st.DataObject) -> None:
    layout = layout_of(form)
    typed = {
        key: [c.field for c in layout.sheet(key).columns if not c.column.locked]
        for key in ("plan", *(["problems"] if form == "2026" else []))
    }
    tables = {
        key: [{field: data.draw(NASTY) for field in fields} for _ in range(2)]
        for key, fields in typed.items()
    }
    cover = {c.field: data.draw(NASTY) for c in layout.sheet("cover").cells if not c.cell.locked}
    plan = make_plan(layout, cover=cover, tables=tables)
    found = read(plan)
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
    for printed in (s.sheet.printed for s in layout.sheets if s.sheet.printed):
        widths = [len(t.columns) for t in printed.tables]
        assert [len(t.columns) for t in found.tables][: len(widths)] == widths
    assert "instrText" not in found.xml
    task = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", str(tables["plan"][0]["task"]))
    assert squeezed(task) in squeezed(
        " ".join(" ".join(r) for r in rows_of(found.tables[-1 if form == "2018" else 1]))
    )


def test_a_note_on_a_merged_cell_is_on_its_row() -> None:
    """Word shows nothing of a cell that continues a merge."""
    layout = layout_of("2018")
    criterion = layout.regulation.criteria[0].label
    rows = [{**good_task(layout), "criterion": criterion} for _ in range(2)]
    plan = make_plan(layout, tables={"plan": rows})
    sheet = layout.sheet("plan")
    place = (sheet.name, sheet.ref("criterion_label", plan.rows("plan")[1].row))
    table = Read(official_document(plan, {place: "xem lại"}, "Sở")).tables[0]
    assert "commentReference" in table.rows[-1].cells[0]._tc.xml


def test_notes_are_comments_beside_what_they_are_about() -> None:
    layout = layout_of("2018")
    plan = make_plan(layout, tables={"plan": [good_task(layout), good_task(layout, 1)]})
    sheet, cover, own = layout.sheet("plan"), layout.sheet("cover"), layout.sheet("self_assessment")
    row = plan.rows("plan")[1].row
    notes = {
        (sheet.name, sheet.ref("deadline", row)): "sai hạn",
        (sheet.name, sheet.ref("current_level", row)): "thiếu mức",
        (cover.name, cover.cell("purpose").ref): "quá ngắn",
        (cover.name, cover.cell("issue_date").ref): "sai ngày",
        (own.name, "C9"): "thiếu minh chứng",
    }
    found = Read(official_document(plan, notes, "Sở GDĐT"))
    comments = list(found.document.comments)
    assert {c.author for c in comments} == {"Sở GDĐT"}
    by_id = {c.comment_id: c.text for c in comments}
    assert sorted(by_id.values()) == sorted(
        [
            "sai hạn",
            "thiếu mức",
            "quá ngắn",
            "sai ngày",
            "Trang «Tự đánh giá», ô C9:\nthiếu minh chứng",
        ]
    )
    beside = {
        by_id[int(number)]: re.sub("<[^>]+>", "", text)
        for number, text in re.findall(
            r'<w:commentRangeStart w:id="(\d+)"/>(.*?)<w:commentRangeEnd', found.xml
        )
    }
    assert beside["sai hạn"] == "Một lần"
    assert beside["thiếu mức"] == "2"
    assert beside["quá ngắn"].startswith("Từng bước nâng cao chất lượng")
    assert beside["sai ngày"].startswith("ngày 12 tháng 9")
    assert beside["Trang «Tự đánh giá», ô C9:\nthiếu minh chứng"].startswith("Cải tiến")
