"""Drafts read from documents: right or marked, and nothing of the document is lost."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kdcl_xl.docx.read import read_document
from kdcl_xl.errors import UserError
from kdcl_xl.importing.convert import Format, find_soffice, format_of, to_docx
from kdcl_xl.importing.importer import (
    FROM_PDF,
    Imported,
    Options,
    Understood,
    import_plan,
    understand,
)
from kdcl_xl.importing.names import names_of
from kdcl_xl.submission.model import Reading
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.xlsx.bounds import SAFE
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.judge import judge
from tests.build import TODAY
from tests.importing.__main__ import score_of
from tests.importing.layouts import LAYOUTS, add_row, grid, head, saved, tail
from tests.importing.tasks import day_of, synthetic_plan
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import ascii_fold, normalise

CATALOGUE = builtin_catalogue()
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_WRONG, LEAST_RIGHT = 0.01, 0.8
"""Of the filled fields: wrong without a mark at most, right at least."""


def words(text: str) -> set[str]:
    """The words of a text without diacritics, numbers as numbers."""
    found = re.findall(r"\w+", ascii_fold(normalise(text)))
    return {str(int(w)) if w.isascii() and w.isdigit() else w for w in found}


def paragraphs_in(content: bytes) -> Iterator[str]:
    """Every paragraph of every part of a document, deleted text too; read without our reader."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    for name in archive.namelist():
        if re.fullmatch(
            r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", name
        ):
            for paragraph in ElementTree.fromstring(archive.read(name)).iter(f"{W}p"):
                found = [e for e in paragraph.iter() if e.tag in _OF_TEXT]
                text = "".join("\n" if e.tag == f"{W}br" else e.text or "" for e in found)
                yield from (line for line in text.split("\n") if line.strip())


_OF_TEXT = {f"{W}t", f"{W}delText", f"{W}br"}


def of_form() -> set[str]:
    """The closed list of words that are headings and labels of the form."""
    tables = ("columns", "sections", "roles", "labels", "form", "units")
    names = [name for table in tables for every in names_of(table).values() for name in every]
    return {word for name in names for word in words(name)} | words(
        "Số tiêu chuẩn, TC, ngày tháng năm học giai đoạn trên đây là của phối hợp chủ trì với"
        " NSNN I II III IV V VI VII VIII A B C D Đ E"
    )


OF_FORM = of_form()


def lost_of(document: bytes, rows: Sequence[set[str]]) -> list[str]:
    """The paragraphs whose words are neither together in a row of the draft, nor the form's."""
    lost = []
    for paragraph in paragraphs_in(document):
        wanted = words(paragraph) - OF_FORM
        if wanted and not any(wanted <= row for row in rows):
            lost.append(paragraph)
    return lost


def rows_in(made: Understood) -> list[set[str]]:
    """The words of each row of a draft, of «Chưa chuyển» and of «Cần xem lại»."""
    cells = [list(sheet.values()) for sheet in made.plan.cells.values()]
    rows = [record.values for records in made.plan.tables.values() for record in records]
    kept = [[entry.value] for entry in made.behind]
    asked = [[entry.original] for entry in made.review.entries]
    every = (*cells, *rows, *kept, *asked)
    return [{w for v in row if v is not None for w in words(_shown(v))} for row in every]


def _shown(value: object) -> str:
    day = day_of(value) if isinstance(value, float) and 36526 < value < 73051 else None
    return f"{value} {day:%d %m %Y}" if day else str(value)


