"""Several files of one school are parts of one plan where the officer says so (--combine)."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.template.issue import template_bytes
from tests.build import SCHOOL, TODAY, YEARS, Value, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in
from workbook_templates.layout import build_layout

LAYOUT = layout_of("2026")
FIRST = LAYOUT.sheet("plan").first_row
PLACE = "Vị trí (bấm để đến dòng)"
TASK = "Công việc/giải pháp cần thực hiện"
Row = dict[str, Value]
Table = list[dict[str, object]]


def task(nth: int, **changes: Value) -> Row:
    return {**good_task(LAYOUT, nth), "task": f"Công việc số {nth}", **changes}


def part(path: Path, tasks: list[Row], issued: str = "001", **tables: list[Row]) -> Path:
    school = dataclasses.replace(SCHOOL, code=issued)
    path.parent.mkdir(exist_ok=True)
    return write_workbook(
        path, make_plan(LAYOUT, school=school, tables={"plan": tasks, **tables}), school
    )


@dataclasses.dataclass
class Desk:
    """A folder of plans, and the authority workbook merged from it."""

    run: Run
    folder: Path
    out: Path

    def merge(self, *options: object) -> str:
        """Merge the folder; the output."""
        said = self.run("merge", self.folder, "-o", self.out, "--today", TODAY, *options)
        assert said.exit_code == 0, said.output
        return said.output

    def rows(self, sheet: str) -> Table:
        """Return the rows of a list."""
        rows = [dict(row) for row in table(sheet_in(self.out, sheet))]
        for row in rows:
            if link := row.get(PLACE):
                row[PLACE] = re.sub(r'.*"([^"]*)"\)$', r"\1", str(link))
        return rows

    def tasks(self) -> list[tuple[object, object, object]]:
        """Return each task with its file and row."""
        return [(r[TASK], r["Tệp"], r["Dòng"]) for r in self.rows("Kế hoạch")]

    def flags(self, rule: str) -> Table:
        """Return the flags of a rule."""
        return [row for row in self.rows("Cờ") if row["Quy tắc"] == rule]

    def log(self) -> dict[str, tuple[str, str]]:
        """Return outcome and reason of each file."""
        rows = self.rows("Nhật ký")
        return {Path(str(r["Tệp"])).name: (str(r["Kết quả"]), str(r["Lý do"])) for r in rows}


@pytest.fixture
def desk(run: Run, tmp_path: Path) -> Desk:
    return Desk(run, tmp_path / "nop", tmp_path / "so.xlsx")


def test_two_halves_count_together(desk: Desk) -> None:
    part(desk.folder / "nua-dau.xlsx", [task(0), task(1), task(2)])
    part(desk.folder / "nua-sau.xlsx", [task(2), task(3), task(4)])
    said = desk.merge("--combine")
    assert "1 đã nộp" in said
    assert "5 công việc" in said
    assert sorted(desk.tasks(), key=str) == [
        ("Công việc số 0", "nua-dau.xlsx", FIRST),
        ("Công việc số 1", "nua-dau.xlsx", FIRST + 1),
        ("Công việc số 2", "nua-dau.xlsx, nua-sau.xlsx", f"{FIRST + 2}, {FIRST}"),
        ("Công việc số 3", "nua-sau.xlsx", FIRST + 1),
        ("Công việc số 4", "nua-sau.xlsx", FIRST + 2),
    ]
    words = "«nua-dau.xlsx» (3 việc), «nua-sau.xlsx» (3 việc). 1 việc giống hệt nhau"
    log = desk.log()
    assert log["nua-dau.xlsx"][0] == "Đã tổng hợp"
    assert log["nua-sau.xlsx"][0] == "Đã gộp với tệp khác của trường"
    assert all(words in reason for _, reason in log.values())
    (school,) = desk.rows("Trường")
    assert (school["Tình trạng"], school["Số công việc"]) == ("Đã nộp", 5)
    assert words in str(school["Ghi chú"])
    assert not desk.flags("KD901")
    assert not desk.flags("KD909")


def test_without_the_option_one_file_counts(desk: Desk) -> None:
    part(desk.folder / "nua-dau.xlsx", [task(0)])
    part(desk.folder / "nua-sau.xlsx", [task(1)])
    desk.merge()
    assert len(desk.tasks()) == 1
    (flag,) = desk.flags("KD901")
    assert "--combine" in str(flag["Cách xử lý"])


def test_three_campuses_and_another_school(desk: Desk) -> None:
    for nth, name in enumerate(("diem-chinh", "diem-le-1", "diem-le-2")):
        part(desk.folder / f"{name}.xlsx", [task(2 * nth), task(2 * nth + 1)])
    other = dataclasses.replace(SCHOOL, code="002", name="Trường THCS Thứ Hai")
    plan = make_plan(LAYOUT, school=other, tables={"plan": [task(9)]})
    write_workbook(desk.folder / "002.xlsx", plan, other)
    desk.merge("--combine")
    assert [row["Số công việc"] for row in desk.rows("Trường")] == [6, 1]
    assert {(str(text), file) for text, file, _ in desk.tasks()} == {
        ("Công việc số 9", "002.xlsx"),
        *((f"Công việc số {n}", "diem-chinh.xlsx") for n in (0, 1)),
        *((f"Công việc số {n}", "diem-le-1.xlsx") for n in (2, 3)),
        *((f"Công việc số {n}", "diem-le-2.xlsx") for n in (4, 5)),
    }


def test_findings_are_in_the_file_and_the_cell_of_their_content(desk: Desk) -> None:
    part(desk.folder / "a.xlsx", [task(0), task(1)])
    part(desk.folder / "b.xlsx", [task(2), task(3, lead=None)])
    desk.merge("--combine")
    cell = LAYOUT.sheet("plan").ref("lead", FIRST + 1)
    found = [r for r in desk.rows("Cờ") if r[PLACE] == f"Kế hoạch!{cell}"]
    assert [row["Tệp"] for row in found] == ["b.xlsx"]
    assert str(found[0]["Quy tắc"]) in str(
        next(r["Cờ"] for r in desk.rows("Kế hoạch") if r[TASK] == "Công việc số 3")
    )


def contradicting(desk: Desk, other_lead: str = "Tổ Văn phòng") -> None:
    """Write two parts with other verdicts on two criteria, and one task in two wordings."""
    verdicts: list[Row] = [{"result_1": "Đạt"} for _ in LAYOUT.regulation.criteria]
    others = [dict(row) for row in verdicts]
    others[3]["result_1"] = others[5]["result_1"] = "Không đạt"
    part(desk.folder / "a.xlsx", [task(0), task(1)], self_assessment=verdicts)
    part(
        desk.folder / "b.xlsx",
        [task(7), task(8), task(1, lead=other_lead)],
        self_assessment=others,
    )


def test_cells_that_differ_are_findings_and_never_chosen(desk: Desk) -> None:
    contradicting(desk)
    desk.merge("--combine")
    sheet = LAYOUT.sheet("self_assessment")
    flags = desk.flags("KD909")
    assert [(row[PLACE], row["Tệp"]) for row in flags] == [
        (f"{sheet.name}!{sheet.ref('result_1', sheet.first_row + n)}", "a.xlsx, b.xlsx")
        for n in (3, 5)
    ]
    assert all("«a.xlsx»: Đạt; «b.xlsx»: Không đạt" in str(row["Vấn đề"]) for row in flags)
    (double,) = desk.flags("KD910")
    place = f"Kế hoạch!{LAYOUT.sheet('plan').ref('task', FIRST + 2)}"
    assert (double[PLACE], double["Tệp"]) == (place, "b.xlsx")
    assert f"tệp «a.xlsx», dòng {FIRST + 1}" in str(double["Vấn đề"])
    assert len(desk.tasks()) == 5


def decide(desk: Desk, *rules: str, choice: str = "Chấp nhận") -> None:
    """Decide on the findings of some rules in the authority workbook."""
    book = openpyxl.load_workbook(desk.out)
    ws = book["Cờ"]
    header = ws[3]
    at = {str(cell.value): cell.column for cell in header if cell.value}
    for row in range(4, ws.max_row + 1):
        if ws.cell(row, at["Quy tắc"]).value in rules:
            ws.cell(row, at["Kết luận"]).value = choice
    book.save(desk.out)


def test_decisions_stay_in_the_next_merge(desk: Desk) -> None:
    contradicting(desk)
    desk.merge("--combine")
    decide(desk, "KD909", "KD910")
    # A third part comes, whose name is before the others': all rows of the whole move.
    part(desk.folder / "0.xlsx", [task(4), task(5)])
    desk.merge("--combine")
    kept = [*desk.flags("KD909"), *desk.flags("KD910")]
    assert [row["Kết luận"] for row in kept] == ["Chấp nhận"] * 3


def test_a_decision_on_other_contents_is_reviewed(desk: Desk) -> None:
    contradicting(desk)
    desk.merge("--combine")
    decide(desk, "KD909")
    verdicts: list[Row] = [{"result_1": "Đạt"} for _ in LAYOUT.regulation.criteria]
    verdicts[3]["result_1"] = "Chưa rõ"
    part(desk.folder / "b.xlsx", [task(7)], self_assessment=verdicts)
    desk.merge("--combine")
    (flag,) = desk.flags("KD909")
    assert (flag["Kết luận"], flag["Kết luận trước"]) == (None, "Chấp nhận")


def test_a_preferred_file_counts_alone(desk: Desk) -> None:
    part(desk.folder / "a.xlsx", [task(0)])
    kept = part(desk.folder / "b.xlsx", [task(1)])
    desk.merge("--combine", "--prefer", kept)
    assert [text for text, *_ in desk.tasks()] == ["Công việc số 1"]
    assert desk.log()["a.xlsx"][0] == "Có bản khác được chọn, bỏ qua"


def test_files_that_cannot_be_combined_are_told(desk: Desk) -> None:
    part(desk.folder / "a.xlsx", [task(0)])
    layout = build_layout(LAYOUT.regulation, LAYOUT.rows, LAYOUT.form.id, (("most_due", 7),))
    school = dataclasses.replace(SCHOOL, code="001")
    plan = make_plan(layout, school=school, tables={"plan": [task(1)]})
    write_workbook(desk.folder / "b.xlsx", plan, school)
    desk.merge("--combine")
    assert len(desk.tasks()) == 1
    (flag,) = desk.flags("KD901")
    assert "chưa gộp được" in str(flag["Vấn đề"])
    assert "không theo cùng một mẫu" in str(flag["Vấn đề"])


def test_a_blank_template_is_no_part(desk: Desk) -> None:
    part(desk.folder / "a.xlsx", [task(0)])
    part(desk.folder / "b.xlsx", [task(1)])
    school = dataclasses.replace(SCHOOL, code="001")
    (desk.folder / "c.xlsx").write_bytes(template_bytes(LAYOUT, school, YEARS["2026"]))
    desk.merge("--combine")
    assert len(desk.tasks()) == 2
    outcome, reason = desk.log()["c.xlsx"]
    assert outcome == "Có bản khác được chọn, bỏ qua"
    assert "Mẫu trống" in reason


def test_equal_names_in_two_folders_are_told_apart(desk: Desk) -> None:
    desk.folder.mkdir()
    part(desk.folder / "diem-1" / "ke-hoach.xlsx", [task(0)])
    part(desk.folder / "diem-2" / "ke-hoach.xlsx", [task(1)])
    desk.merge("--combine")
    files = [str(file) for _, file, _ in desk.tasks()]
    assert len(set(files)) == 2
    assert all(file.endswith("/ke-hoach.xlsx") and "diem-" in file for file in files)


def test_the_authority_above_combines_the_files_too(desk: Desk, tmp_path: Path) -> None:
    contradicting(desk)
    desk.merge("--combine")
    decide(desk, "KD909")
    above = Desk(desk.run, desk.out, tmp_path / "tinh.xlsx")
    above.merge("--combine", "--authority", "Sở GDĐT")
    assert len(above.tasks()) == 5
    assert [row["Kết luận"] for row in above.flags("KD909")] == ["Chấp nhận"] * 2
    assert {row["Tệp"] for row in above.flags("KD909")} == {"a.xlsx, b.xlsx"}


def test_a_difference_goes_back_to_the_school_where_the_auditor_says_so(desk: Desk) -> None:
    contradicting(desk)
    desk.merge("--combine")
    decide(desk, "KD909", choice="Yêu cầu sửa")
    back = desk.out.parent / "gui-lai"
    said = desk.run("feedback", desk.out, desk.folder, "-o", back, "--today", TODAY)
    assert "Có bản khác được chọn" in said.output
    (copy,) = back.glob("*.xlsx")
    text = str([[c.value for c in row] for row in openpyxl.load_workbook(copy)["Yêu cầu sửa"]])
    assert text.count("các phần của kế hoạch ghi khác nhau") == 2
