"""Lists of schools: every row is a school, a faulty row, or left aside for a reason."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdcl_xl.errors import UserError
from kdcl_xl.school_list.model import Fate, SchoolList
from kdcl_xl.school_list.read import LARGEST_LIST, MOST_ROWS, read_schools
from tests.conftest import Run
from tests.school_list.lists import BODY, CASES, HEAD, Case, csv_text, table, workbook
from workbook_templates.regulation import builtin_catalogue

CATALOGUE = builtin_catalogue()


def read(folder: Path, content: bytes, name: str = "truong.csv") -> SchoolList:
    path = folder / name
    path.write_bytes(content)
    return read_schools(path, CATALOGUE)


def refusal(folder: Path, content: bytes, name: str = "truong.csv") -> str:
    with pytest.raises(UserError) as refused:
        read(folder, content, name)
    assert "\n" not in refused.value.text.vi
    return refused.value.text.vi.replace(str(folder / name), "TỆP")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_a_list_is_read_as_it_is(tmp_path: Path, case: Case) -> None:
    # The name says nothing: an e-mail may have changed it.
    found = read(tmp_path, case.content, "danh sach.bin")
    assert found.source.vi == case.source
    assert " ".join(s.code.removeprefix("010017") for s in found.schools) == case.codes
    kinds = [s.kind.id if s.kind else "?" for s in found.schools]
    assert kinds == case.kinds.split()[: len(kinds)]
    assert len(kinds) == len(case.codes.split())
    assert tuple(row.place.line for row in found.faulty) == case.faulty
    assert ", ".join(f"{rows.lines} {rows.why}" for rows in found.skipped) == case.skipped
    assert case.says in "\n".join(note.vi for note in found.notes)


def test_there_are_twenty_five_kinds_of_list() -> None:
    assert len(CASES) == 25
    assert len({case.content for case in CASES}) == 25


def test_names_are_composed_whatever_the_encoding(tmp_path: Path) -> None:
    plain = [row[1] for row in BODY]
    for case in CASES[:16]:
        names = [s.name for s in read(tmp_path, case.content).schools]
        assert names[:4] == plain, case.about


def test_contacts_and_years_are_carried(tmp_path: Path, run: Run) -> None:
    case = next(case for case in CASES if case.about.startswith("contacts"))
    found = read(tmp_path, case.content)
    assert {s.contact.phone for s in found.schools} == {"0243000000"}
    assert {s.contact.email for s in found.schools} == {"truong@example.edu.vn"}
    assert [str(year) for year in found.school_years] == ["2026-2027"]
    folder = tmp_path / "nop"
    folder.mkdir()
    asked = ("status", folder, "--schools", tmp_path / "truong.csv")
    assert "0243000000, truong@example.edu.vn" in run(*asked).stdout
    said = json.loads(run(*asked, "--format", "json").stdout)
    assert said["schools"][0]["contact"]["email"] == "truong@example.edu.vn"
    other = run("template", "--schools", tmp_path / "truong.csv", "--school-year", "2027-2028",
                "-o", tmp_path / "mau")  # fmt: skip
    assert "năm học 2026-2027; mẫu được tạo cho năm học 2027-2028" in other.stderr


@pytest.mark.parametrize(
    ("years", "read_as", "fate"),
    [
        ("2026-2027", "2026-2027", None),
        ("Năm học 2026–27", "2026-2027", None),
        ("2026", "None", Fate.ISSUED),
        ("2026-2040", "None", Fate.ISSUED),
        ("", "None", None),
    ],
)
def test_a_year_of_a_row(tmp_path: Path, years: str, read_as: str, fate: Fate | None) -> None:
    found = read(tmp_path, table([(*HEAD, "Năm học"), (*BODY[0], years)]))
    assert str(found.schools[0].school_year) == read_as
    assert [row.fate for row in found.faulty] == ([fate] if fate else [])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["1001701", "1001702"], ["01001701", "01001702"]),
        (["00790125", "790126", "00790127"], ["00790125", "00790126", "00790127"]),
        # Running numbers, codes with letters and codes of full length are left as they are.
        (["1", "2", "10"], ["1", "2", "10"]),
        (["TH1", "THCS2"], ["TH1", "THCS2"]),
        (["0001701", "1001702"], ["0001701", "1001702"]),
        (["000123", "0123", "00790125"], ["000123", "0123", "00790125"]),
        (["'01001701", "01001702.0"], ["01001701", "01001702"]),
        # An apostrophe says that nothing is missing.
        (["'1001701", "1001702"], ["1001701", "01001702"]),
        (["12345", "12346", "1234"], ["12345", "12346", "01234"]),
    ],
)
def test_zeros_are_restored_to_the_usual_length(
    tmp_path: Path, typed: list[str], expected: list[str]
) -> None:
    found = read(tmp_path, table([HEAD, *((code, "Trường Ban Mai", "THCS") for code in typed)]))
    assert [school.code for school in found.schools] == expected
    plain = [code.lstrip("'").removesuffix(".0") for code in typed]
    changed = sum(a != b for a, b in zip(plain, expected, strict=True))
    assert sum("zeros" in row.completed for row in found.rows) == changed
    assert any("bổ sung số 0" in note.vi for note in found.notes) == bool(changed)


def test_a_restored_code_that_exists_already_is_a_double(tmp_path: Path) -> None:
    rows = [HEAD, *BODY, ("1001701", "Trường Vườn Cau", "THCS")]
    found = read(tmp_path, table(rows))
    assert [row.place.line for row in found.faulty] == [6]
    assert "dòng 2" in found.faulty[0].problem.vi


def test_a_number_with_lost_digits_is_refused_by_its_line(tmp_path: Path) -> None:
    rows = [("TT", *HEAD), (1, 12345678901234567, "Trường Ban Mai", "THCS"), (2, *BODY[1])]
    found = read(tmp_path, workbook(("DS", rows)), "ds.xlsx")
    assert [(row.place.sheet, row.place.line) for row in found.faulty] == [("DS", 2)]
    assert "mất chữ số" in found.faulty[0].problem.vi
    assert len(found.schools) == 1


@pytest.mark.parametrize(
    ("row", "meaning"),
    [
        ("I,MẦM NON,", "group"),
        ("A. Khối mầm non,,", "group"),
        ("Tổng cộng,4 trường,", "total"),
        ("Tổng: 4,4,", "total"),
        (",Danh sách này có 4 trường./.,", "total"),
        ("NGƯỜI LẬP BIỂU,HIỆU TRƯỞNG,", "note"),
        ("Ghi chú: cập nhật tháng 9,,", "note"),
        ("mã trường,TÊN TRƯỜNG,Cấp học", "heading"),
        # A school whose code or name is missing is never left aside.
        (",Trường Cộng Hòa,", "faulty"),
        (",MN Ban Mai,", "faulty"),
        (",Hoa Ban,THCS", "faulty"),
        ("01001709,,", "faulty"),
        ("#REF!,Trường Hoa Ban,THCS", "faulty"),
        (f"01001709,{'a' * 301},THCS", "faulty"),
        (f"01001709,{'a' * 300},THCS", "school"),
        ("01001709,Tổng hợp Hoa Ban,THCS", "school"),
        ("01001709,Cộng Hòa,THCS", "school"),
    ],
)
def test_a_row_among_schools(tmp_path: Path, row: str, meaning: str) -> None:
    content = table([HEAD, BODY[0]]) + row.encode() + b"\r\n" + table([BODY[1]])
    found = read(tmp_path, content)
    groups: dict[str, list[int]] = {
        "school": [r.place.line for r in found.rows],
        "faulty": [r.place.line for r in found.left_out],
    }
    for rows in found.skipped:
        groups.setdefault(str(rows.why), []).append(rows.place.line)
    assert [name for name, lines in groups.items() if 3 in lines] == [meaning]
    assert {2, 4} <= set(groups["school"])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_quoted_cells_hold_separators_and_line_breaks(tmp_path: Path, separator: str) -> None:
    text = csv_text([HEAD], separator) + separator.join(
        ("01001701", f'"Trường ""Ban{separator}Mai""\n(cơ sở 1)"', "THCS\n")
    ) + separator.join(("01001702", 'Trường "Sao" Sáng', "THCS\n"))  # fmt: skip
    found = read(tmp_path, text.encode())
    middle = " " if separator == "\t" else separator
    assert [s.name for s in found.schools] == [f'Trường "Ban{middle}Mai" (cơ sở 1)',
                                               'Trường "Sao" Sáng']  # fmt: skip
    assert [row.place.line for row in found.rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "tệp trống"),
        (b" \r\n\r\n", "tệp trống"),
        (b"\xff\xfe\x00", "UTF-16 nhưng bị hỏng"),
        (b"\xef\xbb\xbf\xff\xff", "UTF-8 nhưng bị hỏng"),
        (bytes(range(256)) * 4, "không phải tệp văn bản"),
        ("Mã;Tên\r\n1;Trường".encode("utf-16") + b"\0", "UTF-16 nhưng bị hỏng"),
        # «Trường Mầm non» in TCVN3.
        (b"M\xb7 tr\xad\xeang;T\xaan tr\xad\xeang\r\n1;\xb8\xa7\xa6\xa9\xae\xbe", "TCVN3"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xlsx"),
        (b"PK\x03\x04" + bytes(100), "hỏng"),
        ("một;hai\r\n3;4\r\n".encode(), "thiếu cột «Mã trường» (code) và «Tên trường» (name)"),
        ("Mã trường;Khối\r\n1;THCS\r\n".encode(), "TỆP:1: thiếu cột «Tên trường» (name); dòng"),
        (table([HEAD]), "không có trường nào"),
        (workbook(("DS", [("a", "b")])), "thiếu cột"),
        (workbook(("DS", [])), "thiếu cột"),
        (b"x" * (LARGEST_LIST + 1), "quá lớn"),
        (table([HEAD, *(("1", "2", "3") for _ in range(MOST_ROWS))], end="\n"), "trên 50000 dòng"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_line(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    assert reason in refusal(tmp_path, content)


def test_other_files_say_the_way_out(tmp_path: Path) -> None:
    for kind, member in (("văn bản Word", "word/document.xml"), ("tệp nén zip", "a.csv")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(member, "x")
        said = refusal(tmp_path, stream.getvalue(), "ds.xlsx")
        assert kind in said
        assert "lưu danh sách thành .xlsx" in said


# ---- every row is accounted for -----------------------------------------------------------

_WORDS = ["", " ", "Cộng: 4 trường", "Tổng cộng", "I", "MẦM NON", "Khối THCS", "Người lập", "(1)",
          "1.00E+07", "#N/A", '"', '""', "x\ny", "=1", "Mã trường", "Tên trường", "2026-2027",
          "Bến Mây, ngày 1 tháng 9", "công lập",
          *(cell for row in BODY for cell in row)]  # fmt: skip
_CELL = st.sampled_from(_WORDS) | st.text(max_size=6)
_ROWS = st.lists(st.lists(_CELL, max_size=6), max_size=12)


def _accounted(found: SchoolList, sheet: str = "") -> list[int]:
    """Return the lines that the list accounts for, each as often as it does."""
    places = [row.place for row in found.rows] + [row.place for row in found.left_out]
    lines = [place.line for place in places if place.sheet == sheet]
    for rows in found.skipped:
        if rows.place.sheet == sheet:
            lines += range(rows.place.line, rows.last + 1)
    return sorted(lines)


def _try(folder: Path, content: bytes) -> SchoolList | None:
    """Read a list; None where it is refused."""
    try:
        return read(folder, content)
    except UserError:
        return None


@settings(max_examples=150, deadline=None)
@given(titles=_ROWS, rows=_ROWS, separator=st.sampled_from(",;\t|"))
def test_every_row_of_a_text_is_accounted_for_once(
    tmp_path_factory: pytest.TempPathFactory,
    titles: Sequence[Sequence[str]],
    rows: Sequence[Sequence[str]],
    separator: str,
) -> None:
    clean = [
        [cell.translate(dict.fromkeys(map(ord, ',;\t|\r\n\0"'))) for cell in row]
        for row in [*titles, list(HEAD), *rows, list(BODY[0])]
    ]
    content = csv_text(clean, separator).encode("utf-8", "replace")
    found = read(tmp_path_factory.mktemp("ds"), content)
    assert _accounted(found) == list(range(1, len(clean) + 1))


@settings(max_examples=60, deadline=None)
@given(rows=_ROWS)
def test_every_row_of_a_sheet_is_accounted_for_once(
    tmp_path_factory: pytest.TempPathFactory, rows: Sequence[Sequence[str]]
) -> None:
    content = workbook(("DS", [HEAD, *rows, BODY[0]]))
    found = read(tmp_path_factory.mktemp("ds"), content)
    assert _accounted(found, "DS") == list(range(1, len(rows) + 3))


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | _ROWS.map(lambda rows: csv_text([HEAD, *rows]).encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    found = _try(tmp_path_factory.mktemp("ds"), content)
    lines = _accounted(found) if found else []
    assert len(lines) == len(set(lines))


# ---- the command --------------------------------------------------------------------------


def test_the_command_shows_every_row_before_anything_is_issued(run: Run, tmp_path: Path) -> None:
    for case in CASES:
        path = tmp_path / "ds"
        path.write_bytes(case.content)
        shown = run("schools", path)
        assert shown.exit_code == (1 if case.faulty else 0)
        said = json.loads(run("schools", path, "--format", "json").stdout)
        assert said["format"] == case.source
        assert len(said["schools"]) == said["summary"]["schools"] == len(case.codes.split())
        assert [row["line"] for row in said["faulty"]] == list(case.faulty)
        for school in said["schools"]:
            assert re.search(rf"{school['code']} +{re.escape(school['name'])}", shown.stdout)
        english = run("schools", path, "--lang", "en").stdout
        assert "rows without a school" in english.replace("\n", " ")
    assert [entry.name for entry in tmp_path.iterdir()] == ["ds"]
