"""The workbook in the hands of a person at the real LibreOffice.

Key strokes, dropdowns, filters and pastes are the program's own (see ``user_uno.py``). Excel
was not run; where LibreOffice does as Excel would not, the test says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from kdcl_xl.checking.check import check_file
from kdcl_xl.schools import School
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.template.issue import layout_from, template_bytes
from macros_free_validation.judge import live_findings
from macros_free_validation.plan import Plan
from macros_free_validation.rules.tampering import RANGES
from macros_free_validation.values import to_serial
from samples import describe
from samples.office import Office
from tests.build import (
    KINDS,
    THCS,
    TODAY,
    YEARS,
    Value,
    good_plan,
    good_task,
    layout_of,
    make_plan,
    write_workbook,
)
from tests.conftest import Run
from tests.libreoffice.test_libreoffice import said_by_office, said_by_python
from workbook_templates.declare import Lists
from workbook_templates.defaults import default_units
from workbook_templates.layout import (
    CRITERION_WORD,
    DEPENDENT_LISTS,
    Layout,
    PlacedSheet,
    place_print,
)
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.vocabulary import level_choice

pytestmark = pytest.mark.libreoffice

SCRIPT = Path(__file__).with_name("user_uno.py")
FORMS = ("2018", "2026")
Step = Sequence[object]


class Desk:
    """Where a person opens workbooks; each visit is a job of steps."""

    def __init__(self, office: Office, folder: Path) -> None:
        self._office, self.folder = office, folder

    def do(self, path: Path, *steps: Step) -> list[Any]:
        """What each step answered; the workbook itself stays as it is."""
        job = self.folder / "job.json"
        job.write_text(json.dumps({"path": str(path), "steps": steps}), "utf-8")
        answers: list[Any] = json.loads(self._office.run(SCRIPT, str(job), timeout=120))
        return answers


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Desk:
    return Desk(office, tmp_path)


def plan_of(path: Path) -> Plan:
    plan = read_submission(path, builtin_catalogue()).plan
    assert plan is not None
    return plan


def inputs(sheet: PlacedSheet) -> list[str]:
    return [c.field for c in sheet.columns if not c.column.locked]


def count_cell(path: Path, rule: str) -> str:
    """Where the check sheet counts a rule."""
    for row in openpyxl.load_workbook(path, read_only=True)["Kiểm tra"].iter_rows():
        if row[0].value == rule:
            return f"E{row[0].row}"
    raise KeyError(rule)


@pytest.mark.parametrize("form", FORMS)
def test_a_locked_cell_takes_nothing(desk: Desk, form: str) -> None:
    layout = layout_of(form)
    path = write_workbook(desk.folder / "a.xlsx", good_plan(form))
    places = [("Hướng dẫn", "B4"), ("Kiểm tra", "A12"), ("Kiểm tra", "E12"), ("Danh mục", "C6")]
    for sheet in layout.sheets:
        row = sheet.first_row
        places += [(sheet.name, sheet.ref(c.field, row)) for c in sheet.columns if c.column.locked]
        places += [(sheet.name, c.ref) for c in sheet.cells if c.cell.locked]
        if sheet.columns:
            free = inputs(sheet)[0]
            places.append((sheet.name, sheet.ref(free, sheet.header_row)))
            places.append((sheet.name, sheet.ref(free, sheet.last_row + 1)))
    answers = desk.do(
        path,
        *(("shown", *place) for place in places),
        *(("type", *place, "sửa") for place in places),
        *(("clear", *place) for place in places),
    )
    assert len(places) > 25
    assert answers == answers[: len(places)] * 3


REGULATIONS = [
    (KINDS["mam_non"], "2018"),
    (KINDS["tieu_hoc"], "2018"),
    (THCS, "2018"),
    (KINDS["mam_non"], "2026"),
    (KINDS["thpt"], "2026"),
]


@pytest.mark.parametrize(("kind", "form"), REGULATIONS)
def test_each_dropdown_offers_exactly_its_list(desk: Desk, kind: SchoolKind, form: str) -> None:
    """Read from the open list, for every list and, where they depend, for every parent."""
    layout = layout_from(builtin_catalogue(), kind, YEARS[form], 40)
    path = desk.folder / "a.xlsx"
    path.write_bytes(template_bytes(layout, School("1", "Trường A", kind), YEARS[form]))
    steps: list[Step] = []
    expected: list[object] = []

    def offered(sheet: PlacedSheet, ref: str, values: Sequence[str]) -> None:
        steps.append(("offered", sheet.name, ref))
        expected.append(list(values))

    for sheet in layout.sheets:
        for cell in sheet.cells:
            if cell.cell.choices:
                offered(sheet, cell.ref, layout.values(cell.cell.choices))
        for placed in sheet.columns:
            column, row = placed.column, sheet.first_row
            if column.choices is None:
                continue
            if column.choices not in DEPENDENT_LISTS:
                units = column.choices is Lists.UNITS
                values = (
                    default_units(kind, layout.form.id) if units else layout.values(column.choices)
                )
                offered(sheet, sheet.ref(column.field, row), values)
                continue
            assert column.parent is not None
            children = layout.dependent_values(column.choices)
            last = sheet.ref(column.parent, row + len(children) - 1)
            block = f"{sheet.ref(column.parent, row)}:{last}"
            steps.append(("put_rows", sheet.name, block, [[parent] for parent in children]))
            expected.append(None)
            for number, values in enumerate(children.values(), start=row):
                offered(sheet, sheet.ref(column.field, number), values)
            # No parent, and one that is none: one empty entry, which clears the cell.
            steps.append(("put", sheet.name, sheet.ref(column.parent, sheet.last_row), "9.9"))
            expected.append(None)
            for number in (sheet.last_row - 1, sheet.last_row):
                offered(sheet, sheet.ref(column.field, number), [""])
    assert sum(step[0] == "offered" for step in steps) > len(layout.regulation.criteria)
    assert desk.do(path, *steps) == expected


def test_what_is_chosen_stands_in_the_cell(desk: Desk) -> None:
    """A criterion, a level of it; and an empty list clears the cell, never an error value."""
    layout = layout_of("2018")
    plan = layout.sheet("plan")
    path = write_workbook(desk.folder / "a.xlsx", good_plan("2018", tasks=0))
    criterion, level = (
        plan.ref("criterion", plan.first_row),
        plan.ref("target_level", plan.first_row),
    )
    assert desk.do(
        path,
        ("choose", plan.name, criterion, 3),
        ("choose", plan.name, level, 1),
        ("choose", plan.name, plan.ref("target_level", plan.first_row + 1), 0),
        ("texts", plan.name, plan.ref("target_level", plan.first_row + 1)),
    ) == [CRITERION_WORD + layout.regulation.criteria[3].label, level_choice(2), "", [[""]]]


def wrong_entries(layout: Layout) -> Iterator[tuple[str, str, str, str]]:
    """Sheet, cell, something good, something wrong; every kind of bound and list."""
    plan = layout.sheet("plan")
    progress, assessment = layout.sheet("progress"), layout.sheet("self_assessment")
    row, good = plan.first_row, good_task(layout)
    for wrong in ("9.9", "1", "1.4 Tên khác"):
        yield plan.name, plan.ref("criterion", row), "1.4", wrong
    for field, wrong in (
        ("lead", "UBND xã"),
        ("recurrence", "Hằng tuần"),
        ("funding_source", "Ngân sách"),
    ):
        yield plan.name, plan.ref(field, row), str(good[field]), wrong
    row = progress.first_row
    yield progress.name, progress.ref("percent", row), "50", "101"
    yield progress.name, progress.ref("percent", row), "50", "-1"
    yield progress.name, progress.ref("progress_state", row), "Hoàn thành", "Xong"
    yield progress.name, progress.ref("report_period", row), "Trong tháng", "Tuần 3"
    yield progress.name, progress.ref("reporter", row), "Tổ giám sát", "Nguyễn Văn A"
    row = assessment.first_row
    yield assessment.name, assessment.ref("result_1", row), "Đạt", "Có"
    yield assessment.name, assessment.cell("claimed_met_1").ref, "3", "2,5"


def test_a_wrong_entry_is_refused(desk: Desk) -> None:
    """Into an empty cell and over a good value: what was there stays.

    LibreOffice takes a list's value in other letter case and Excel does not; not asked here.
    """
    form = "2018"
    layout = layout_of(form)
    criterion = layout.regulation.criteria[0].code
    plan = layout.sheet("plan")
    path = write_workbook(desk.folder / "a.xlsx", good_plan(form, tasks=0))
    steps: list[Step] = [("type", plan.name, plan.ref("criterion", plan.first_row), criterion)]
    entries = list(wrong_entries(layout))
    for sheet, ref, good, wrong in entries:
        steps += [
            ("clear", sheet, ref),
            ("type", sheet, ref, wrong),
            ("type", sheet, ref, good),
            ("type", sheet, ref, wrong),
        ]
        if ref == plan.ref("criterion", plan.first_row):
            steps.append(("type", sheet, ref, good))
    answers = desk.do(path, *steps)
    assert answers[0] == criterion
    rest = iter(zip(steps[1:], answers[1:], strict=True))
    for sheet, ref, good, wrong in entries:
        (_, cleared), (_, empty), (_, kept), (_, after) = (next(rest) for _ in range(4))
        assert (cleared, empty) == ("", ""), (sheet, ref, wrong)
        assert kept, (sheet, ref, good)
        assert after == kept, (sheet, ref, wrong)
        if ref == plan.ref("criterion", plan.first_row):
            next(rest)


@pytest.mark.parametrize("form", FORMS)
def test_a_pasted_wrong_value_is_told(desk: Desk, form: str) -> None:
    """Nothing stops a paste; the row's message, the count and `check` tell of it.

    An ordinary paste brings its own format: it takes the cell's dropdown away and locks the cell,
    in LibreOffice as in Excel. «Paste Special > Values» leaves both. The cell is emptied first:
    LibreOffice asks before it pastes over something, and without a screen hears Cancel.
    """
    layout = layout_of(form)
    plan = layout.sheet("plan")
    path = write_workbook(desk.folder / "a.xlsx", good_plan(form, tasks=3))
    source = openpyxl.Workbook()
    assert source.active is not None
    source.active["A1"] = "UBND xã"
    source.save(desk.folder / "khac.xlsx")
    deadline, level, lead = (
        plan.ref(field, plan.first_row + nth)
        for nth, field in enumerate(("deadline", "target_level", "lead"))
    )
    progress, claimed = layout.sheet("progress"), layout.sheet("cover").cell("claimed_level")
    report = progress.ref("report_period", progress.first_row)
    count = {rule: count_cell(path, rule) for rule in ("KD402", "KD205", "KD710", "KD116")}
    first = plan.first_row
    check = f"{plan.ref('check', first)}:{plan.ref('check', first + 2)}"
    saved = desk.folder / "dan.xlsx"
    looks: list[Step] = [("texts", plan.name, check)]
    looks.append(("texts", progress.name, progress.ref("check", progress.first_row)))
    looks += [("texts", "Kiểm tra", ref) for ref in count.values()]
    other = str(desk.folder / "khac.xlsx")
    answers = desk.do(
        path,
        *looks,
        ("has_validation", plan.name, deadline),
        ("put", plan.name, deadline, "tháng 5"),
        ("clear", plan.name, lead),
        ("has_validation", plan.name, lead),
        ("paste", other, "A1", plan.name, lead),
        ("has_validation", plan.name, lead),
        ("is_locked", plan.name, lead),
        ("put", plan.name, level, "Mức 9"),
        ("has_validation", plan.name, level),
        ("put", progress.name, report, "Tuần 3"),
        ("put", "Thông tin", claimed.ref, "Đạt chuẩn"),
        ("calculate",),
        *looks,
        ("save", str(saved)),
    )
    before, after = answers[: len(looks)], answers[-1 - len(looks) : -1]
    assert before == [[[""]] * 3, [[""]], *[[[0.0]]] * 4]
    done = answers[len(looks) : -1 - len(looks)]
    assert done[:2] == [False, None], "a date is refused by no validation"
    assert done[2:] == ["", True, None, False, True, None, True, None, None, None]
    assert "tháng 5" in after[0][0][0]
    assert "Mức 9" in after[0][1][0]
    assert "UBND xã" in after[0][2][0]
    assert "Kỳ báo cáo" in after[1][0][0]
    assert after[2:] == [[[1.0]]] * 4
    findings = check_file(saved, builtin_catalogue(), TODAY).findings
    lost = {(f.sheet, f.cell) for f in findings if f.rule == "KD826"}
    assert lost == {(plan.name, lead)}  # «put» is a paste of values, which loses nothing
    told = {(f.sheet, f.cell): f.rule for f in findings if f.rule != "KD826"}
    places = [(plan.name, deadline), (plan.name, level)]
    places += [(progress.name, report), ("Thông tin", claimed.ref)]
    assert [told[place] for place in places] == list(count)


def test_a_parent_changed_after_its_child_is_told(desk: Desk) -> None:
    """The level stays in the cell (no macro takes it away), and is told at once."""
    layout = layout_of("2018")
    plan = layout.sheet("plan")
    three = next(c for c in layout.regulation.criteria if 3 in c.levels)
    two = next(c for c in layout.regulation.criteria if max(c.levels) == 2)
    task = {**good_task(layout), "criterion": three.label, "target_level": "Mức 3"}
    verdicts: list[dict[str, Value]] = [
        {f"result_{level}": "Đạt" for level in c.levels if level < 3}
        for c in layout.regulation.criteria
    ]
    tables = {"plan": [task], "self_assessment": verdicts}
    path = write_workbook(desk.folder / "a.xlsx", make_plan(layout, tables=tables))
    saved = desk.folder / "b.xlsx"
    check = plan.ref("check", plan.first_row)
    before, typed, after, kept, _ = desk.do(
        path,
        ("shown", plan.name, check),
        ("type", plan.name, plan.ref("criterion", plan.first_row), two.code),
        ("shown", plan.name, check),
        ("shown", plan.name, plan.ref("target_level", plan.first_row)),
        ("save", str(saved)),
    )
    assert (before, typed, kept) == ("", two.code, "Mức 3")
    assert "Mức 3" in after
    (told,) = [f for f in live_findings(plan_of(saved)) if f.field == "target_level"]
    assert told.message.vi in after


@pytest.mark.parametrize("form", FORMS)
def test_sorting_keeps_rows_whole(desk: Desk, form: str) -> None:
    """On the protected sheet rows stay where they are; on an unprotected copy they move whole.

    Not even a block of nothing but input cells is sorted, which would tear rows apart. The units,
    one cell a row, are.
    """
    layout = layout_of(form)
    plan = layout.sheet("plan")
    tasks = [{**good_task(layout, i), "notes": f"ghi chú {i}"} for i in range(6)]
    tasks[2]["lead"] = "UBND xã"
    path = write_workbook(desk.folder / "a.xlsx", make_plan(layout, tables={"plan": tasks}))
    first = plan.first_row
    block = f"A{first}:{plan.ref('check', first + 5)}"
    key = plan.column("criterion").index
    saved = desk.folder / "b.xlsx"
    unlocked = f"{plan.ref('task', first)}:{plan.ref('task', first + 5)}"
    units = ("texts", "Danh mục", "A5:A20")
    before, _, _, refused, _, sorted_units, _, _, _, after, errors, _ = desk.do(
        path,
        ("texts", plan.name, block),
        ("sort_by_button", plan.name, block),
        ("sort_by_button", plan.name, unlocked),
        ("texts", plan.name, block),
        ("sort_by_button", *units[1:]),
        units,
        ("unprotect_all",),
        ("sort", plan.name, block, key, False),
        ("calculate",),
        ("texts", plan.name, block),
        ("errors",),
        ("save", str(saved)),
    )
    assert refused == before
    own = [unit for (unit,) in sorted_units if unit]
    assert sorted(own) == sorted(default_units(THCS, layout.form.id)[: len(own)])
    assert own[0] == "Tổng phụ trách Đội", "the last of the alphabet comes first"
    no = plan.column("no").index  # numbers the rows anew
    moved = sorted(before, key=lambda row: row[key])[::-1]
    without_numbers = [[*row[:no], *row[no + 1 :]] for row in moved]
    assert [[*row[:no], *row[no + 1 :]] for row in after] == without_numbers
    assert [row[no] for row in after] == [1, 2, 3, 4, 5, 6]
    assert not errors
    book = openpyxl.load_workbook(saved, data_only=True)
    assert said_by_office(book, plan_of(saved)) == said_by_python(plan_of(saved))


def test_filter_works_on_the_protected_sheet(desk: Desk) -> None:
    layout = layout_of("2026")
    plan = layout.sheet("plan")
    path = write_workbook(desk.folder / "a.xlsx", good_plan("2026", tasks=4))
    wanted = str(good_task(layout, 2)["criterion"])
    saved = desk.folder / "b.xlsx"
    offered, visible, _ = desk.do(
        path,
        ("filter", plan.name, plan.ref("criterion", plan.header_row), [wanted]),
        ("visible_rows", plan.name, plan.first_row, plan.last_row),
        ("save", str(saved)),
    )
    assert wanted in offered
    assert visible == [plan.first_row + 2]
    assert plan_of(saved) == plan_of(path), "hidden rows are read like the others"


PRINTED = [p for p in describe.sample_files() if not p.stem.endswith("tot")]
"""The five plans that were typed from real ones."""


@pytest.mark.parametrize("sample", PRINTED, ids=lambda p: p.stem)
def test_the_printed_document_could_be_signed(desk: Desk, sample: Path) -> None:
    """One document: heading once, headings above the table, pages numbered from the second on,
    recipients and signature together on the last, no page empty, no text cut off."""
    path = desk.folder / "a.xlsx"
    path.write_bytes((describe.HERE / "workbooks" / f"{sample.stem}.xlsx").read_bytes())
    plan = plan_of(path)
    places = [place_print(plan.layout, s) for s in plan.layout.sheets if s.sheet.printed]
    names, pdf = [place.sheet.name for place in places], desk.folder / "a.pdf"
    _, *low = desk.do(
        path, ("print_sheets", names, str(pdf)), *(("too_low", name) for name in names)
    )
    assert low == [[] for _ in names]
    pages = PdfReader(pdf).pages
    assert {tuple(round(float(x)) for x in page.mediabox[2:]) for page in pages} == {(842, 595)}
    texts = ["".join(page.extract_text().split()) for page in pages]
    whole = "".join(texts)
    assert not texts[0].startswith("1")
    for number, text in enumerate(texts, start=1):
        assert number == 1 or text.startswith(str(number)) or text.endswith(str(number))
        is_signed_page = number == len(texts) and "Nơinhận" in text
        assert len(text) > 60 or is_signed_page, f"page {number} is empty"
    assert whole.count("CỘNGHÒAXÃHỘI") == texts[0].count("CỘNGHÒAXÃHỘI") == 1
    assert "(Ký,ghirõhọtên" not in whole, "a letter leaves room for it, and says nothing"
    signer = "".join(plan.text("signer").upper().split())
    assert signer in "".join(texts[-1].upper().split())
    tables = [table for place in places for table in place.printed.tables]
    table = next(table for table in tables if table.source == "plan")
    headings = ["".join(column.header.split()) for column in table.columns]
    assert not [heading for heading in headings if heading not in whole]
    for record in plan.rows("plan"):
        task = "".join(str(plan.value("plan", record, "task")).split())
        assert [text for text in texts if task in text]


def everything(layout: Layout) -> list[Step]:
    return [*(("texts", sheet.name, "A1:AZ60") for sheet in layout.sheets), ("errors",)]


@pytest.mark.parametrize("form", FORMS)
def test_saving_and_reading_alike(desk: Desk, form: str) -> None:
    """LibreOffice saves, opens again and shows the same; so does what openpyxl saves of it."""
    layout = layout_of(form)
    rows: list[dict[str, Value]] = [
        {**good_task(layout, 0), "notes": "dòng một\ndòng hai  \n'=1+1"},
        {**good_task(layout, 1), "lead": "Tổ Tiếng Việt", "budget": 494_510_000.5},
        {"task": "00123", "deadline": "tháng 5", "budget": "81 triệu", "start": True},
    ]
    reports: list[dict[str, Value]] = [
        {"progress_state": "Hoàn thành", "percent": 33.3, "report_date": date(2027, 1, 9)}
    ]
    verdicts = [{"result_1": "Đạt", "strengths": "Tiếng Việt, có dấu"}]
    source = write_workbook(
        desk.folder / "a.xlsx",
        make_plan(
            layout,
            cover={"place": "Bình Minh", "recipients": "- Như trên;\n- Lưu: VT."},
            tables={"plan": rows, "progress": reports, "self_assessment": verdicts},
        ),
    )
    by_office, by_openpyxl = desk.folder / "lo.xlsx", desk.folder / "op.xlsx"
    openpyxl.load_workbook(source).save(by_openpyxl)
    *shown, errors, _ = desk.do(source, *everything(layout), ("save", str(by_office)))
    assert not errors
    assert desk.do(by_office, *everything(layout)) == [*shown, []]
    assert desk.do(by_openpyxl, *everything(layout)) == [*shown, []]
    read = plan_of(source)
    assert plan_of(by_office) == read
    assert plan_of(by_openpyxl) == read

    def judged(path: Path) -> list[tuple[str, str | None, str | None]]:
        found = check_file(path, builtin_catalogue(), TODAY).findings
        # openpyxl drops the edit ranges of every sheet.
        return [(f.rule, f.sheet, f.cell) for f in found if f.rule != RANGES.id]

    assert judged(by_office) == judged(source)
    assert judged(by_openpyxl) == judged(source)


def _default_1(pages: int | None) -> int:
    return 1 if pages is None else pages


def furnishing(path: Path) -> dict[str, object]:
    """What a workbook has besides values: names, locks, lists, highlights, looks, print set-up."""
    book = openpyxl.load_workbook(path)
    found: dict[str, object] = {
        name: defined.attr_text.replace(" ", "") for name, defined in book.defined_names.items()
    }
    for ws in book:
        lock, setup, footer = ws.protection, ws.page_setup, ws.oddFooter
        assert footer is not None
        found[f"{ws.title}: sheet"] = (
            lock.sheet, lock.sort, lock.autoFilter, lock.formatColumns, lock.formatRows,
            lock.insertRows, lock.deleteRows, ws.sheet_state != "visible", ws.freeze_panes,
            {str(merged) for merged in ws.merged_cells.ranges}, ws.auto_filter.ref,
            {letter for letter, column in ws.column_dimensions.items() if column.hidden},
        )  # fmt: skip
        if ws.sheet_state == "visible":
            found[f"{ws.title}: paper"] = (
                setup.paperSize, setup.orientation, _default_1(setup.fitToHeight), ws.print_area,
                ws.print_title_rows, footer.center.text,
            )  # fmt: skip
        found[f"{ws.title}: highlights"] = {
            (str(area.sqref), tuple(rule.formula))
            for area in ws.conditional_formatting
            for rule in area.rules
        }
        for rule in ws.data_validations.dataValidation:
            bounds = (rule.formula1, rule.formula2) if rule.type else ()
            meant = [(bound or "0").lstrip("=") for bound in bounds]
            texts = (rule.promptTitle, rule.prompt, rule.errorTitle, rule.error)
            operator = rule.operator or "between"
            flags = (rule.allow_blank, rule.showErrorMessage, rule.errorStyle or "stop")
            for place in (cell for area in rule.sqref.ranges for cell in area.cells):
                found[f"{ws.title}: {place}"] = (rule.type, operator, meant, texts, flags)
        for cell in (cell for row in ws.iter_rows() for cell in row if cell.has_style):
            fill = cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None
            form = cell.number_format.replace("\\x", '"x"').rstrip(";")  # two ways to write one
            looks = (form, bool(cell.font.b), bool(cell.alignment.wrap_text), fill)
            if cell.value not in (None, "") or not cell.protection.locked:
                found[f"{ws.title}: {cell.coordinate}"] = (cell.protection.locked, looks)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_libreoffice_loses_nothing(desk: Desk, form: str) -> None:
    """Opened and saved: all that makes the workbook ours is still there.

    LibreOffice has one kind of hidden sheet, so the stamp's becomes hidden instead of very hidden.
    """
    source = write_workbook(desk.folder / "a.xlsx", good_plan(form))
    saved = desk.folder / "b.xlsx"
    desk.do(source, ("save", str(saved)))
    before, after = furnishing(source), furnishing(saved)
    assert len(before) > 1000
    lost = {key: (value, after.get(key)) for key, value in before.items() if after[key] != value}
    assert not lost


def dragged(layout: Layout) -> Iterator[Step]:
    """Every input cell of a row cut and dropped elsewhere, another row's in its place."""
    for sheet in layout.sheets:
        if sheet.columns:
            row = sheet.first_row
            for field in inputs(sheet):
                yield "move", sheet.name, sheet.ref(field, row), sheet.ref(field, row + 5)
                yield "move", sheet.name, sheet.ref(field, row + 1), sheet.ref(field, row)
        cells = [c for c in sheet.cells if not c.cell.locked and c.span == 1]
        for place, following in pairwise(cells):
            yield "move", sheet.name, place.ref, following.ref
    plan = layout.sheet("plan")
    block = f"{plan.ref('task', 7)}:{plan.ref('lead', 8)}"
    yield "move", plan.name, block, plan.ref("task", plan.first_row + 1)


