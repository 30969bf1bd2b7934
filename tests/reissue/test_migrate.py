"""Nothing typed is lost on the way into a newer template."""

from __future__ import annotations

import dataclasses
import random
import tarfile
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from kdcl_xl.reissue.migration import AS_ISSUED, OTHER_YEAR, Migration
from kdcl_xl.reissue.open_old import Opened, Wanted, carry_over, migrated_bytes, open_for_migration
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.template import not_carried as left_behind
from kdcl_xl.template.as_text import as_text
from kdcl_xl.template.issue import stamp_for
from kdcl_xl.template.not_carried import LeftBehind
from kdcl_xl.template.writer import render_workbook
from macros_free_validation.plan import Plan
from macros_free_validation.values import CellError, Raw, filled, to_serial
from tests.build import (
    SCHOOL,
    THCS,
    YEARS,
    Value,
    good_plan,
    good_task,
    layout_of,
    make_plan,
    workbook_bytes,
    write_workbook,
)
from tests.conftest import ROOT, Run
from tests.proof.generate import random_plan
from workbook_templates import layout as layouts
from workbook_templates.declare import Cell, Column, Sheet
from workbook_templates.forms import FORMS
from workbook_templates.forms.sheets import RECOGNITION
from workbook_templates.layout import build_layout
from workbook_templates.regulation import Catalogue, builtin_catalogue, load_regulation
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text
from workbook_templates.vocabulary import ProgressState

SAMPLES = ROOT / "samples" / "workbooks"
SHEET = "Chưa chuyển"


def own_catalogue() -> Catalogue:
    """With an authority's later list: criteria moved, renamed with an alias, cut and dropped."""
    folder = ROOT / "workbook_templates" / "regulations"
    text = (folder / "tt18-2018.toml").read_text("utf-8").replace('"tt18-2018"', '"rieng-18"', 1)
    text = text.split("[totals]")[0] + "[[standards]]" + text.split("[[standards]]", 1)[1]
    one, two, nine = '"1.1"', '"1.2"', '"1.9"'
    text = text.replace(f"code = {one}", "code = @", 1).replace(f"code = {two}", f"code = {one}", 1)
    text = text.replace("code = @", f"code = {two}", 1)
    title = "Quản lý các hoạt động giáo dục"
    assert f'title = "{title}"' in text
    renamed = f'title = "Quản lý hoạt động dạy học"\naliases = ["{title}"]'
    text = text.replace(f'title = "{title}"', renamed, 1)
    text = text.replace('"Thực hiện quy chế dân chủ cơ sở"', '"Một tiêu chí hoàn toàn khác"', 1)
    assert nine in text
    return builtin_catalogue().with_replaced([load_regulation(text, "rieng.toml")])


def value_key(value: Raw) -> tuple[str, Raw]:
    # XlsxWriter writes 16 digits of a number, and Excel keeps 15.
    return type(value).__name__, float(f"{value:.15g}") if type(value) is float else value


def typed(plan: Plan) -> Iterator[Raw]:
    """Every value in a cell that takes input; a date and an amount as the text it is written as."""
    for sheet in plan.layout.sheets:
        for cell in sheet.cells:
            if not cell.cell.locked and filled(value := plan.cell(cell.field, sheet.key)):
                yield as_text(value, cell.cell.type)
        for record in plan.rows(sheet.key):
            for placed in sheet.columns:
                value = record.values[placed.index]
                if filled(value) and plan.layout.offered(sheet, placed.field, record.row):
                    yield as_text(value, placed.column.type)


def counted(values: Iterator[Raw]) -> Counter[tuple[str, Raw]]:
    return Counter(value_key(value) for value in values)


def migrated(
    path: Path, catalogue: Catalogue | None = None, wanted: Wanted | None = None
) -> tuple[Plan, Migration]:
    """What was read from a file, and the file carried over."""
    opened = open_for_migration(path, catalogue or builtin_catalogue(), wanted or Wanted())
    assert isinstance(opened, Opened), opened.findings
    result = carry_over(opened)
    assert isinstance(result, Migration), result.findings
    return opened.plan, result


