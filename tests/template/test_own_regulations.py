"""Regulation files of an authority: every command can use what the reader accepts."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from kdcl_xl.schools import School
from kdcl_xl.template.issue import template_bytes
from macros_free_validation.live import live_sheet
from tests.conftest import ROOT, Run
from tests.excel_limits import breaches
from tests.template.regulation_texts import (
    Table,
    as_toml,
    changed,
    criterion,
    in_one_line_each,
    kind,
    largest,
    random_regulation,
    regulation,
)
from workbook_templates.declare import ROW_COUNTS, Rows
from workbook_templates.defaults import default_units
from workbook_templates.kind_file import MOST_UNITS
from workbook_templates.layout import build_layout
from workbook_templates.regulation import (
    MOST_CRITERIA,
    SCHOOL_LEVEL_RULES,
    CatalogueError,
    Regulation,
    builtin_catalogue,
    load_catalogue,
    load_regulation,
)
from workbook_templates.school_year import SchoolYear

YEAR = SchoolYear(2026, 2027)
Tables = dict[str, Any]


def texts_of(found: Regulation) -> list[Regulation]:
    """Return a regulation as it was issued, and as each amendment has it."""
    return [found, *found.variants]


def refused(text: str) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        load_regulation(text, "own.toml")
    assert caught.value.problem.vi
    assert caught.value.problem.en
    return caught.value


# ---- what the reader accepts ----------------------------------------------------------------


@pytest.mark.parametrize("form", ["2018", "2026"])
@pytest.mark.parametrize("rule", SCHOOL_LEVEL_RULES)
def test_the_largest_regulation_fits_a_workbook(form: str, rule: str) -> None:
    found = load_regulation(as_toml(largest(form, rule)), "own.toml")
    assert max(len(text.criteria) for text in texts_of(found)) > MOST_CRITERIA - 20
    school = School("0" * 40, "Trường A", found.kinds[0])
    for text in texts_of(found)[:2]:
        assert not breaches(template_bytes(build_layout(text, 10), school, YEAR))
    for text in texts_of(found)[2:]:
        layout = build_layout(text, 10)
        for sheet in layout.sheets:
            assert live_sheet(layout, sheet.key)  # raises where a formula is too long


def test_any_accepted_regulation_gives_workbooks() -> None:
    """Some of the random files are refused; each of the others gives a sound workbook."""
    accepted = 0
    for seed in range(60):
        try:
            found = load_regulation(as_toml(random_regulation(seed)), "own.toml")
        except CatalogueError:
            continue
        accepted += 1
        for text in texts_of(found):
            layout = build_layout(text, 10)
            for sheet in layout.sheets:
                assert live_sheet(layout, sheet.key)
        if accepted % 6 == 0:
            school = School("001", "Trường A", found.kinds[0])
            content = template_bytes(build_layout(texts_of(found)[-1], 10), school, YEAR)
            assert not breaches(content), seed
    assert accepted > 15


def test_a_changed_regulation_is_read_or_refused(tmp_path: Path) -> None:
    """Built-in and random files with values removed, moved, doubled and replaced."""
    folder = ROOT / "workbook_templates" / "regulations"
    own, accepted = tmp_path / "own.toml", 0
    originals = [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))]
    for seed in range(300):
        table = originals[seed % 12] if seed % 12 < len(originals) else random_regulation(seed)
        own.write_text(in_one_line_each(changed(table, seed)), "utf-8")
        try:
            found = load_catalogue(own)
        except CatalogueError as error:
            assert len(str(error)) < 1_000, seed  # noqa: PT017
            continue
        accepted += 1
        for text in found.regulations if accepted % 10 == 0 else ():
            layout = build_layout(text, 10)
            for sheet in layout.sheets:
                assert live_sheet(layout, sheet.key)
    assert accepted > 20


def test_the_loop_of_the_largest_regulation(run: Run, tmp_path: Path) -> None:
    own, book, merged = (tmp_path / name for name in ("own.toml", "a.xlsx", "so.xlsx"))
    own.write_text(as_toml(largest("2026", "all_criteria")), "utf-8")
    used = ("--catalogue", own)
    for words in ("text", "json", "html", "csv"):
        assert run("regulations", *used, "--format", words).exit_code == 0
    kind_of = ("--kind", "nang_khieu", "--school-year", "2026-2027", *used)
    assert run("form", *kind_of).exit_code == 0
    assert run("template", *kind_of, "--rows", "10", "-o", book).exit_code == 0
    assert run("check", book, *used, "--no-cache").exit_code == 1
    assert run("merge", book, *used, "--no-cache", "-o", merged).exit_code in (0, 1)
    assert not breaches(merged.read_bytes())


def test_spaces_are_folded() -> None:
    """Excel's TRIM folds them as well, so a label would otherwise not equal itself."""
    table = regulation(
        "2026", "all_criteria", [{"no": 1, "title": " Mảng\u00a0 A\n", "criteria": [
            criterion("1.1", "Việc   một ", (1,))]}]
    )  # fmt: skip
    found = load_regulation(as_toml(table), "own.toml")
    assert found.standards[0].label == "Tiêu chuẩn 1: Mảng A"
    assert found.criteria[0].label == "1.1 Việc một"


