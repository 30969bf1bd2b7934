"""The kit for a person with Excel: its page, its way back, and that an alteration is found."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import open_workbook
from samples.office import Office
from tests.build import fresh_workbook_bytes, good_plan
from tests.proof.__main__ import compare_kit, write_kit
from tests.proof.judges import IronCalc
from tests.proof.judges.base import results_in
from tests.proof.judges.rewriting import of_sheets
from tests.proof.kit import (
    DIFFERENT,
    FIRST_PROBE,
    MARK,
    PAGE,
    SUM_ROW,
    Kit,
    renamed,
    usual_kit,
)
from tests.proof.returned import ForeignError, compare_returned


@pytest.fixture(scope="module")
def kit() -> Kit:
    return usual_kit()


@pytest.fixture(scope="module")
def saved(kit: Kit) -> bytes:
    """The kit as IronCalc has computed and saved it."""
    with IronCalc() as judge:
        return judge.saved(kit.stripped)


@pytest.mark.slow
def test_a_kit_holds_no_result_and_two_forms(kit: Kit) -> None:
    results = results_in(kit.stripped)
    assert {value for cells in results.values() for value in cells.values()} == {""}
    assert {"Kế hoạch", "Kế hoạch (2018)", PAGE} <= results.keys() | {"Kế hoạch"}
    assert {plan.layout.form.id for plan in kit.plans} == {"2018", "2026"}


@pytest.mark.slow
def test_ironcalc_computes_a_kit_as_python_does(kit: Kit, saved: bytes) -> None:
    returned = compare_returned(saved)
    assert returned.is_clean, returned.text()
    page = open_workbook(saved).sheet(PAGE)
    marks = [page.get(FIRST_PROBE + n, MARK) for n in range(len(kit.probes))]
    assert DIFFERENT not in marks
    assert page.get(SUM_ROW, 1) == f"0 / {len(kit.probes)}"


@pytest.mark.slow
@pytest.mark.libreoffice
def test_libreoffice_computes_a_kit_as_python_does(
    kit: Kit, office: Office, tmp_path: Path
) -> None:
    (tmp_path / "kit.xlsx").write_bytes(kit.stripped)
    office.recalculate(tmp_path / "kit.xlsx", tmp_path / "back.xlsx")
    returned = compare_returned((tmp_path / "back.xlsx").read_bytes())
    assert returned.is_clean, returned.text()
    page = open_workbook((tmp_path / "back.xlsx").read_bytes()).sheet(PAGE)
    assert page.get(SUM_ROW, 1) == f"0 / {len(kit.probes)}"


@pytest.mark.slow
def test_an_altered_result_is_named_with_its_row_and_cause(kit: Kit) -> None:
    probe = next(p for p in kit.probes if p.right and p.sheet == "Kế hoạch")
    ref = probe.ref.rpartition("!")[2]
    part = open_workbook(kit.workbook).sheets[probe.sheet]

    def alter(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        pattern = rb'(<c r="%s"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)<v>)[^<]*(</v>)' % ref.encode()
        changed, count = re.subn(pattern, rb"\1another text\2", content)
        assert count == 1
        return changed

    returned = compare_returned(of_sheets(kit.workbook, alter))
    (difference,) = returned.differences
    assert (difference.sheet, difference.ref) == (probe.sheet, ref)
    assert f"{probe.sheet}!{ref}" in returned.text()
    assert "another value (joined text of «Kiểm tra»)" in returned.text()
    assert not returned.altered


@pytest.mark.slow
def test_an_altered_input_is_named_and_judged_as_it_is_now(kit: Kit) -> None:
    layout = kit.plans[0].layout
    plan = layout.sheet("plan")
    ref = plan.ref("budget", plan.first_row)
    part = open_workbook(kit.workbook).sheets[plan.name]

    def alter(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        pattern = rb'(<c r="%s"[^>]*) t="s"><v>\d+' % ref.encode()
        changed, count = re.subn(pattern, rb"\g<1>><v>-7", content)
        assert count == 1
        return changed

    returned = compare_returned(of_sheets(kit.workbook, alter))
    (altered,) = returned.altered
    assert (altered.sheet, altered.ref, altered.was, altered.now) == (
        plan.name,
        ref,
        "5.000.000",
        -7.0,
    )
    # The results are those of before: Python says of -7 what the file does not.
    assert any(d.rule == "KD502" and d.cause.startswith("fault not") for d in returned.differences)
    assert "typed value altered" in returned.text()


@pytest.mark.slow
def test_other_files_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ForeignError, match="no kit"):
        compare_returned(fresh_workbook_bytes(good_plan()))
    with pytest.raises(UnreadableError):
        compare_returned(b"no workbook")
    path = tmp_path / "kit.xlsx"
    assert compare_kit(path) == 2
    assert write_kit(path) == 0
    assert compare_kit(path) == 1  # nobody has computed it
    assert "probes on the page" in capsys.readouterr().out


@pytest.mark.slow
def test_a_kit_of_another_version_is_named(kit: Kit) -> None:
    book = open_workbook(kit.workbook)
    strings = book.part(book.strings_part)
    assert kit.id.encode() in strings
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(kit.workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(kit.id.encode(), b"0123456789ab"))
    with pytest.raises(ForeignError, match="0123456789ab"):
        compare_returned(out.getvalue())


def test_names_change_in_formulas_and_not_in_texts() -> None:
    formula = 'IF(INDEX(tt_cover_c,13)="tt_cover_c",k_plan_x,"")&at_tt_x'
    new = 'IF(INDEX(b1_tt_cover_c,13)="tt_cover_c",b1_k_plan_x,"")&at_tt_x'
    assert renamed(formula, "b1_") == new
