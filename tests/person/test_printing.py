"""A person prints a plan into a PDF, by menu and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.build import good_plan
from tests.person.conftest import Open
from workbook_templates.layout import place_print

pytestmark = [pytest.mark.libreoffice, pytest.mark.person]


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_the_tasks_are_printed(open_plan: Open, form: str, tmp_path: Path) -> None:
    plan = good_plan(form)
    person = open_plan(plan)
    texts = ""
    for sheet in (s for s in plan.layout.sheets if s.sheet.printed is not None):
        printed = place_print(plan.layout, sheet)
        path = tmp_path / f"{sheet.key}.pdf"
        person.calc.export_pdf(sheet.name, f"{printed.letter(printed.last_index)}1", path)
        texts += " ".join(page.extract_text() for page in PdfReader(path).pages)
    words = " ".join(texts.split())
    for task in plan.column("plan", "task"):
        assert str(task) in words
