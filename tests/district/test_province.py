"""Merges of merges: an authority workbook among the inputs replaces the files of its schools."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from kdcl_xl.checking.check import Checked, check_file
from kdcl_xl.checking.record import NewerRecordError, RecordError
from kdcl_xl.checking.settings import Settings, Waiver
from kdcl_xl.district.decisions.decision import About, Decision, DecisionMemory, Line, Typed
from kdcl_xl.district.decisions.levels import gather
from kdcl_xl.district.decisions.match import Present
from kdcl_xl.district.hidden import sources as stored
from kdcl_xl.district.hidden.lower_level import decisions_seen_from_above, sources_seen_from_above
from kdcl_xl.district.merge import expected_by
from kdcl_xl.district.model.build import build_district
from kdcl_xl.district.model.inputs import LowerWorkbook, Sources
from kdcl_xl.district.model.model import District, InputState
from kdcl_xl.district.model.school_state import State
from kdcl_xl.files import base_name
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Submission
from kdcl_xl.template.stamp import ARCHIVE_SHEET, SOURCES_SHEET
from macros_free_validation.rule import Severity, Stage, finding
from macros_free_validation.rules import workbook as rules
from tests.build import SCHOOL, THCS, TODAY, Value, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run, run_command
from tests.district.test_loop import DECISION, INPUTS, columns, decide
from workbook_templates.layout import Limits
from workbook_templates.regulation import Catalogue, builtin_catalogue

pytestmark = pytest.mark.slow

CATALOGUE = builtin_catalogue()
LAYOUT = layout_of("2026")
LONG = (
    "Tổ chức cho giáo viên toàn trường dự giờ chéo mỗi tuần một tiết rồi họp tổ rút kinh nghiệm",
    "Rà soát sách, thiết bị của thư viện theo danh mục, lập dự toán mua bổ sung trình duyệt",
    "Phối hợp với cha mẹ học sinh vận động trẻ bỏ học trở lại lớp, theo dõi sĩ số từng ngày",
)
KIND = THCS


def rows(*changes: Mapping[str, Value]) -> list[dict[str, Value]]:
    return [{**good_task(LAYOUT, n), **change} for n, change in enumerate(changes)]


COPIED = [{"task": text} for text in LONG]
PLANS: Mapping[str, tuple[str, Sequence[Mapping[str, Value]]]] = {
    "001.xlsx": ("001", COPIED),
    "002.xlsx": ("002", [{"lead": "UBND xã"}, {}]),
    "003.xlsx": ("003", [*COPIED, {"deadline": date(2026, 10, 1)}]),
    "004_a.xlsx": ("004", [{}, {"lead": None}]),
    "004_b.xlsx": ("004", [{}]),
    "005.xlsx": ("", [{"task": "Trường quên ghi mã"}]),
    "0006.xlsx": ("6", [{"budget": "nhiều"}]),
}
"""Files by name: the code of the school, and the changes to good rows."""
EXPECTED = tuple(
    School(code, f"Trường {code}", KIND) for code in ("001", "002", "003", "004", "0006", "007")
)


class Returned(tuple[Checked, ...]):
    """Checked files that Hypothesis need not print."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{len(self)} files"


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Returned:
    """Return everything that several districts received, read once."""
    folder = tmp_path_factory.mktemp("tỉnh") / "nop"
    folder.mkdir()
    for age, (name, (code, changes)) in enumerate(PLANS.items()):
        school = replace(SCHOOL, code=code, name=f"Trường {code}")
        path = write_workbook(
            folder / name,
            make_plan(LAYOUT, school=school, tables={"plan": rows(*changes)}),
            school,
        )
        os.utime(path, (1_790_000_000 + age, 1_790_000_000 + age))
    (folder / "001 bản sao.xlsx").write_bytes((folder / "001.xlsx").read_bytes())
    (folder / "007_hong.xlsx").write_bytes(b"%PDF-1.7\n")
    (folder / "la.xlsx").write_bytes(b"PK\x03\x04 half a zip")
    paths = sorted(folder.iterdir())
    return Returned(check_file(path, CATALOGUE, TODAY) for path in paths)


