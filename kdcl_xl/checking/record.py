"""Write a checked submission as a line of text, and read it back without its file.

Typed values are kept; computed cells are computed again. The text is JSON with a format number
and a checksum. It is never trusted: a value that does not fit the layout is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kdcl_xl.checking.check import Checked
from kdcl_xl.submission.identify import layout_of_stamp
from kdcl_xl.submission.model import Remark, Submission
from kdcl_xl.submission.places import NOTHING_MOVED, MovedSheet, Places
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.derive import FIGURES, complete_plan
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Finding, Severity
from macros_free_validation.rules import BY_ID
from macros_free_validation.rules.workbook import DISTRICT_WORKBOOK
from macros_free_validation.trace import Trace
from macros_free_validation.values import CellError, Raw
from workbook_templates.layout import Layout, Limits, PlacedSheet
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Text

FORMAT = 1
"""The format number; it changes with the meaning of a record."""
DAMAGES = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
"""Errors that a forged record can cause anywhere while it is read."""
# Half a surrogate pair as JSON spells it.
_HALF = b"\\ud"


class RecordError(ValueError):
    """A damaged or forged record."""


class NewerRecordError(RecordError):
    """A record of a later version of the tool."""


class NoLayoutError(RecordError):
    """A record whose layout this version, or this catalogue, does not have.

    ``unread`` is the submission that reading the file itself would give.
    """

    def __init__(self, unread: Submission) -> None:
        """Keep the submission, which has the finding."""
        super().__init__(unread.found[0].message.en)
        self.unread = unread


def to_line(checked: Checked) -> str:
    """Return a checked submission as one line of text, which :func:`from_line` reads.

    The plan is one of :func:`complete_plan`, or the cover alone.
    """
    return line_bytes(checked).decode()


def line_bytes(checked: Checked) -> bytes:
    """Return the line of :func:`to_line` as UTF-8."""
    body = _json(_checked(checked))
    return b"".join((_head(body), body, b"]"))


def _json(value: object) -> bytes:
    try:
        return _PLAIN.encode(value).encode()
    except UnicodeEncodeError:  # half a surrogate pair, as a file name may hold
        return _ESCAPED.encode(value).encode()


def _of_error(value: object) -> object:
    if isinstance(value, CellError):
        return [value.code]
    raise TypeError(type(value).__name__)


_PLAIN, _ESCAPED = (
    json.JSONEncoder(ensure_ascii=is_escaped, separators=(",", ":"), default=_of_error)
    for is_escaped in (False, True)
)


def from_line(text: str, catalogue: Catalogue, limits: Limits | None = None) -> Checked:
    """Read a line that :func:`to_line` made.

    ``limits`` replace those that the file was read with; the findings are not judged again.

    Raises:
        NewerRecordError: a later version made it.
        NoLayoutError: there is no such layout (any more).
        RecordError: it is damaged or changed.
    """
    try:
        return _decoded(text.encode(), catalogue, limits)
    except UnicodeEncodeError as error:
        raise RecordError(str(error)) from None


LARGEST_RECORD = 64 << 20
"""Bytes of an unpacked record; most have 30,000."""
MOST_VALUES = 500_000
"""Values in one JSON text of ours; a record of 2,000 rows has a tenth of that."""


def load_json(text: str, most: int = MOST_VALUES) -> Any:
    """Parse a JSON text of ours, whose values are counted before any of them is made.

    Raises:
        ValueError: the text is no JSON, has more than ``most`` values, or a number that no
            cell can hold.
    """
    if text.count(",") + text.count("[") + text.count("{") > most:
        raise ValueError("too many values")
    return json.loads(text, parse_constant=_no_number)


def _no_number(word: str) -> float:
    raise ValueError(word)


def _decoded(line: bytes, catalogue: Catalogue, limits: Limits | None = None) -> Checked:
    try:
        body = line[len(_head(b"")) : -1]
        if not (line.startswith(_head(body)) and line.endswith(b"]")):
            _refuse(line)
        parts = load_json(body.decode())
        if _HALF in body:  # half a surrogate pair: only the file name may hold one
            json.dumps(parts[1:], ensure_ascii=False).encode()
        return _restored(parts, catalogue, limits)
    except RecordError:
        raise
    except DAMAGES as error:
        raise RecordError(f"{type(error).__name__}: {error}") from None


def pack(checked: Checked) -> bytes:
    """Return the compressed line of a submission: a hundredth of the plan in memory."""
    return zlib.compress(line_bytes(checked), _LEVEL)


def unpack(record: bytes, catalogue: Catalogue) -> Checked:
    """Read a compressed line that :func:`pack` made.

    Raises:
        RecordError: it is damaged.
    """
    try:
        unpacker = zlib.decompressobj()
        line = unpacker.decompress(record, LARGEST_RECORD)
        if not unpacker.eof:
            raise RecordError("size")
        return _decoded(line, catalogue)
    except zlib.error as error:
        raise RecordError(str(error)) from None


_LEVEL = 1
"""Compression level: the fastest, as a record is packed for one run or the next."""


def _head(body: bytes) -> bytes:
    return f'[{FORMAT},"{hashlib.sha256(body).hexdigest()}",'.encode()


def _refuse(line: bytes) -> None:
    found = line[1:].partition(b",")[0]
    if found.isdigit() and len(found) < _FEW_DIGITS and int(found) > FORMAT:
        raise NewerRecordError(str(int(found)))
    raise RecordError("checksum")


_FEW_DIGITS = 6


def _checked(checked: Checked) -> list[object]:
    submission, plan = checked.submission, checked.submission.plan
    places = {id(found): place for place, found in enumerate(submission.found)}
    return [
        str(submission.path),
        submission.digest,
        _time(submission.modified),
        _time(submission.saved),
        _stamp(submission.stamp) if submission.stamp else None,
        [plan.layout.limits, *_plan(plan)] if plan else None,
        [_finding(found) for found in submission.found],
        [places.get(id(found)) if id(found) in places else _finding(found)
         for found in checked.findings],
        submission.under,
        # Only where they say something: all other records are as earlier versions wrote them.
        *_rest(submission),
    ]  # fmt: skip


def _rest(submission: Submission) -> Iterator[object]:
    """Yield the kind of the file, its remarks and its places, up to the last that says anything."""
    if submission.is_of_district or submission.remarks or submission.places:
        yield submission.is_of_district
    if submission.remarks or submission.places:
        yield list(map(astuple, submission.remarks))
    if submission.places:
        yield _places(submission.places)


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _stamp(stamp: Stamp) -> list[object]:
    return [
        stamp.form,
        stamp.regulation,
        stamp.kind,
        stamp.school_year,
        stamp.rows,
        stamp.school_code,
        stamp.structure,
        stamp.version,
        stamp.limits,
        stamp.tool,
        stamp.locked,
        stamp.inputs,
        stamp.is_whole,
    ]


def _plan(plan: Plan) -> Iterator[object]:
    """Yield the single cells by sheet, then the rows, each with its number and input cells.

    A cover alone is never completed, so its computed cells are kept too.
    """
    yield {
        key: {field: value for field, value in cells.items() if field not in computed}
        for key, cells in plan.cells.items()
        for computed in [_computed(plan.layout.sheet(key)) if plan.tables else ()]
    }
    yield {key: _rows(plan, key) for key in plan.tables} or None


def _computed(sheet: PlacedSheet) -> frozenset[str]:
    figures = [c.field for c in sheet.cells if c.cell.derived in FIGURES]
    return frozenset((*figures, *(placed.field for placed in sheet.hidden)))


def _inputs(sheet: PlacedSheet) -> list[int]:
    return [c.index for c in sheet.columns if not c.column.locked]


def _rows(plan: Plan, key: str) -> list[list[object]]:
    inputs = _inputs(plan.layout.sheet(key))
    rows = []
    for record in plan.rows(key):
        values = record.values
        row: list[object] = [record.row, *[values[index] for index in inputs]]
        while row[-1] is None:
            row.pop()
        rows.append(row)
    return rows


def _finding(found: Finding) -> list[object]:
    """Return a finding as a list; texts that equal the rule's own are left out."""
    rule = BY_ID[found.rule]
    return [
        found.rule,
        None if found.severity is rule.severity else str(found.severity),
        found.sheet,
        found.cell,
        found.row,
        found.field,
        found.value,
        None if found.message == rule.message else _words(found.message),
        None if found.remedy == rule.remedy else _words(found.remedy),
        _words(found.waived) if found.waived else None,
        found.trace.subject,
        found.trace.evidence,
    ]