def rows_of_workbook(content: bytes) -> list[set[str]]:
    """The words of each row of each sheet of a workbook, and of the cover as a whole."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows = [
        (sheet.title, {w for value in row if value is not None for w in words(str(value))})
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
    ]
    cover = {word for title, row in rows if title == "Thông tin" for word in row}
    return [cover, *(row for _, row in rows)]


@cache
def imported(name: str, seed: int = 0) -> tuple[bytes, Imported]:
    """A document of a layout and its draft."""
    form, make = LAYOUTS[name]
    content = make(synthetic_plan(form, seed))
    return content, import_plan(content, CATALOGUE, Options(source=f"{name}.docx"))


@pytest.mark.parametrize("name", LAYOUTS)
def test_fields_are_right_or_marked(name: str) -> None:
    score = score_of(name, 1)
    filled = score.right + score.marked + score.wrong
    assert score.wrong <= MOST_WRONG * filled, score.faults
    assert score.right >= LEAST_RIGHT * score.expected


@pytest.mark.parametrize("name", LAYOUTS)
def test_nothing_of_a_document_is_lost(name: str) -> None:
    document = LAYOUTS[name][1](synthetic_plan(LAYOUTS[name][0], 2))
    made = understand(read_document(document), CATALOGUE, Options())
    assert lost_of(document, rows_in(made)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tracked_changes", "form_2026"])
def test_nothing_is_lost_in_the_workbook(name: str) -> None:
    document, made = imported(name)
    assert lost_of(document, rows_of_workbook(made.content)) == []


def test_the_proof_of_the_ledger_finds_a_lost_paragraph() -> None:
    plan = synthetic_plan("2018", 0, 2)
    document = LAYOUTS["nine_columns"][1](plan)
    made = understand(read_document(document), CATALOGUE, Options())
    other = docx.Document(io.BytesIO(document))
    other.add_paragraph("Một câu khác hẳn mà bản nháp chưa từng nhìn thấy")
    lost = lost_of(saved(other), rows_in(made))
    assert lost == ["Một câu khác hẳn mà bản nháp chưa từng nhìn thấy"]


def test_a_draft_is_a_template_without_traces_of_tampering(tmp_path: Path) -> None:
    _, made = imported("eight_columns_merged")
    path = tmp_path / "nhap.xlsx"
    path.write_bytes(made.content)
    read = read_submission(path, CATALOGUE, Reading())
    assert read.found == ()
    assert read.plan is not None
    assert read.plan.tables["plan"] == made.draft.plan.tables["plan"]


def test_a_doubtful_cell_has_a_note_and_a_line(tmp_path: Path) -> None:
    _, made = imported("nine_columns")
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    listed = book["Cần xem lại"]
    assert made.draft.marked
    for sheet, cell in made.draft.marked:
        note = book[sheet][cell].comment
        assert note is not None
        assert "Nguyên văn" in note.text
    cells = {(row[1].value, row[2].value) for row in listed.iter_rows(min_row=5)}
    assert made.draft.marked <= cells


# ---- what a person wrote ----------------------------------------------------------------


def draft_of(*rows: Sequence[str], heading: str = "", before: Sequence[str] = ()) -> Understood:
    """The draft of a small plan with these rows in a table of the form of 2018."""
    plan = synthetic_plan("2018", 0, 1)
    document = head(plan)
    for line in before:
        document.add_paragraph(line)
    table = grid(
        document,
        heading or "Tiêu chí | Kết quả cần đạt | Giải pháp | Chủ trì | Thời gian | Kinh phí",
    )
    for row in rows:
        add_row(table, row)
    return understand(read_document(tail(document, plan)), CATALOGUE, Options())


def value(made: Understood, field: str, nth: int = 0) -> object:
    return made.plan.value("plan", made.plan.rows("plan")[nth], field)


def is_marked(made: Understood, field: str, nth: int = 0) -> bool:
    sheet = made.plan.layout.sheet("plan")
    return (sheet.name, sheet.ref(field, made.plan.rows("plan")[nth].row)) in made.marked


BASE = ("Tiêu chí 1.4", "Kết quả", "Việc cần làm", "Hiệu trưởng", "Tháng 9/2020", "Không")


def with_(field: int, text: str) -> Understood:
    row = list(BASE)
    row[field] = text
    return draft_of(row)


def test_a_date_alone_has_no_recurrence() -> None:
    made = draft_of(BASE)
    assert value(made, "recurrence") is None
    assert value(made, "deadline") == "Tháng 9/2020"


def test_several_leads_stay_so_that_the_rule_finds_them() -> None:
    made = with_(3, "BGH, GVCN, TPT Đội")
    assert value(made, "lead") == "BGH, GVCN, TPT Đội"
    assert "KD304" in {finding.rule for finding in judge(made.plan, TODAY)}


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("Tiêu chí 1.4. Khối lớp", "criterion", "1.4"),
        ("TC 1.4", "criterion", "1.4"),
        ("1.4", "criterion", "1.4"),
        ("Tiêu chí 1. 4: Hiệu trưởng", "criterion", "1.4"),
        ("1,4", "criterion", "1.4"),
        ("Tiêu chí 1.4 (Mức 2)", "criterion", "1.4"),
        ("T/c 1.10", "criterion", "1.10"),
        ("TC1-TC1.1", "criterion", "1.1"),
        ("Tiêu chuẩn 1, tiêu chí 1.1", "criterion", "1.1"),
        ("Lớp học", "criterion", "1.5"),
    ],
)
def test_criteria_are_recognised_in_many_spellings(text: str, field: str, expected: str) -> None:
    assert str(value(with_(0, text), field)).startswith(f"{expected} ")


@pytest.mark.parametrize(
    "text",
    ["Tiêu chí 1.4. Khối lớp học ghép", "Tiêu chí 9.9", "1.4; 1.5", "Việc chung của trường"],
)
def test_an_uncertain_criterion_is_marked(text: str) -> None:
    assert is_marked(with_(0, text), "criterion")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Tháng 9", True),
        ("Trong năm học", True),
        ("Tháng 9/2020 và tháng 5/2021", True),
        ("Khi có kinh phí", True),
        ("05-09-2020", False),
        ("Thường xuyên, liên tục", False),
        ("Từ 9/2020 đến 5/2021", False),
        ("9/2020-5/2021", False),
        ("Học kỳ I", True),
    ],
)
def test_odd_times_are_kept_and_marked(text: str, marked: bool) -> None:
    made = with_(4, text)
    fields = [name for name in ("recurrence", "start", "deadline") if value(made, name)]
    assert fields
    assert any(is_marked(made, name) for name in fields) == marked


@pytest.mark.parametrize(
    ("text", "budget", "source", "marked"),
    [
        ("Kinh phí: 5 triệu (NSNN)", 5e6, "Ngân sách nhà nước", False),
        ("5-10 triệu", "?", None, True),
        ("50.000đ x 20 = 1.000.000đ", "?", None, True),
        ("Ngân sách, xã hội hóa", "", "Ngân sách, xã hội hóa", True),
        ("81 triệu đồng mua máy tính", 81e6, None, True),
        ("Quỹ hội phụ huynh", "", "Quỹ hội phụ huynh", True),
        ("Không", "", "Không cần kinh phí", False),
        ("Kinh phí: Không", "", "Không cần kinh phí", False),
        ("15", 15.0, None, True),
        ("Ngân sách nhà trường", "", "Ngân sách nhà trường", True),
        ("-", "", None, False),
    ],
)
def test_money(text: str, budget: object, source: str | None, marked: bool) -> None:
    made = with_(5, text)
    assert value(made, "budget_meant") in (budget, "" if budget == "" else budget)
    assert value(made, "funding_source") == source
    assert (is_marked(made, "budget") or is_marked(made, "funding_source")) == marked


def test_bare_numbers_take_the_unit_of_the_heading() -> None:
    heading = "Tiêu chí | Kết quả cần đạt | Giải pháp | Chủ trì | Thời gian | Kinh phí (triệu đồng)"
    made = draft_of((*BASE[:5], "15"), heading=heading)
    assert value(made, "budget_meant") == 15e6


def test_a_shifted_row_is_marked_and_keeps_its_words() -> None:
    made = draft_of((*BASE[:3], "Trong năm học", "1 triệu /tháng", ""))
    assert value(made, "lead") == "Trong năm học"
    assert is_marked(made, "lead")
    assert is_marked(made, "deadline")


def test_a_section_that_no_form_has_does_not_run_into_another() -> None:
    lines = ("II. ĐẶC ĐIỂM TÌNH HÌNH", "Trường có ba điểm lẻ.")
    made = draft_of(BASE, before=lines)
    assert "ba điểm lẻ" not in str(made.plan.cells["cover"])
    assert "Trường có ba điểm lẻ." in {entry.value for entry in made.behind}


def test_labels_of_a_plan_in_words_are_no_sections() -> None:
    lines = (
        "TRƯỜNG TIỂU HỌC CÁNH ĐỒNG",
        "KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG NĂM HỌC 2025-2026",
        "1. Mục tiêu",
        "Duy trì chuẩn.",
        "2. Nội dung",
        "Tiêu chí 1.2. Hội đồng trường",
        "- Điểm yếu: Họp chưa đều.",
        "- Kế hoạch cải tiến chất lượng: Họp mỗi học kỳ một lần.",
        "- Người thực hiện: Hiệu trưởng",
        "3. Tổ chức thực hiện",
        "Các tổ thực hiện.",
        "HIỆU TRƯỞNG",
    )
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    made = understand(read_document(saved(document)), CATALOGUE, Options())
    assert value(made, "task") == "Họp mỗi học kỳ một lần."
    weak = made.plan.column("self_assessment", "weaknesses")
    assert [text for text in weak if text] == ["Họp chưa đều."]
    assert made.plan.cell("signer") == "Hiệu trưởng"
    assert made.plan.cell("purpose") == "Duy trì chuẩn."


def test_an_unusual_heading_is_understood_and_its_column_marked() -> None:
    heading = "Tiêu chí | Kết quả cần đạt | Giải pháp | Chủ trì | Thời gian dự tính | Kinh phí"
    made = draft_of(BASE, heading=heading)
    assert value(made, "deadline") == "Tháng 9/2020"
    assert is_marked(made, "deadline")


def test_years_that_do_not_follow_each_other_are_only_words() -> None:
    made = draft_of(BASE, before=("Báo cáo từ năm học 2016 - 2027 đến năm học 2019 - 2020.",))
    assert made.year == SchoolYear(2020, 2021)
    assert "2016 - 2027" in str(made.plan.cell("legal_bases"))


def test_old_fonts_are_converted_and_reported() -> None:
    document = docx.Document()
    document.add_paragraph("TRƯỜNG THCS BÌNH MINH")
    document.add_paragraph("Năm học 2020-2021")
    document.add_paragraph("I. Mục đích")
    run = document.add_paragraph().add_run("N©ng cao chÊt l­îng gi¸o dôc")
    run.font.name = ".VnTime"
    second = document.add_paragraph().add_run("Tröôøng hoïc thaân thieän")
    second.font.name = "VNI-Times"
    made = understand(read_document(saved(document)), CATALOGUE, Options())
    assert made.plan.cell("purpose") == "Nâng cao chất lượng giáo dục\nTrường học thân thiện"
    assert made.encodings == ("TCVN3 (ABC)", "VNI")


@pytest.mark.parametrize(
    ("lines", "option"),
    [
        (("Năm học 2020-2021", "I. Mục đích", "Nâng cao chất lượng"), "--kind"),
        (("TRƯỜNG THCS BÌNH MINH", "I. Mục đích", "Kết quả năm học 2019-2020"), "--school-year"),
    ],
)
def test_kind_and_year_are_asked_for_and_never_guessed(lines: Sequence[str], option: str) -> None:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    with pytest.raises(UserError, match=option):
        import_plan(saved(document), CATALOGUE, Options())


def test_a_criterion_above_a_table_is_that_of_its_rows() -> None:
    heading = "Điểm yếu | Biện pháp cải tiến | Thời gian | Người thực hiện | Kinh phí"
    lines = ("III. Nội dung", "Tiêu chí 1.1: Phương hướng, chiến lược")
    made = draft_of(("Yếu", "Sửa", "5/2021", "HT", "Không"), heading=heading, before=lines)
    assert str(value(made, "criterion")).startswith("1.1 ")
    assert "Yếu" in made.plan.column("self_assessment", "weaknesses")


def test_each_line_of_a_paragraph_is_accounted_for() -> None:
    document = docx.Document()
    for line in (
        "KẾ HOẠCH\nMột câu lạ",
        "Nơi nhận:\n- Sở;\nNGƯỜI LẬP BIỂU",
        "TRƯỜNG THCS A\nHai câu",
    ):
        document.add_paragraph(line)
    content = saved(document)
    options = Options(CATALOGUE.kind("thcs"), SchoolYear(2020, 2021))
    made = understand(read_document(content), CATALOGUE, options)
    assert lost_of(content, rows_in(made)) == []


def test_a_level_is_no_number_of_a_part() -> None:
    made = draft_of(BASE, before=("III. Mục tiêu", "Mức 3."))
    assert "Mức 3." in str(made.plan.cell("purpose"))


def test_a_total_is_no_task() -> None:
    made = draft_of(BASE, ("Tổng cộng", "", "", "", "", "5.000.000"))
    assert made.tasks == 1
    assert "5.000.000" in {entry.value for entry in made.behind}


def test_tasks_in_small_letters_are_rows_of_their_own() -> None:
    made = draft_of(BASE, ("", "đạt", "họp tổ", "Kế toán", "Tháng 5/2021", ""))
    assert value(made, "task", 1) == "họp tổ"
    assert str(value(made, "criterion", 1)).startswith("1.4 ")


# ---- hostile and other files ------------------------------------------------------------

_TEXTS = st.sampled_from(
    [
        *("", "TT", "Tiêu chí", "Giải pháp", "Thời gian", "Chủ trì", "Kinh phí", "Kết quả cần đạt"),
        *("Tiêu chuẩn 1: Lớp", "MỨC 4", "Tiêu chí 1.4", "1.4; 1.5", "Tháng 9,10", "2016-2027"),
        *("I. Mục đích", "VI. Tổ chức thực hiện", "Nơi nhận:", "HIỆU TRƯỞNG", "Trên đây là", "1."),
        *("Thời gian: 31/02/2021", "Số: ./KH", "ngày 31 tháng 2 năm 2021", "=1+1", "\u200b", "đ"),
        *(
            "99999999999999999999 tỷ đồng",
            "Biện pháp:",
            "x" * 300,
            "Tiêu chí M4.9",
            "năm học 9999-1",
        ),
        *(
            "5-5-5-5",
            "đến",
            "từ",
            "đến đến 5/2021",
            "phối hợp",
            "chủ trì",
            "Tiêu chuẩn 9",
            "()[]{}\\",
        ),
    ]
) | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=30)
_CELL = st.tuples(_TEXTS, st.integers(0, 4), st.sampled_from(["", "restart", "continue"]))
_BLOCK = _TEXTS | st.lists(st.lists(_CELL, max_size=7), max_size=6)


def _xml_of(block: str | list[list[tuple[str, int, str]]]) -> str:
    if isinstance(block, str):
        lines = "<w:br/>".join(f"<w:t>{escape(line)}</w:t>" for line in block.split("|"))
        return f"<w:p><w:r>{lines}</w:r></w:p>"
    rows = ""
    for row in block:
        rows += "<w:tr>"
        for text, span, merge in row:
            joined = f'<w:vMerge w:val="{merge}"/>' if merge else ""
            rows += (
                f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{joined}</w:tcPr>'
                f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p></w:tc>"
            )
        rows += "</w:tr>"
    return f"<w:tbl>{rows}</w:tbl>"


def package(body: str) -> bytes:
    """The smallest document with this body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>",
        )
    return out.getvalue()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(_BLOCK, max_size=12), st.sampled_from(["2018", "2026"]))
