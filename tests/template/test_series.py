"""Templates made one after the other: each has the bytes it has when it is made alone."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.schools import School
from kdcl_xl.template.issue import initial_plan, layout_from, stamp_for, template_bytes
from kdcl_xl.template.series import Series
from kdcl_xl.template.stamp import STAMP_NAME, STAMP_PROPERTY, Stamp
from kdcl_xl.template.writer import render_workbook
from macros_free_validation.values import CellError
from tests.build import KINDS, THCS, TODAY, Value, good_task, layout_of, make_plan
from tests.conftest import Run
from workbook_templates.layout import Layout, Limits
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear

OLD, NEW = SchoolYear(2020, 2021), SchoolYear(2026, 2027)
SCHOOLS = [
    ("", "", "", ""),
    ("00790125", "Trường THCS Bình Minh", "Phòng VH-XH xã Bình Minh", "Thôn 1"),
    ("=1+1", '=HYPERLINK("http://a.vn","Mở")', "+84 & <Sở> 'GD'", "@SUM(A1)"),
    ("007", "12", "3,5", "1E5"),
    ("_x0041_&é", "_x0041_ #N/A", "#N/A", "TRUE"),
    ("<r>", "<r><t>A</t></r>", "<r>& <b></r>", "<r></r>"),
    ("NFD", unicodedata.normalize("NFD", "Trường Tiểu học Ấp Đồn"), "Lỗi", "Danh mục"),
    ("Lỗi", "x" * 3000 + "\nTrường " * 40, " a\tb ", "\N{GRINNING FACE}\x0b" * 50),
]
"""Code, name, authority, address: what nobody filled in, what looks like something else, texts
that stand elsewhere in the template, and long ones."""


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def in_series(layout: Layout, school: School) -> bytes:
    return template_bytes(layout, school, NEW, one_of_many=True)


def alone(school: School, year: SchoolYear, regulation: str | None, limits: Limits) -> bytes:
    """A template made without any other before it."""
    assert school.kind is not None
    layout = layout_from(builtin_catalogue(), school.kind, year, 12, regulation, limits=limits)
    plan = initial_plan(layout, school.kind, year, school)
    return render_workbook(plan, stamp_for(layout, school.kind, year, school), "a&b")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "year", "regulation", "limits"),
    [
        (KINDS["mam_non"], OLD, None, ()),
        (KINDS["thpt"], OLD, None, ()),
        (KINDS["tieu_hoc"], NEW, None, (("most_due", 3),)),
        (KINDS["nhieu_cap_hoc"], NEW, "tt18-2018", ()),
    ],
)
def test_every_part_is_that_of_a_template_made_alone(
    kind: SchoolKind,
    year: SchoolYear,
    regulation: str | None,
    limits: Limits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("kdcl_xl.template.series.render_workbook")  # the long way
    layout = layout_from(builtin_catalogue(), kind, year, 12, regulation, limits=limits)
    for code, name, authority, address in SCHOOLS:
        school = School(code, name, kind, authority, address)
        made = template_bytes(layout, school, year, "a&b", one_of_many=True)
        expected = alone(school, year, regulation, limits)
        assert parts_of(made) == parts_of(expected)
        assert made == expected


def test_nothing_is_left_of_the_school_before() -> None:
    layout, words = layout_of(), ("MA-KHAC", "Trường Khác", "Phòng Khác", "Thôn Khác")
    code, name, authority, address = words
    before = School(code, name, THCS, authority, address)
    known = b"".join(parts_of(in_series(layout, before)).values())
    made = parts_of(in_series(layout, School("1", "A", THCS)))
    for word in words:
        assert word.encode() in known
        assert word.encode() not in b"".join(made.values())


@pytest.mark.slow
@pytest.mark.parametrize(
    "cover",
    [
        {"issue_date": TODAY, "plan_number": 7, "signer": "Phó Hiệu trưởng"},
        {"school_name": True},
        {"school_name": CellError("#N/A")},
        {"school_name": "\N{GRINNING FACE}" * 20_000},
        None,
    ],
)
def test_any_plan_of_the_layout_is_written_whole(cover: dict[str, Value] | None) -> None:
    layout = layout_of()
    nobody, school = (School(code, "", THCS) for code in ("", "1"))
    stamp = stamp_for(layout, THCS, NEW, school)
    series = Series(initial_plan(layout, THCS, NEW, nobody), stamp)
    tables = None if cover else {"plan": [good_task(layout)]}
    plan = make_plan(layout, school=school, cover=cover, tables=tables)
    assert series.workbook(plan, stamp) == render_workbook(plan, stamp)


@pytest.mark.parametrize("name", ["<r><t>A</t></r>", "<r>& <b></r>"])
def test_a_name_that_looks_like_markup_is_written_as_it_is(name: str) -> None:
    content = in_series(layout_of(), School("1", name, THCS))
    cover = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["Thông tin"]
    assert name in [row[0].value for row in cover["C1:C30"]]


def test_every_stamp_is_sealed() -> None:
    """Also where spreadsheets would take the code for another."""
    layout = layout_of()
    stamps = []
    for code in ("1", "_x0041_"):
        content = in_series(layout, School(code, "A", THCS))
        book = openpyxl.load_workbook(io.BytesIO(content))
        props = book.custom_doc_props  # type: ignore[attr-defined]
        kept = [props[STAMP_PROPERTY].value, book["_kdcl"]["A1"].value]
        stamps += [Stamp.decode(kept[1])]
        assert kept[0] == kept[1] == book.defined_names[STAMP_NAME].value.strip('"')
    assert [stamp.school_code for stamp in stamps] == ["1", "_x0041_"]
    assert all(stamp.is_whole and stamp.locked for stamp in stamps)
    assert len({(stamp.locked, stamp.inputs) for stamp in stamps}) == 1


def test_a_list_of_schools_makes_what_each_gets_alone(run: Run, tmp_path: Path) -> None:
    listing = tmp_path / "schools.csv"
    listing.write_text(
        "code,name,kind,authority,address\n"
        '1,"Trường ""A"" & B\'",thcs,UBND xã B,\n'
        "=2,+84,mầm non,,<Thôn>\n"
        "3,3,thcs,,\n",
        "utf-8",
    )
    base = ("template", "--school-year", "2026-2027", "--rows", 12, "--password", "a&b")
    for language in ("vi", "en"):
        out = tmp_path / language
        assert run("--lang", language, *base, "--schools", listing, "-o", out).exit_code == 0
        made = sorted(path.read_bytes() for path in out.iterdir())
        schools = [
            School("1", 'Trường "A" & B\'', THCS, "UBND xã B"),
            School("=2", "+84", KINDS["mam_non"], "", "<Thôn>"),
            School("3", "3", THCS),
        ]
        assert made == sorted(alone(school, NEW, None, ()) for school in schools)
