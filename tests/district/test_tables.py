"""Tables for analysts hold the rows of the workbook under the same names."""

from __future__ import annotations

import csv
import io
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
from openpyxl.utils.datetime import to_excel

from kdcl_xl.district.sheets.declare import ListSheet
from kdcl_xl.district.sheets.order import SHEETS
from kdcl_xl.district.sheets.tasks import task_columns
from kdcl_xl.files import write_folder
from tests.build import SCHOOL, TODAY, Value, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run, run_command
from tests.district.test_loop import decide

LAYOUT = layout_of("2026")
ODD: Sequence[Mapping[str, Value]] = (
    {"lead": "UBND xã", "task": '=HYPERLINK("http://x","y")', "notes": "+84 đường dây nóng"},
    {"deadline": "tháng 9", "budget": "81 triệu đồng", "start": 5, "notes": "-x"},
    {"budget": 1.5, "notes": "@a", "expected_result": 'hai dòng\nvà "nháy", phẩy'},
    {"budget": True, "task": 12, "notes": "\tthụt"},
)
LISTS = tuple(sheet.name.vi for sheet in SHEETS if isinstance(sheet, ListSheet))
Rows = list[dict[str, object]]


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook with decisions, closed ones and notes, merged into every format."""
    folder = tmp_path_factory.mktemp("bang")
    (folder / "nop").mkdir()
    cover: dict[str, Value] = {"accreditation": "Cấp độ 1", "recognised_until": date(2027, 1, 1)}
    plan = make_plan(
        LAYOUT,
        cover=cover,
        tables={"plan": [{**good_task(LAYOUT, n), **c} for n, c in enumerate(ODD)]},
    )
    write_workbook(folder / "nop" / "a.xlsx", plan)
    other = replace(SCHOOL, code="002", name="Trường Hai")
    faulty = {"plan": [{**good_task(LAYOUT), "lead": None}]}
    write_workbook(folder / "nop" / "b.xlsx", make_plan(LAYOUT, school=other, tables=faulty), other)
    (folder / "nop" / "c.xlsx").write_bytes(b"x")
    target = folder / "so.xlsx"
    given = ("merge", folder / "nop", "-o", target, "--today", TODAY)
    assert run_command(*given).exit_code == 0
    decide(target)
    decide(target, rule="KD301")
    assert run_command(*given).exit_code == 0
    decide(target, ("Miễn", "đổi ý", "Chuyên viên", date(2026, 12, 2)))
    book = openpyxl.load_workbook(target)
    book["Trường"]["C1"] = "=1+1 là chữ"
    book["Trường"]["C1"].data_type = "s"
    book.save(target)
    (folder / "nop" / "b.xlsx").unlink()
    formats = [word for kind in ("csv", "sqlite", "parquet") for word in ("--format", kind)]
    result = run_command(*given, *formats)
    assert result.exit_code == 0, result.output
    for kind in ("csv", "sqlite", "parquet"):
        assert f"so.{kind}" in result.output
    return target


def plain(value: object) -> object:
    if isinstance(value, datetime) and value.year < 2000:
        return float(to_excel(value))  # type: ignore[no-untyped-call]  # a number that no plan means as a date
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def from_workbook(path: Path) -> dict[str, Rows]:
    book = openpyxl.load_workbook(path, data_only=True)
    found = {}
    for name in LISTS:
        values = [[plain(v) for v in row] for row in book[name].iter_rows(values_only=True)]
        top = next(n for n, row in enumerate(values) if n > 1 and isinstance(row[1], str))
        own = {"Mã dòng"}  # only there for links
        found[name] = [
            {h: v for h, v in zip(map(str, values[top]), row, strict=True) if h not in own}
            for row in values[top + 1 :]
            if any(v is not None for v in row)
        ]
    # Lines that stand for other flags are in the workbook only.
    found["Cờ"] = [row for row in found["Cờ"] if row["Nhóm (không sửa)"] is not None]
    return found


def together(rows: Rows) -> Rows:
    """Return tables in which values of another kind are back in their own column."""
    mark = " (ghi khác)"
    found = []
    for row in rows:
        other = {h.removesuffix(mark): v for h, v in row.items() if h.endswith(mark) and v}
        found.append({h: other.get(h, v) for h, v in row.items() if not h.endswith(mark)})
    return found


def said(value: object) -> object:
    """Return a value as a table of text shows it."""
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}" if isinstance(value, float) else value


def same(found: Mapping[str, Rows], path: Path) -> None:
    expected = from_workbook(path)
    assert set(found) == set(expected)
    filled = set(LISTS) - {"So sánh", "Theo cơ quan"}  # which need other inputs
    assert all(expected[name] for name in filled), "no other list is empty in this test"
    for name, rows in expected.items():
        mine = together(found[name])
        assert [list(row) for row in mine] == [list(row) for row in rows], name
        for own, row in zip(mine, rows, strict=True):
            for heading, value in row.items():
                got = own[heading]
                assert got == value or said(got) == said(value), (name, heading, got, value)


def test_parquet_holds_the_rows_with_real_types(merged: Path) -> None:
    found = {}
    for path in merged.with_suffix(".parquet").iterdir():
        rows = pyarrow.parquet.read_table(path).to_pylist()
        found[path.stem] = [{h: plain(v) for h, v in row.items()} for row in rows]
    same(found, merged)
    schema = pyarrow.parquet.read_schema(merged.with_suffix(".parquet") / "Kế hoạch.parquet")
    types = {field.name: str(field.type) for field in schema}
    names = {column.field: column.header.vi for column in task_columns()}
    assert types[names["deadline"]] == "date32[day]"
    assert types[names["budget"]] == "double"
    assert types[names["task"]] == "string"
    assert f"{names['budget']} (ghi khác)" in types
    log = pyarrow.parquet.read_schema(merged.with_suffix(".parquet") / "Nhật ký.parquet")
    assert "timestamp[ms]" in {str(field.type) for field in log}


def back(kind: str, value: object) -> object:
    """Return a value of SQLite or CSV by the type of its column."""
    if value is None or value == "":
        return None
    if kind in ("DATE", "DATETIME"):
        return plain(datetime.fromisoformat(str(value)))
    return float(str(value)) if kind == "REAL" else value


def from_sqlite(path: Path) -> tuple[dict[str, Rows], dict[str, dict[str, str]]]:
    database = sqlite3.connect(path)
    names = [n for (n,) in database.execute("SELECT name FROM sqlite_master ORDER BY rowid")]
    rows: dict[str, Rows] = {}
    kinds: dict[str, dict[str, str]] = {}
    for name in names:
        kinds[name] = {c[1]: c[2] for c in database.execute(f'PRAGMA table_info("{name}")')}
        rows[name] = [
            {h: back(k, v) for (h, k), v in zip(kinds[name].items(), row, strict=True)}
            for row in database.execute(f'SELECT * FROM "{name}"')
        ]
    (total,) = database.execute('SELECT SUM("Số công việc") FROM "Trường"').fetchone()
    assert total == len(ODD)
    database.close()
    return rows, kinds


def test_sqlite_holds_the_rows(merged: Path) -> None:
    rows, kinds = from_sqlite(merged.with_suffix(".sqlite"))
    assert tuple(rows) == LISTS, "in the order of the sheets"
    same(rows, merged)
    assert {"TEXT", "REAL", "DATE"} <= set(kinds["Kế hoạch"].values())


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def test_csv_holds_the_rows_and_no_formula(merged: Path) -> None:
    _, kinds = from_sqlite(merged.with_suffix(".sqlite"))
    found: dict[str, Rows] = {}
    guards = 0
    for path in merged.with_suffix(".csv").iterdir():
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), "Excel needs the mark"
        head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        found[path.stem] = []
        for line in lines:
            row: dict[str, object] = {}
            for heading, text in zip(head, line, strict=True):
                kind = kinds[path.stem][heading]
                assert kind == "REAL" or not text.startswith(FORMULA_STARTS)
                guards += text.startswith("'")
                row[heading] = back(kind, text.removeprefix("'"))
            found[path.stem].append(row)
    assert guards > 5
    same(found, merged)


def test_tables_in_english(tmp_path: Path, run: Run, merged: Path) -> None:
    out = tmp_path / "d.xlsx"
    given = ("merge", merged.parent / "nop", "-o", out, "--format", "csv", "--format", "csv")
    assert run("--lang", "en", *given).exit_code == 0
    names = {path.name for path in (tmp_path / "d.csv").iterdir()}
    assert {"Schools.csv", "Plans.csv", "Flags.csv"} <= names
    assert "(as typed)" in (tmp_path / "d.csv" / "Plans.csv").read_text("utf-8-sig")


def test_what_is_not_ours_is_left_alone(tmp_path: Path, run: Run, merged: Path) -> None:
    out = tmp_path / "d.xlsx"
    (tmp_path / "d.csv").mkdir()
    (tmp_path / "d.csv" / "ảnh.png").write_bytes(b"x")
    (tmp_path / "d.sqlite").write_bytes(b"my own notes")
    for kind in ("csv", "sqlite"):
        result = run("merge", merged.parent / "nop", "-o", out, "--format", kind)
        assert result.exit_code == 2
        assert "không phải do công cụ tạo ra" in result.stderr
    assert not out.exists(), "it is said before anything is written"
    assert (tmp_path / "d.csv" / "ảnh.png").exists()


def test_parquet_without_its_library(
    tmp_path: Path, run: Run, merged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    out = tmp_path / "d.xlsx"
    result = run("merge", merged.parent / "nop", "-o", out, "--format", "parquet")
    assert result.exit_code == 2
    assert "kdcl-xl[parquet]" in result.stderr
    assert not out.exists()


def test_a_folder_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "x.csv"
    write_folder(target, {"a.csv": b"1", "b.csv": b"2"})
    write_folder(target, {"a.csv": b"3"})
    assert [p.read_bytes() for p in target.iterdir()] == [b"3"], "nothing of before stays"

    def fail(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(Exception, match=r"Cannot write|Không ghi được"):
        write_folder(target, {"a.csv": b"4"})
    monkeypatch.undo()
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
    assert (target / "a.csv").read_bytes() == b"3"


def test_day_and_hour(merged: Path) -> None:
    rows = pyarrow.parquet.read_table(merged.with_suffix(".parquet") / "Nhật ký.parquet")
    times = rows.column("Thời gian của tệp (giờ Việt Nam)").to_pylist()
    assert all(isinstance(at, datetime) and at.date() >= date(2026, 1, 1) for at in times)