def test_any_document_is_read_and_nothing_is_lost(blocks: list[str], form: str) -> None:
    year = SchoolYear(2020, 2021) if form == "2018" else SchoolYear(2026, 2027)
    content = package("".join(map(_xml_of, blocks)))
    options = Options(CATALOGUE.kind("thcs"), year)
    document = read_document(content)
    assume(any(words(paragraph.text) for paragraph in document.paragraphs))
    made = understand(document, CATALOGUE, options)
    assert lost_of(content, rows_in(made)) == []


def test_a_document_of_pictures_is_refused_with_the_reason() -> None:
    with pytest.raises(UserError, match="scan"):
        import_plan(package("<w:p/>"), CATALOGUE, Options())


@pytest.mark.parametrize(
    "body",
    [
        "<w:p>" + "<w:r>" * 250 + "</w:r>" * 250 + "</w:p>",
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr></w:tc></w:tr></w:tbl>',
        "<w:tbl><w:tr><w:tc>" * 60 + "</w:tc></w:tr></w:tbl>" * 60,
        "<w:p><w:r><w:t>a</w:t>",
    ],
)
def test_a_hostile_document_is_refused_or_read(body: str) -> None:
    options = Options(CATALOGUE.kind("thcs"), SchoolYear(2020, 2021))
    with contextlib.suppress(UnreadableError, UserError):
        import_plan(package(body), CATALOGUE, options)


