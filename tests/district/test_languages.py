"""The workbook, the report and the pages in two languages: every text has its English.

The schools of these tests write without diacritics. A Vietnamese letter in an English document
can therefore come only from a label, from the word of a list, or from a regulation.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from kdcl_xl.district.hidden.read_previous import read_previous
from kdcl_xl.district.sheets.overview import SHEETS as OVERVIEW
from kdcl_xl.schools import School
from macros_free_validation.rules import ALL_RULES
from tests.build import (
    KINDS,
    THCS,
    TODAY,
    Value,
    good_task,
    layout_of,
    make_plan,
    write_workbook,
)
from tests.conftest import run_command
from tests.district.test_loop import HEADER_ROW
from workbook_templates.declare import FIXED_LISTS
from workbook_templates.forms import FORMS
from workbook_templates.layout import Layout
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.text import Language

pytestmark = pytest.mark.slow

VIETNAMESE = re.compile(r"[à-ỹ]")
OWN = re.compile(r"\bTruong\b|\bViec\b|\bXa\b|\bTinh\b")
"""Words of which each text of a school or an authority of these tests has one."""
CODE = re.compile(r"[\W\dA-Z]*$|T-\w+$|KD\d+\+?-\w+$|[0-9a-f]{64}$|\d+\.xlsx$|20\d\d; tt|kdcl-xl ")
"""Numbers, dates and addresses; keys of rows and of files; files; a template; the program."""


def labels() -> Iterator[str]:
    """Yield the texts of regulations, and the addresses in the schools' workbooks."""
    for regulation in builtin_catalogue().regulations:
        yield from (regulation.title, regulation.number)
        yield from (s.title for s in regulation.standards)
        yield from (c.label for c in regulation.criteria)
        yield from (c.title for c in regulation.criteria)
    for form in FORMS.values():
        yield from (sheet.name for sheet in form.sheets)


LABELS = sorted(set(labels()), key=len, reverse=True)
QUOTED = [
    f"'{word.label.vi}' ({word.label.en.lower()})"
    for words, _ in FIXED_LISTS.values()
    for word in words
]
"""The words of lists as English texts quote them for a reader who has to find them."""
SHORTEST = 8
"""Characters of a title that was cut short, at least."""


def without_labels(text: str) -> str:
    """Return a text without the titles of regulations, also those that were cut short."""
    for label in (*QUOTED, *LABELS):
        text = text.replace(label, "")
        if "…" in text:
            text = re.sub(_BEGINNING_OF[label], "…", text)
    return text


_BEGINNING_OF = {label: re.escape(label[:SHORTEST]) + "[^…]*…" for label in LABELS + QUOTED}


def texts_in(path: Path) -> Iterator[tuple[str, str]]:
    """Yield every text and attribute of every part of a file, with the part's name."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                for element in ElementTree.fromstring(archive.read(name)).iter():
                    if element.tag.rpartition("}")[2] == "f":
                        continue  # a formula knows the words of both languages
                    yield from ((name, t) for t in (element.text or "", *element.attrib.values()))


def vietnamese_in(path: Path) -> set[tuple[str, str]]:
    """Return the texts of a file that have Vietnamese letters without being a regulation's."""
    return {(n, t) for n, t in texts_in(path) if VIETNAMESE.search(without_labels(t).lower())}


def rows(layout: Layout, *changes: Mapping[str, Value]) -> list[dict[str, Value]]:
    """Return good rows of a plan in the words of these tests, with changes."""
    own: dict[str, Value] = {"expected_result": "Viec co ket qua", "lead": "Truong ban"}
    if layout.form.id == "2026":
        own["improvement_content"] = "Viec can lam"
    return [
        {**good_task(layout, n), "task": f"Viec thu {n} cua nha truong", **own, **change}
        for n, change in enumerate(changes)
    ]