def carried_to(path: Path, migration: Migration, catalogue: Catalogue | None = None) -> Plan:
    """What a reader of the new workbook sees."""
    path.write_bytes(migrated_bytes(migration))
    submission = read_submission(path, catalogue or builtin_catalogue())
    assert submission.plan is not None, submission.found
    assert not [f for f in submission.found if f.rule == "KD804"], "the sheet is one of ours"
    return submission.plan


SAMPLES_BEFORE = {
    "mam-non-2021-2022": "tt19-2018",
    "mam-non-2026-2027-tot": None,
    "thcs-2020-2021": "tt18-2018",
    "thcs-2023-2026": "tt18-2018",
    "thcs-2026-2027-nhom": None,
    "thcs-2026-2027-tot": None,
    "tieu-hoc-2023-2024": "tt17-2018",
}
"""The samples before their structure changed, each with its regulation if that is a former one."""
WAYS = [
    ("tt18-2018", Wanted(regulation="tt18-2018")),
    ("tt18-2018", Wanted(regulation="rieng-18")),
    ("tt18-2018", Wanted()),
    ("tt18-2018", Wanted(year=SchoolYear(2026, 2027))),
    ("tt57-2026-pho-thong", Wanted()),
    ("tt57-2026-pho-thong", Wanted(regulation="tt18-2018")),
]


@pytest.mark.slow
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # a smaller seed is no simpler plan
)
@example(way=WAYS[1], seed=7)
@example(way=WAYS[3], seed=187)
@example(way=WAYS[1], seed=900)
@given(way=st.sampled_from(WAYS), seed=st.integers(0, 2**32))
def test_every_value_arrives_exactly_once(way: tuple[str, Wanted], seed: int) -> None:
    regulation, wanted = way
    catalogue = own_catalogue()
    found = catalogue.get(regulation)
    assert found is not None
    old = random_plan(build_layout(found, 14), random.Random(seed))
    with tempfile.TemporaryDirectory() as folder:
        path, new_path = Path(folder) / "a.xlsx", Path(folder) / "b.xlsx"
        path.write_bytes(workbook_bytes(old))
        read, migration = migrated(path, catalogue, wanted)
        carried = carried_to(new_path, migration, catalogue)
        again_wanted = Wanted(regulation=carried.layout.regulation.id)
        # As stored: a merge takes the text "0" of a percent cell for the number that it shows.
        new, again = migrated(new_path, catalogue, again_wanted)
        assert migrated_bytes(again) == new_path.read_bytes(), "a second migration changes nothing"
    before = counted(typed(old))
    assert before == counted(typed(read))
    left = counted(entry.value for entry in migration.left)
    arrived = counted(typed(new)) + left
    assert not before - arrived, "lost"
    # What came besides: the new template's own words where the old one's stood or had no
    # place, and the new names of criteria that have one.
    besides = arrived - before
    named = [entry for entry in migration.left if entry.why in (AS_ISSUED, OTHER_YEAR)]
    renamed = [entry for entry in migration.left if "Đã chuyển thành" in entry.why.vi]
    before_cover = old.layout.sheet("cover")
    proposed = [  # for passages that the old form does not have
        value
        for field, value in new.cells["cover"].items()
        if filled(value) and not before_cover.has_cell(field)
    ]
    assert besides.total() == len(named) + len(renamed) + len(proposed)
    own = {value_key(c.label) for c in new.layout.regulation.criteria}
    own |= {value_key(v) for v in new.cells["cover"].values()}
    assert set(besides) <= own
    if wanted.regulation == regulation:
        assert not migration.left


