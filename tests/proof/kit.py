"""The kit for a person with Excel: two forms in one workbook without results, and a page on top.

On the page each probe compares a cell of the forms with the result that Python computes; its
last column shows «khác» where they differ. The page also asks what only a person can see.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.template.issue import stamp_for
from kdcl_xl.template.parts import Parts, protect
from kdcl_xl.template.sheets.dropdowns import define_lists
from kdcl_xl.template.writer import write_sheet
from kdcl_xl.xlsx.shared_formulas import zipped
from kdcl_xl.xlsx.workbook import Workbook, open_workbook
from kdcl_xl.xlsx.writer import Book, fit_row, paper, write_formula
from macros_free_validation.live import key_names, place_names
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, is_number, to_serial
from tests.build import SCHOOL, THCS, YEARS, make_plan
from tests.proof.expected import Kind, cell_at, declared
from tests.proof.generate import whole_tables
from tests.proof.judges.base import Place, Values, results_in
from tests.proof.judges.rewriting import of_sheets
from tests.proof.nasty import nasty_rows
from tests.proof.questions import ASKED, COMPUTED
from workbook_templates.layout import Layout, build_layout, letter_of
from workbook_templates.regulation import builtin_catalogue

PAGE = "Kiểm chứng"
FORMS = ("tt57-2026-pho-thong", "tt18-2018")
ROWS = 40
"""Rows of the plan of each form: the nasty ones, then random ones."""
DIFFERENT = "khác"
ANSWER, PROBE, MARK = 3, 4, 5
"""Columns of the page, from 0: answers of the person or Python, the program's result, the mark."""
_WIDTHS = (6, 22, 60, 46, 46, 10)
_HEADERS = ("Số", "Ô", "Câu hỏi", "Kết quả đúng", "Kết quả ở đây", "So sánh")
_TITLE = "Bộ kiểm chứng kdcl-xl: mười phút trong Excel"
_STEPS = (
    (
        "1. Mở tệp bằng Excel, WPS hoặc Google Sheets, cho phép chỉnh sửa, chờ tính xong.",
        "Open the file, enable editing, wait until it has calculated.",
    ),
    (
        "2. Trả lời các câu hỏi ở ô vàng nhạt; việc gõ thử, dán thử thì làm ở một bản sao.",
        "Answer the questions in the pale cells; try typing and pasting in a copy.",
    ),
    ("3. Lưu tệp (giữ dạng .xlsx) rồi gửi lại.", "Save the file as .xlsx and send it back."),
)
_ABOUT = {
    Kind.JOINED: "ô «Kiểm tra» của dòng",
    Kind.CHECKS: "số lượng, kết luận ở trang «Kiểm tra»",
    Kind.PRINTED: "ô của bản in",
}
ID_ROW, SUM_ROW = 6, 7
FIRST_ASKED = 10
"""First row of the questions to the person, from 1."""
FIRST_COMPUTED = FIRST_ASKED + len(ASKED) + 2
FIRST_PROBE = FIRST_COMPUTED + len(COMPUTED) + 2
_NAME = re.compile(r"(?<![\w.])(?=(?:dm|ds|sa|tt|k|cot|tu)_)")
_LITERAL = re.compile(r"""("(?:[^"]|"")*"|&quot;.*?&quot;)""")
_FORMULA = re.compile(r"(<(f|formula|formula1|formula2)(?: [^>]*[^/])?>)([^<]*)(</\2>)")
_RESULT = re.compile(rb"(<f(?: [^>]*)?(?:/>|>[^<]*</f>))<v>[^<]*</v>")


class Probe(NamedTuple):
    """A formula cell that the page shows beside Python's result."""

    sheet: str
    place: Place
    about: str
    right: Raw
    kind: Kind

    @property
    def ref(self) -> str:
        """The address of the cell, with its sheet."""
        return f"'{self.sheet}'!{letter_of(self.place[1])}{self.place[0]}"


class KitBook(Book):
    """A book in which the names of the second form differ from those of the first."""

    prefix = ""

    def define(self, name: str, formula: str) -> None:
        super().define(renamed(name, self.prefix), renamed(formula, self.prefix))

    def shared(self, formula: str) -> str:
        return super().shared(renamed(formula, self.prefix))


def renamed(formula: str, prefix: str) -> str:
    """Return a formula with another beginning of our defined names."""
    parts = _LITERAL.split(formula)
    parts[::2] = [_NAME.sub(prefix, part) for part in parts[::2]]
    return "".join(parts)


@dataclass(frozen=True)
class Kit:
    """A kit: its plans, the workbook with Python's results, and its probes."""

    plans: tuple[Plan, ...]
    workbook: bytes
    """With the results of Python, which the person's copy lacks."""
    probes: tuple[Probe, ...]
    id: str

    @property
    def stripped(self) -> bytes:
        """The workbook without any result, for the person."""
        return without_results(self.workbook)

    def results(self, plan: Plan) -> Values:
        """Return Python's results of the formula cells of one form."""
        others = {s.name for other in self.plans for s in other.layout.sheets}
        return declared(self._results, plan.layout, beside=others | {PAGE})

    @cached_property
    def made(self) -> Workbook:
        """The workbook with Python's results, opened."""
        return open_workbook(self.workbook)

    @cached_property
    def _results(self) -> Values:
        return results_in(self.workbook)


