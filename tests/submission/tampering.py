"""What people do to a locked workbook, each with what is found: the declaration.

``make reference`` writes a page from this list. ``test_tampering.py`` performs every entry with
openpyxl, and some with LibreOffice.
"""

from __future__ import annotations

import io
import pickle
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import cache, partial

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from kdcl_xl.template.editable import input_areas
from kdcl_xl.template.stamp import STAMP_NAME, STAMP_PROPERTY, Stamp
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.plan import Plan
from macros_free_validation.rules import BY_ID
from macros_free_validation.values import filled
from tests.build import SCHOOL, good_task, layout_of, make_plan, workbook_bytes
from workbook_templates.text import Language, Text

LAYOUT = layout_of("2026", rows=10)
GUIDE, COVER, ASSESSMENT, PLAN, PROGRESS, LISTS, CHECKS = (
    LAYOUT.sheet(key).name
    for key in ("guide", "cover", "self_assessment", "plan", "progress", "lists", "checks")
)
PRINT = LAYOUT.sheet("print").name
PLACED = LAYOUT.sheet("plan")
HEAD, FIRST, LAST = PLACED.header_row, PLACED.first_row, PLACED.last_row
"""Rows of the plan: headings of its fields, first and last of the table."""


def column(field: str, first: int = FIRST, last: int = LAST) -> str:
    """Rows of a column of the plan: ``M6:M15``."""
    letter = PLACED.column(field).letter
    return f"{letter}{first}:{letter}{last}"


_PLAN = make_plan(
    LAYOUT,
    cells={"self_assessment": {"claimed_total_1": 15, "claimed_met_1": 15}},
    tables={
        "plan": [good_task(LAYOUT, n) for n in range(3)],
        "problems": [
            {
                "standard": LAYOUT.regulation.standards[0].label,
                "criterion": LAYOUT.regulation.criteria[0].label,
                "current_state": "Thiếu phòng học bộ môn",
                "weakness": "Chưa đủ phòng",
                "cause": "Kinh phí hạn chế",
            }
        ],
        "self_assessment": [{"result_1": "Đạt", "evidence": "[H1-1.1-01]"}],
        "progress": [{"remark": "Đang làm"}],
    },
)


class Reads(Enum):
    """What is read after a manipulation."""

    ALL = Text("đọc đầy đủ", "everything that was typed")
    REST = Text("phần còn lại", "everything that is still there")
    NOTHING = Text("không đọc; lý do nêu rõ", "nothing; the finding says why")


Expected = tuple[str, str | None, str | None]
"""Rule, sheet and cell."""
Content = Callable[[], bytes]


@dataclass(frozen=True)
class Manipulation:
    """Something a person does, the file it leaves, and what is found there."""

    what: Text
    content: Content
    found: tuple[Expected, ...]
    reads: Reads = Reads.ALL


@cache
def good() -> bytes:
    """The untouched file."""
    return workbook_bytes(_PLAN)


@cache
def _pickled() -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of print areas that openpyxl leaves out
        return pickle.dumps(openpyxl.load_workbook(io.BytesIO(good())))


def saved(change: Callable[[Workbook], object]) -> bytes:
    """The untouched file, changed and saved by openpyxl, with the edit ranges as Excel keeps them.

    openpyxl drops the ranges of every sheet that it saves.
    """
    book: Workbook = pickle.loads(_pickled())
    for ws in book.worksheets:
        ws.edit_ranges = _RANGES.get(ws.title, "")  # type: ignore[attr-defined]
    change(book)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:  # stored: packing takes longer than all else
        ExcelWriter(book, archive).write_data()
    ranges = [getattr(ws, "edit_ranges", "") for ws in book.worksheets]
    return with_edit_ranges(target.getvalue(), ranges)


_RANGES = {sheet.name: input_areas(LAYOUT, sheet) for sheet in LAYOUT.sheets}