@pytest.mark.slow
def test_a_file_saved_by_libreoffice_travels_whole(tmp_path: Path) -> None:
    for name in ("thcs-2026-2027-tot", "tieu-hoc-2023-2024"):
        old, migration = migrated(SAMPLES / f"{name}.xlsx")
        new = carried_to(tmp_path / f"{name}.xlsx", migration)
        arrived = counted(typed(new)) + counted(e.value for e in migration.left)
        assert not counted(typed(old)) - arrived
        assert new.layout.form.id == "2026"
        assert bool(migration.left) == (name == "tieu-hoc-2023-2024")
        strange = [e for e in migration.left if "ngoài các ô" in e.why.vi]
        assert not strange, "our own words are not what somebody typed"


def test_wrong_kinds_of_values_travel_as_they_are(tmp_path: Path) -> None:
    layout = layout_of("2018")
    odd: dict[str, Raw] = {
        "deadline": "cuối năm",
        "budget": True,
        "start": CellError("#DIV/0!"),
        "lead": 12.5,
        "target_level": "không rõ",
        "criterion": to_serial(date(2026, 9, 1)),
        "task": "=1+1",
    }
    no_days: tuple[Raw, ...] = (-1.0, -0.5, 60.0, 60.5, 0.0, 1e15)
    rows: list[Mapping[str, Value]] = [odd, *({"deadline": number} for number in no_days)]
    path = write_workbook(tmp_path / "a.xlsx", make_plan(layout, tables={"plan": rows}))
    _, migration = migrated(path)
    new = carried_to(tmp_path / "b.xlsx", migration)
    record, *others = new.rows("plan")
    assert {field: new.value("plan", record, field) for field in odd} == odd
    assert tuple(new.value("plan", other, "deadline") for other in others) == no_days


def test_a_row_travels_without_its_criterion(tmp_path: Path) -> None:
    layout = layout_of("2018")
    tasks = [good_task(layout, 0), {}, good_task(layout, 1)]
    reports: list[dict[str, Value]]
    reports = [{}, {}, {"progress_state": "Hoàn thành", "report_date": date(2021, 1, 15)}]
    plan = make_plan(layout, tables={"plan": tasks, "progress": reports})
    _, migration = migrated(write_workbook(tmp_path / "a.xlsx", plan))
    new = carried_to(tmp_path / "b.xlsx", migration)
    first = new.layout.sheet("plan").first_row
    assert [r.row for r in new.rows("plan")] == [first, first + 2]
    reported = new.rows("progress")[0]
    progress = new.layout.sheet("progress")
    assert reported.row == progress.first_row + 2, "a report stays with its task"
    assert new.value("progress", reported, "task") == tasks[2]["task"]
    criteria = [e for e in migration.left if e.field.en == "Criterion"]
    assert [(e.sheet, e.cell, e.value) for e in criteria] == [
        ("Kế hoạch", layout.sheet("plan").ref("criterion", first + i), tasks[i]["criterion"])
        for i in (0, 2)
    ]
    assert criteria[0].about == f"«Kế hoạch», dòng {first}: {tasks[0]['task']}"
    assert "18/2018" in criteria[0].source


def test_criteria_of_the_same_name_go_along(tmp_path: Path) -> None:
    catalogue = own_catalogue()
    layout = layout_of("2018")
    by_code = {c.code: c.label for c in layout.regulation.criteria}
    rows = [good_task(layout) | {"criterion": by_code[c]} for c in ("1.1", "1.3", "1.8", "1.9")]
    verdicts = [{"result_1": "Đạt", "strengths": "Có chiến lược"}, {"result_1": "Không đạt"}]
    plan = make_plan(layout, tables={"plan": rows, "self_assessment": verdicts})
    path = write_workbook(tmp_path / "a.xlsx", plan)
    _, migration = migrated(path, catalogue, Wanted(regulation="rieng-18"))
    new = carried_to(tmp_path / "b.xlsx", migration, catalogue)
    meant = [new.criterion_of("plan", record) for record in new.rows("plan")]
    assert [c.code if c else None for c in meant] == ["1.2", "1.3", "1.8", None]
    assessed = {
        new.value("self_assessment", record, "criterion"): (
            new.value("self_assessment", record, "result_1"),
            new.value("self_assessment", record, "strengths"),
        )
        for record in new.rows("self_assessment")
    }
    labels = {c.code: c.label for c in new.layout.regulation.criteria}
    assert assessed[labels["1.2"]] == ("Đạt", "Có chiến lược")
    assert assessed[labels["1.1"]] == ("Không đạt", None)
    listed = [(e.value, e.why.vi[:15]) for e in migration.left if e.field.en == "Criterion"]
    assert listed == [
        (by_code["1.1"], "Đã chuyển thành"),
        (by_code["1.8"], "Đã chuyển thành"),
        (by_code["1.9"], "Quy định mới kh"),
    ]


