"""From a workbook to a Word document and back: every input field is the same again."""

from __future__ import annotations

import copy
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
from docx.table import Table, _Row
from hypothesis import given, settings
from hypothesis import strategies as st

from kdcl_xl.document.official import official_document
from kdcl_xl.docx.read import read_document
from kdcl_xl.importing.importer import Options, Understood, import_plan, understand
from kdcl_xl.importing.read_carried import LONGEST, read_carried
from kdcl_xl.importing.restore import CHANGED, NO_ROW, OTHER_HEAD
from kdcl_xl.submission.model import Reading
from kdcl_xl.submission.reading import read_submission
from macros_free_validation.plan import Plan
from samples import describe
from tests.build import Value, good_task, layout_of, make_plan
from tests.importing.layouts import saved
from tests.importing.test_importing import lost_of, rows_in, words
from workbook_templates.forms.sheets import CLOSING
from workbook_templates.regulation import builtin_catalogue

CATALOGUE = builtin_catalogue()
SAMPLES = sorted((describe.HERE / "workbooks").glob("*.xlsx"))
PART = "customXml/item1.xml"
TOT = "thcs-2026-2027-tot.xlsx"


@cache
def sample(name: str) -> Plan:
    plan = read_submission(describe.HERE / "workbooks" / name, CATALOGUE).plan
    assert plan is not None
    return plan


def draft_of(content: bytes, options: Options | None = None) -> Understood:
    return understand(read_document(content), CATALOGUE, options or Options())


def inputs(plan: Plan) -> Iterator[tuple[object, object]]:
    """Every input of a plan: its place and its value, rows counted without gaps."""
    for sheet in plan.layout.sheets:
        if sheet.sheet.printed is not None:
            continue
        for cell in sheet.cells:
            if not cell.cell.locked and cell.cell.derived is None:
                yield (sheet.key, cell.field), plan.cell(cell.field, sheet.key)
        for nth, record in enumerate(plan.rows(sheet.key)):
            for column in sheet.columns:
                if not column.column.locked:
                    yield (sheet.key, nth, column.field), record.values[column.index]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_input_field_is_equal_after_a_round_trip(path: Path) -> None:
    plan = sample(path.name)
    content = official_document(plan)
    made = draft_of(content)
    before, after = dict(inputs(plan)), dict(inputs(made.plan))
    assert len(before) > 300
    assert {place: (before.get(place), after.get(place)) for place in before | after
            if before.get(place) != after.get(place)} == {}  # fmt: skip
    assert made.review.entries == ()
    cover = {str(value) for value in made.plan.cells["cover"].values()}
    grid = plan.layout.sheet("progress").sheet.grid
    labels = [label.vi for _, label in grid.rows] if grid else []
    of_form = words(" ".join([CLOSING.before, CLOSING.after, *cover, *labels]))
    assert [text for text in lost_of(content, rows_in(made)) if not words(text) <= of_form] == []
    assert made.plan.layout.regulation == plan.layout.regulation
    assert made.stamp.school_code == plan.cell("school_code")


def test_the_draft_as_a_workbook_has_the_same_inputs(tmp_path: Path) -> None:
    plan = sample(TOT)
    path = tmp_path / "nhap.xlsx"
    path.write_bytes(import_plan(official_document(plan), CATALOGUE, Options()).content)
    read = read_submission(path, CATALOGUE, Reading())
    assert read.found == ()
    assert read.plan is not None
    assert dict(inputs(read.plan)) == dict(inputs(plan))


# ---- typed and printed ------------------------------------------------------------------

TYPED: dict[str, Value] = {
    "criterion": "tieu chi 1.1",
    "start": 46266.0,  # a date, not a text
    "deadline": "Tháng 12",
    "budget": 12_500_000.0,
    "lead": "hiệu trưởng",
}


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_dates_and_amounts_come_back_as_they_were_typed(form: str) -> None:
    layout = layout_of(form)
    typed = [{**good_task(layout), **TYPED}, {**good_task(layout, 1), "budget": "1,5 triệu"}]
    plan = make_plan(layout, tables={"plan": typed})
    made = draft_of(official_document(plan)).plan
    for name in (*TYPED, "budget_meant", "deadline_meant", "criterion_label"):
        assert made.column("plan", name) == plan.column("plan", name), name


