"""Limits that an authority sets: in the sheet, in the stamp, and at the check."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kdcl_xl.checking.check import check_file
from kdcl_xl.submission.model import Reading
from kdcl_xl.template.issue import layout_from
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.live import live_sheet
from macros_free_validation.rules import ALL_RULES, LIMITS, SHEET_LIMITS
from tests.build import THCS, TODAY, YEARS, good_task, make_plan, write_workbook
from tests.conftest import Run
from workbook_templates.layout import Layout, Limits
from workbook_templates.regulation import builtin_catalogue

CATALOGUE = builtin_catalogue()
TOO_MUCH_DUE = "KD306"


def layout_with(limits: Limits) -> Layout:
    return layout_from(CATALOGUE, THCS, YEARS["2026"], 12, limits=limits)


def three_due_at_once(path: Path, limits: Limits) -> Path:
    layout = layout_with(limits)
    rows = [{**good_task(layout, n), "deadline": date(2027, 5, 3 + n)} for n in range(3)]
    return write_workbook(path, make_plan(layout, tables={"plan": rows}))


def said(path: Path, limits: Limits = ()) -> list[str]:
    found = check_file(path, CATALOGUE, TODAY, Reading(limits)).findings
    return [f.message.vi for f in found if f.rule == TOO_MUCH_DUE]


def test_a_workbook_carries_the_limits_it_was_made_with(tmp_path: Path) -> None:
    plain = three_due_at_once(tmp_path / "a.xlsx", ())
    strict = three_due_at_once(tmp_path / "b.xlsx", (("most_due", 2),))
    assert said(plain) == []
    assert len(said(strict)) == 3
    assert "trên 2 công việc" in said(strict)[0]


def test_the_settings_of_the_check_go_before_the_stamp(tmp_path: Path) -> None:
    strict = three_due_at_once(tmp_path / "b.xlsx", (("most_due", 2),))
    assert said(strict, (("most_due", 3),)) == []
    assert len(said(three_due_at_once(tmp_path / "a.xlsx", ()), (("most_due", 2),))) == 3


@pytest.mark.parametrize("name", sorted(SHEET_LIMITS))
def test_every_limit_is_in_a_formula_of_the_sheet(name: str) -> None:
    rule = next(r for r in ALL_RULES if name in [limit.name for limit in r.limits])
    number = LIMITS[name].most - 7

    def formulas(limits: Limits) -> str:
        live = live_sheet(layout_with(limits), rule.sheet or "")
        return " ".join(r.formula for r in live.rules if r.rule is rule)

    assert str(number) in formulas(((name, number),))
    assert str(number) not in formulas(())


def test_a_number_out_of_bounds_in_a_stamp_is_bounded() -> None:
    limit = LIMITS["most_due"]
    assert limit.of(layout_with((("most_due", 10**9),))) == limit.most
    assert limit.of(layout_with((("most_due", -1),))) == limit.least
    assert limit.of(layout_with((("unknown", 5),))) == limit.default


def test_the_stamp_with_every_limit_fits_a_defined_name() -> None:
    known = [LIMITS[name] for name in SHEET_LIMITS if name in LIMITS]
    limits = tuple((limit.name, limit.most) for limit in known)
    stamp = Stamp("2026", "tt57-2026-pho-thong", "thcs", "2026-2031", 2000, "x" * 40, "0" * 12)
    full = Stamp.decode(stamp.encode())
    assert full == stamp
    with_limits = Stamp.decode(
        Stamp("2026", "tt57-2026-pho-thong", "thcs", "2026-2031", 2000, "x" * 40, "0" * 12,
              limits=limits, tool="10.10.10", locked="a" * 4, inputs="b" * 4).encode()
    )  # fmt: skip
    assert with_limits.limits == limits
    assert len(with_limits.encode()) <= 255


def test_template_check_and_explanation(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "kdcl-xl.toml"
    config.write_text("[limits]\nmost_due = 2\nsmallest_amount = 90\n", "utf-8")
    target = tmp_path / "mau.xlsx"
    done = run(
        "template", "--kind", "thcs", "--school-year", "2026-2027", "--config", config, "-o", target
    )
    assert done.exit_code == 0, done.output
    assert check_file(target, CATALOGUE, TODAY).submission.plan is not None
    layout = check_file(target, CATALOGUE, TODAY).submission.plan.layout  # type: ignore[union-attr]
    assert layout.limits == (("smallest_amount", 90),), "the sheet does not show advice on leads"
    assert "most_due = 8 (1–1000)" in run("rules", TOO_MUCH_DUE).output