@pytest.mark.slow
def test_what_stands_outside_the_form_is_carried_in_full(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", good_plan("2026"))
    layout = layout_of("2026")
    plan = layout.sheet("plan")
    book = openpyxl.load_workbook(path)
    ws = book["Kế hoạch"]
    ws[plan.ref("task", plan.first_row)].comment = Comment("Hỏi lại tổ trưởng", "x")
    ws.cell(plan.last_row + 3, 2, "Tổng cộng bên dưới")
    ws.cell(plan.last_row + 4, 14, "=SUM(O5:O8)")
    ws.cell(20_000, 2, "rất xa")
    ws[plan.ref("standard", plan.first_row)] = "Ghi đè ô khóa"
    ws[plan.ref("budget", plan.first_row)] = "=2*1500000"
    book["Thông tin"]["C7"] = "Trường nghề"  # the school kind is locked
    book["Hướng dẫn"]["F30"] = "ghi trên trang hướng dẫn"
    extra = book.create_sheet("Ghi chép")
    extra.append(["Ngày", datetime(2026, 10, 5), 12, True])
    extra["A9"] = "x" * 32_000
    book.save(path)
    _, migration = migrated(path)
    left = {(e.sheet, e.cell, e.value) for e in migration.left}
    assert left == {
        ("Kế hoạch", plan.ref("task", plan.first_row), "Hỏi lại tổ trưởng"),
        ("Kế hoạch", f"B{plan.last_row + 3}", "Tổng cộng bên dưới"),
        ("Kế hoạch", f"N{plan.last_row + 4}", "=SUM(O5:O8)"),
        ("Kế hoạch", "B20000", "rất xa"),
        ("Kế hoạch", plan.ref("standard", plan.first_row), "Ghi đè ô khóa"),
        ("Kế hoạch", plan.ref("budget", plan.first_row), "=2*1500000"),
        ("Thông tin", "C7", "Trường nghề"),
        ("Hướng dẫn", "F30", "ghi trên trang hướng dẫn"),
        ("Ghi chép", "A1", "Ngày"),
        ("Ghi chép", "B1", to_serial(date(2026, 10, 5))),
        ("Ghi chép", "C1", 12.0),
        ("Ghi chép", "D1", True),
        ("Ghi chép", "A9", "x" * 32_000),
    }
    new_path = tmp_path / "b.xlsx"
    carried_to(new_path, migration)
    shown = openpyxl.load_workbook(new_path)[SHEET]
    assert shown.protection.sheet
    assert any(isinstance(cell.value, datetime) for row in shown.iter_rows() for cell in row)
    _, again = migrated(new_path)
    assert migrated_bytes(again) == new_path.read_bytes()


def test_text_boxes_are_read(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", good_plan("2026"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="http://x/relationships/drawing" '
        b'Target="../drawings/drawing1.xml"/></Relationships>'
    )
    parts["xl/drawings/drawing1.xml"] = (
        '<d:wsDr xmlns:d="d" xmlns:a="a"><d:sp><a:p><a:r><a:t>Chữ trong </a:t></a:r><a:r><a:t>hộp'
        "</a:t></a:r></a:p><a:p><a:r><a:t>dòng hai</a:t></a:r></a:p></d:sp></d:wsDr>"
    ).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    _, migration = migrated(path)
    assert [e.value for e in migration.left] == ["Chữ trong hộp\ndòng hai"]


def test_more_than_a_sheet_holds_goes_on_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(left_behind, "MOST_ROWS", 5)
    plan = good_plan("2026")
    left = tuple(
        LeftBehind("A", f"A{i}", Text("", ""), "", float(i), AS_ISSUED, "") for i in range(13)
    )
    stamp = stamp_for(plan.layout, THCS, YEARS["2026"], SCHOOL)
    path = tmp_path / "a.xlsx"
    path.write_bytes(render_workbook(plan, stamp, left=left))
    _, migration = migrated(path)
    assert [e.value for e in migration.left] == [e.value for e in left]
    names = [
        name for name in openpyxl.load_workbook(path, read_only=True).sheetnames if SHEET in name
    ]
    assert names == [SHEET, f"{SHEET} (2)", f"{SHEET} (3)"]


def test_a_template_of_another_version_is_read_by_its_headings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, run: Run
) -> None:
    path = tmp_path / "old.xlsx"
    with monkeypatch.context() as other:
        form = FORMS["2026"]
        sheets = []
        for sheet in form.sheets:
            if sheet.printed:
                continue
            columns = list(sheet.columns)
            if sheet.key == "plan":
                columns.insert(7, Column("risk", Text("Rủi ro", "Risk"), Text("", ""), 9))
                columns[9], columns[10] = columns[10], columns[9]
            cells = tuple(c for c in sheet.cells if c.field != "place")
            sheets.append(dataclasses.replace(sheet, columns=tuple(columns), cells=cells[::-1]))
        other.setitem(FORMS, "2026", dataclasses.replace(form, sheets=tuple(sheets)))
        layouts._build.cache_clear()
        request.addfinalizer(layouts._build.cache_clear)
        layout = layout_of("2026")
        row = good_task(layout) | {"risk": "Thiếu kinh phí", "indicator": "100%"}
        assessed = {"claimed_met_1": 7}
        review = {"review_result_term_1": "Đạt tiến độ"}
        old = make_plan(
            layout,
            cells={"self_assessment": assessed, "progress": review},
            tables={"plan": [row], "problems": [{"weakness": "Thiếu phòng học"}]},
        )
        write_workbook(path, old)
    layouts._build.cache_clear()
    assert run("check", path).exit_code == 3, "its structure is not ours"
    _, migration = migrated(path)
    assert [(e.field.vi, e.value) for e in migration.left] == [("Rủi ro", "Thiếu kinh phí")]
    new = carried_to(tmp_path / "new.xlsx", migration)
    (record,) = new.rows("plan")
    for name in set(row) - {"risk"}:
        placed = layout.sheet("plan").column(name)
        value = old.rows("plan")[0].values[placed.index]
        assert new.value("plan", record, name) == as_text(value, placed.column.type), name
    assert new.cell("claimed_met_1", "self_assessment") == 7
    assert new.cell("review_result_term_1", "progress") == "Đạt tiến độ"
    assert not counted(typed(old)) - counted(typed(new)) - counted(e.value for e in migration.left)