def test_a_name_of_two_criteria_means_none_of_them() -> None:
    table = regulation(
        "2026", "all_criteria", [{"no": 1, "title": "Mảng A", "criteria": [
            criterion("1.1", "Đội ngũ", (1,)), criterion("1.2", "ĐỘI  NGŨ", (1,)),
            criterion("1.3", "Tài chính", (1,))]}]
    )  # fmt: skip
    found = load_regulation(as_toml(table), "own.toml")
    assert found.criterion("đội ngũ") is None
    assert found.criterion("1.2 Đội ngũ") == found.criteria[1]
    assert found.criterion("tài chính") == found.criteria[2]


def test_units_have_room_and_none_is_listed_twice() -> None:
    units = [f"Khoa {n}" for n in range(MOST_UNITS - 2)]
    table = regulation("2018", "all_criteria", SMALL, school_kinds=[
        kind("nang_khieu", "Năng khiếu", units=[*units, "Kế toán"])])  # fmt: skip
    found = default_units(load_regulation(as_toml(table), "own.toml").kinds[0], "2018")
    assert len(found) == len(set(found)) <= ROW_COUNTS[Rows.UNITS]
    assert "Kế toán" in found


# ---- what it refuses ------------------------------------------------------------------------

SMALL: list[Table] = [
    {"no": 1, "title": "Mảng A", "criteria": [criterion("1.1", "Việc một", (1, 2))]}
]
SEVEN: list[Table] = [
    {
        "no": 1,
        "title": "Mảng A",
        "criteria": [
            criterion(f"1.{n}", f"Việc số {n}", (1, 2), mandatory=n < 2) for n in range(1, 8)
        ],
    }
]


