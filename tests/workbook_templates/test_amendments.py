"""Amendments as dated variants: Thông tư 22/2024 on plans of its time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.schools import School
from macros_free_validation.judge import judge
from macros_free_validation.live import live_sheet
from macros_free_validation.plan import Plan
from tests.build import KINDS, Value, good_task, make_plan
from tests.conftest import ROOT, Run
from workbook_templates.layout import build_layout
from workbook_templates.regulation import (
    MOST_AMENDMENTS,
    Catalogue,
    Regulation,
    load_catalogue,
    load_regulation,
)
from workbook_templates.school_year import SchoolYear
from workbook_templates.vocabulary import NOT_REACHED, NOT_SETTLED

FOLDER = ROOT / "workbook_templates" / "regulations"
TT19 = (FOLDER / "tt19-2018.toml").read_text("utf-8")
YEAR = SchoolYear(2025, 2026)
IN_TIME, BEFORE = date(2025, 9, 12), date(2024, 9, 12)
NEW_TITLE = "3.3 Hạ tầng kỹ thuật, các hạng mục công trình kiên cố và thiết bị dạy học"
TODAY = date(2026, 11, 28)
Verdicts = Mapping[str, str | None]


def confirmed(text: str = TT19) -> str:
    """The file as an authority completes it: one word, no code."""
    return text.replace("confirmed = false", "confirmed = true")


def plan_of(
    regulation: Regulation, issued: date, verdicts: Verdicts, claim: str = "Mức 1",
    criterion: str | None = None,
) -> Plan:  # fmt: skip
    """A plan whose criteria pass level 1, but for ``verdicts``."""
    layout = build_layout(regulation, 12)
    kind = regulation.kinds[0]
    rows = [
        {"result_1": verdicts.get(c.code, "Đạt")} if 1 in c.levels else {}
        for c in regulation.criteria
    ]
    task = {**good_task(layout), "start": date(issued.year, 9, 15),
            "deadline": date(issued.year + 1, 5, 31)}  # fmt: skip
    if criterion:
        task["criterion"] = criterion
    cover: dict[str, Value] = {
        "issue_date": issued,
        "claimed_level": claim,
        "school_year": f"{issued.year}-{issued.year + 1}",
        "period_start": date(issued.year, 8, 1),
        "period_end": date(issued.year + 1, 7, 31),
    }
    school = School("001", "Trường A", kind)
    return make_plan(layout, kind=kind, school=school, cover=cover,
                     tables={"plan": [task], "self_assessment": rows})  # fmt: skip


def on_level(plan: Plan) -> set[str]:
    """The rules about the school's level that find something."""
    about = {"KD606", "KD607", "KD615", "KD203", "KD204"}
    return {f.rule for f in judge(plan, TODAY)} & about


@pytest.mark.parametrize("regulation_id", ["tt17-2018", "tt18-2018", "tt19-2018"])
@pytest.mark.parametrize("answer", ["Không đánh giá", None, "Không đạt"])
def test_criteria_that_may_be_gone_fail_no_plan(
    catalogue: Catalogue, regulation_id: str, answer: str | None
) -> None:
    regulation = catalogue.get(regulation_id)
    assert regulation is not None
    verdicts = dict.fromkeys(("3.4", "3.5", "3.6"), answer)
    plan = plan_of(regulation, IN_TIME, verdicts)
    assert on_level(plan) == {"KD615"}
    assert plan.cell("school_level") == NOT_SETTLED
    # The year before, the same verdicts are those of the text before the amendment.
    earlier = plan_of(regulation, BEFORE, verdicts)
    assert on_level(earlier) == (set() if answer is None else {"KD606"})
    assert earlier.cell("school_level") == ("" if answer is None else NOT_REACHED)


def test_the_old_text_is_accepted_too(catalogue: Catalogue) -> None:
    regulation = catalogue.get("tt19-2018")
    assert regulation is not None
    plan = plan_of(regulation, IN_TIME, {})
    assert on_level(plan) == set()
    assert plan.cell("school_level") == "Mức 1"


def test_what_the_amendment_leaves_alone_still_fails(catalogue: Catalogue) -> None:
    regulation = catalogue.get("tt19-2018")
    assert regulation is not None
    plan = plan_of(regulation, IN_TIME, {"1.1": "Không đạt", "3.5": "Không đánh giá"})
    assert on_level(plan) == {"KD606"}
    assert plan.cell("school_level") == NOT_REACHED