def test_rows_are_never_too_few(tmp_path: Path) -> None:
    layout = layout_of("2018", rows=40)
    rows: list[dict[str, Value]] = [{} for _ in range(39)]
    plan = make_plan(layout, tables={"plan": [*rows, {"task": "Việc cuối"}]})
    path = write_workbook(tmp_path / "a.xlsx", plan)
    _, migration = migrated(path, wanted=Wanted(rows=12))
    assert migration.plan.layout.rows == 40
    (record,) = migration.plan.rows("plan")
    assert record.row == migration.plan.layout.sheet("plan").last_row


def test_command(run: Run, tmp_path: Path) -> None:
    old = SAMPLES / "thcs-2020-2021.xlsx"
    out = tmp_path / "moi.xlsx"
    result = run("migrate", old, "-o", out)
    assert result.exit_code == 0, result.output
    for word in ("đã chuyển", f"«{SHEET}»", "Kế hoạch!D6:D26: Tiêu chí", "--regulation tt18-2018"):
        assert word in result.output
    kept = out.read_bytes()
    assert SHEET in openpyxl.load_workbook(out, read_only=True).sheetnames
    result = run("migrate", old, "-o", out, "--school-year", "2026-2027", "--lang", "en")
    assert result.exit_code == 0
    assert "values were carried" in result.output
    assert "does not govern" not in result.output
    (earlier,) = tmp_path.glob("moi.truoc-*.xlsx")
    assert earlier.read_bytes() == kept, "what stood at the target is kept"
    result = run("migrate", old, "-o", out, "--regulation", "tt18-2018")
    assert SHEET not in result.output
    assert run("migrate", old, "-o", out, "--regulation", "tt19-2018").exit_code == 2
    assert (
        run("migrate", old, "-o", out, "--regulation", "tt18-2018", "--form", "2026").exit_code == 2
    )