def test_the_order_of_typing_comes_back() -> None:
    layout = layout_of("2018")
    rows = [{**good_task(layout, n), "task": f"Việc {n}", "print_order": 9 - n} for n in range(4)]
    plan = make_plan(layout, tables={"plan": rows})
    made = draft_of(official_document(plan)).plan
    assert made.column("plan", "task") == ["Việc 0", "Việc 1", "Việc 2", "Việc 3"]
    assert made.column("plan", "print_order") == plan.column("plan", "print_order")


# ---- edited in Word ---------------------------------------------------------------------


def edited(change: Callable[[Table], None], count: int = 4) -> Understood:
    """A draft of a document whose table was changed; task n has the level and order of n."""
    layout = layout_of("2018")
    rows = [
        {**good_task(layout, n), **TASKS[n], "target_level": f"Mức {n % 3 + 1}"}
        for n in range(count)
    ]
    content = official_document(make_plan(layout, tables={"plan": rows}))
    document = docx.Document(io.BytesIO(content))
    change(next(t for t in document.tables if len(t.columns) == 9))
    return draft_of(saved(document))


TASKS = [
    {"task": "Xây dựng kế hoạch bồi dưỡng giáo viên", "expected_result": "Có kế hoạch"},
    {"task": "Mua thêm sách cho thư viện trường", "expected_result": "Đủ đầu sách"},
    {"task": "Sửa chữa nhà vệ sinh học sinh", "expected_result": "Công trình sạch đẹp"},
    {"task": "Tổ chức hội thảo với cha mẹ học sinh", "expected_result": "Phụ huynh đồng thuận"},
]


def row_of(table: Table, nth: int) -> _Row:
    found: _Row = next(row for row in table.rows if row.cells[3].text == TASKS[nth]["task"])
    return found


def levels(made: Understood) -> dict[object, object]:
    """The target level of each task."""
    plan = made.plan
    tasks = plan.column("plan", "task")
    return dict(zip(tasks, plan.column("plan", "target_level"), strict=True))


def marks(made: Understood) -> dict[str, int]:
    """The rows of cells that are marked as changed, by the heading of the cell."""
    return {e.field.vi: int(e.cell[1:]) for e in made.review.entries if e.why == CHANGED}


def test_a_row_with_other_words_keeps_its_values_with_a_mark() -> None:
    def change(table: Table) -> None:
        row_of(table, 1).cells[3].text = "Mua thêm nhiều sách mới cho thư viện trường"

    made = edited(change)
    found = levels(made)
    assert found["Mua thêm nhiều sách mới cho thư viện trường"] == "Mức 2"
    assert [found[TASKS[n]["task"]] for n in (0, 2, 3)] == ["Mức 1", "Mức 3", "Mức 1"]
    sheet = made.plan.layout.sheet("plan")
    assert marks(made)[sheet.column("target_level").column.header.vi] == sheet.first_row + 1
    assert set(marks(made).values()) == {sheet.first_row + 1}


def test_a_deleted_row_is_listed_and_the_others_keep_theirs() -> None:
    def change(table: Table) -> None:
        row = row_of(table, 2)._tr
        row.getparent().remove(row)

    made = edited(change)
    assert [levels(made)[TASKS[n]["task"]] for n in (0, 1, 3)] == ["Mức 1", "Mức 2", "Mức 1"]
    left = [entry for entry in made.behind if entry.why == NO_ROW]
    assert "Mức 3" in {entry.value for entry in left}
    assert all("sửa chữa nhà vệ sinh" in entry.about for entry in left)
    assert marks(made) == {}