LATE: Mapping[str, Value] = {"lead": "UBND Xa", "deadline": date(2026, 9, 30)}
FAULTS: Sequence[Mapping[str, Value]] = (
    {"recurrence": "Hằng quý", "funding_source": "Không cần kinh phí", "target_level": "Mức 3"},
    {"recurrence": "Mỗi học kỳ", "funding_source": "Nguồn khác", "budget": "Viec chua ro"},
    {"target_level": 2, "funding_source": "Viec khac", "lead": "UBND Xa"},
    {"deadline": date(2026, 10, 1), "budget": 12, "criterion": "Viec khac", "recurrence": None},
    {"start": date(2027, 6, 1), "budget": None, "lead": None, "target_level": "Mức 1 (một)"},
    {"deadline": "Viec cuoi nam", "funding_source": None, "expected_result": None},
    *[LATE] * 4,
)
PROGRESS: Sequence[Mapping[str, Value]] = (
    {"progress_state": "Đang thực hiện", "percent": 800, "report_period": "Cuối học kỳ I"},
    {"progress_state": "Hoàn thành", "percent": 50, "evidence": "Viec da xong"},
    {"progress_state": "Quá hạn, không hoàn thành", "report_period": "Đột xuất"},
    {"progress_state": "Chưa bắt đầu"},
)


def returns(
    folder: Path, code: str, form: str, kind: SchoolKind, changes: Sequence[Mapping[str, Value]]
) -> None:
    """Write the plan of a school, with every word of the lists in it."""
    folder.mkdir(exist_ok=True)
    layout = layout_of(form, kind)
    name, body = f"Truong {code}", "Xa chung"
    school = School(code, name, kind, body, "Xa nha")
    cover: dict[str, Value] = {
        "signer": "Truong phong",
        "claimed_level": "Mức 2",
        "accreditation": "Cấp độ 2",
        "national_standard": "Mức độ 1",
        "recognised_on": date(2022, 3, 1),
        "recognised_until": date(2027, 3, 1),
    }
    verdicts = [
        {f"result_{n}": "Đạt" if n < 2 else "Không đạt" for n in criterion.levels}
        for criterion in layout.regulation.criteria
    ]
    tables = {"plan": rows(layout, *changes), "progress": PROGRESS, "self_assessment": verdicts}
    plan = make_plan(layout, kind=kind, school=school, cover=cover, tables=tables)
    write_workbook(folder / f"{code}.xlsx", plan, school)


def run(*arguments: object) -> None:
    result = run_command(*arguments, "--today", TODAY)
    assert result.exit_code == 0, result.output


def fill(path: Path, sheet: str, given: Mapping[int, Sequence[object]]) -> None:
    """Type decision, note and role into flags, and a note beside them."""
    book = openpyxl.load_workbook(path)
    ws = book[sheet]
    heads = [str(cell.value) for cell in ws[HEADER_ROW]]
    first = next(n for n, head in enumerate(heads, 1) if head in ("Kết luận", "Decision"))
    for nth, values in given.items():
        for column, value in enumerate(values, start=first):
            ws.cell(HEADER_ROW + nth, column).value = value  # type: ignore[assignment]
    if sheet == "Flags":
        ws.cell(ws.max_row + 2, 1).value = "Viec rieng cua Tinh"
    book.save(path)


