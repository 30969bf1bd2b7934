"""The real LibreOffice opens and prints the official documents, and nothing is cut."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from pypdf import PdfReader

from kdcl_xl.document.official import official_document
from macros_free_validation.plan import Plan
from samples import describe
from samples.office import Office
from tests.build import good_task, layout_of, make_plan
from tests.document.reading import Read
from tests.document.test_official import sample

pytestmark = pytest.mark.libreoffice
A4 = (210, 297)


def printed(office: Office, plan: Plan, folder: Path) -> PdfReader:
    path = folder / "ke-hoach.docx"
    path.write_bytes(official_document(plan))
    return PdfReader(office.to_pdf(path, folder))


def sizes(pages: PdfReader) -> list[tuple[int, int]]:
    boxes = [page.mediabox for page in pages.pages]
    return [(round(float(b.width) * 25.4 / 72), round(float(b.height) * 25.4 / 72)) for b in boxes]


def letters(text: str) -> str:
    """The letters of a text alone: lines break anywhere, and a page adds its number."""
    return re.sub(r"[\W\d_]+", "", unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("name", ["thcs-2020-2021.xlsx", "thcs-2026-2027-tot.xlsx"])
def test_samples_print_whole(office: Office, tmp_path: Path, name: str) -> None:
    assert (describe.HERE / "workbooks" / name).exists()
    plan = sample(name)
    pages = printed(office, plan, tmp_path)
    found = sizes(pages)
    assert found[0] == found[-1] == A4
    assert set(found[1:-1]) == {A4[::-1]}
    texts = [page.extract_text() for page in pages.pages]
    numbers = [text.split()[0] for text in texts[1:]]
    assert numbers == [str(n) for n in range(2, len(texts) + 1)], "numbers from page 2 on"
    assert not texts[0].startswith("1")
    tables = Read(official_document(plan)).tables
    heading = tables[-1 if name.startswith("thcs-2020") else 1].rows[0].cells[1].text
    assert sum(letters(heading) in letters(text) for text in texts) > 1, "heading on each page"
    whole = letters("".join(texts))
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                assert all(word in whole for word in map(letters, cell.text.split()))


def test_texts_of_ten_thousand_characters_print_whole(office: Office, tmp_path: Path) -> None:
    layout = layout_of("2026")
    words = " ".join(
        f"từ{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}{'x' * (n // 676)}" for n in range(1_500)
    )
    rows = [
        {**good_task(layout), "task": words},
        {**good_task(layout, 1), "improvement_content": words},
        {**good_task(layout, 1), "improvement_content": words, "task": "x" * 10_000},
    ]
    cover = {"purpose": words, "recipients": words[:3000], "school_name": words[:500]}
    pages = printed(office, make_plan(layout, cover=cover, tables={"plan": rows}), tmp_path)
    whole = letters("".join(page.extract_text() for page in pages.pages))
    assert whole.count(letters(words.split()[-1])) >= 3
    assert len(re.findall("x", whole)) > 10_000
    for word in words.split()[::50]:
        assert whole.count(word) >= 3, word