def test_rows_in_another_order_keep_their_values_and_the_order_of_the_document() -> None:
    def change(table: Table) -> None:
        first, last = row_of(table, 0)._tr, row_of(table, 3)._tr
        last.addnext(first)

    made = edited(change)
    found = levels(made)
    assert [found[TASKS[n]["task"]] for n in range(4)] == ["Mức 1", "Mức 2", "Mức 3", "Mức 1"]
    assert made.plan.column("plan", "task")[-1] == TASKS[0]["task"]
    assert marks(made) == {}


def test_a_new_row_has_no_value_of_another() -> None:
    def change(table: Table) -> None:
        new = copy.deepcopy(row_of(table, 1)._tr)
        row_of(table, 1)._tr.addnext(new)
        own = table.rows[[row._tr for row in table.rows].index(new)]
        for nth, text in enumerate(("Sân bóng mới", "Xin kinh phí làm sân bóng"), start=2):
            own.cells[nth].text = text

    found = levels(edited(change))
    assert len(found) == 5
    assert found["Xin kinh phí làm sân bóng"] is None
    assert [found[TASKS[n]["task"]] for n in range(4)] == ["Mức 1", "Mức 2", "Mức 3", "Mức 1"]


def test_what_is_printed_now_is_stronger_than_what_was_typed() -> None:
    layout = layout_of("2018")
    rows = [{**good_task(layout), **TASKS[0], "budget": "5.000.000", "criterion": "1.1"}]
    document = docx.Document(
        io.BytesIO(official_document(make_plan(layout, tables={"plan": rows})))
    )
    table = next(t for t in document.tables if len(t.columns) == 9)
    own = row_of(table, 0)
    own.cells[6].text = "7.000.000 đồng"
    own.cells[1].text = f"Tiêu chí {layout.regulation.criteria[1].label}"
    plan = draft_of(saved(document)).plan
    assert plan.column("plan", "budget_meant") == [7_000_000.0]
    assert plan.column("plan", "criterion_label") == [layout.regulation.criteria[1].label]


def test_another_school_in_the_letterhead_marks_all_that_is_not_printed() -> None:
    content = official_document(sample(TOT))
    document = docx.Document(io.BytesIO(content))
    name = str(sample(TOT).cell("school_name"))
    for paragraph in [*document.tables[0].rows[0].cells[0].paragraphs, *document.paragraphs]:
        for text in (name, name.upper()):
            if text in paragraph.text:
                paragraph.text = paragraph.text.replace(text, "TRƯỜNG THCS RẠCH MỚI")
    made = draft_of(saved(document))
    code = made.plan.layout.sheet("cover").cell("school_code")
    marked = {(e.sheet, e.cell) for e in made.review.entries if e.why == OTHER_HEAD}
    assert (made.plan.layout.sheet("cover").name, code.ref) in marked
    assert made.stamp.school_code == ""


# ---- the part is untrusted --------------------------------------------------------------


def forged(content: bytes, part: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, part if name == PART else old.read(name))
    return out.getvalue()


def text_in(content: bytes) -> str:
    return read_document(content).carried


GOOD = text_in(official_document(sample(TOT)))
"""The part of a sample."""


def changed(nth: int, value: object) -> str:
    parts = json.loads(GOOD)
    parts[nth] = value
    return json.dumps(parts)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[1]", "null", "NaN", "[" * 100_000, "x" * (LONGEST + 1)),
        "[" + "0," * 600_000 + "0]",
        changed(0, 2),
        changed(1, "kdcl-xl?form=2026"),
        changed(1, "kdcl-xl?" + "x" * 300),
        changed(2, "không phải danh sách"),
        changed(2, ["\ud800"]),
        changed(3, {"cover": {"school_code": ["a"]}}),
        changed(3, {"cover": {"school_code": "x" * 40_000}}),
        changed(3, {"cover": {"school_code": 10**400}}),
        changed(3, {"cover": {f"f{n}": "a" for n in range(300)}}),
        changed(5, [["plan", -1, [], {}]]),
        changed(5, [["plan", True, [], {}]]),
        changed(5, [["plan", 0, [], {}]] * 20_000),
        changed(5, [["plan", 0, []]]),
    ],
    ids=lambda text: f"{len(text)} characters",
)
def test_a_forged_part_is_refused(text: str) -> None:
    assert read_carried(GOOD) is not None
    assert read_carried(text) is None