@pytest.fixture(scope="module")
def communes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workbooks of two communes, both Vietnamese, with decisions in Vietnamese."""
    folder = tmp_path_factory.mktemp("xa")
    made = folder / "so"
    made.mkdir()
    returns(folder / "A", "001", "2026", THCS, FAULTS)
    returns(folder / "A", "002", "2018", THCS, FAULTS[:6])
    returns(folder / "B", "003", "2026", KINDS["mam_non"], FAULTS[:4])
    returns(folder / "B", "004", "2026", THCS, [{}])
    (folder / "B" / "005.xlsx").write_bytes(b"PK\x03\x04")
    for name in ("A", "B"):
        given = ("merge", folder / name, "-o", made / f"{name}.xlsx", "--authority", f"Xa {name}")
        run(*given)
        fill(made / f"{name}.xlsx", "Cờ", dict.fromkeys(range(2, 9), ("Chấp nhận", "Viec da ro")))
    return made


@pytest.fixture(scope="module")
def merged(
    communes: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[Language, Sequence[Path]]:
    """Return the workbook of a province, its report and its pages, in both languages."""
    found: dict[Language, Sequence[Path]] = {}
    for language in Language:
        folder = tmp_path_factory.mktemp(language)
        plans = folder / "nop"
        shutil.copytree(communes, plans)
        returns(plans, "006", "2026", THCS, FAULTS[:3])
        listing = folder / "truong.csv"
        listing.write_text("code,name,kind\n006,Truong 006,thcs\n009,Truong 009,thpt\n", "utf-8")
        target, earlier = folder / "tinh.xlsx", folder / "truoc.xlsx"
        given = ("merge", plans, "-o", target, "--authority", "Tinh", "--schools", listing)
        run(*given, "--lang", language)
        shutil.copy(target, earlier)
        words = ("Miễn", "Yêu cầu sửa") if language is Language.VI else ("Waive", "Send back")
        sheet = "Cờ" if language is Language.VI else "Flags"
        fill(target, sheet, {n: (words[n % 2], "Viec khac", "Truong phong") for n in range(2, 30)})
        returns(plans, "006", "2026", THCS, FAULTS[1:2])
        run(*given, "--lang", language, "--compare", earlier)
        result = run_command("report", target, "-o", folder / "bc", "--lang", language)
        assert result.exit_code == 0, result.output
        found[language] = (target, *sorted((folder / "bc").rglob("*.docx")))
    return found


def test_no_text_is_without_its_english(merged: Mapping[Language, Sequence[Path]]) -> None:
    workbook, *documents = merged[Language.EN]
    assert len(documents) == 8
    left = {text for path in (workbook, *documents) for text in vietnamese_in(path)}
    assert not left, sorted(left)


def test_no_rule_is_without_its_english() -> None:
    """Look at every rule, also those that the plans above do not break."""
    texts = [text.en for rule in ALL_RULES for text in (rule.title, rule.message, rule.remedy)]
    left = [text for text in texts if VIETNAMESE.search(without_labels(text).lower())]
    assert not left


@pytest.mark.parametrize("language", list(Language))
def test_no_two_lines_of_an_overview_table_have_one_label(
    merged: Mapping[Language, Sequence[Path]], language: Language
) -> None:
    book = openpyxl.load_workbook(merged[language][0], read_only=True)
    for sheet in OVERVIEW:
        labels: list[object] = []
        for (label,) in book[sheet.name.in_(language)].iter_rows(max_col=1, values_only=True):
            labels = [*labels, label] if label else []
            assert len(set(labels)) == len(labels), (sheet.name, label)


def test_no_label_is_the_same_in_both_languages(
    merged: Mapping[Language, Sequence[Path]],
) -> None:
    """Compare cells of the same place: equal are only own texts, titles, addresses and codes."""
    books = [openpyxl.load_workbook(merged[language][0], data_only=True) for language in Language]
    same = set()
    for vi, en in zip(*(book.worksheets for book in books), strict=True):
        for row in vi.iter_rows() if vi.sheet_state == "visible" else ():
            for cell in row:
                other = en.cell(cell.row or 1, cell.column or 1).value
                if isinstance(other, str) and cell.value == other:
                    same.add(other)
    left = {text for text in same if not OWN.search(text) and not CODE.match(without_labels(text))}
    assert not left, sorted(left)


def test_a_decision_of_the_other_language_stays_what_it_is(
    merged: Mapping[Language, Sequence[Path]],
) -> None:
    """Look at decisions that communes typed in Vietnamese: shown in English, kept as typed."""
    book = openpyxl.load_workbook(merged[Language.EN][0], data_only=True)
    shown = [[cell.value for cell in row] for row in book["Flags"].iter_rows(HEADER_ROW)]
    at, here = shown[0].index("Decision"), shown[0].index("Decided at")
    below = {row[at] for row in shown if row[here] in ("Xa A", "Xa B")}
    assert "Accept" in below
    kept = read_previous(merged[Language.EN][0], TODAY).lines
    found = [line.typed.decision for line in kept if line.decision.authority]
    assert found
    assert set(found) == {"Chấp nhận"}