def _places(places: Places) -> dict[str, object]:
    return {
        name: [moved.cells, [*moved.columns.items()], [*moved.rows.items()]]
        for name, moved in places.sheets.items()
    }


def _words(text: Text) -> list[str]:
    return [text.vi, text.en]


def _restored(parts: Any, catalogue: Catalogue, limits: Limits | None) -> Checked:
    path, digest, modified, saved, stamp_parts, plan_parts, found_parts, *others = parts
    all_parts, under, *more = others
    if plan_parts is not None and not digest:
        raise RecordError("digest")
    found = tuple(map(_restored_finding, found_parts))
    if plan_parts is None and not found:
        raise RecordError("neither read nor refused")
    # Records of earlier versions give the kind of the file by its finding alone.
    is_of_district = more[:1] == [True] or any(f.rule == DISTRICT_WORKBOOK.id for f in found)
    stamp = _restored_stamp(stamp_parts) if stamp_parts is not None else None
    plan = None
    file = (_restored_path(path), _text(digest), _restored_time(modified))
    times_and_levels = (_restored_time(saved), tuple(map(_text, under)))
    if plan_parts is not None:
        if stamp is None:
            raise RecordError("stamp")
        recorded, *typed = plan_parts
        chosen = tuple(_restored_limits(recorded)) if limits is None else limits
        try:
            layout = layout_of_stamp(stamp, catalogue, chosen)
        except UnreadableError as error:
            whole = stamp if stamp.is_whole else None
            unread = Submission(*file, whole, None, (error.finding,), *times_and_levels)
            raise NoLayoutError(unread) from None
        plan = _restored_plan(layout, *typed)
    findings = tuple(
        found[_place(part)] if isinstance(part, int) else _restored_finding(part)
        for part in all_parts
    )
    remarks = tuple(map(_restored_remark, more[1])) if more[1:] else ()
    places = _restored_places(more[2]) if more[2:] else NOTHING_MOVED
    submission = Submission(
        *file,
        stamp,
        plan,
        found,
        *times_and_levels,
        is_of_district,
        remarks=remarks,
        places=places,
    )
    return Checked(submission, findings)