def above(district: District, path: Path, today: date, limits: Limits) -> LowerWorkbook:
    """Return a district as the authority above reads it from the hidden texts of its workbook."""
    cells = stored.encode_sources(district.sources)
    assert max(map(len, cells)) <= 32_000
    sources = stored.decode_sources(cells, CATALOGUE, limits, 10**9)
    return LowerWorkbook(
        sources_seen_from_above(sources, district.authority, path, today), DecisionMemory()
    )


def merged(
    parts: Sequence[Checked | LowerWorkbook],
    expected: Sequence[School],
    chosen: Settings,
    preferred: frozenset[str] = frozenset(),
    authority: str = "Tỉnh",
    today: date = TODAY,
) -> District:
    checked: list[Checked] = []
    below: dict[str, LowerWorkbook] = {}
    for part in parts:
        if isinstance(part, LowerWorkbook):
            path = Path(f"{part.sources.authority}.xlsx")
            found = (finding(rules.DISTRICT_WORKBOOK),)
            checked.append(Checked(Submission(path, part.digest, None, None, None, found), found))
            below[str(path)] = part
            checked += part.sources.checked
        else:
            checked.append(part)
    known = expected_by(expected, below.values())
    return build_district(
        checked, known, authority, today, chosen, preferred=preferred, below=below
    )


def without_levels(district: District) -> dict[str, object]:
    """Return a district without the names of the workbooks that its files came in."""

    def name(text: str) -> str:
        return base_name(text) if text.endswith(".xlsx") else text

    inputs = [i for i in district.inputs if i.state is not InputState.TAKEN_IN]
    folders = {i.path.removesuffix(base_name(i.path)) for i in inputs}

    def plain(text: str) -> str:
        for folder in sorted(folders, key=len, reverse=True):
            text = text.replace(folder, "")
        return text

    return {
        "inputs": [replace(i, path=name(i.path), under=(), reason=plain(i.reason)) for i in inputs],
        "schools": [
            replace(
                line,
                school=replace(line.school, under=()),
                paths=tuple(map(name, line.paths)),
                summaries=tuple(replace(s, path=name(s.path)) for s in line.summaries),
                under=(),
            )
            for line in district.schools
        ],
        "tasks": [
            replace(t, path=name(t.path), summary=replace(t.summary, path=name(t.summary.path)))
            for t in district.tasks
        ],
        "flags": [replace(f, path=name(f.path)) for f in district.flags],
    }


STRICT = Settings(
    Stage.DISTRICT,
    ignore=frozenset({"KD504"}),
    severities={"KD303": Severity.NOTE},
    waivers=(Waiver("004", "KD301", None, "lý do", "Chuyên viên", date(2027, 6, 30), "x:1"),),
)


@dataclass
class Split:
    """The assignment of files to districts (0 to 2, or 3: none), and the settings of each."""

    of_file: list[int]
    of_school: list[int]
    is_nested: bool
    day: date
    limits: Limits
    preferred: set[int]
    chosen: Settings