@pytest.mark.parametrize("form", FORMS)
def test_formulas_survive_cut_and_drag(desk: Desk, form: str) -> None:
    """No formula follows a cell that is dragged away, and none loses its cell."""
    layout = layout_of(form)
    tasks = [good_task(layout, i) for i in range(4)]
    tasks[1]["lead"] = "UBND xã"
    tasks[2]["deadline"] = "tháng 5"
    verdicts = [{"result_1": "Đạt", "result_2": "Không đạt"}, {"result_1": "Đạt", "result_2": "?"}]
    reports: list[dict[str, Value]]
    reports = [{"progress_state": "Hoàn thành", "percent": 120}, {"percent": 20}]
    tables: dict[str, Sequence[Mapping[str, Value]]]
    tables = {"plan": tasks, "self_assessment": verdicts, "progress": reports}
    path = write_workbook(desk.folder / "a.xlsx", make_plan(layout, tables=tables))
    saved = desk.folder / "b.xlsx"
    plan = layout.sheet("plan")
    steps = list(dragged(layout))
    *_, errors, levels, leads, _ = desk.do(
        path,
        ("unprotect_all",),
        ("pause",),
        *steps,
        ("calculate",),
        ("errors",),
        ("offered", plan.name, plan.ref("target_level", plan.first_row)),
        ("offered", plan.name, plan.ref("lead", plan.first_row + 8)),
        ("save", str(saved)),
    )
    assert len(steps) > 60
    assert not errors
    moved = plan_of(saved)
    criterion = moved.rows("plan")[0].values[plan.column("criterion").index]
    of = layout.dependent_values(Lists.LEVELS_OF_CRITERION)
    assert levels == list(of[str(criterion)])
    assert "Ban Giám hiệu" in leads
    book = openpyxl.load_workbook(saved, data_only=True)
    said = said_by_python(moved)
    assert len(said) > 8
    assert said_by_office(book, moved) == said
    for sheet in layout.sheets:  # computed columns, too
        for record in moved.rows(sheet.key):
            for placed in sheet.columns:
                if placed.column.derived not in (None, "status", "check"):
                    shown = book[sheet.name][sheet.ref(placed.field, record.row)].value
                    shown = to_serial(shown.date()) if hasattr(shown, "date") else shown
                    assert (shown or "") == (record.values[placed.index] or ""), placed.field


def test_password(desk: Desk, run: Run) -> None:
    """Whoever has it takes the protection off; typing needs none. The print-out has none."""
    path = desk.folder / "a.xlsx"
    password = "Mat khau: <15>"
    made = run(
        "template", "--kind", "thcs", "--school-year", "2026-2027", "--rows", 10,
        "--password", password, "-o", path,
    )  # fmt: skip
    assert made.exit_code == 0
    layout = layout_of("2026", rows=10)
    book = openpyxl.load_workbook(path)
    sheets = [ws.title for ws in book if ws.protection.sheet]
    printed = {sheet.name for sheet in layout.sheets if sheet.sheet.printed}
    assert set(book.sheetnames) - set(sheets) == printed
    plan = layout.sheet("plan")
    ref = plan.ref("task", plan.first_row)
    answers = desk.do(
        path,
        *(("unprotect", name, guess) for name in sheets for guess in ("", "sai")),
        ("type", plan.name, ref, "Tổ chức chuyên đề"),
        *(("unprotect", name, password) for name in sheets),
    )
    assert answers == [False] * 2 * len(sheets) + ["Tổ chức chuyên đề"] + [True] * len(sheets)