def _restored_remark(parts: Any) -> Remark:
    sheet, row, cell, text = parts
    return Remark(_text(sheet), _place(row), _text(cell), _text(text))


def _restored_places(parts: Any) -> Places:
    return Places(
        {
            _text(name): MovedSheet(
                {_text(cell): _text(own) for cell, own in cells.items()},
                {_place(column): _place(own) for column, own in columns},
                {_place(row): _place(own) for row, own in rows},
            )
            for name, (cells, columns, rows) in parts.items()
        }
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise RecordError("text")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _place(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise RecordError("number")
    return value


def _restored_path(value: Any) -> Path:
    if b"\0" in os.fsencode(_text(value)):
        raise RecordError("path")
    return Path(value)


def _restored_time(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise RecordError("time")
    moment.astimezone(UTC)  # raises where the time is outside the calendar in UTC
    return moment


def _restored_stamp(parts: Any) -> Stamp:
    form, regulation, kind, year, rows, code, structure, version, limits, *seal = parts
    tool, locked, inputs, is_whole = seal or ("", "", "", True)  # older records have none
    return Stamp(
        _text(form),
        _text(regulation),
        _text(kind),
        _text(year),
        _place(rows),
        _text(code),
        _text(structure),
        _text(version),
        tuple(_restored_limits(limits)),
        _text(tool),
        _text(locked),
        _text(inputs),
        bool(is_whole),
    )


def _restored_limits(parts: Any) -> Iterator[tuple[str, int]]:
    for name, number in parts:
        if type(number) is not int:
            raise RecordError("limit")
        yield _text(name), number


class _Texts(dict[str, str]):
    """A cache of texts, so that equal texts of many plans are one object."""

    def __missing__(self, text: str) -> str:
        if len(self) >= _MOST_TEXTS:
            self.clear()
        self[text] = text
        return text


_MOST_TEXTS = 100_000
_TEXTS = _Texts()


def _restored_raw(value: Any) -> Raw:
    if type(value) is str:
        return _TEXTS[value]
    if value is None or type(value) is bool:
        return value
    if type(value) is float and math.isfinite(value):  # a cell holds no infinity and no NaN
        return value
    if isinstance(value, list):
        (code,) = value
        return CellError(_text(code))
    raise RecordError("value")


def _restored_plan(layout: Layout, cells: Any, tables: Any) -> Plan:
    typed: dict[str, dict[str, Raw]] = {}
    for key, values in cells.items():
        sheet = layout.sheet(key)
        typed[key] = {sheet.cell(f).field: _restored_raw(v) for f, v in values.items()}
    if tables is None:
        return Plan(layout, typed, {})
    rows = {key: list(_restored_rows(layout.sheet(key), part)) for key, part in tables.items()}
    return complete_plan(layout, typed, rows)


def _restored_rows(
    sheet: PlacedSheet, parts: Sequence[Sequence[Any]]
) -> Iterator[tuple[int, list[Raw]]]:
    inputs = _inputs(sheet)
    blank: list[Raw] = [None] * len(sheet.columns)
    last = sheet.first_row - 1
    for number, *given in parts:
        if not last < _place(number) <= sheet.last_row or len(given) > len(inputs):
            raise RecordError("row")
        last = number
        values = blank.copy()
        for index, value in zip(inputs, given, strict=False):
            if value is not None:
                values[index] = _TEXTS[value] if type(value) is str else _restored_raw(value)
        yield number, values


def _restored_finding(parts: Any) -> Finding:
    rule_id, severity, sheet, cell, row, field, value, message, remedy, waived, *trace = parts
    rule = BY_ID[rule_id]
    subject, evidence = trace
    return Finding(
        rule.id,
        rule.slug,
        rule.severity if severity is None else Severity(severity),
        _text_or_none(sheet),
        _text_or_none(cell),
        None if row is None else _place(row),
        _text_or_none(field),
        _restored_raw(value),
        rule.message if message is None else _restored_words(message),
        rule.remedy if remedy is None else _restored_words(remedy),
        None if waived is None else _restored_words(waived),
        Trace(
            tuple(map(_text, subject)),
            tuple((_text(name), _text(essence)) for name, essence in evidence),
        ),
    )


def _restored_words(parts: Any) -> Text:
    vi, en = parts
    return Text(_text(vi), _text(en))
