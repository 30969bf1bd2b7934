"""A person makes the print-out ready by mouse, and prints it into a PDF by menu and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.build import Value, good_task, layout_of, make_plan
from tests.person.conftest import Open

pytestmark = [pytest.mark.libreoffice, pytest.mark.person]

MOST_CLICKS = 6
"""Clicks that make a document ready to print."""
LONG = "Tổ chức chuyên đề đổi mới phương pháp dạy học, dự giờ, rút kinh nghiệm ở từng tổ. " * 4


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_six_clicks_make_the_document_ready(open_plan: Open, form: str, tmp_path: Path) -> None:
    layout = layout_of(form, rows=30)
    rows = [{**good_task(layout, n), "task": f"{LONG}Việc cuối {n}."} for n in range(12)]
    tables: dict[str, list[dict[str, Value]]] = {"plan": [dict(row) for row in rows]}
    if form == "2026":
        label = layout.regulation.standards[0].label
        problem = {"standard": label, "current_state": "Hiện trạng", "weakness": "Hạn chế"}
        tables["problems"] = [{**problem, "cause": f"{LONG}Nguyên nhân cuối."}]
    person = open_plan(make_plan(layout, cover={"signer_name": "Họ Tên"}, tables=tables))
    calc, path = person.calc, tmp_path / "in.pdf"
    calc.go_to("Bản in", "A1")
    before = calc.screen.effort
    calc.fit_rows()
    with calc.screen.uncounted():
        calc.go_to("Bản in", "A1")
    calc.filter_out_blanks()
    effort = calc.screen.effort - before
    assert effort.clicks <= MOST_CLICKS
    assert not effort.keystrokes
    assert not calc.shown("Bản in", "B1"), "no row in use is hidden"
    calc.export_pdf("Bản in", "A1", path)
    pages = [page.extract_text() for page in PdfReader(path).pages]
    words = " ".join(" ".join(pages).split())
    for n in range(12):
        assert f"Việc cuối {n}." in words, "the last words of a task are cut off"
    assert form == "2018" or "Nguyên nhân cuối." in words, "merged cells are cut off"
    assert "HIỆU TRƯỞNG" in pages[-1]
    assert "Họ Tên" in pages[-1]
    assert min(len("".join(page.split())) for page in pages) > 60, "a page is empty"
    assert len(pages) <= 9, "rows that are not in use are printed"