def test_a_document_with_a_document_type_is_refused() -> None:
    content = package("").replace(b"", b"")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(UnreadableError):
        read_document(out.getvalue())
    assert read_document(content).body == ()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"{\\rtf1 a}", Format.RTF),
        (b"%PDF-1.7", Format.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Format.DOC),
        (b"plain words", Format.OTHER),
        (b"", Format.OTHER),
    ],
)
def test_other_formats_are_recognised_and_answered(content: bytes, found: Format) -> None:
    assert format_of(content) is found
    with pytest.raises(UserError, match="docx"):
        import_plan(content, CATALOGUE, Options())


@pytest.mark.libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("name", [Format.DOC, Format.RTF, Format.ODT, Format.PDF])
def test_libreoffice_converts_other_formats(name: Format, tmp_path: Path) -> None:
    import subprocess

    program = find_soffice()
    assert program is not None
    document, made = imported("nine_columns")
    (tmp_path / "plan.docx").write_bytes(document)
    command = (program, f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless")
    convert = ("--convert-to", str(name), "--outdir", str(tmp_path), str(tmp_path / "plan.docx"))
    subprocess.run((*command, *convert), check=True, capture_output=True, timeout=120)
    other = (tmp_path / f"plan.{name}").read_bytes()
    assert format_of(other) is name
    again = to_docx(other, name, "plan", SAFE)
    is_pdf = name is Format.PDF
    options = Options(CATALOGUE.kind("thcs"), made.draft.year, is_all_doubtful=is_pdf)
    read = import_plan(again, CATALOGUE, options).draft
    if is_pdf:
        assert read.filled == len(read.review.entries)
        assert FROM_PDF in {entry.why for entry in read.review.entries}
        # A row that is cut by the end of a page may become two.
        assert made.draft.tasks <= read.tasks + 2 <= made.draft.tasks + 6
    else:
        assert read.plan.tables["plan"] == made.draft.plan.tables["plan"]


def test_names_of_people_are_in_no_report(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    plan = synthetic_plan("2018", 0, 2)
    document = docx.Document(io.BytesIO(LAYOUTS["nine_columns"][1](plan)))
    document.add_paragraph("Trần Thị Bạch Dương")
    path = tmp_path / "ke-hoach.docx"
    path.write_bytes(saved(document))
    for language in ("vi", "en"):
        done = run("import", path, "-o", tmp_path / "a.xlsx", "--lang", language)
        assert done.exit_code == 0, done.output
        assert "Dương" not in done.output