splits = st.builds(
    Split,
    st.lists(st.integers(0, 3), min_size=10, max_size=10),
    st.lists(st.integers(0, 3), min_size=len(EXPECTED), max_size=len(EXPECTED)),
    st.booleans(),
    st.sampled_from((TODAY, date(2026, 9, 30))),
    st.sampled_from(((), (("copied_words", 40), ("most_due", 1)))),
    st.just(set()) | st.sampled_from(({4}, {5})),
    st.sampled_from((Settings(Stage.DISTRICT), STRICT)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(split=splits)
def test_districts_merged_are_their_schools_merged(returned: Returned, split: Split) -> None:
    """Check any day, limits and settings that each district merged with."""
    own = Settings(Stage.DRAFT, select=frozenset({"KD301"}))
    assert len(returned) == len(split.of_file)
    parts: list[Checked | LowerWorkbook] = []
    order: list[Checked] = []
    listed: list[School] = [s for s, at in zip(EXPECTED, split.of_school, strict=True) if at == 3]
    named = frozenset(
        returned[n].submission.shown_path for n in split.preferred if split.of_file[n] != 3
    )
    for at in range(3):
        files = [c for c, place in zip(returned, split.of_file, strict=True) if place == at]
        schools = [s for s, place in zip(EXPECTED, split.of_school, strict=True) if place == at]
        paths = {c.submission.shown_path for c in files}
        district = merged(files, schools, own, named & paths, f"Xã {at}", split.day)
        below = above(district, Path(f"Xã {at}.xlsx"), TODAY, split.chosen.limits)
        if split.is_nested and at == 2:
            district = merged([below], (), own, frozenset(), "Liên xã", split.day)
            below = above(district, Path("Liên xã.xlsx"), TODAY, split.chosen.limits)
        parts.append(below)
        order += files
        listed += schools
    direct = [c for c, place in zip(returned, split.of_file, strict=True) if place == 3]
    top = [s for s, at in zip(EXPECTED, split.of_school, strict=True) if at == 3]
    found = merged([*parts, *direct], top, split.chosen)
    at_once = merged([*order, *direct], listed, split.chosen, named)
    assert without_levels(found) == without_levels(at_once)


def test_the_files_show_what_must_be_found_across_districts(
    returned: Returned,
) -> None:
    """Check that the property above is not empty: rules across schools find faults above."""
    at = {"001.xlsx": 0, "001 bản sao.xlsx": 1, "004_b.xlsx": 1}
    parts = [[c for c in returned if at.get(c.submission.path.name, 2) == n] for n in range(3)]
    districts = [
        merged(files, EXPECTED[:1] if n == 0 else (), Settings(Stage.DISTRICT), authority=f"Xã {n}")
        for n, files in enumerate(parts)
    ]
    found = [{f.finding.rule for f in district.flags} for district in districts]
    assert not any({"KD906", "KD901"} & ids for ids in found)
    below = [
        above(district, Path(f"Xã {n}.xlsx"), TODAY, ()) for n, district in enumerate(districts)
    ]
    province = merged(below, EXPECTED, Settings(Stage.DISTRICT))
    assert {"KD906", "KD901"} <= {f.finding.rule for f in province.flags}
    states = {i.path: i.state for i in province.inputs}
    assert list(states.values()).count(InputState.TAKEN_IN) == 3
    assert InputState.SAME in states.values()
    assert InputState.PASSED_OVER in states.values()
    assert {line.school.code: line.state for line in province.schools}["007"] is State.UNREADABLE
    assert {line.under for line in province.schools} == {("Xã 0",), ("Xã 1",), ("Xã 2",)}


def test_damaged_sources_are_refused(returned: Returned) -> None:
    cells = stored.encode_sources(merged(returned, EXPECTED, Settings(Stage.DISTRICT)).sources)

    def restore(changed: Sequence[str], largest: int = 10**9) -> Sources:
        return stored.decode_sources(changed, CATALOGUE, (), largest)

    assert restore(cells).expected == EXPECTED
    head, packed = cells[0], "".join(cells[1:])
    wrongs: list[list[str]] = [[], [""], [head], [head, packed[:-400]], [head, packed[4:]]]
    wrongs += [[head, "x" + packed[1:]], [head.replace('"size": ', '"size": 1'), packed]]
    wrongs += [["[]", packed], ["{}", packed], [head, "á" + packed]]
    for wrong in wrongs:
        with pytest.raises(RecordError):
            restore(wrong)
    with pytest.raises(RecordError, match="byte"):
        restore(cells, 1000)
    with pytest.raises(NewerRecordError):
        restore([head.replace(f'"format": {stored.FORMAT}', '"format": 99'), packed])
    other = restore(cells)
    unread = stored.decode_sources(cells, Catalogue(()), (), 10**9)
    assert len(unread.checked) == len(other.checked)
    assert not any(c.submission.is_read for c in unread.checked)
    assert {c.findings[0].rule for c in unread.checked} == {"KD022", "KD027", "KD006"}


class Province:
    """Districts with a folder of plans each, and the folder of their workbooks."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.books = folder, folder / "so"
        self.books.mkdir(exist_ok=True)
        self.out = folder / "tinh.xlsx"

    def returns(self, district: str, code: str, *changes: Mapping[str, Value]) -> None:
        folder = self.folder / district
        folder.mkdir(exist_ok=True)
        school = replace(SCHOOL, code=code, name=f"Trường {code}")
        plan = make_plan(LAYOUT, school=school, tables={"plan": rows(*changes)})
        write_workbook(folder / f"{code}.xlsx", plan, school)

    def book(self, district: str) -> Path:
        return self.books / f"{district}.xlsx"

    def merge_district(self, district: str, *options: object) -> Path:
        path = self.book(district)
        options = ("-o", path, "--authority", f"Xã {district}", "--today", TODAY, *options)
        result = run_command("merge", self.folder / district, *options)
        assert result.exit_code == 0, result.output
        return path

    def merge(self, *options: object, code: int = 0) -> str:
        given = ("-o", self.out, "--authority", "Tỉnh", "--today", TODAY, *options)
        result = run_command("merge", self.books, *given)
        assert result.exit_code == code, result.output
        return result.output

    def rows(self, sheet: str = "Cờ") -> list[dict[str, object]]:
        return table(self.out, sheet)

    def flag(self, rule: str = "KD303") -> dict[str, object]:
        (found,) = [row for row in self.rows() if row["Quy tắc"] == rule]
        return found


def table(path: Path, sheet: str) -> list[dict[str, object]]:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    values = list(book[sheet].iter_rows(3, values_only=True))
    return [dict(zip(map(str, values[0]), row, strict=True)) for row in values[1:]]


def typed(row: Mapping[str, object], headers: Sequence[str] = INPUTS) -> list[object]:
    values = [row[header] for header in headers]
    return [v.date() if isinstance(v, datetime) else v for v in values]


EARLIER = ("Kết luận trước", "Ý kiến trước", "Người rà soát trước", "Ngày kết luận trước")
OTHER = ("Yêu cầu sửa", "Chưa có căn cứ", "Phó trưởng phòng", date(2026, 12, 3))
THIRD = ("Miễn", "Tỉnh đã xem", "Chuyên viên Sở", date(2026, 12, 9))
FAULT = {"lead": "UBND xã"}


@pytest.fixture(scope="module")
def two_districts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Province(tmp_path_factory.mktemp("mau"))
    made.returns("A", "001", FAULT, {})
    made.returns("B", "002", {}, {})
    made.merge_district("A")
    made.merge_district("B")
    return made.folder


@pytest.fixture
def province(tmp_path: Path, two_districts: Path) -> Province:
    shutil.copytree(two_districts, tmp_path, dirs_exist_ok=True)
    return Province(tmp_path)


def test_both_levels_are_shown(province: Province) -> None:
    schools = province.folder / "truong.csv"
    schools.write_text("code,name,kind\n002,Trường 002,thcs\n009,Trường Chín,thcs\n", "utf-8")
    province.merge_district("B", "--schools", schools)
    (province.books / "100.xlsx").write_bytes((province.folder / "A" / "001.xlsx").read_bytes())
    said = province.merge()
    assert "2 đã nộp" in said
    assert "1 chưa nộp" in said
    lines = {row["Mã trường"]: row for row in province.rows("Trường")}
    assert {code: row["Cơ quan quản lý"] for code, row in lines.items()} == {
        "001": None,  # given by itself too: of identical files the first counts
        "002": "Xã B",
        "009": "Xã B",
    }
    assert lines["009"]["Tình trạng"] == "Chưa nộp"
    assert {row["Cơ quan quản lý"] for row in province.rows("Kế hoạch")} == {None, "Xã B"}
    log = [(row["Kết quả"], row["Cơ quan quản lý"]) for row in province.rows("Nhật ký")]
    assert log == [
        ("Đã tổng hợp", None),
        ("Sổ tổng hợp, đã đưa vào", None),
        ("Trùng tệp khác, bỏ qua", "Xã A"),
        ("Sổ tổng hợp, bỏ qua", None),  # the copy kept of the district's earlier workbook
        ("Sổ tổng hợp, đã đưa vào", None),
        ("Đã tổng hợp", "Xã B"),
    ]
    book = openpyxl.load_workbook(province.out)
    overview = [[cell.value for cell in row] for row in book["Tổng quan"].iter_rows()]
    at = [row[0] for row in overview].index("Theo cơ quan quản lý")
    assert overview[at][1:5] == ["Số trường", "Đã nộp", "Số công việc", "Lỗi"]
    assert {row[0]: row[1:4] for row in overview[at + 1 : at + 3]} == {
        "(nộp trực tiếp)": [1, 1, 2],
        "Xã B": [2, 1, 2],
    }
    side_by_side = table(province.out, "Theo cơ quan")
    assert [line["Số trường"] for line in side_by_side] == [2, 1]
    assert [line["Tỉ lệ nộp (%)"] for line in side_by_side] == [50, 100]
    assert schools_of(book, 4) == [("002", "Xã B"), ("009", "Xã B")]
    assert schools_of(book, 5) == [("001", None)]
    flags = [row for row in table(province.out, "Cờ") if row["Mã trường"]]
    for severity in ("Lỗi", "Cảnh báo", "Lưu ý"):
        found = sum(row["Mức độ"] == severity for row in flags)
        assert sum(int(str(line[severity])) for line in side_by_side) == found
    assert book[SOURCES_SHEET].sheet_state == "veryHidden"
    ordinary = openpyxl.load_workbook(province.book("B"))
    assert "Cơ quan quản lý" not in columns(ordinary["Trường"])
    assert not any(cell.value == "Theo cơ quan quản lý" for cell in ordinary["Tổng quan"]["A"])


def schools_of(book: Workbook, row: int) -> list[tuple[object, object]]:
    """Return codes and authorities of the schools that a click on an authority selects."""
    ws = book["Trường"]
    formula = str(book["Theo cơ quan"].cell(row, 1).value)
    number, letters = re.findall(r"MATCH\((\d+),'Trường'!\$([A-Z]+):", formula)[0]
    more = re.search(r"\+(\d+),", formula)
    (first,) = [c.row for c in ws[letters] if c.value == int(number)]
    rows = range(first, first + 1 + int(more[1] if more else 0))
    at = columns(ws)["Cơ quan quản lý"]
    return [(ws.cell(r, 1).value, ws.cell(r, at).value) for r in rows]


def test_the_schools_of_a_commune_are_together(province: Province) -> None:
    """Merge communes whose codes alternate: one click selects all schools of one."""
    province.returns("A", "003", {})
    province.merge_district("A")
    province.merge()
    book = openpyxl.load_workbook(province.out)
    assert schools_of(book, 4) == [("001", "Xã A"), ("003", "Xã A")]
    assert schools_of(book, 5) == [("002", "Xã B")]
    side_by_side = book["Theo cơ quan"]
    assert side_by_side.auto_filter.ref == f"A3:{get_column_letter(side_by_side.max_column)}5"


def test_a_districts_decision_comes_along_and_follows_the_district(province: Province) -> None:
    decide(province.book("A"))
    assert "1 đã kết luận" in province.merge()
    assert typed(province.flag()) == list(DECISION)
    assert province.flag()["Nơi kết luận"] == "Xã A"
    decide(province.book("A"), OTHER)
    assert "1 đã kết luận" in province.merge(), "no decision was typed here"
    assert typed(province.flag()) == list(OTHER)
    (closed,) = province.rows("Đã khép lại")
    assert typed(closed) == list(DECISION)
    assert closed["Nơi kết luận"] == "Xã A"
    before = province.out.read_bytes()
    province.merge()
    assert province.out.read_bytes() == before


def test_where_levels_decide_differently_a_person_looks(province: Province) -> None:
    province.merge()
    decide(province.out, THIRD)
    province.merge()
    assert province.flag()["Nơi kết luận"] is None, "it was decided here"
    decide(province.book("A"))
    assert "1 cần xem lại" in province.merge()
    flag = province.flag()
    assert typed(flag) == [None] * 4
    assert typed(flag, EARLIER) == list(THIRD)
    (closed,) = province.rows("Đã khép lại")
    assert typed(closed) == list(DECISION)
    assert closed["Lý do khép lại"] == "Nơi khác kết luận khác"
    overview = openpyxl.load_workbook(province.out)["Việc cần xử lý"]
    assert any("có các kết luận khác nhau" in str(cell.value) for cell in overview["A"])
    before = province.out.read_bytes()
    province.merge()
    assert province.out.read_bytes() == before, "until somebody decides"
    decide(province.out, OTHER)
    province.merge()
    assert typed(province.flag()) == list(OTHER), "the district's word was in view"
    ends = {str(row["Kết luận"]) for row in province.rows("Đã khép lại")}
    assert ends == {"Chấp nhận", "Miễn"}


def test_two_districts_that_decide_differently(province: Province) -> None:
    (province.folder / "B" / "001.xlsx").write_bytes(
        (province.folder / "A" / "001.xlsx").read_bytes()
    )
    province.merge_district("B")
    decide(province.book("A"))
    decide(province.book("B"), OTHER)
    assert "1 cần xem lại" in province.merge()
    assert typed(province.flag(), EARLIER) == list(DECISION)
    assert province.flag()["Nơi kết luận"] == "Xã A"
    (closed,) = province.rows("Đã khép lại")
    assert (typed(closed), closed["Nơi kết luận"]) == (list(OTHER), "Xã B")
    decide(province.book("A"), OTHER)
    assert "1 đã kết luận" in province.merge(), "they agree now"
    assert typed(province.flag()) == list(OTHER)


def test_notes_and_closed_decisions_of_a_district_are_kept(province: Province) -> None:
    decide(province.book("A"))
    province.returns("A", "001", {}, {})
    book = openpyxl.load_workbook(province.merge_district("A"))
    book["Trường"]["C1"] = "gọi lại cho trường"
    book.save(province.book("A"))
    for _ in range(2):  # and once only, however often it is merged
        province.merge()
        (closed,) = province.rows("Đã khép lại")
        assert (typed(closed), closed["Nơi kết luận"]) == (list(DECISION), "Xã A")
        assert "KD303" not in {row["Quy tắc"] for row in province.rows()}
        (note,) = province.rows("Ghi chú khác")
        assert str(note["Vị trí trong sổ trước"]).startswith("Xã A: Trường!C1")
        assert "gọi lại cho trường" in str(note["Nội dung"])


def test_a_merge_of_merges_may_be_merged(province: Province, run: Run) -> None:
    decide(province.book("A"))
    province.returns("B", "002", {"lead": None})
    province.merge_district("B")
    province.merge()
    decide(province.out, ("Chấp nhận", "Sở đã xem", None, None), "KD301")
    top, extra = province.folder / "bo.xlsx", province.folder / "C"
    extra.mkdir()
    province.returns("C", "003", {})
    result = run("merge", province.out, extra, "-o", top, "--authority", "Bộ", "--today", TODAY)
    assert result.exit_code == 0, result.output
    levels = {row["Mã trường"]: row["Cơ quan quản lý"] for row in table(top, "Trường")}
    assert levels == {"001": "Tỉnh › Xã A", "002": "Tỉnh › Xã B", "003": None}
    flags = {(r["Quy tắc"], r["Nơi kết luận"]) for r in table(top, "Cờ") if r["Kết luận"]}
    assert flags == {("KD303", "Tỉnh › Xã A")} | {("KD301", "Tỉnh")}


def _without(path: Path, drop: str) -> None:
    """Remove a hidden sheet, as an older version or a person does."""
    book = openpyxl.load_workbook(path)
    del book[drop]
    book.save(path)


@pytest.mark.parametrize(("sheet", "rule"), [(SOURCES_SHEET, "KD017"), (ARCHIVE_SHEET, "KD018")])
def test_a_district_workbook_that_lacks_its_data(province: Province, sheet: str, rule: str) -> None:
    decide(province.book("A"))
    _without(province.book("A"), sheet)
    assert "1 không đọc được" in province.merge()
    assert {row["Mã trường"] for row in province.rows("Kế hoạch")} == {"002"}
    flag = province.flag(rule)
    assert "tổng hợp lại từ các bản nộp" in str(flag["Cách xử lý"])
    assert not any(row["Kết luận"] for row in province.rows())
    province.book("B").unlink()
    assert "hidden" in province.merge("--lang", "en", code=3)


def test_an_edited_record_is_refused(province: Province) -> None:
    book = openpyxl.load_workbook(province.book("A"))
    cell = book[SOURCES_SHEET]["A2"]
    cell.value = str(cell.value)[:-8] + "AAAAAAAA"
    book.save(province.book("A"))
    province.merge()
    assert province.flag("KD018")["Tệp"] == "A.xlsx"


def test_earlier_copies_and_the_previous_workbook_are_no_inputs(province: Province) -> None:
    decide(province.book("A"))
    province.merge_district("A")
    assert len(list(province.books.glob("A.truoc-*.xlsx"))) == 1
    (province.books / "B (1).xlsx").write_bytes(province.book("B").read_bytes())
    last_year = province.books / "cu.xlsx"
    last_year.write_bytes(province.book("B").read_bytes())
    assert "1 đã kết luận" in province.merge("--previous", last_year)
    states = [row["Kết quả"] for row in province.rows("Nhật ký")]
    assert states.count("Sổ tổng hợp, bỏ qua") == 3
    assert states.count("Sổ tổng hợp, đã đưa vào") == 2


def test_a_merge_says_who_preferred_a_file(province: Province) -> None:
    other = province.folder / "A" / "001_khác.xlsx"
    school = replace(SCHOOL, code="001", name="Trường 001")
    write_workbook(
        other, make_plan(LAYOUT, school=school, tables={"plan": rows({}, {}, {})}), school
    )
    os.utime(other, (1, 1))
    province.merge_district("A", "--prefer", other)
    province.merge()
    files = {row["Tệp"] for row in province.rows("Kế hoạch") if row["Mã trường"] == "001"}
    assert files == {"001_khác.xlsx"}


def test_records_cost_little(province: Province) -> None:
    book = openpyxl.load_workbook(province.book("A"))
    (packed,) = [str(c.value) for (c,) in book[SOURCES_SHEET].iter_rows(min_row=2)]
    assert 1_000 < len(packed) < 8_000


WORDS = [Typed(), *(Typed("Chấp nhận", note) for note in ("a", "b", "c"))]


def _line(nth: int, evidence: str, words: Typed) -> Line:
    about = About("1", "KD303", "Kế hoạch", "lead", (str(nth),), (("lead", evidence),), "f", nth)
    return Line(f"k{nth}", Decision(about, "1", "Trường", "H7", "", "", words))


def _said(memory: DecisionMemory) -> set[tuple[str, Typed]]:
    """Return the decisions in a memory, by their finding."""
    decisions = [e.decision for e in memory.closed]
    decisions += [d for x in memory.lines for d in (x.decision, x.earlier) if d]
    return {(d.about.subject[0], d.typed) for d in decisions if d.typed}


months = st.lists(
    st.tuples(
        st.lists(st.sampled_from("xy"), min_size=2, max_size=3),  # the findings there are
        st.dictionaries(st.integers(0, 2), st.sampled_from(WORDS)),  # typed at each level
        st.dictionaries(st.integers(0, 2), st.sampled_from(WORDS)),
        st.dictionaries(st.integers(0, 2), st.sampled_from(WORDS)),
    ),
    min_size=1,
    max_size=4,
)


ALL = Present(frozenset({"1"}))


@settings(max_examples=150, deadline=None)
@given(months)
def test_no_decision_of_any_level_is_lost(
    history: Sequence[tuple[list[str], *tuple[dict[int, Typed], ...]]],
) -> None:
    """Let two districts and the authority above merge, decide and merge again, month by month."""
    levels = [DecisionMemory(), DecisionMemory(), DecisionMemory()]
    for evidence, *typed_at in history:
        now = [_line(nth, e, Typed()) for nth, e in enumerate(evidence)]
        for at, words in enumerate(typed_at):
            below = (
                [decisions_seen_from_above(m, f"Xã {n}") for n, m in enumerate(levels[:2])]
                if at == 2
                else []
            )
            before = levels[at]
            merged = gather(before, below, now, TODAY, ALL)
            given = set().union(*map(_said, (before, *below)))
            assert given <= _said(merged)
            if not any(x.typed and x.earlier for x in before.lines):
                again = gather(merged, below, now, TODAY, ALL)
                assert again == merged, "merging again changes nothing"
            for line in merged.lines:
                claims = {w for n, w in _said(merged) if n == line.about.subject[0]}
                assert line.typed in {*claims, Typed()}
            chosen = [words.get(n) for n in range(len(merged.lines))]
            lines = [
                x if w is None or w == x.typed else x.with_typed(w)
                for x, w in zip(merged.lines, chosen, strict=True)
            ]
            levels[at] = replace(merged, lines=tuple(lines))
