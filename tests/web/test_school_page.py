"""The door of the schools: findings, templates, and files that are no plan."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macros_free_validation.rule import Severity
from tests.conftest import ROOT, run_command
from tests.web.visitor import PATIENCE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAMPLES = sorted((ROOT / "samples" / "workbooks").glob("*.xlsx"))
Shown = dict[str, list[list[str | None]]]


def of_command_line(*paths: Path, folder: Path) -> Shown:
    """The findings of ``kdcl-xl check``, as the page would show them."""
    done = run_command("check", *paths, "--format", "json", "--no-cache")
    report = json.loads(done.stdout)
    return {
        Path(file["path"]).relative_to(folder).as_posix(): [_row(f) for f in file["findings"]]
        for file in report["files"]
    }


def _row(found: dict[str, Any]) -> list[str | None]:
    sheet = f"Trang «{found['sheet']}»" if found["sheet"] else "Cả tệp"
    level = Severity(found["severity"]).label.vi
    remedy = f"Cách xử lý: {found['remedy']}"
    return [sheet, level, found["cell"], found["message"], remedy, found["rule"]]


def parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    opened = visit("nha-truong")
    opened.wait_until("ready")
    return opened


def test_the_findings_of_all_samples_are_those_of_the_command_line(visitor: Visitor) -> None:
    visitor.choose("school-files", SAMPLES)
    visitor.page.locator("#school-findings details.file").nth(len(SAMPLES) - 1).wait_for()
    shown = visitor.findings()
    assert shown == of_command_line(*SAMPLES, folder=SAMPLES[0].parent)
    assert sum(map(len, shown.values())) > 100
    visitor.picture("school-all-samples", full=False)


def test_a_finding_says_the_name_and_the_content_of_its_cell_when_it_is_opened(
    visitor: Visitor,
) -> None:
    visitor.clear("school-files")
    visitor.choose("school-files", [path for path in SAMPLES if "2023-2026" in path.name])
    finding = visitor.page.locator(".finding", has_text="C13").first
    finding.wait_for()
    assert not finding.locator("dl").is_visible()
    finding.locator("summary").click()
    assert "Tên ô" in finding.locator("dl").inner_text()
    assert "Đang ghi" in finding.locator("dl").inner_text()
    visitor.picture("school-one-finding")


def test_a_template_is_that_of_the_command_line(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    page.select_option("#template-kind", "thcs")
    page.fill("#template-form [name=school_year]", "2026-2027")
    page.fill("#template-form [name=name]", "Trường THCS Đất Mũi")
    page.fill("#template-form [name=code]", "00790125")
    page.get_by_role("button", name="Tạo mẫu").click()
    page.locator("#template-result a").wait_for()
    saved = visitor.save("template-result", ".xlsx")
    target = tmp_path / "native.xlsx"
    done = run_command(
        *("template", "--kind", "thcs", "--school-year", "2026-2027", "--school-code", "00790125"),
        *("--school-name", "Trường THCS Đất Mũi", "-o", target),
    )
    assert done.exit_code == 0
    assert parts(saved) == parts(target.read_bytes())
    visitor.picture("school-template")


def test_a_year_that_is_none_is_refused_with_an_example(visitor: Visitor) -> None:
    visitor.page.select_option("#template-kind", "thcs")
    visitor.page.fill("#template-form [name=school_year]", "2026")
    visitor.page.get_by_role("button", name="Tạo mẫu").click()
    trouble = visitor.page.locator("#template-result [role=alert]")
    trouble.wait_for()
    assert "2026-2027" in trouble.inner_text()
    visitor.page.fill("#template-form [name=school_year]", "2026-2027")


def test_files_of_one_name_are_kept_apart_and_wrong_files_have_their_reason(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.clear("school-files")
    files = []
    for nth, sample in enumerate(SAMPLES[:2]):
        (tmp_path / str(nth)).mkdir()
        files.append(tmp_path / str(nth) / "kế hoạch.xlsx")
        files[-1].write_bytes(sample.read_bytes())
    wrong = tmp_path / "ảnh chụp.png"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    visitor.choose("school-files", [files[0], wrong])
    visitor.page.locator("#school-findings details.file").nth(1).wait_for()
    visitor.choose("school-files", [files[1]])
    visitor.page.locator("#school-findings details.file").nth(2).wait_for()
    shown = visitor.findings()
    expected = of_command_line(*files, wrong, folder=tmp_path)
    assert shown["kế hoạch.xlsx"] == expected["0/kế hoạch.xlsx"]
    assert shown["2/kế hoạch.xlsx"] == expected["1/kế hoạch.xlsx"]
    assert [row[5] for row in shown["ảnh chụp.png"]] == [r[5] for r in expected["ảnh chụp.png"]]


def test_word_out_and_word_in(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    sample = next(path for path in SAMPLES if path.stem == "thcs-2026-2027-tot")
    visitor.clear("school-files")
    visitor.choose("school-files", [sample])
    page.locator("#school-findings details.file").first.wait_for(timeout=PATIENCE)
    visitor.press("do-documents")
    document = visitor.save("do-documents-result", ".docx")
    run_command("document", sample, "-o", tmp_path / "native.docx")
    assert parts(document) == parts((tmp_path / "native.docx").read_bytes())
    plan = tmp_path / "kế hoạch.docx"
    plan.write_bytes(document)
    visitor.choose("draft-files", [plan])
    page.get_by_role("button", name="Tạo bản nháp").click()
    page.locator("#draft-result > *").first.wait_for(timeout=PATIENCE)
    assert "công việc" in page.locator("#draft-result").inner_text()
    draft = visitor.save("draft-result", ".xlsx")
    run_command("import", plan, "-o", tmp_path / "native.xlsx")
    assert parts(draft) == parts((tmp_path / "native.xlsx").read_bytes())
    visitor.picture("school-word")


def test_english_by_the_switch_and_back(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#language").click()
    page.get_by_role("heading", name="Check the plan").wait_for()
    page.locator("#school-findings", has_text="2 errors").or_(
        page.locator("#school-findings[lang=en]")
    ).first.wait_for(timeout=PATIENCE)
    assert page.locator("html").get_attribute("lang") == "en"
    visitor.picture("school-english")
    page.locator("#language").click()
    page.get_by_role("heading", name="Kiểm tra kế hoạch").wait_for()
    page.locator("#school-findings[lang=vi]").wait_for()


def test_nothing_left_the_machine(visitor: Visitor) -> None:
    assert visitor.outside == []
    assert visitor.errors == []