@pytest.mark.parametrize(
    "part",
    [
        b"<plan",
        b'<plan xmlns="urn:kdcl-xl:carried">[1,2]</plan>',
        b'<plan xmlns="urn:kdcl-xl:carried"><plan/></plan>',
        b'<other xmlns="urn:kdcl-xl:carried"/>',
        b"",
    ],
)
def test_a_document_with_a_damaged_part_is_read_by_its_words(part: bytes) -> None:
    made = draft_of(forged(official_document(sample(TOT)), part))
    assert made.tasks == len(sample(TOT).rows("plan"))
    assert made.plan.cell("school_code") is None


def part_of(text: str) -> bytes:
    return f'<plan xmlns="urn:kdcl-xl:carried">{escape(text)}</plan>'.encode()


def test_values_without_a_field_are_listed_and_none_is_computed() -> None:
    cells = {"cover": {"regulation": "giả", "school_code_x": "1"}, "nowhere": {"a": "b"}}
    rows = [
        ["plan", 0, ["không có"], {"plan": {"target_level": "Mức 1"}}],
        ["self_assessment", 0, ["9.9"], {"self_assessment": {"result_1": "Đạt"}}],
        ["lists", 0, [], {"plan": {"task": "lạ"}}],
        ["other", 0, [], {"other": {"task": "lạ"}}],
    ]
    parts = json.loads(GOOD)
    parts[3], parts[5] = cells, rows
    made = draft_of(forged(official_document(sample(TOT)), part_of(json.dumps(parts))))
    left = {(entry.field.vi, entry.value) for entry in made.behind if entry.sheet.startswith("Dữ")}
    assert len(left) == 7
    assert made.plan.cell("regulation") == sample(TOT).cell("regulation")
    assert made.tasks == len(sample(TOT).rows("plan"))


def test_many_rows_that_resemble_each_other_are_compared_within_bounds() -> None:
    words = " ".join(f"từ{n}" for n in range(300))
    own = {"plan": {"criterion": "1.1", "target_level": "Mức 1"}}
    rows = [["plan", nth, [f"{words} {nth}"], own] for nth in range(4_000)]
    content = official_document(sample(TOT))
    made = draft_of(forged(content, part_of(changed(5, rows))))
    left = [entry for entry in made.behind if entry.why == NO_ROW]
    assert len(left) == 8_000
    assert made.tasks == len(sample(TOT).rows("plan"))


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_JSON = st.recursive(
    _VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)
_SHEETS = st.sampled_from(["cover", "plan", "progress", "lists", "self_assessment", "x"])
_NAMES = st.sampled_from(["school_code", "task", "criterion", "percent", "unit", "result_1", "y"])
_BY_SHEET = st.dictionaries(_SHEETS, st.dictionaries(_NAMES, st.text(max_size=5) | st.floats()))
_ROWS = st.lists(
    st.tuples(_SHEETS, st.integers(0, 99), st.lists(st.sampled_from(["1.1", "a", ""])), _BY_SHEET),
    max_size=6,
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.tuples(st.integers(2, 5), _JSON | _BY_SHEET | _ROWS))
def test_any_part_is_read_or_refused(change: tuple[int, object]) -> None:
    layout = layout_of("2026")
    content = official_document(make_plan(layout, tables={"plan": [good_task(layout)]}))
    parts = json.loads(text_in(content))
    parts[change[0]] = change[1]
    made = draft_of(forged(content, part_of(json.dumps(parts))))
    assert made.tasks == 1


def test_the_part_is_the_same_for_the_same_plan() -> None:
    assert text_in(official_document(sample(TOT))) == GOOD