@pytest.mark.parametrize(
    "title",
    [
        "a\x01b", "_x0041_", "\U0001f600", "שלום", "αβγ", "\u202eabc", "a~b", "=1+1", "-1", "@a",
        "12", "1/2", "TRUE", "#N/A", "…", "x" * 241, "Tiêu chí 1.2", "\ufffe", "\ud7ff\ue000",
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["title", "name", "unit"])
def test_a_text_that_a_cell_would_change_is_refused(key: str, title: str) -> None:
    table = regulation("2026", "all_criteria", SMALL)
    if key == "title":
        standard = {**SMALL[0], "criteria": [criterion("1.1", title, (1,))]}
        table = regulation("2026", "all_criteria", [standard])
        heading, place = "[[standards.criteria]]", "title ="
    else:
        own = {"units": ["Khoa A", title]} if key == "unit" else {"name": title}
        if title.startswith("Tiêu chí"):
            return  # a name of a unit may be like a code
        table = regulation("2026", "all_criteria", SMALL, school_kinds=[
            {**kind("nang_khieu", "Trường năng khiếu"), **own}])  # fmt: skip
        heading, place = "[[school_kinds]]", "units =" if key == "unit" else "name ="
    lines = as_toml(table).splitlines()
    start = lines.index(heading)
    expected = next(n for n, ln in enumerate(lines, 1) if n > start and ln.startswith(place))
    assert refused(as_toml(table)).line == expected


def _with(**others: Any) -> Callable[[], Tables]:
    return lambda: dict(regulation("2026", "all_criteria", SMALL, **others))


def _amended(**others: Any) -> Callable[[], Tables]:
    entry = {"number": "1/2027/TT-VD", "in_force_from": YEAR.start, "confidence": "low", **others}
    return _with(amendments=[entry])


REFUSED: dict[str, Callable[[], Tables]] = {
    "no standard": lambda: dict(regulation("2026", "all_criteria", [])),
    "a standard without criteria": lambda: dict(regulation(
        "2026", "all_criteria", [{**SMALL[0], "criteria": []}])),
    "too many criteria": lambda: dict(regulation("2026", "all_criteria", [{
        **SMALL[0], "criteria": [criterion(f"1.{n}", f"Việc số {n} nhé", (1,))
                                 for n in range(1, MOST_CRITERIA + 2)]}])),
    "level 4 on a form without it": _with(level4=[{"no": 1, "label": "a", "summary": "b"}]),
    "a number like an error": _with(number="#REF!"),
    "an id too long": _with(id="a" * 41),
    "an id with other letters": _with(id="quy định"),
    "an id of an amendment too long": _amended(number=f"{'9' * 40}/TT"),
    "an amendment without criteria left": _amended(replaces=["1.1"]),
    "an amendment of no standard": _amended(criteria=[criterion("2.1", "Việc hai", (1,))]),
    "a table in place of a list": _amended(criteria=["a"]),
    "a kind twice": _with(kinds=["nang_khieu", "nang_khieu"]),
    "kinds without known levels": _with(school_kinds=[kind("nang_khieu", "Lạ", levels=[])]),
    "too many units": _with(school_kinds=[kind("nang_khieu", "Lạ", units=[
        f"Tổ {n}" for n in range(MOST_UNITS)])]),
    "a list too long": _with(school_kinds=[kind("nang_khieu", "Lạ", aliases=[
        f"Lạ {n}" for n in range(101)])]),
    "two kinds alike": _with(school_kinds=[
        kind("nang_khieu", "Lạ"), kind("khac", "Lạ (khác)")]),
    "names of no kind": _with(unclear_names=[{"names": ["abc"], "kinds": []}]),
    "names without letters": _with(unclear_names=[{"names": ["..."], "kinds": ["thcs"]}]),
    "a long note": _with(source="a" * 2001),
    "nothing but mandatory": lambda: dict(regulation("2026", "mandatory_and_five", SMALL)),
    "a mandatory criterion without level 2": lambda: dict(regulation(
        "2026", "mandatory_and_five", [{**SEVEN[0], "criteria": [
            {**each, "levels": [1]} if each["mandatory"] else each
            for each in SEVEN[0]["criteria"]]}])),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_regulation_that_no_workbook_can_hold_is_refused(case: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(as_toml(REFUSED[case]()), "utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(own)
    assert caught.value.line > (0 if case.startswith("an id") else 1)
    assert "\n" not in caught.value.problem.vi + caught.value.problem.en


def test_the_rule_with_mandatory_criteria_is_accepted_where_it_can_be_met() -> None:
    assert load_regulation(as_toml(regulation("2026", "mandatory_and_five", SEVEN)), "own.toml")


@pytest.mark.parametrize("total", ['"1"', "{ a = 1 }", "7", "0x" + "f" * 50_000])
@pytest.mark.parametrize("level", ["1", "9" * 5000, '"²"'])
def test_totals_are_numbers_of_levels(level: str, total: str) -> None:
    text = f"{as_toml(regulation('2026', 'all_criteria', SMALL))}\n[totals]\n{level} = {total}\n"
    error = refused(text)
    assert error.line == text.count("\n")
    assert len(error.problem.vi) < 300


@pytest.mark.parametrize(
    "unit",
    ['\n[[school_kinds]]\nid="k{0}"\nname="L{0}x"\nhead="h"\nlearners="l"\n',
     '\n[[unclear_names]]\nnames=["a{0}b"]\nkinds=["thcs"]', "\n" + ".".join("a" * 999) + "{0}=1"],
)  # fmt: skip
def test_a_megabyte_is_refused_at_once(unit: str) -> None:
    text = as_toml(regulation("2026", "all_criteria", SMALL))
    lines = (900_000 - len(text)) // (len(unit) + 5)
    start = process_time()
    refused(text + "".join(unit.format(n) for n in range(lines)))
    assert process_time() - start < 5


def test_ids_belong_to_one_text_only(tmp_path: Path) -> None:
    """The stamp of a template names its regulation by the id alone."""
    taken = builtin_catalogue().regulations[0].id
    for nth, own in enumerate((_amended(id=taken), _amended(id="thu"), _with())):
        folder = tmp_path / str(nth)
        folder.mkdir()
        (folder / "a.toml").write_text(as_toml(own()), "utf-8")
        if own is not None and nth == 2:
            (folder / "b.toml").write_text(as_toml({**own(), "school_kinds": []}), "utf-8")
        with pytest.raises(CatalogueError) as caught:
            load_catalogue(folder)
        assert caught.value.source.endswith("b.toml" if nth == 2 else "a.toml")


def test_one_bad_file_of_a_folder_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(as_toml(regulation("2026", "all_criteria", SMALL)), "utf-8")
    (tmp_path / "b.toml").write_text("id = 1\n", "utf-8")
    found = run("regulations", "--catalogue", tmp_path)
    assert found.exit_code == 2
    assert f"{tmp_path / 'b.toml'}:1" in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_file_redeclares_no_kind_of_ours_without_levels(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    table = regulation("2026", "all_criteria", SMALL, school_kinds=[
        kind("nang_khieu", "Năng khiếu"), kind("mam_non", "Mầm non", levels=[])])  # fmt: skip
    own.write_text(as_toml(table), "utf-8")
    with pytest.raises(CatalogueError, match="tt19-2018"):
        load_catalogue(own)


def test_a_stamp_too_long_is_refused(run: Run, tmp_path: Path) -> None:
    own, out = tmp_path / "own.toml", tmp_path / "a.xlsx"
    own.write_text(as_toml(largest("2026", "all_criteria")), "utf-8")
    made = run("template", "--kind", "nang_khieu", "--school-year", "2026-2027", "--catalogue",
               own, "--school-code", "Ế" * 13, "-o", out)  # fmt: skip
    assert made.exit_code == 2
    assert "Ế" * 13 in made.stderr
    assert not out.exists()