def with_edit_ranges(content: bytes, ranges: Sequence[str]) -> bytes:
    """A workbook saved by openpyxl, with edit ranges for each of its sheets in order."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as archive,
    ):
        for name in source.namelist():
            data = source.read(name)
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            areas = ranges[int(found[1]) - 1] if found else ""
            if areas:
                own = f'<protectedRanges><protectedRange sqref="{areas}" name="nhap"/>'
                own += "</protectedRanges>"
                data = re.sub(rb"<sheetProtection[^>]*/>", rb"\g<0>" + own.encode(), data)
            archive.writestr(name, data)
    return target.getvalue()


def typed_values(plan: Plan) -> dict[str, object]:
    """What was typed, by field: wherever it stands now."""
    found: dict[str, object] = {}
    for sheet in LAYOUT.sheets:
        own = [c.field for c in sheet.columns if not c.column.locked]
        rows = [[plan.value(sheet.key, r, field) for field in own] for r in plan.rows(sheet.key)]
        found[sheet.key] = (
            [plan.cell(c.field, sheet.key) for c in sheet.cells if not c.cell.locked],
            [row for row in rows if any(map(filled, row))],
        )
    return found


MANIPULATIONS: dict[str, Manipulation] = {}


def _does(
    name: str, vi: str, en: str, *found: Expected, reads: Reads = Reads.ALL
) -> Callable[[Callable[[Workbook], object]], Callable[[Workbook], object]]:
    def declare(change: Callable[[Workbook], object]) -> Callable[[Workbook], object]:
        what = Text(vi, en)
        MANIPULATIONS[name] = Manipulation(what, lambda: saved(change), found, reads)
        return change

    return declare


def _set(sheet: str, **values: str | float | date | None) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for ref, value in values.items():
            book[sheet][ref] = value

    return change


# --- protection -------------------------------------------------------------------------


@_does(
    "unprotected", "Mở khóa một trang", "Takes the protection off a sheet", ("KD825", PLAN, None)
)
def _(book: Workbook) -> None:
    book[PLAN].protection.sheet = False


@_does(
    "all unprotected",
    "Mở khóa mọi trang",
    "Takes the protection off every sheet",
    *(("KD825", s.name, None) for s in LAYOUT.compared_sheets if s.key != "stamp"),
)
def _(book: Workbook) -> None:
    for ws in book.worksheets:
        ws.protection.sheet = False


# --- texts ------------------------------------------------------------------------------

for _name, _vi, _en, _sheet, _ref in (
    ("heading", "Sửa tiêu đề cột", "Edits a column's heading", PLAN, PLACED.ref("task", HEAD)),
    ("title", "Sửa tên trang ghi ở ô A1", "Edits the heading of a sheet", PLAN, "A1"),
    ("label", "Sửa nhãn ở trang bìa", "Edits a label of the cover", COVER, "B8"),
    ("guide", "Sửa hướng dẫn", "Edits the guide", GUIDE, "C6"),
    ("checks", "Sửa chữ ở trang kiểm tra", "Edits a text of the check sheet", CHECKS, "D11"),
    ("word", "Sửa từ mà công thức so sánh", "Edits a word of the formulas", CHECKS, "I12"),
    ("list heading", "Sửa tiêu đề danh mục", "Edits the heading of a list", LISTS, "N4"),
):
    _does(f"{_name} edited", _vi, _en, ("KD822", _sheet, _ref))(_set(_sheet, **{_ref: "Khác"}))

_does(
    "heading cleared",
    "Xóa tiêu đề cột",
    "Clears a column's heading",
    ("KD822", PLAN, PLACED.ref("task", HEAD)),
)(_set(PLAN, **{PLACED.ref("task", HEAD): None}))
_does("print-out edited", "Sửa chữ của bản in", "Edits a text of the print-out")(
    _set("Bản in", B2="Khác")
)
_does(
    "text added",
    "Ghi thêm vào ô khóa trống của hướng dẫn",
    "Types into a blank locked cell of the guide",
    ("KD822", GUIDE, "E6"),
)(_set(GUIDE, E6="Nhớ nộp trước 15/9"))
_does(
    "text beside the inputs",
    "Ghi ra ngoài vùng nhập",
    "Types beside the inputs",
    ("KD801", COVER, "F9"),
)(_set(COVER, F9="ghi chú"))

# --- formulas ---------------------------------------------------------------------------

_STANDARD = PLACED.ref("standard", 6)
for _name, _vi, _en, _value in (
    ("cleared", "Xóa công thức của một ô", "Clears a formula", None),
    ("overtyped", "Gõ đè lên công thức", "Types over a formula", "Tiêu chuẩn 9"),
    ("edited", "Sửa công thức", "Edits a formula", '=IF(B6="","","x")'),
    (
        "pointed elsewhere",
        "Cho công thức trỏ sang dòng khác",
        "Lets a formula refer to another row",
        "=INDEX($C:$C,ROW()+1)",
    ),
):
    _does(f"formula {_name}", _vi, _en, ("KD821", PLAN, _STANDARD))(
        _set(PLAN, **{_STANDARD: _value})
    )


@_does(
    "column of formulas",
    "Xóa công thức của cả cột",
    "Clears the formulas of a whole column",
    ("KD821", PLAN, column("standard")),
)
def _(book: Workbook) -> None:
    for row in range(FIRST, LAST + 1):
        book[PLAN][PLACED.ref("standard", row)] = None


@_does(
    "hidden formulas",
    "Xóa công thức ở cột ẩn",
    "Clears formulas of hidden columns",
    ("KD821", PLAN, "AC8:AE9"),
)
def _(book: Workbook) -> None:
    for row in book[PLAN]["AC8:AE9"]:
        for cell in row:
            cell.value = None


_does(
    "check message",
    "Xóa lời nhắc ở cột «Kiểm tra»",
    "Clears a message of the column «Kiểm tra»",
    ("KD821", PLAN, PLACED.ref("check", FIRST)),
)(_set(PLAN, **{PLACED.ref("check", FIRST): None}))
_does(
    "check count",
    "Gõ số 0 đè lên số lỗi ở trang kiểm tra",
    "Types 0 over a count of the check sheet",
    ("KD821", CHECKS, "E12"),
)(_set(CHECKS, E12=0))
_does(
    "print-out overtyped",
    "Gõ đè lên nội dung bản in",
    "Types over a line of the print-out",
)(_set(PRINT, B12="Nội dung tự viết"))
_does(
    "formula added",
    "Thêm công thức vào ô khóa trống",
    "Adds a formula to a blank locked cell",
    ("KD821", GUIDE, "F3"),
)(_set(GUIDE, F3="=1+1"))
_COMPUTED = LAYOUT.sheet("cover").cell("school_level").ref
_does(
    "cover formula",
    "Sửa ô tự tính ở trang bìa",
    "Types over a computed cell of the cover",
    ("KD821", COVER, _COMPUTED),
)(_set(COVER, **{_COMPUTED: "Mức 2"}))

# --- lists ------------------------------------------------------------------------------

_FIRST = LAYOUT.regulation.criteria[0]
for _name, _vi, _en, _sheet, _ref, _value in (
    (
        "list value changed",
        "Sửa một giá trị của danh mục",
        "Edits a value of a list",
        LISTS,
        "N6",
        "Lúc rảnh",
    ),
    (
        "list value cleared",
        "Xóa một giá trị của danh mục",
        "Clears a value of a list",
        LISTS,
        "N6",
        None,
    ),
    (
        "list value added",
        "Thêm giá trị vào cuối danh mục khóa",
        "Adds a value to a locked list",
        LISTS,
        "M12",
        "Mức 9",
    ),
    (
        "criterion renamed in the list",
        "Đổi tên tiêu chí trong danh mục",
        "Renames a criterion in the list",
        LISTS,
        "C5",
        f"{_FIRST.code} Tên khác",
    ),
    (
        "criterion renamed",
        "Đổi tên tiêu chí ở trang tự đánh giá",
        "Renames a criterion of the self-assessment",
        ASSESSMENT,
        "B10",
        f"{_FIRST.code} Tên khác",
    ),
    (
        "criterion without code",
        "Thay tên tiêu chí bằng chữ khác hẳn",
        "Puts quite another text for a criterion",
        ASSESSMENT,
        "B12",
        "Một việc khác",
    ),
):  # fmt: skip
    _does(_name, _vi, _en, ("KD823", _sheet, _ref))(_set(_sheet, **{_ref: _value}))


@_does(
    "name pointed elsewhere",
    "Sửa vùng của một danh sách chọn",
    "Lets a list's name refer to other cells",
    ("KD824", None, None),
)
def _(book: Workbook) -> None:
    book.defined_names["dm_recurrences"].attr_text = "'Danh mục'!$N$5:$N$6"


@_does(
    "column's name pointed elsewhere",
    "Sửa vùng của một cột mà trang khác dùng",
    "Lets the name of a column refer to another column",
    ("KD824", None, None),
)
def _(book: Workbook) -> None:
    book.defined_names["cot_plan_task"].attr_text = "'Kế hoạch'!$D$1:$D$16"


@_does("name deleted", "Xóa tên vùng", "Deletes a defined name", ("KD824", None, None))
def _(book: Workbook) -> None:
    del book.defined_names["dm_funding_sources"]


# --- validations ------------------------------------------------------------------------


def _validation(ws: Worksheet, ref: str) -> DataValidation:
    found: DataValidation = next(v for v in ws.data_validations.dataValidation if ref in v.sqref)
    return found


_LEAD = PLACED.ref("lead", FIRST)


@_does(
    "dropdown removed",
    "Gỡ danh sách chọn của một cột",
    "Removes the dropdown of a column",
    ("KD826", PLAN, column("lead")),
)
def _(book: Workbook) -> None:
    ws = book[PLAN]
    ws.data_validations.dataValidation.remove(_validation(ws, _LEAD))


@_does(
    "every validation removed",
    "Gỡ mọi danh sách chọn và giới hạn của một trang",
    "Removes every dropdown and bound of a sheet",
    ("KD826", PLAN, f"{PLACED.ref('criterion', FIRST)}:{PLACED.ref('criterion', LAST)}"),
)
def _(book: Workbook) -> None:
    book[PLAN].data_validations.dataValidation.clear()


@_does(
    "validations pasted away",
    "Dán thường làm mất danh sách chọn của vài ô",
    "Pastes away the dropdowns of some cells",
    ("KD826", PLAN, PLACED.ref("recurrence", FIRST + 1)),
)
def _(book: Workbook) -> None:
    for field in ("recurrence", "lead"):
        letter = PLACED.column(field).letter
        left = f"{letter}{FIRST} {letter}{FIRST + 2}:{letter}{LAST}"
        _validation(book[PLAN], f"{letter}{FIRST}").sqref = left


@_does(
    "other dropdown",
    "Thay danh sách chọn bằng danh sách khác",
    "Puts another list behind a dropdown",
    ("KD826", PLAN, column("lead")),
)
def _(book: Workbook) -> None:
    _validation(book[PLAN], _LEAD).formula1 = '"Hiệu trưởng,Kế toán"'


_REPORTED = LAYOUT.sheet("progress").column("percent").letter
_REPORTS = LAYOUT.sheet("progress")


@_does(
    "bound moved",
    "Nới giới hạn của một tỉ lệ",
    "Widens the bounds of a percentage",
    ("KD826", PROGRESS, f"{_REPORTED}{_REPORTS.first_row}:{_REPORTED}{_REPORTS.last_row}"),
)
def _(book: Workbook) -> None:
    _validation(book[PROGRESS], f"{_REPORTED}{_REPORTS.first_row}").formula2 = "1000"


@_does(
    "edit ranges removed",
    "Gỡ vùng được nhập của một trang",
    "Removes the edit ranges of a sheet",
    ("KD839", PLAN, None),
)
def _(book: Workbook) -> None:
    del book[PLAN].edit_ranges  # type: ignore[attr-defined]


# --- rows and columns -------------------------------------------------------------------


@_does(
    "row inserted",
    "Chèn dòng vào giữa bảng",
    "Inserts a row into a table",
    ("KD836", PLAN, "A8"),
)
def _(book: Workbook) -> None:
    book[PLAN].insert_rows(8)


@_does(
    "rows deleted",
    "Xóa dòng trống của bảng",
    "Deletes blank rows of a table",
    ("KD836", PLAN, f"A{LAST - 1}"),
)
def _(book: Workbook) -> None:
    book[PLAN].delete_rows(11, 2)


@_does(
    "row with contents deleted",
    "Xóa dòng có nội dung",
    "Deletes a row with contents",
    ("KD836", PLAN, f"A{LAST}"),
    reads=Reads.REST,
)
def _(book: Workbook) -> None:
    book[PLAN].delete_rows(FIRST + 1)


@_does(
    "row above the headings",
    "Chèn dòng phía trên tiêu đề",
    "Inserts a row above the headings",
    ("KD837", PLAN, f"A{HEAD + 1}"),
)
def _(book: Workbook) -> None:
    book[PLAN].insert_rows(1)


@_does(
    "row on the cover",
    "Chèn dòng vào trang bìa",
    "Inserts a row into the cover",
    ("KD837", COVER, "B7"),
)
def _(book: Workbook) -> None:
    book[COVER].insert_rows(6)


@_does(
    "column inserted",
    "Chèn cột vào giữa bảng",
    "Inserts a column into a table",
    ("KD837", PLAN, f"G{HEAD}"),
)
def _(book: Workbook) -> None:
    book[PLAN].insert_cols(6)


@_does(
    "column inserted and filled",
    "Chèn cột và ghi nội dung vào đó",
    "Inserts a column and types into it",
    ("KD837", PLAN, f"G{HEAD}"),
    ("KD801", PLAN, f"F{HEAD}:F{FIRST}"),
)
def _(book: Workbook) -> None:
    book[PLAN].insert_cols(6)
    book[PLAN][f"F{HEAD}"], book[PLAN][f"F{FIRST}"] = "Người theo dõi", "Tổ giám sát"


@_does(
    "columns moved",
    "Đổi chỗ hai cột cùng với nội dung",
    "Swaps two columns with their contents",
    ("KD837", PLAN, f"G{HEAD}"),
)
def _(book: Workbook) -> None:
    ws = book[PLAN]
    for row in range(HEAD, LAST + 1):
        left, right = ws[f"G{row}"], ws[f"H{row}"]
        left.value, right.value = right.value, left.value


@_does(
    "column deleted",
    "Xóa cột nhập",
    "Deletes an input column",
    ("KD013", PLAN, None),
    reads=Reads.NOTHING,
)
def _(book: Workbook) -> None:
    book[PLAN].delete_cols(8)


@_does(
    "headings deleted",
    "Xóa dòng tiêu đề",
    "Deletes the row of headings",
    ("KD013", PLAN, None),
    reads=Reads.NOTHING,
)
def _(book: Workbook) -> None:
    book[PLAN].delete_rows(HEAD)


for _name, _vi, _en in (
    ("deleted", "Xóa dòng của một tiêu chí", "Deletes the row of a criterion"),
    ("inserted", "Chèn dòng giữa các tiêu chí", "Inserts a row between criteria"),
):
    _does(f"criterion row {_name}", _vi, _en, ("KD013", ASSESSMENT, None), reads=Reads.NOTHING)(
        (lambda book: book[ASSESSMENT].delete_rows(12))
        if _name == "deleted"
        else (lambda book: book[ASSESSMENT].insert_rows(12))
    )

# --- sheets -----------------------------------------------------------------------------


def _rename(sheet: str, book: Workbook) -> None:
    book[sheet].title = "Của tôi"


for _key in ("cover", "self_assessment", "plan", "lists"):
    _sheet = LAYOUT.sheet(_key).name
    _does(
        f"{_key} renamed",
        f"Đổi tên trang «{_sheet}»",
        f"Renames the sheet «{_sheet}»",
        ("KD830", _sheet, None),
    )(partial(_rename, _sheet))

_does(
    "guide renamed",
    "Đổi tên trang không có ô nhập",
    "Renames a sheet without inputs",
    ("KD831", None, None),
    ("KD804", "Của tôi", None),
)(lambda book: setattr(book[GUIDE], "title", "Của tôi"))
_does(
    "sheet with inputs deleted",
    "Xóa trang có ô nhập",
    "Deletes a sheet with inputs",
    ("KD009", None, None),
    reads=Reads.NOTHING,
)(lambda book: book.remove(book[ASSESSMENT]))
_does(
    "print-out deleted",
    "Xóa bản in",
    "Deletes a print-out",
)(lambda book: book.remove(book[PRINT]))
_does("sheet added", "Thêm trang", "Adds a sheet", ("KD804", "Ghi chép", None))(
    lambda book: book.create_sheet("Ghi chép")
)


@_does(
    "sheet copied",
    "Nhân bản một trang",
    "Copies a sheet",
    ("KD804", "Kế hoạch (2)", None),
)
def _(book: Workbook) -> None:
    book.copy_worksheet(book[PLAN]).title = "Kế hoạch (2)"


_does("sheet hidden", "Ẩn trang", "Hides a sheet", ("KD828", PROGRESS, None))(
    lambda book: setattr(book[PROGRESS], "sheet_state", "hidden")
)
_does(
    "sheet very hidden",
    "Ẩn kỹ trang (very hidden)",
    "Hides a sheet so that no menu shows it",
    ("KD828", PROGRESS, None),
)(lambda book: setattr(book[PROGRESS], "sheet_state", "veryHidden"))
_does(
    "sheets reordered",
    "Đổi thứ tự trang",
    "Moves a sheet to another place",
    ("KD829", CHECKS, None),
)(lambda book: book.move_sheet(CHECKS, -10))

# --- the stamp --------------------------------------------------------------------------


def _stamped(change: Callable[[Stamp], Stamp | str], everywhere: bool = True) -> Content:
    """The untouched file with another stamp in it, as whoever edits a property leaves it."""

    def content() -> bytes:
        from tests.cli.test_bad_input import edited

        found = re.search(
            rf'name="{STAMP_PROPERTY}"[^>]*><vt:lpwstr>([^<]*)<',
            open_workbook(good()).part("docProps/custom.xml").decode(),
        )
        assert found is not None
        old = found[1].replace("&amp;", "&")
        result = change(Stamp.decode(old))
        new = result if isinstance(result, str) else result.encode()
        before, after = (line.replace("&", "&amp;").encode() for line in (old, new))

        def part(name: str, data: bytes) -> bytes:
            return data.replace(before, after) if everywhere or name.startswith("docP") else data

        return edited(good(), part)

    return content


def _says(name: str, vi: str, en: str, content: Content, *found: Expected, reads: Reads) -> None:
    MANIPULATIONS[name] = Manipulation(Text(vi, en), content, found, reads)


_OTHER = replace(SCHOOL, code="00790999", name="Trường THCS Khác")
_says(
    "code edited",
    "Sửa mã trường trong dấu mẫu",
    "Edits the school's code in the stamp",
    _stamped(lambda stamp: stamp.encode().replace("00790125", "00790999")),
    ("KD832", None, None),
    ("KD803", COVER, "C6"),
    reads=Reads.ALL,
)
_says(
    "one copy edited",
    "Sửa một trong các bản ghi của dấu mẫu",
    "Edits one copy of the stamp",
    _stamped(lambda stamp: stamp.encode().replace("00790125", "00790999"), everywhere=False),
    ("KD832", None, None),
    reads=Reads.ALL,
)
_says(
    "stamp of another school",
    "Chép dấu mẫu của trường khác",
    "Puts another school's stamp into the file",
    _stamped(lambda stamp: replace(stamp, school_code=_OTHER.code)),
    ("KD803", COVER, "C6"),
    reads=Reads.ALL,
)
_says(
    "file of another school",
    "Điền vào mẫu của trường khác",
    "Fills in another school's template",
    lambda: workbook_bytes(_PLAN, _OTHER),
    ("KD803", COVER, "C6"),
    reads=Reads.ALL,
)
_says(
    "newer template",
    "Dùng mẫu mới hơn công cụ",
    "Uses a template newer than the tool",
    _stamped(lambda stamp: replace(stamp, tool="99.0.0")),
    ("KD833", None, None),
    reads=Reads.ALL,
)
_says(
    "older template",
    "Dùng mẫu cũ hơn công cụ",
    "Uses a template older than the tool",
    _stamped(lambda stamp: replace(stamp, tool="0.0.9")),
    ("KD834", None, None),
    reads=Reads.ALL,
)
_says(
    "other structure",
    "Dùng mẫu có cấu trúc khác",
    "Uses a template of another structure",
    _stamped(lambda stamp: replace(stamp, rows=15)),
    ("KD006", None, None),
    reads=Reads.NOTHING,
)


@_does(
    "stamp removed",
    "Xóa mọi bản ghi của dấu mẫu",
    "Removes every copy of the stamp",
    ("KD005", None, None),
    reads=Reads.NOTHING,
)
def _(book: Workbook) -> None:
    del book.defined_names[STAMP_NAME]
    del book.custom_doc_props[STAMP_PROPERTY]  # type: ignore[attr-defined]
    book.remove(book["_kdcl"])


# --- with LibreOffice itself ------------------------------------------------------------

OFFICE: dict[str, Manipulation] = {}
"""What ``tampering_uno.py`` does, by the names of its functions; content is made there."""


def _office(name: str, vi: str, en: str, *found: Expected, reads: Reads = Reads.ALL) -> None:
    OFFICE[name] = Manipulation(Text(vi, en), good, found, reads)


_office(
    "row_inserted",
    "Mở khóa, chèn dòng, khóa lại (LibreOffice)",
    "Unprotects, inserts a row, protects again (LibreOffice)",
    ("KD836", PLAN, "A8"),
)
_office(
    "rows_deleted",
    "Xóa dòng trống (LibreOffice)",
    "Deletes blank rows (LibreOffice)",
    ("KD836", PLAN, f"A{LAST - 1}"),
)
_office(
    "column_inserted",
    "Chèn cột (LibreOffice)",
    "Inserts a column (LibreOffice)",
    ("KD837", PLAN, f"G{HEAD}"),
)
_office(
    "column_deleted",
    "Xóa cột nhập (LibreOffice)",
    "Deletes an input column (LibreOffice)",
    ("KD013", None, None),
    reads=Reads.NOTHING,
)
_office(
    "cover_row_inserted",
    "Chèn dòng vào trang bìa (LibreOffice)",
    "Inserts a row into the cover (LibreOffice)",
    ("KD837", COVER, "B7"),
)
_office(
    "sheet_renamed",
    "Đổi tên trang (LibreOffice)",
    "Renames a sheet (LibreOffice)",
    ("KD830", PLAN, None),
)
_office(
    "sheet_moved",
    "Đổi thứ tự trang (LibreOffice)",
    "Moves a sheet (LibreOffice)",
    ("KD829", CHECKS, None),
)
_office(
    "sheet_hidden",
    "Ẩn trang (LibreOffice)",
    "Hides a sheet (LibreOffice)",
    ("KD828", PROGRESS, None),
)
_office(
    "sheet_copied",
    "Nhân bản một trang (LibreOffice)",
    "Copies a sheet (LibreOffice)",
    ("KD804", "Bản sao", None),
)
_office(
    "formula_cleared",
    "Xóa công thức (LibreOffice)",
    "Clears a formula (LibreOffice)",
    ("KD821", PLAN, PLACED.ref("standard", FIRST + 1)),
)
_office(
    "criterion_renamed",
    "Đổi tên tiêu chí (LibreOffice)",
    "Renames a criterion (LibreOffice)",
    ("KD823", ASSESSMENT, "B10"),
)
_office(
    "unprotected",
    "Mở khóa (LibreOffice)",
    "Unprotects a sheet (LibreOffice)",
    ("KD825", PLAN, None),
)
_office("saved", "Chỉ lưu lại (LibreOffice)", "Only saves it (LibreOffice)")

# --- what is none of it -----------------------------------------------------------------


def _parts(change: Callable[[str, bytes], bytes]) -> Content:
    """The untouched file with parts written as another program does."""

    def content() -> bytes:
        from tests.cli.test_bad_input import edited

        result = edited(good(), change)
        assert result != edited(good(), lambda _, data: data)
        return result

    return content


def _on_sheets(change: Callable[[str], str]) -> Content:
    return _parts(
        lambda name, data: (
            change(data.decode()).encode() if name.startswith("xl/worksheets/") else data
        )
    )


def _in_workbook(change: Callable[[str], str]) -> Content:
    return _parts(
        lambda name, data: change(data.decode()).encode() if name == "xl/workbook.xml" else data
    )


_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_LIST = re.compile(
    r'<dataValidation type="list"([^>]*?) sqref="([^"]*)"[^>]*><formula1>([^<]*)</formula1>'
    r"</dataValidation>"
)


def _to_extension(xml: str) -> str:
    """Lists in the extension block, where Excel 2010 and later keep those of other sheets."""
    moved = "".join(
        f'<x14:dataValidation type="list"{found[1]}><x14:formula1><xm:f>{found[3]}</xm:f>'
        f"</x14:formula1><xm:sqref>{found[2]}</xm:sqref></x14:dataValidation>"
        for found in _LIST.finditer(xml)
    )
    if not moved:
        return xml
    block = (
        f'<extLst><ext xmlns:x14="{_X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">'
        f'<x14:dataValidations xmlns:xm="{_XM}">{moved}</x14:dataValidations></ext></extLst>'
    )
    return _LIST.sub("", xml).replace("</worksheet>", block + "</worksheet>")


def _torn(found: re.Match[str]) -> str:
    letter, first, last = found[1], int(found[2]), int(found[3])
    return f'sqref="{letter}{first + 2}:{letter}{last} {letter}{first}:{letter}{first + 1}"'


def _formulas(change: Callable[[str], str]) -> Content:
    return _on_sheets(
        lambda xml: re.sub(r"(<f\b[^>]*>)([^<]+)", lambda f: f[1] + change(f[2]), xml)
    )


HONEST: dict[str, Content] = {
    "saved again (openpyxl)": lambda: saved(lambda _: None),
    "protected again with a password (people)": lambda: saved(
        lambda book: book[PLAN].protection.set_password("truong")
    ),
    "very hidden becomes hidden (LibreOffice)": lambda: saved(
        lambda book: setattr(book["_kdcl"], "sheet_state", "hidden")
    ),
    "the stamp's sheet is shown (Gnumeric)": lambda: saved(
        lambda book: setattr(book["_kdcl"], "sheet_state", "visible")
    ),
    "the stamp's sheet is lost (converters)": lambda: saved(
        lambda book: book.remove(book["_kdcl"])
    ),
    "document properties are lost (converters, mail filters)": lambda: saved(
        lambda book: book.custom_doc_props.__delitem__(  # type: ignore[attr-defined]
            STAMP_PROPERTY
        )
    ),
    "validations in the extension block (Excel)": _on_sheets(_to_extension),
    "ranges split and reordered (Excel after pastes)": _on_sheets(
        lambda xml: re.sub(r'sqref="([A-Z]+)(\d+):\1(\d+)"', _torn, xml)
    ),
    "filter names, and names of add-ins (Excel)": _in_workbook(
        lambda xml: xml.replace(
            "<definedNames>",
            '<definedNames><definedName name="solver_typ" localSheetId="4" hidden="1">2'
            '</definedName><definedName name="_xlnm._FilterDatabase" localSheetId="1" '
            "hidden=\"1\">'Thông tin'!$A$4:$D$20</definedName>",
        )
    ),
    "names of a sheet's own (Excel, copying a sheet and deleting it)": _in_workbook(
        lambda xml: xml.replace(
            "</definedNames>",
            '<definedName name="dm_recurrences" localSheetId="4">#REF!</definedName>'
            "</definedNames>",
        )
    ),
    "TRUE() and FALSE() (LibreOffice)": _formulas(
        lambda text: re.sub(r"\b(TRUE|FALSE)\b(?=[,)])", r"\1()", text)
    ),
    "spaces in formulas (people, other programs)": _formulas(
        lambda text: text.replace(",IF(", ", IF( ")
    ),
    "prefixes of newer functions (Excel)": _formulas(
        lambda text: text.replace("IFERROR(", "_xlfn.IFERROR(")
    ),
    "more parentheses (Gnumeric)": _formulas(lambda text: text.replace("ROW()", "(ROW())")),
    "one cell as a range's both ends (Excel, Gnumeric)": _formulas(
        lambda text: re.sub(r"!(\$[A-Z]+\$\d+):\1\b", r"!\1", text)
    ),
}
"""What programs do on saving, each with the program that does it."""


# --- the page ---------------------------------------------------------------------------

_TITLE = Text("# Sửa gì thì thấy gì", "# What edits lead to")
_INTRO = Text(
    "Mỗi việc một người có thể làm với sổ tính đã khóa, dấu hiệu mà `kdcl-xl check` nêu, và phần "
    "nội dung vẫn được đọc; mỗi dòng là một kiểm thử làm đúng việc đó. Không kết luận nào dựa vào "
    "việc khóa (xem [Khóa sheet](../nha-truong/khoa-sheet.md)): mọi giá trị được xét lại, mọi cột "
    "do máy tính điền được tính lại. Chương trình lưu tệp theo cách riêng (LibreOffice, Gnumeric, "
    "openpyxl, Excel) không bị coi là sửa: công cụ so ý nghĩa, không so từng byte.",
    "What a person can do to a locked workbook, what `kdcl-xl check` finds, and what is still "
    "read; a test performs every line. No verdict rests on the lock: values are judged, and "
    "computed, all the same. What honest programs (LibreOffice, Gnumeric, openpyxl, Excel) do on "
    "saving is no edit: meanings are compared, not bytes.",
)
_HEAD = Text(
    "| Việc làm | Dấu hiệu | Phần đọc được |\n|---|---|---|",
    "| What is done | Finding | Still read |\n|---|---|---|",
)


def page(language: Language) -> tuple[str, str, str]:
    """Return the blocks of the page of the documentation, in one language."""
    every = (*MANIPULATIONS.values(), *OFFICE.values())
    lines = [_line(manipulation, language) for manipulation in every if manipulation.found]
    return (
        _TITLE.in_(language),
        _INTRO.in_(language),
        "\n".join((_HEAD.in_(language), *lines)),
    )


def _line(manipulation: Manipulation, language: Language) -> str:
    what, reads = manipulation.what, manipulation.reads.value
    rules = dict.fromkeys(rule for rule, _, _ in manipulation.found)
    found = ", ".join(
        f"[{rule}](../tham-khao/quy-tac/{rule}.md) {BY_ID[rule].title.in_(language)}"
        for rule in rules
    )
    return f"| {what.in_(language)} | {found} | {reads.in_(language)} |"
