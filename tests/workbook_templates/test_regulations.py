"""The catalogue: what the regulations say, and what a broken file is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.build import KINDS, THCS
from tests.conftest import ROOT, Run
from workbook_templates.certainty import Item
from workbook_templates.regulation import Catalogue, CatalogueError, load_regulation
from workbook_templates.school_year import SchoolYear

TT18 = (ROOT / "workbook_templates" / "regulations" / "tt18-2018.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("regulation", "counts", "standards"),
    [
        ("tt17-2018", {1: 27, 2: 27, 3: 19, 4: 5}, 5),
        ("tt18-2018", {1: 28, 2: 28, 3: 20, 4: 6}, 5),
        ("tt19-2018", {1: 25, 2: 25, 3: 19, 4: 6}, 5),
        ("tt57-2026-mam-non", {1: 15, 2: 15}, 4),
        ("tt57-2026-pho-thong", {1: 15, 2: 15}, 4),
    ],
)
def test_counts(
    catalogue: Catalogue, regulation: str, counts: dict[int, int], standards: int
) -> None:
    found = catalogue.get(regulation)
    assert found is not None
    assert {level: len(found.criteria_at(level)) for level in found.levels} == counts
    assert len(found.standards) == standards
    if regulation.startswith("tt57"):
        assert sum(c.mandatory for c in found.criteria) == 8


@pytest.mark.parametrize(
    ("kind", "year", "regulation"),
    [
        ("thcs", "2020-2021", "tt18-2018"),
        ("thpt", "2025-2026", "tt18-2018"),
        ("tieu_hoc", "2023-2024", "tt17-2018"),
        ("mam_non", "2021-2022", "tt19-2018"),
        ("thcs", "2023-2026", "tt18-2018"),
        ("thcs", "2018-2019", "tt18-2018"),
        ("thcs", "2026-2027", "tt57-2026-pho-thong"),
        ("mam_non", "2026-2027", "tt57-2026-mam-non"),
        ("nhieu_cap_hoc", "2026-2027", "tt57-2026-pho-thong"),
    ],
)
def test_choice_by_kind_and_year(
    catalogue: Catalogue, kind: str, year: str, regulation: str
) -> None:
    chosen = catalogue.choose(KINDS[kind], SchoolYear.parse(year))
    assert chosen is not None
    assert chosen.id == regulation


def test_nothing_was_in_force_in_2010(catalogue: Catalogue) -> None:
    assert catalogue.choose(THCS, SchoolYear(2010, 2011)) is None


def test_repeal_day(catalogue: Catalogue) -> None:
    old = catalogue.get("tt18-2018")
    assert old is not None
    assert old.in_force(date(2026, 7, 6))
    assert not old.in_force(date(2026, 7, 7))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1.4 Hiệu trưởng, phó hiệu trưởng, tổ chuyên môn và tổ văn phòng", "1.4"),
        ("Tiêu chí 3. 5", "3.5"),
        ("Tiêu chí 1.1.", "1.1"),
        ("TC 2.1: Đối với hiệu trưởng", "2.1"),
        ("1.10", "1.10"),
        ("Mức 4 - Khoản 3", "M4.3"),
        ("M4.1", "M4.1"),
        ("Khoản 2 Điều 22", "M4.2"),
        ("thư viện", "3.6"),
        ("Thư viện", "3.6"),
        ("31.5", None),
        ("9.9", None),
        ("phòng cháy", None),
        ("", None),
    ],
)
def test_criteria_are_recognised_as_people_write_them(
    catalogue: Catalogue, written: str, code: str | None
) -> None:
    regulation = catalogue.get("tt18-2018")
    assert regulation is not None
    found = regulation.criterion(written)
    assert (found.code if found else None) == code


def line_of(text: str, needle: str, nth: int = 1) -> int:
    found = [i for i, line in enumerate(text.splitlines(), 1) if needle in line]
    return found[nth - 1]


@pytest.mark.parametrize(
    ("old", "new", "needle", "nth"),
    [
        ('code = "1.2"', 'code = "1.1"', 'code = "1.1"', 2),
        ("levels = [1, 2]", "levels = [2, 1]", "levels = [2, 1]", 1),
        ('title = "Thư viện"', 'titel = "Thư viện"', "titel", 1),
        ("in_force_from = 2018-10-10", 'in_force_from = "2018"', "in_force_from", 1),
        ('kinds = ["thcs", ', 'kinds = ["trung_hoc", ', "kinds", 1),
        ("2 = 28", "2 = 27", "2 = 27", 1),
        ('form = "2018"', 'form = "1999"', "form =", 1),
        ("no = 2", "no = 7", "no = 7", 1),
        ('confidence = "high"', 'confidence = "sure"', "confidence =", 1),
        ("[totals]", "[totals", "[totals", 1),
        ('title = "Thư viện"', 'title = "Thu\u031b viện"', "Thu\u031b viện", 1),
        ('title = "Thư viện"', 'title = "Thư\u200b viện"', "Thư\u200b viện", 1),
        ('id = "tt18-2018"', 'id = "tt18-2018"\nstandards = 3', "[[standards]]", 1),
    ],
)
def test_a_broken_catalogue_is_told_its_line(old: str, new: str, needle: str, nth: int) -> None:
    broken = TT18.replace(old, new, 1)
    assert broken != TT18
    with pytest.raises(CatalogueError) as caught:
        load_regulation(broken, "own.toml")
    assert caught.value.line == line_of(broken, needle, nth)
    assert caught.value.problem.vi
    assert caught.value.problem.en


def test_own_catalogue_replaces_ours(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(TT18.replace("Thư viện", "Thư viện trường học"), "utf-8")
    out = tmp_path / "a.xlsx"
    made = run(
        "template", "--kind", "thcs", "--school-year", "2020-2021", "--catalogue", own, "-o", out
    )
    assert made.exit_code == 0
    report = json.loads(run("regulations", "--format", "json", "--catalogue", own).output)
    titles = [c["title"] for r in report["regulations"] for c in r["criteria"]]
    assert "Thư viện trường học" in titles
    assert {r["confidence"] for r in report["regulations"]} <= {"high", "medium", "low"}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"id = ", b"standards = [1]\n", b""])
def test_an_unusable_catalogue_is_one_line(run: Run, tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "own.toml"
    own.write_bytes(content)
    result = run("regulations", "--catalogue", own)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert f"{own}:1" in result.stderr


def test_listing_shows_confidence(run: Run, catalogue: Catalogue) -> None:
    result = run("regulations")
    assert result.exit_code == 0
    assert result.output.count("Độ tin cậy của") == len(Item) * len(catalogue.regulations)
