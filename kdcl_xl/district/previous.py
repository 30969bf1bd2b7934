"""The district workbook of last time: what was decided in it, and all else that was typed.

Rows are known by their keys and columns by their headings, wherever they stand now.
A cell that is neither the tool's own nor tied to a finding becomes a note.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from kdcl_xl.cells import WholeSheet, read_whole, strings_of
from kdcl_xl.comments import comments
from kdcl_xl.district.archive import (
    Archive,
    ArchiveError,
    NewerFormatError,
    first_text,
    formula_mark,
    free_context,
    hidden_among,
    restore,
    total_of,
)
from kdcl_xl.district.carry import with_notes
from kdcl_xl.district.decision import Line, Memory, Note, Typed
from kdcl_xl.district.flags import DAY, KEY, LISTS_SHEET, PROGRESS, TYPED_HEADERS
from kdcl_xl.errors import UserError
from kdcl_xl.guard import Package, UnreadableError
from kdcl_xl.marks import mark_of
from kdcl_xl.rows import LONGEST_TEXT
from kdcl_xl.stamp import ARCHIVE_SHEET, SOURCES_SHEET
from kdcl_xl.strings import Strings
from kdcl_xl.submission import AS_ISSUED, Reading, is_of_district, open_workbook
from macros_free_validation.values import CellError, Raw, filled, is_date, show
from workbook_templates.layout import letter_of
from workbook_templates.text import Text, fold


def read_previous(path: Path, today: date, reading: Reading = AS_ISSUED) -> Memory:
    """What a district workbook remembers, with everything typed in it since.

    Raises:
        PreviousError: it is damaged, not ours, or of a later version.
    """
    try:
        package = open_workbook(path, reading)
        if not is_of_district(package):
            raise not_ours(path)
        return memory_in(package, today)
    except UnreadableError as error:
        raise _refused(path, error.finding.message) from None
    except NewerFormatError:
        raise _refused(path, _NEWER) from None
    except ArchiveError:
        raise _refused(path, _DAMAGED) from None


def memory_in(package: Package, today: date) -> Memory:
    """What an opened district workbook remembers, with everything typed in it since.

    Raises:
        UnreadableError: a part is damaged.
        ArchiveError: what it remembers cannot be relied on.
    """
    strings = strings_of(package)
    archive = restore(hidden_texts(package, ARCHIVE_SHEET, strings))
    hidden = {
        name
        for first in (ARCHIVE_SHEET, SOURCES_SHEET)
        for name in hidden_among(package.sheets, first)
    }
    shown = {
        name: read_whole(package, name, strings)
        for name, part in package.sheets.items()
        if part in package.parts and name not in {LISTS_SHEET, *hidden}
    }
    return _Reader(archive, today).memory(shown, list(_comments(package)))


_NOT_OURS = Text(
    "Tệp không phải sổ tổng hợp của công cụ này.", "It is no district workbook of this tool."
)
_NEWER = Text(
    "Sổ do phiên bản mới hơn của công cụ tạo ra; đề nghị cập nhật công cụ.",
    "A later version of the tool made it; please update the tool.",
)
_DAMAGED = Text(
    "Phần dữ liệu ẩn của sổ đã bị xóa hoặc bị sửa, nên không nối lại được các kết luận.",
    "Its hidden data is missing or was changed, so that decisions cannot be tied again.",
)


class PreviousError(UserError):
    """An earlier district workbook that cannot be relied on, and why."""

    def __init__(self, text: Text, reason: Text) -> None:
        """Keep the reason, for those who do not merge."""
        super().__init__(text)
        self.reason = reason


def not_ours(path: Path) -> PreviousError:
    """The error for a file that is no district workbook."""
    return _refused(path, _NOT_OURS)


def _refused(path: Path, reason: Text) -> PreviousError:
    return PreviousError(
        Text(
            f"Không đọc được sổ tổng hợp trước «{path}»: {reason.vi} Chưa ghi gì. Đề nghị dùng "
            "bản còn nguyên vẹn với --previous, hoặc thêm --no-previous nếu chấp nhận không "
            "chuyển kết luận cũ sang.",
            f"Cannot read the earlier district workbook '{path}': {reason.en} Nothing was "
            "written. Give a sound copy with --previous, or add --no-previous to go on without "
            "its decisions.",
        ),
        reason,
    )


def hidden_texts(package: Package, name: str, strings: Strings) -> list[list[str]]:
    """The texts of a hidden sheet and of those that continue it, row by row."""
    return [
        [value if isinstance(value, str) else "" for _, value in sorted(cells.items())]
        for sheet in hidden_among(package.sheets, name)
        for _, cells in sorted(read_whole(package, sheet, strings).rows.items())
    ]


def _comments(package: Package) -> Iterator[tuple[str, str]]:
    for name, part in package.sheets.items():
        if part in package.parts:
            for ref, text in comments(package, name):
                yield f"{name}!{ref}", text


@dataclass(frozen=True)
class _Table:
    """Where a sheet has its headings: the row, and each known heading's column.

    A sheet without headings has row 0 and no columns; one that is none of ours has
    no title either.
    """

    row: int = 0
    headings: Mapping[int, str] = field(default_factory=dict)
    title: str = ""

    def contexts(self, row: int, column: int) -> tuple[str, ...]:
        """Under what a value of ours in that cell is marked; nothing beside a list."""
        heading = self.headings.get(column)
        if not self.row:
            return (self.title,)
        if row > self.row:
            return () if heading is None else (heading,)
        return ("",) if heading is None else ("", total_of(heading))

    def context_of_formula(self, row: int, column: int, label: str) -> str:
        """Under what a formula of ours in that cell is marked."""
        if not self.row:
            return free_context(self.title, label, column)
        heading = self.headings.get(column, "")
        return heading if row > self.row else total_of(heading)

    @property
    def inputs(self) -> Mapping[int, int]:
        """Which of the auditor's four cells a column holds; of equal headings the first."""
        found: dict[int, int] = {}
        for column, heading in sorted(self.headings.items()):
            nth = _INPUTS.get(fold(heading))
            if nth is not None and nth not in found.values():
                found[column] = nth
        return found