def layouts() -> tuple[Layout, ...]:
    """Return the layouts of both forms; the sheets of the second one have names of their own."""
    found = []
    for nth, regulation_id in enumerate(FORMS):
        regulation = builtin_catalogue().get(regulation_id)
        assert regulation is not None
        layout = build_layout(regulation, ROWS)
        end = f" ({layout.form.id})" if nth else ""
        sheets = tuple(
            replace(s, sheet=replace(s.sheet, name=s.name + end))
            for s in layout.sheets
            if s.key != "stamp"
        )
        found.append(replace(layout, sheets=sheets))
    return tuple(found)


def plan_of(layout: Layout) -> Plan:
    """Return the plan of a form: nasty rows first, then anything at all."""
    rng = random.Random(f"kit {layout.regulation.id}")
    cells, tables = whole_tables(layout, rng)
    nasty = [row for _, row in nasty_rows(layout)]
    tables["plan"] = [*nasty, *tables["plan"][len(nasty) :]]
    tables = {key: [_typeable(row) for row in rows] for key, rows in tables.items()}
    cells = {key: _typeable(values) for key, values in cells.items()}
    cover = {"issue_date": to_serial(YEARS[layout.form.id].start)}
    del cells["cover"]
    return make_plan(layout, cover=cover, cells=cells, tables=tables, school=SCHOOL)


@lru_cache(maxsize=1)
def usual_kit() -> Kit:
    """Return the kit that is given away."""
    return make_kit(tuple(map(plan_of, layouts())))


def _typeable(values: dict[str, Raw]) -> dict[str, Raw]:
    """Return values without numbers nearer to 0 than any amount, on which IronCalc errs."""
    return {
        field: 0.0 if isinstance(value, float) and abs(value) < 1e-15 else value
        for field, value in values.items()
    }


def make_kit(chosen: tuple[Plan, ...]) -> Kit:
    """Make a kit of plans, such as those that a person's copy holds."""
    kit = Kit(chosen, _written(chosen, (), ""), (), "")
    probes = tuple(probe for plan in chosen for probe in _probes(plan, kit.results(plan)))
    digest = blake2b(_written(chosen, probes, ""), digest_size=6).hexdigest()
    return Kit(chosen, _written(chosen, probes, digest), probes, digest)


def _written(plans: Sequence[Plan], probes: Sequence[Probe], kit_id: str) -> bytes:
    book = KitBook({"title": _TITLE})
    page = book.sheet(PAGE)
    second: list[str] = []
    for nth, plan in enumerate(plans):
        book.prefix = f"b{nth}_" if nth else ""
        layout, parts = plan.layout, Parts.of(plan)
        stamp = stamp_for(layout, THCS, YEARS[layout.form.id], SCHOOL)
        sheets = {placed.name: book.sheet(placed.name) for placed in layout.sheets}
        for placed in layout.sheets:
            ws = sheets[placed.name]
            write_sheet(book, ws, parts, placed, stamp)
            protect(ws, "", placed)
            if nth:
                second.append(book.part_of(ws))
        define_lists(book, layout)
        for name, formula in (*place_names(layout), *key_names(layout)):
            book.define(name, formula)
    _write_page(book, page, probes, kit_id)
    made = book.finished_parts()
    for part in second:
        made[part] = _with_names(made[part], "b1_")
    return zipped(made)


def _with_names(sheet: bytes, prefix: str) -> bytes:
    def rename(found: re.Match[str]) -> str:
        # A formula that rows share was renamed when it was written.
        text = found[3] if f"{prefix}" in found[3] else renamed(found[3], prefix)
        return f"{found[1]}{text}{found[4]}"

    return _FORMULA.sub(rename, sheet.decode()).encode()


def without_results(workbook: bytes) -> bytes:
    """Return a workbook in which no formula has a result."""
    return of_sheets(workbook, lambda _, content: _RESULT.sub(rb"\1", content))


def _probes(plan: Plan, results: Values) -> Iterator[Probe]:
    layout = plan.layout
    tasks = layout.sheet("plan")
    about = {
        tasks.first_row + nth: f"{text.vi} / {text.en}"
        for nth, (text, _) in enumerate(nasty_rows(layout))
    }
    for sheet in layout.sheets:
        for place, right in sorted(results[sheet.name].items()):
            kind = cell_at(layout, sheet.name, place).kind
            if kind is Kind.PRINTED and (is_number(right) or right == "" or "\t" in str(right)):
                continue  # LibreOffice alters a tab in a typed text of several lines
            if kind in (Kind.JOINED, Kind.CHECKS, Kind.PRINTED):
                own = about.get(place[0], "") if sheet.key == "plan" else ""
                text = f"{_ABOUT[kind]}{': ' if own else ''}{own}"
                yield Probe(sheet.name, place, text, right, kind)