def test_the_days_of_the_amendment(catalogue: Catalogue) -> None:
    regulation = catalogue.get("tt19-2018")
    assert regulation is not None
    for day, rules in ((date(2025, 1, 24), {"KD606"}), (date(2025, 1, 25), {"KD615"}),
                       (date(2026, 7, 6), {"KD615"}), (date(2026, 7, 7), {"KD606"})):  # fmt: skip
        plan = plan_of(regulation, day, {"3.6": "Không đánh giá"})
        assert on_level(plan) == rules, day


def test_the_new_title_of_a_criterion_is_known(catalogue: Catalogue) -> None:
    regulation = catalogue.get("tt19-2018")
    assert regulation is not None
    plan = plan_of(regulation, IN_TIME, {}, criterion=NEW_TITLE)
    assert on_level(plan) == set()
    found = plan.criterion_of("plan", plan.rows("plan")[0])
    assert found is not None
    assert found.code == "3.3"


def test_a_template_on_the_amended_text(run: Run, tmp_path: Path) -> None:
    """Its number is in the file: the template, the check and the merge know it."""
    out = tmp_path / "a.xlsx"
    made = run("template", "--kind", "MN", "--school-year", "2025-2026", "--regulation",
               "tt19-2018-tt22-2024", "-o", out)  # fmt: skip
    assert made.exit_code == 0, made.stderr
    book = openpyxl.load_workbook(out)
    values = [c.value for row in book["Danh mục"].iter_rows() for c in row]
    assert NEW_TITLE in values
    assert not any(str(v).startswith("3.4 ") for v in values)
    assert any("22/2024/TT-BGDĐT" in str(c.value) for c in book["Thông tin"]["C"])
    assert run("merge", out, "-o", tmp_path / "b.xlsx", "--jobs", "1").exit_code == 0


def test_the_unconfirmed_text_gives_no_verdict_against_a_school(catalogue: Catalogue) -> None:
    variant = catalogue.get("tt19-2018-tt22-2024")
    assert variant is not None
    assert len(variant.criteria_at(1)) == 22
    plan = plan_of(variant, IN_TIME, {"3.3": "Không đạt"})
    assert on_level(plan) == {"KD615"}
    assert catalogue.choose(KINDS["mam_non"], YEAR) == catalogue.get("tt19-2018")


