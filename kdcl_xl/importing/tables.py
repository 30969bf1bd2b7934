"""The tables of a document: which of them is the plan, and what its rows say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kdcl_xl.docx.document import Cell, Document, Paragraph, Row, Table, paragraphs_of
from kdcl_xl.importing.criteria import is_band, levels_in, standard_in
from kdcl_xl.importing.headings import WEAK, is_name, named
from kdcl_xl.importing.ledger import NO_HEADING, Ledger, Source, source_of
from kdcl_xl.importing.money import looks_like_amount, unit_of
from kdcl_xl.importing.plain import aligned, plain
from kdcl_xl.importing.raw_rows import (
    ACROSS,
    JOINED,
    SHARED,
    SHIFTED,
    TWO_COLUMNS,
    WEAK_HEADING,
    RawRow,
)
from kdcl_xl.importing.when import looks_like_time
from workbook_templates.text import Text, normalise

GROUP = Text("Dòng tiêu đề nhóm", "Heading of a group")
HEADING = Text("Tiêu đề cột", "Heading of a column")
TOTAL = Text("Dòng cộng", "Total")
NO_COLUMN = Text("Cột không có trong mẫu", "A column that the template lacks")
NOT_NUMBERED = Text("Cột số thứ tự", "Column of numbers")
GROUP_LEFT = Text(
    "Tiêu đề nhóm trong bảng; mẫu tự tính nhóm theo tiêu chí.",
    "A heading within the table; the template computes groups from the criterion.",
)

_DEEPEST_HEADING = 6
_HEADING_ROWS = 3
_OF_PROBLEMS = {"current_state", "weakness", "cause"}
_OF_PLANS = {
    "criterion", "expected_result", "task", "who", "lead", "when", "deadline", "money", "budget",
    "support_conditions", "resources", "indicator", "improvement_content",
}  # fmt: skip
_OF_REVIEWS = {"review_content", "review_result", "review_change", "reviewer"}
_FEWEST = 3
_TOTAL = re.compile(r"^\W*(?:tong cong|tong kinh phi|tong so|cong)\b")
_NUMBER = re.compile(r"^[\divxIVX]{1,4}[.)]?$")
_CODE = re.compile(r"^\d\s*\.\s*\d{1,2}\.?$")
_BARE_COUNT = re.compile(r"^\(?\d{1,2}\)?$")


@dataclass
class Columns:
    """The headings of a table: the field of each column of its grid, and the rows they take up."""

    fields: dict[int, str]
    texts: dict[int, str]
    depth: int
    first: int = 0
    weak: set[str] = field(default_factory=set)
    """The fields whose heading was only guessed."""
    above: Source | None = None
    """The criterion that a line above the table names, if the table has no column for it."""

    @property
    def names(self) -> set[str]:
        """The fields that the table has."""
        return set(self.fields.values()) - {""}

    @property
    def is_plan(self) -> bool:
        """True if the table is a plan."""
        names = self.names & _OF_PLANS
        has_task = bool(names & {"task", "improvement_content"})
        known = self.names - self.weak - {"no"}
        return len(known) >= _FEWEST and (has_task or len(names) > _FEWEST)

    @property
    def is_problems(self) -> bool:
        """True if the table lists problems, without tasks."""
        names = self.names
        return len(names & _OF_PROBLEMS) > 1 and not names & {"task", "who", "when", "lead"}

    @property
    def is_reviews(self) -> bool:
        """True if the table is the one of the two reviews in a year."""
        return len(self.names & _OF_REVIEWS) >= _FEWEST

    @property
    def unit(self) -> str:
        """The unit of bare numbers in the column of money."""
        texts = [self.texts[c] for c, f in self.fields.items() if f in ("money", "budget")]
        return next(filter(None, map(unit_of, texts)), "")


@dataclass
class Found:
    """The contents of the tables of a document."""

    plan: list[RawRow] = field(default_factory=list)
    problems: list[RawRow] = field(default_factory=list)
    reviews: list[RawRow] = field(default_factory=list)
    unit: str = ""
    used: set[int] = field(default_factory=set)
    """Numbers of the tables that were read."""
    others: list[tuple[RawRow, str, Source]] = field(default_factory=list)
    """Cells under headings that the template lacks: the row, the heading, the cell."""


def columns_of(table: Table) -> Columns | None:
    """Return the headings of a table; None for a table without any that is known."""
    best: Columns | None = None
    for first in range(min(len(table.rows), _DEEPEST_HEADING)):
        for depth in range(1, _HEADING_ROWS):
            found = _columns(table, first, depth)
            if found and (best is None or len(found.names) > len(best.names)):
                best = found
    return best if best and len(best.names) >= _FEWEST else None


def _columns(table: Table, first: int, depth: int) -> Columns | None:
    rows = table.rows[first : first + depth]
    if len(rows) < depth:
        return None
    stacks: dict[int, list[str]] = defaultdict(list)
    starts: dict[int, int] = {}
    for nth, row in enumerate(rows):
        for cell in row:
            text = normalise(cell.text)
            for column in range(cell.column, cell.column + cell.span):
                if text and not cell.is_continued:
                    stacks[column].append(text)
                starts[column] = cell.column if nth == depth - 1 else starts.get(column, column)
    fields: dict[int, str] = {}
    texts: dict[int, str] = {}
    sure: dict[str, tuple[float, int]] = {}
    for column, stack in sorted(stacks.items()):
        texts[column] = " ".join(stack)
        name, share = _name(stack)
        begin = starts.get(column, column)
        if name in sure and sure[name][1] != begin:
            if share == 1.0 and sure[name][0] == 1.0 and name in _JOINED_FIELDS:
                pass  # both hold it
            elif sure[name][0] >= share:
                name = ""
            else:
                fields = {c: ("" if f == name else f) for c, f in fields.items()}
        fields[column] = name
        if name:
            sure[name] = (share, begin)
    weak = {name for name, (share, _) in sure.items() if share <= WEAK}
    found = Columns(fields, texts, first + depth, first, weak)
    return _resolved(found)


_JOINED_FIELDS = (
    "criterion", "task", "who", "expected_result", "support_conditions", "planned_evidence",
)  # fmt: skip


def _name(stack: Sequence[str]) -> tuple[str, float]:
    whole, last = named(" ".join(stack)), named(stack[-1])
    if len(stack) > 1 and last[0] and last[1] >= whole[1]:
        above = named(stack[0])[0]
        # «Kinh phí» above «Dự kiến»: the lower heading alone would be read wrongly.
        if last[0] in ("when", "start", "deadline") and above not in ("when", "", last[0]):
            return above, last[1]
        return last
    return whole


_ALONE = {"deadline": ("start", "when"), "lead": ("coordination", "who"),
          "funding_source": ("budget", "money"), "budget": ("funding_source", "money")}  # fmt: skip
_WHOLE = {"deadline": "when", "lead": "who", "funding_source": "money", "budget": "money"}
"""Columns that hold a whole time, who, or money if no column beside them has the rest."""


def _resolved(found: Columns) -> Columns:
    names = found.names
    meant = {name: _WHOLE[name] for name, others in _ALONE.items() if not names & set(others)}
    if "task" not in names and "improvement_content" in names and "indicator" not in names:
        meant["improvement_content"] = "task"
    found.fields = {column: meant.get(name, name) for column, name in found.fields.items()}
    found.weak = {meant.get(name, name) for name in found.weak}
    return found


def read_tables(document: Document, ledger: Ledger) -> Found:
    """Read every table that is a part of the plan; record the headings of their columns."""
    found = Found()
    last: tuple[Columns, int, str] | None = None
    for table, above in _every_table(document):
        columns = columns_of(table)
        kind = _kind(columns)
        if columns is None or not kind:
            if last and _goes_on(table, last[1]):
                _read(table, last[0], 0, last[2], found, ledger)
            continue
        if kind == "plan" and columns.unit:
            found.unit = columns.unit
        for row in table.rows[columns.first : columns.depth]:
            ledger.named(_paragraphs(row), HEADING)
        if "criterion" not in columns.names:
            columns.above = above
        _read(table, columns, columns.depth, kind, found, ledger)
        _leave_above(table, columns, ledger)
        last = (columns, table.width, kind)
    return found


def _kind(columns: Columns | None) -> str:
    if columns is None:
        return ""
    if columns.is_reviews:
        return "reviews"
    if columns.is_problems:
        return "problems"
    return "plan" if columns.is_plan else ""


def _leave_above(table: Table, columns: Columns, ledger: Ledger) -> None:
    """Leave rows above the headings for a person: titles, units."""
    for row in table.rows[: columns.first]:
        ledger.leave(_paragraphs(row), GROUP_LEFT, GROUP)


def _every_table(document: Document) -> Iterator[tuple[Table, Source | None]]:
    """Yield every table, and the line above it that names a criterion."""
    above: Source | None = None
    for block in document.body:
        if isinstance(block, Table):
            for table in _with_inner(block):
                yield table, above
            above = None
        elif _OF_CRITERION.match(aligned(normalise(block.text))):
            above = source_of((block,))


_OF_CRITERION = re.compile(r"^\W*(?:\d{1,2}(?:\.\d{1,2})*\s*[.)]\s*)?tieu\s*chi\W*\d\s*[.,]\s*\d")


def _with_inner(table: Table) -> Iterator[Table]:
    yield table
    for row in table.rows:
        for cell in row:
            for inner in cell.tables:
                yield from _with_inner(inner)


def _goes_on(table: Table, width: int) -> bool:
    return table.width == width and len(table.rows) > 0


def _paragraphs(row: Row) -> list[Paragraph]:
    return [p for cell in row for block in cell.blocks for p in paragraphs_of(block)]


@dataclass
class _Walk:
    """The rows of one table, read from top to bottom."""

    columns: Columns
    kind: str
    found: Found
    ledger: Ledger
    number: int
    standard: int | None = None
    is_level_4: bool = False
    criterion: Source | None = None
    last: RawRow | None = None
    has_group: bool = False
    is_first: bool = False
    """True in the first row of a table that goes on after the end of a page."""

    @property
    def rows(self) -> list[RawRow]:
        if self.kind == "plan":
            return self.found.plan
        return self.found.problems if self.kind == "problems" else self.found.reviews


def _read(
    table: Table, columns: Columns, first: int, kind: str, found: Found, ledger: Ledger
) -> None:
    found.used.add(table.number)
    walk = _Walk(columns, kind, found, ledger, table.number)
    walk.criterion = columns.above
    if first == 0 and walk.rows:  # the table goes on after the end of a page
        walk.last = walk.rows[-1]
        walk.standard, walk.is_level_4 = walk.last.standard, walk.last.is_level_4
        walk.is_first = True
    for nth, row in enumerate(table.rows[first:], start=first + 1):
        filled = [cell for cell in row if cell.text.strip()]
        if not filled:
            continue
        if _is_count(filled):
            ledger.heading(*_paragraphs(row))
        elif _is_heading(filled):
            ledger.named(_paragraphs(row), HEADING)
        elif _is_total(filled):
            ledger.leave(_paragraphs(row), GROUP_LEFT, TOTAL)
        elif not _is_group(row, filled, walk, table.width):
            _add(row, walk, f"Bảng {table.number}, hàng {nth}")


def _is_count(filled: Sequence[Cell]) -> bool:
    """Return whether a row numbers the columns: (1), (2), (3)."""
    texts = [normalise(cell.text) for cell in filled]
    if len(texts) < _FEWEST or not all(map(_BARE_COUNT.match, texts)):
        return False
    numbers = [int(text.strip("()")) for text in texts]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_heading(filled: Sequence[Cell]) -> bool:
    texts = [normalise(cell.text) for cell in filled]
    same = sum(map(is_name, texts))
    return len(texts) >= _FEWEST and same >= _FEWEST and same * 2 > len(texts)


def _is_total(filled: Sequence[Cell]) -> bool:
    """Return whether a row is the sum of the rows above."""
    return len(filled) <= _FEWEST and _TOTAL.match(aligned(filled[0].text)) is not None


def _is_group(row: Row, filled: Sequence[Cell], walk: _Walk, width: int) -> bool:
    """Return whether a row is a heading of the rows below it, and take it as that."""
    numbers = [cell for cell in filled if _NUMBER.match(normalise(cell.text))]
    others = [cell for cell in filled if cell not in numbers]
    if len(others) != 1:
        return False
    cell = others[0]
    text, paragraphs = normalise(cell.text), _paragraphs(row)
    is_wide = cell.span * 2 > width or (len(row) <= 2 and width > 2)
    standard = standard_in(text)
    is_first = walk.columns.fields.get(cell.column, "") in ("no", "criterion", "standard", "")
    if is_band(text) and (is_wide or is_first):
        levels = levels_in(text)
        walk.is_level_4 = levels == [4]
        walk.has_group = True
        if levels in ([4], [1, 2, 3]):
            walk.ledger.heading(*paragraphs)
        else:
            _leave_group(walk, paragraphs)
        return True
    if standard and (is_wide or is_first):
        walk.standard = standard.no
        walk.criterion = None
        walk.has_group = True
        walk.found.others.append(
            (RawRow("", standard=standard.no), _STANDARD, source_of(paragraphs))
        )
        return True
    if not is_wide:
        return False
    if _TOTAL.match(aligned(text)):
        walk.ledger.leave(paragraphs, GROUP_LEFT, TOTAL)
        return True
    if re.match(r"^\W*(?:tieu\s*chi|tc)\W*\d", aligned(text)):
        walk.criterion = source_of(cell.paragraphs)
        walk.has_group = True
        return True
    walk.has_group = True
    _leave_group(walk, paragraphs)
    return True


def _leave_group(walk: _Walk, paragraphs: Sequence[Paragraph]) -> None:
    numbers = [p for p in paragraphs if _NUMBER.match(normalise(p.text))]
    walk.ledger.heading(*numbers)
    walk.ledger.leave([p for p in paragraphs if p not in numbers], GROUP_LEFT, GROUP)


_STANDARD = "standard"


def _add(row: Row, walk: _Walk, place: str) -> None:
    """Add a row of the table to the rows read so far."""
    new = RawRow(place, standard=walk.standard, is_level_4=walk.is_level_4)
    continued: set[str] = set()
    for cell in row:
        names = [
            walk.columns.fields.get(c, "") for c in range(cell.column, cell.column + cell.span)
        ]
        name = next(filter(None, names), "")
        source = source_of(cell.paragraphs)
        if cell.is_continued:
            continued.add(name)
            if not source.text:
                continue
        if not source.text:
            continue
        if not name:
            heading = walk.columns.texts.get(cell.column, "")
            walk.found.others.append((new, heading, source))
            continue
        if name in new.texts and name != "criterion":
            new.doubts[name] = TWO_COLUMNS
        new.add(name, source)
        if name in walk.columns.weak:
            new.doubts.setdefault(name, WEAK_HEADING)
        if len({n for n in names if n}) > 1:
            new.doubts[name] = ACROSS
    if not new.texts and not continued:
        return
    is_rest, walk.is_first = _is_rest(new, walk, continued), False
    if is_rest:
        _join(new, walk)
        return
    number = new.text("no")
    has_code = re.search(r"\d\s*[.,]\s*\d", new.text("criterion").text) is not None
    if _CODE.match(normalise(number.text)) and not has_code:
        # The code of the criterion is in the column of numbers.
        title = new.texts.get("criterion")
        new.texts["criterion"] = number.joined(title, " ") if title else number
        del new.texts["no"]
    if _NUMBER.match(normalise(new.text("no").text)) or _CODE.match(normalise(number.text)):
        walk.ledger.heading(*new.text("no").paragraphs)
    else:
        walk.ledger.leave(new.text("no").paragraphs, GROUP_LEFT, NOT_NUMBERED)
    _share(new, walk, continued)
    _mark_shifted(new)
    walk.rows.append(new)
    walk.last, walk.has_group = new, False


def _is_rest(new: RawRow, walk: _Walk, continued: set[str]) -> bool:
    """Return whether a row is the rest of the row before, which the end of a page had cut."""
    last, names = walk.last, new.texts.keys()
    if last is None or continued or walk.has_group or "no" in names:
        return False
    texts = {name: source.text.lstrip(" -•+") for name, source in new.texts.items()}
    begins = [text[:1] for text in texts.values()]
    if walk.is_first and last.texts:  # of a table that goes on after the end of a page
        criterion = texts.get("criterion", "")
        if criterion:
            return criterion[:1].islower()
    elif "criterion" in names or names & {"when", "who", "lead", "deadline"}:
        return False
    if any(name not in last.texts for name in names):
        return False
    starts_small = bool(begins) and (begins[0].islower() or not begins[0].isalpha())
    return starts_small and any(begin.islower() for begin in begins)


def _join(new: RawRow, walk: _Walk) -> None:
    assert walk.last is not None
    for name, source in new.texts.items():
        walk.last.add(name, source, " ")
        walk.last.doubts[name] = JOINED


def _share(new: RawRow, walk: _Walk, continued: set[str]) -> None:
    """Fill cells that are merged with those above, and a criterion that is named once."""
    last = walk.last
    if last is not None:
        for name in continued - new.texts.keys() - {"no", ""}:
            if name in last.texts:
                new.texts[name] = last.texts[name]
                if name in last.doubts:
                    new.doubts[name] = last.doubts[name]
    if walk.criterion is not None and "criterion" not in new.texts:
        new.texts["criterion"] = walk.criterion
    for name in ("criterion", "improvement_content", "standard"):
        has_column = name in walk.columns.names
        if not has_column or name in new.texts or last is None or walk.has_group:
            continue
        if name in last.texts and name not in continued:
            new.texts[name] = last.texts[name]
            if "no" in new.texts and name != "standard":
                new.doubts[name] = SHARED


def _mark_shifted(new: RawRow) -> None:
    who, when = new.text("who").text, new.text("when").text
    if looks_like_time(who) or (when and looks_like_amount(when)):
        for name in ("who", "when", "money"):
            if name in new.texts:
                new.doubts[name] = SHIFTED


def leave_other_cells(found: Found, ledger: Ledger) -> None:
    """Leave the cells under headings that the template lacks for a person."""
    for row, heading, source in found.others:
        if heading != _STANDARD:
            field_name = Text(heading, heading) if heading else NO_COLUMN
            ledger.leave(source.paragraphs, NO_COLUMN, field_name, row.place)


def standards_of(found: Found) -> Iterable[tuple[int, Source]]:
    """Yield the rows across the tables that name a standard: its number and the row's text."""
    for row, heading, source in found.others:
        if heading == _STANDARD and row.standard is not None:
            yield row.standard, source


__all__ = [
    "NO_HEADING",
    "Columns",
    "Found",
    "columns_of",
    "leave_other_cells",
    "plain",
    "read_tables",
]