@pytest.mark.slow
def test_several_files(run: Run, tmp_path: Path) -> None:
    folder, out = tmp_path / "cũ", tmp_path / "cũ" / "mới"
    (folder / "xã A").mkdir(parents=True)
    write_workbook(folder / "a.xlsx", good_plan("2018"))
    write_workbook(folder / "xã A" / "A.xlsx", good_plan("2026"))
    (folder / "hỏng.xlsx").write_bytes(b"%PDF-1.4")
    result = run("migrate", folder, "-o", out)
    assert result.exit_code == 1
    assert "KD022" in result.stderr
    made = sorted(path.name for path in out.iterdir())
    assert made == ["A_2.xlsx", "a.xlsx"]
    assert run("migrate", folder, "-o", out).exit_code == 1
    assert sorted(path.name for path in out.iterdir()) == made, "its own results are left out"
    assert run("migrate", folder, "-o", folder / "a.xlsx").exit_code == 2
    assert run("migrate", folder / "a.xlsx", "-o", folder).exit_code == 2
    assert run("migrate", folder / "hỏng.xlsx", "-o", tmp_path / "x.xlsx").exit_code == 3
    assert run("migrate", tmp_path / "không có", "-o", tmp_path / "x.xlsx").exit_code == 2
    assert not (tmp_path / "x.xlsx").exists()


def as_before(sheet: Sheet) -> Sheet:
    """Return a sheet as the version before declared it: former headings, no recognition."""
    later = {"ownership", *(cell.field for cell in RECOGNITION)}

    def renamed(cell: Cell) -> Cell:
        label = Text(cell.former[0], cell.label.en) if cell.former else cell.label
        return dataclasses.replace(cell, label=label)

    grid = sheet.grid
    if grid is not None:
        columns = tuple(
            dataclasses.replace(c, header=Text(c.former[0], c.header.en)) if c.former else c
            for c in grid.columns
        )
        footer = renamed(grid.footer) if grid.footer else None
        grid = dataclasses.replace(grid, columns=columns, footer=footer)
    return dataclasses.replace(
        sheet,
        cells=tuple(renamed(c) for c in sheet.cells if c.field not in later),
        columns=tuple(
            dataclasses.replace(c, header=Text(c.former[0], c.header.en)) if c.former else c
            for c in sheet.columns
        ),
        grid=grid,
        printed=None,
    )