def test_an_authority_completes_the_variant_without_code(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "tt19.toml"
    own.write_text(confirmed(), "utf-8")
    known = load_catalogue(own)
    variant, before = known.choose(KINDS["mam_non"], YEAR), known.get("tt19-2018")
    assert variant is not None
    assert before is not None
    assert variant.id == "tt19-2018-tt22-2024"
    assert known.choose(KINDS["mam_non"], SchoolYear(2023, 2024)) == before
    # On its own template the level is computed, for better and for worse.
    assert on_level(plan_of(variant, IN_TIME, {})) == set()
    assert plan_of(variant, IN_TIME, {}).cell("school_level") == "Mức 1"
    assert on_level(plan_of(variant, IN_TIME, {"3.3": "Không đạt"})) == {"KD606"}
    # A template of the text before and one of the text after are issued, and merged together.
    for name, regulation in (("a", before.id), ("b", variant.id)):
        made = run("template", "--kind", "MN", "--school-year", "2025-2026", "--regulation",
                   regulation, "--school-code", name, "--catalogue", own,
                   "-o", tmp_path / f"{name}.xlsx")  # fmt: skip
        assert made.exit_code == 0, made.stderr
    merged = run("merge", tmp_path / "a.xlsx", tmp_path / "b.xlsx", "-o", tmp_path / "so.xlsx",
                 "--catalogue", own, "--jobs", "1")  # fmt: skip
    assert merged.exit_code == 0, merged.stderr


def test_a_confirmed_variant_on_a_template_of_before() -> None:
    """3.1 has levels 1 to 3 in both texts, 3.2 and 3.3 only after: those stay open."""
    alike = confirmed().replace(
        'title = "Các hạng mục công trình"\nlevels = [1, 2, 3]',
        'title = "Các hạng mục công trình"\nlevels = [1, 2]',
    )
    regulation = load_regulation(alike, "own.toml")
    scales = {c.code: c.levels for c in regulation.criteria}
    new = {c.code: c.levels for c in regulation.amendments[0].criteria}
    gone = dict.fromkeys(("3.4", "3.5", "3.6"), "Không đánh giá")
    open_ = {code for code in new if new[code] != scales[code]}
    plan = plan_of(regulation, IN_TIME, gone)
    if open_:
        assert on_level(plan) == {"KD615"}
    else:
        assert plan.cell("school_level") == "Mức 1"
    assert on_level(plan_of(regulation, IN_TIME, {**gone, "1.1": "Không đạt"})) == {"KD606"}


def test_an_amendment_of_the_rule_with_mandatory_criteria() -> None:
    text = (
        (FOLDER / "tt57-2026-mam-non.toml").read_text("utf-8")
        + """
[[amendments]]
number = "9/2027/TT-VD"
in_force_from = 2027-01-01
replaces = ["1.1", "1.3"]
confidence = "low"
"""
    )
    regulation = load_regulation(text, "own.toml")
    assert regulation.amendments[0].id == "tt57-2026-mam-non-tt9-2027"

    def found(verdicts: Verdicts, day: date = date(2027, 9, 12)) -> set[str]:
        return on_level(plan_of(regulation, day, verdicts))

    assert found({}) == set()
    assert found({"1.3": "Không đạt"}) == {"KD615"}  # mandatory, but its text is open
    assert found({"1.4": "Không đạt"}) == {"KD606"}  # mandatory as before
    others = dict.fromkeys(
        ("1.1", "1.2", "2.3"), "Không đạt"
    )  # 4 of 7, and the text of 1.1 is open
    assert found(others) == {"KD615"}
    assert found({**others, "3.4": "Không đạt"}) == {"KD606"}
    assert found({"1.3": "Không đạt"}, date(2026, 9, 12)) == {"KD606"}


def _amended(times: int) -> str:
    """Return the 2018 regulation with so many amendments in force one after the other."""
    text = (FOLDER / "tt18-2018.toml").read_text("utf-8").partition("[[amendments]]")[0]
    return text + "".join(
        f"""
[[amendments]]
number = "{nth}/2027/TT-VD"
in_force_from = 2025-0{nth}-01
in_force_until = 2025-0{nth + 1}-01
replaces = ["1.{nth}", "3.1", "3.2"]
confidence = "low"
"""
        for nth in range(1, times + 1)
    )


def test_every_formula_fits_a_cell_with_the_most_amendments() -> None:
    regulation = load_regulation(_amended(MOST_AMENDMENTS), "own.toml")
    layout = build_layout(regulation, 10)
    for sheet in layout.sheets:
        assert live_sheet(layout, sheet.key)  # raises where a formula is too long
    assert on_level(plan_of(regulation, date(2025, 4, 9), {"1.4": "Không đạt"})) == {"KD615"}
    assert on_level(plan_of(regulation, date(2025, 3, 9), {"1.4": "Không đạt"})) == {"KD606"}


def test_more_amendments_are_refused_with_the_line() -> None:
    from workbook_templates.regulation import CatalogueError

    text = _amended(MOST_AMENDMENTS + 1)
    with pytest.raises(CatalogueError) as refused:
        load_regulation(text, "own.toml")
    line = text.splitlines().index(f'number = "{MOST_AMENDMENTS + 1}/2027/TT-VD"')
    assert f"own.toml:{line}" in str(refused.value)
    assert str(MOST_AMENDMENTS) in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"3.6"]', '"3.9"]'),
        ("criteria_total = 22", "criteria_total = 21"),
        ("in_force_from = 2025-01-25", "in_force_from = 2026-07-07"),
        ("confirmed = true", 'confirmed = "ja"'),
        ('code = "3.2"\ntitle = "Các', 'code = "3.1"\ntitle = "Các'),
    ],
)
def test_a_wrong_amendment_is_refused(old: str, new: str) -> None:
    from workbook_templates.regulation import CatalogueError

    broken = confirmed().replace(old, new)
    assert broken != confirmed()
    with pytest.raises(CatalogueError):
        load_regulation(broken, "own.toml")


def test_every_file_tells_the_certainty_of_each_item(catalogue: Catalogue) -> None:
    from workbook_templates.certainty import Item

    for regulation in catalogue.regulations:
        assert [entry.item for entry in regulation.certainty] == list(Item)
        for entry in regulation.certainty:
            assert not entry.is_compared
            assert entry.source.vi
            assert entry.gazette.vi == "chưa đối chiếu với Công báo"
    dates = {a.number: a.certainty[0] for r in catalogue.regulations for a in r.amendments}
    assert {str(entry.confidence) for entry in dates.values()} == {"high"}