_INPUTS = {fold(h): nth for nth, header in enumerate(TYPED_HEADERS) for h in (header.vi, header.en)}
_FLAG_HEADINGS = frozenset(fold(h) for header in (KEY, PROGRESS) for h in (header.vi, header.en))
_DAYS = frozenset((DAY.vi, DAY.en))
_FEWEST_HEADINGS = 3


class _Reader:
    """Sorts what stands in the sheets into decisions, notes, and the tool's own."""

    def __init__(self, archive: Archive, today: date) -> None:
        self.archive, self.today = archive, today
        self.headings = {fold(heading): heading for heading in archive.headings}
        self.lines = {line.key: line for line in archive.memory.lines}
        self.typed: dict[str, Typed] = {}
        self.notes: list[Note] = []
        self._is_written = lru_cache(_MANY)(self._has_mark)  # most values stand in many rows

    def memory(
        self, sheets: Mapping[str, WholeSheet], remarks: Sequence[tuple[str, str]]
    ) -> Memory:
        """Everything typed in the sheets, and the comments, put into the memory."""
        keys = {name: self._keys_in(sheet) for name, sheet in sheets.items()}
        for name in sorted(sheets, key=lambda name: -keys[name]):
            self._read(name, sheets[name], has_keys=keys[name] > 0)
        for place, text in remarks:
            self._note(place, text)
        before = self.archive.memory
        lines = tuple(self._line(line) for line in before.lines)
        return with_notes(replace(before, lines=lines), self.notes)

    def _line(self, line: Line) -> Line:
        """The line with what is typed now; one whose row was deleted keeps what it had."""
        typed = self.typed.get(line.key)
        return line if typed in (None, line.typed) else line.with_typed(typed)

    def _keys_in(self, sheet: WholeSheet) -> int:
        return sum(1 for v in sheet.values if isinstance(v, str) and v in self.lines)

    def _read(self, name: str, sheet: WholeSheet, *, has_keys: bool) -> None:
        table = self._table(sheet, has_keys=has_keys)
        is_flags = has_keys or any(fold(h) in _FLAG_HEADINGS for h in table.headings.values())
        inputs = table.inputs if is_flags else {}
        is_own = bool(table.row or table.title) or self._is_mostly_written(sheet, "")
        for row, cells in sheet.rows.items():
            values = {column: value for column, value in cells.items() if filled(value)}
            key = self._key_in(values)
            label = first_text(values)
            odd = {
                column
                for column, value in values.items()
                if not (is_own and self._is_written(value, table.contexts(row, column)))
                and not self._is_computed(
                    sheet.formulas.get((row, column)),
                    table.context_of_formula(row, column, label),
                )
            }
            if row > table.row and inputs:
                odd |= {c for c in values if fold(table.headings.get(c, "")) in _INPUTS}
                if key and self._take(key, {i: values.get(c) for c, i in inputs.items()}):
                    odd -= set(inputs)
            if odd:
                self._note_row(name, row, values, odd, table)

    def _table(self, sheet: WholeSheet, *, has_keys: bool) -> _Table:
        """Where the headings are; a sheet under the title of one without a list has none."""
        titles = self.archive.titles
        texts = {value for value in sheet.values if isinstance(value, str)}
        if not has_keys and titles & texts:
            return _Table(title=min(titles & texts))
        best = self._headings(sheet.rows)
        if best.row or has_keys:
            return best
        likely = (title for title in sorted(titles) if self._is_mostly_written(sheet, title))
        return _Table(title=next(likely, ""))

    def _headings(self, rows: Mapping[int, Mapping[int, Raw]]) -> _Table:
        best = _Table()
        for row, values in rows.items():
            texts = {c: _folded(v) for c, v in values.items() if isinstance(v, str)}
            found = {c: self.headings[t] for c, t in texts.items() if t in self.headings}
            if len(found) > max(len(best.headings), _FEWEST_HEADINGS - 1):
                best = _Table(row, found)
        return best

    def _key_in(self, values: Mapping[int, Raw]) -> str | None:
        return next((v for v in values.values() if isinstance(v, str) and v in self.lines), None)

    def _has_mark(self, value: Raw, contexts: tuple[str, ...]) -> bool:
        return any(mark_of(value, context) in self.archive.written for context in contexts)

    def _is_computed(self, formula: str | None, context: str) -> bool:
        """Whether a cell has a formula of ours, whatever it comes to by now."""
        return formula is not None and formula_mark(formula, context) in self.archive.written

    def _is_mostly_written(self, sheet: WholeSheet, context: str) -> bool:
        known = [self._is_written(value, (context,)) for value in sheet.values]
        return sum(known) * 2 >= len(known)

    def _take(self, key: str, given: Mapping[int, Raw]) -> bool:
        """Take what is typed in a flag's row; False where another row of it says otherwise.

        A column that is not there any more leaves what it held last time.
        """
        had = self.lines[key].typed.cells
        decision, note, role, day = (
            _plain(given[i]) if i in given else had[i] for i in range(len(had))
        )
        typed = Typed(decision, note, role, day)
        known = self.typed.get(key)
        if not known:
            self.typed[key] = typed
        return not known or not typed or typed == known

    def _note_row(
        self, name: str, row: int, values: Mapping[int, Raw], odd: Collection[int], table: _Table
    ) -> None:
        """Note the odd cells of a row, with the rest of the row to tell what it was."""
        said = []
        for column in sorted(odd):
            heading = table.headings.get(column, "") if row > table.row else ""
            shown = _shown(values[column], as_date=heading in _DAYS)
            said.append(f"{heading}: {shown}" if heading else shown)
        rest = [show(values[c], as_date=False) for c in sorted(values) if c not in odd]
        first, last = (f"{letter_of(c)}{row}" for c in (min(odd), max(odd)))
        place = f"{name}!{first}" + ("" if first == last else f":{last}")
        self._note(place, " | ".join(said) + (f" [{' | '.join(rest[:_CONTEXT])}]" if rest else ""))

    def _note(self, place: str, text: str) -> None:
        pieces = [text[i : i + _PIECE] for i in range(0, len(text), _PIECE)]
        for nth, piece in enumerate(pieces, start=1):
            part = f" ({nth}/{len(pieces)})" if len(pieces) > 1 else ""
            self.notes.append(Note(place + part, piece, self.today))


_MANY = 1 << 14
_folded = lru_cache(_MANY)(fold)
_CONTEXT = 8
"""Other cells of a row that a note repeats."""
_PIECE = LONGEST_TEXT // 2
"""Characters of a note that a cell takes in any case (two units each at most)."""


def _plain(value: Raw) -> Raw:
    """What is typed; blanks are nothing, and an error value is its own name."""
    if not filled(value):
        return None
    return value.code if isinstance(value, CellError) else value


def _shown(value: Raw, *, as_date: bool) -> str:
    """A value in full."""
    if isinstance(value, float):
        return show(value, as_date=True) if as_date and is_date(value) else f"{value:.15g}"
    return value.code if isinstance(value, CellError) else str(value)