def _write_page(book: Book, ws: Worksheet, probes: Sequence[Probe], kit_id: str) -> None:
    for index, width in enumerate(_WIDTHS):
        ws.set_column(index, index, width)
    text, header = book.style("text"), book.style("header")
    ws.write_string(0, 0, _TITLE, book.style("heading"))
    for row, lines in enumerate(_STEPS, start=1):
        ws.merge_range(row, 0, row, MARK, "\n".join(lines), text)
        ws.set_row(row, 30)
    ws.write_string(ID_ROW - 1, 0, "Mã", book.style("label"))
    ws.write_string(ID_ROW - 1, 1, kit_id, text)
    ws.write_string(SUM_ROW - 1, 0, "Khác", book.style("label"))
    last = FIRST_PROBE + len(probes) - 1
    marks = f"{letter_of(MARK)}{FIRST_PROBE}:{letter_of(MARK)}{max(last, FIRST_PROBE)}"
    count = f'COUNTIF({marks},"{DIFFERENT}")&" / {len(probes)}"'
    write_formula(ws, SUM_ROW - 1, 1, count, book.style("strong"), f"0 / {len(probes)}")
    _write_asked(book, ws)
    _write_computed(book, ws)
    for index, name in enumerate(_HEADERS):
        ws.write_string(FIRST_PROBE - 2, index, name, header)
    for row, probe in enumerate(probes, start=FIRST_PROBE):
        _write_probe(book, ws, row, probe)
    fault = book.highlight("different", {"bg_color": "#FFC7CE", "bold": True})
    options = {"type": "cell", "criteria": "==", "value": f'"{DIFFERENT}"', "format": fault}
    ws.conditional_format(FIRST_PROBE - 1, MARK, max(last, FIRST_PROBE) - 1, MARK, options)
    ws.autofilter(FIRST_PROBE - 2, 0, max(last, FIRST_PROBE) - 1, MARK)
    ws.set_selection(FIRST_ASKED - 1, ANSWER, FIRST_ASKED - 1, ANSWER)
    paper(ws, landscape=True)
    protect(ws, "")
    ws.activate()


def _write_asked(book: Book, ws: Worksheet) -> None:
    title = "Câu hỏi cho người mở tệp / Questions to the person"
    ws.merge_range(FIRST_ASKED - 2, 0, FIRST_ASKED - 2, MARK, title, book.style("strong"))
    for row, question in enumerate(ASKED, start=FIRST_ASKED - 1):
        ws.write_number(row, 0, row - FIRST_ASKED + 2, book.style("cell"))
        words = f"{question.vi}\n{question.en}"
        ws.merge_range(row, 1, row, ANSWER - 1, words, book.style("cell"))
        ws.merge_range(row, ANSWER, row, MARK, "", book.style("input"))
        ws.set_row(row, 46)


def _write_computed(book: Book, ws: Worksheet) -> None:
    title = "Chương trình tự trả lời / Answered by the program"
    ws.merge_range(FIRST_COMPUTED - 2, 0, FIRST_COMPUTED - 2, MARK, title, book.style("strong"))
    for row, question in enumerate(COMPUTED, start=FIRST_COMPUTED - 1):
        ws.write_number(row, 0, row - FIRST_COMPUTED + 2, book.style("cell"))
        cells = []
        for index, words in enumerate(question.texts):
            place = (1, ANSWER)[index]
            ws.write_string(row, place, words, book.style("cell"))
            cells.append(f"{letter_of(place)}{row + 1}")
        about = f"{question.about.vi}\n{question.about.en}"
        ws.set_row(row, 32)
        ws.write_string(row, 2, about, book.style("cell"))
        formula = question.formula.format(*cells)
        write_formula(ws, row, PROBE, formula, book.style("cell"), "")


def _write_probe(book: Book, ws: Worksheet, row: int, probe: Probe) -> None:
    style = book.style("cell")
    ws.write_number(row - 1, 0, row - FIRST_PROBE + 1, style)
    link = f"internal:{probe.ref}"
    ws.write_url(row - 1, 1, link, book.style("link"), probe.ref.replace("'", ""))
    ws.write_string(row - 1, 2, probe.about, style)
    right = probe.right
    if is_number(right):
        ws.write_number(row - 1, ANSWER, right, style)
    else:
        ws.write_string(row - 1, ANSWER, str(right), style)
        fit_row(ws, row - 1, [(str(right), _WIDTHS[ANSWER])])
    write_formula(ws, row - 1, PROBE, probe.ref, style, right)
    here, there = (f"{letter_of(index)}{row}" for index in (PROBE, ANSWER))
    same = f"{here}={there}" if is_number(right) else f"EXACT({here},{there})"
    if probe.kind is Kind.PRINTED:
        # Without the decimal sign, and without line ends: a typed text lacks carriage returns.
        plain = [
            f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({c},".",","),CHAR(13),""),CHAR(10),"")'
            for c in (here, there)
        ]
        same = f"EXACT({plain[0]},{plain[1]})"
    formula = f'IF(IFERROR({same},FALSE),"","{DIFFERENT}")'
    write_formula(ws, row - 1, MARK, formula, style, "")