@pytest.mark.parametrize("form_id", ["2018", "2026"])
def test_a_template_of_the_version_before_travels_whole(
    form_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    run: Run,
) -> None:
    path = tmp_path / "old.xlsx"
    former = ProgressState.NOT_DONE.label
    with monkeypatch.context() as other:
        form = FORMS[form_id]
        sheets = tuple(as_before(sheet) for sheet in form.sheets if not sheet.printed)
        other.setitem(FORMS, form_id, dataclasses.replace(form, sheets=sheets))
        layouts._build.cache_clear()
        request.addfinalizer(layouts._build.cache_clear)
        layout = layout_of(form_id)
        headings = {c.column.header.vi for c in layout.sheet("self_assessment").columns}
        assert "Điểm yếu (hạn chế)" in headings
        assert not layout.sheet("cover").has_cell("accreditation")
        old = make_plan(
            layout,
            cover={"ownership": None},
            cells={"self_assessment": {"claimed_met_1": 7}},
            tables={
                "plan": [good_task(layout)],
                "self_assessment": [{"weaknesses": "Thiếu phòng học", "result_1": "Đạt"}],
                "progress": [{"progress_state": "Chưa hoàn thành", "percent": 40}],
            },
        )
        write_workbook(path, old)
    layouts._build.cache_clear()
    checked = run("check", path)
    assert checked.exit_code == 3
    assert "kdcl-xl migrate" in checked.output
    _, migration = migrated(path, wanted=Wanted(regulation=old.layout.regulation.id))
    assert migration.left == ()
    new = carried_to(tmp_path / "new.xlsx", migration)
    (assessed, *_) = new.rows("self_assessment")
    assert new.value("self_assessment", assessed, "weaknesses") == "Thiếu phòng học"
    assert new.cell("claimed_met_1", "self_assessment") == 7
    (report,) = new.rows("progress")
    assert new.value("progress", report, "progress_state") == former.vi
    assert new.value("progress", report, "percent") == 40
    lost = counted(typed(old)) - counted(typed(new))
    assert list(lost) == [("str", "Chưa hoàn thành")]


@pytest.fixture(scope="module")
def samples_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the samples in the structure before the official columns stood together."""
    folder = tmp_path_factory.mktemp("samples-before")
    with tarfile.open(ROOT / "tests" / "fixtures" / "samples-until-2026-11.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES_BEFORE)
@pytest.mark.parametrize("anew", [False, True], ids=["same regulation", "regulation of today"])
def test_the_samples_of_the_structure_before_lose_nothing(
    name: str, anew: bool, samples_before: Path, tmp_path: Path
) -> None:
    """Every unlocked cell that openpyxl finds arrives, or is listed as left behind."""
    path = samples_before / f"{name}.xlsx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of print areas that openpyxl leaves out
        book = openpyxl.load_workbook(path)
    before = [
        cell.value
        for sheet in book
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and not cell.protection.locked and cell.data_type != "f"
    ]
    regulation = SAMPLES_BEFORE[name]
    _, migration = migrated(path, wanted=Wanted() if anew else Wanted(regulation=regulation))
    after = list(typed(carried_to(tmp_path / "new.xlsx", migration)))
    left = [left.value for left in migration.left]
    assert len(before) > 100
    assert len(before) == len(after) + len(left)
    texts = [Counter(v for v in found if isinstance(v, str)) for found in (before, after, left)]
    assert texts[0] <= texts[1] + texts[2]
    if not anew or regulation is None:
        assert not left


def test_a_zip_of_several_workbooks_needs_a_folder(run: Run, tmp_path: Path) -> None:
    """Each of its workbooks has a new one; none is written over another."""
    path = write_workbook(tmp_path / "a.xlsx", good_plan("2018"))
    with zipfile.ZipFile(tmp_path / "thư.zip", "w") as archive:
        archive.write(path, "a.xlsx")
        archive.write(path, "xã/b.xlsx")
    assert run("migrate", tmp_path / "thư.zip", "-o", tmp_path / "moi.xlsx").exit_code == 2
    assert not (tmp_path / "moi.xlsx").exists()
    assert run("migrate", tmp_path / "thư.zip", "-o", tmp_path / "moi").exit_code == 0
    assert sorted(p.name for p in (tmp_path / "moi").iterdir()) == ["a.xlsx", "b.xlsx"]
