"""The hidden sheet of decisions: encoded when written, verified when read.

Each record is a line of ASCII JSON; the first one holds format, number of records and
checksum. Values are stored in full, not as digests, so that another version of the tool can
compare the values that both know. :data:`FORMAT` changes whenever the meaning of a record
does; :func:`decode_archive` then has to convert the older format, and an older version of the
tool rejects the newer one.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import count, takewhile
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from kdcl_xl.checking.record import DAMAGES, load_json
from kdcl_xl.district.decisions.decision import (
    About,
    Assignment,
    Closed,
    Decision,
    DecisionMemory,
    Ending,
    Group,
    Kept,
    Line,
    Note,
    Reported,
    Round,
    Typed,
)
from kdcl_xl.template.own_text import marks_in
from macros_free_validation.values import CellError, Raw

FORMAT = 4
"""Format of the records, the keys and the evidence.

Format 1 had no authorities below, format 2 no tasks with reports, no owners of files and no
names of workbooks, format 3 no groups of flags and no cells that people added.
"""


LONGEST_CELL = 32_000
"""Characters in a cell (Excel allows 32,767); a longer record continues in the next column."""


def hidden_names(name: str) -> Iterator[str]:
    """Yield the names of a hidden sheet and of those that continue it.

    Excel names a copy of a sheet "name (2)", so that no copy is taken for a continuation.
    """
    return (name if nth == 1 else f"{name}_{nth}" for nth in count(1))


def hidden_among(sheets: Collection[str], name: str) -> list[str]:
    """Return the sheets of a workbook that are a hidden sheet or continue it, in order."""
    return list(takewhile(lambda known: known in sheets, hidden_names(name)))


class ArchiveError(ValueError):
    """Hidden data that is missing, damaged or changed."""


class NewerFormatError(ArchiveError):
    """Hidden data written by a later version of the tool."""


@dataclass(frozen=True)
class Archive:
    """The decisions of a workbook, and marks that distinguish the tool's own texts from typed ones.

    ``headings`` are the headings of the lists, ``titles`` the titles of the sheets without a
    list. ``written`` holds :func:`mark_of` every value outside the auditor's cells, and
    :func:`formula_mark` every formula, because the value of a formula may change.
    """

    memory: DecisionMemory
    headings: Set[str] = frozenset()
    written: Set[str] = frozenset()
    titles: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ArchiveRows(Iterable[Sequence[str]]):
    """The rows of the hidden sheet: the head, and the records on disk, a line each.

    A row is cut into as many cells as it needs when it is asked for.
    """

    head: str
    lines: IO[bytes]
    count: int
    """Rows, the head included."""
    width: int
    """Cells of the longest row."""

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the rows; each time from the beginning."""
        self.lines.seek(0)
        yield _cells(self.head)
        for line in self.lines:
            yield _cells(line.decode("ascii").removesuffix("\n"))


def encode_archive(archive: Archive) -> ArchiveRows:
    """Return the rows of the hidden sheet."""
    # Those of thousands of plans would not fit in memory together.
    lines = SpooledTemporaryFile(_SMALL)  # noqa: SIM115 - it ends with the rows
    checksum, count, longest = hashlib.sha256(), 0, 0
    for record in _records(archive):
        text = _json(record).encode("ascii")
        checksum.update(b"\n" + text if count else text)
        lines.write(text + b"\n")
        count, longest = count + 1, max(longest, len(text))
    head = _json({"format": FORMAT, "records": count, "sha256": checksum.hexdigest()})
    return ArchiveRows(head, lines, 1 + count, -(-longest // LONGEST_CELL))


_SMALL = 4 << 20
"""Bytes of records that are kept in memory."""


def _records(archive: Archive) -> Iterator[object]:
    memory = archive.memory
    for line in memory.lines:
        yield ["L", *_line(line)]
    for c in memory.closed:
        yield [
            *("C", _decision(c.decision), str(c.ending), c.closed_on.isoformat()),
            *([_kept(c.kept), c.is_disputed] if c.kept or c.is_disputed else ()),
        ]
    for n in memory.notes:
        yield ["N", n.place, n.text, n.found_on.isoformat()]
    for r in memory.reported:
        yield ["R", r.school, r.row, r.task, r.report]
    for a in memory.assigned:
        yield ["A", a.digest, a.file, a.evidence, a.code]
    for g in memory.groups:
        yield ["G", g.key, g.members, g.decides, [*map(_raw, g.typed.cells)], _raw(g.assignee)]
    for round_ in memory.rounds:
        yield ["B", round_.day.isoformat(), dict(round_.numbers)]
    yield ["H", *sorted(archive.headings)]
    yield ["T", *sorted(archive.titles)]
    yield ["W", "".join(sorted(archive.written))]


def decode_archive(rows: Sequence[Sequence[str]]) -> Archive:
    """Return the archive in the rows of the hidden sheet (:func:`encode_archive`).

    Raises:
        NewerFormatError: a later version of the tool wrote the rows.
        ArchiveError: the rows are damaged or changed.
    """
    try:
        head, *texts = ("".join(row) for row in rows)
        facts = load_json(head)
        if int(facts["format"]) > FORMAT:
            raise NewerFormatError(str(facts["format"]))
        if facts["records"] != len(texts) or facts["sha256"] != _checksum(texts):
            raise ArchiveError("checksum")
        return _restored([load_json(text) for text in texts])
    except ArchiveError:
        raise
    except DAMAGES as error:
        raise ArchiveError(str(error)) from None


def _json(value: object) -> str:
    text = _ENCODER.encode(value)
    # `_x0041_` is an escape in the texts of a workbook (ECMA-376 ST_Xstring).
    return text.replace("_x", "\\u005fx")


_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def _checksum(texts: Iterable[str]) -> str:
    found = hashlib.sha256()
    for nth, text in enumerate(texts):
        found.update(text.encode() if nth == 0 else b"\n" + text.encode())
    return found.hexdigest()


def _cells(text: str) -> list[str]:
    return [text[i : i + LONGEST_CELL] for i in range(0, len(text), LONGEST_CELL)]


def _raw(value: Raw) -> object:
    return {"error": value.code} if isinstance(value, CellError) else value


def _line(line: Line) -> list[object]:
    return [
        line.key,
        _decision(line.decision),
        _decision(line.earlier) if line.earlier else None,
        *([_kept(line.kept)] if line.kept else ()),
    ]


def _kept(kept: Kept) -> dict[str, object]:
    return {heading: _raw(value) for heading, value in kept.items()}


def _decision(decision: Decision) -> list[object]:
    about = decision.about
    return [
        [
            about.school,
            about.rule,
            about.sheet,
            about.field,
            about.subject,
            about.evidence,
            about.file,
            about.row,
        ],
        decision.school_code,
        decision.school_name,
        decision.place,
        decision.value,
        decision.message,
        [_raw(value) for value in decision.typed.cells],
        # Left out where both are empty, as in format 1.
        *([decision.authority] if decision.authority or decision.workbook else ()),
        *([decision.workbook] if decision.workbook else ()),
    ]


def _restored(records: Iterable[Any]) -> Archive:
    lines: list[Line] = []
    closed: list[Closed] = []
    notes: list[Note] = []
    reported: list[Reported] = []
    assigned: list[Assignment] = []
    groups: list[Group] = []
    rounds: list[Round] = []
    headings: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    for kind, *parts in records:
        match kind:
            case "L":
                key, decision, earlier, *kept = parts
                lines.append(
                    Line(
                        _text(key),
                        _restored_decision(decision),
                        _restored_decision(earlier) if earlier else None,
                        _restored_kept(*kept),
                    )
                )
            case "C":
                decision, ending, day, *more = parts
                kept, is_disputed = more or ({}, False)
                closed.append(
                    Closed(
                        _restored_decision(decision),
                        _ENDINGS[ending],
                        date.fromisoformat(day),
                        _restored_kept(kept),
                        bool(is_disputed),
                    )
                )
            case "N":
                place, text, day = parts
                notes.append(Note(_text(place), _text(text), date.fromisoformat(day)))
            case "R":
                school, row, task, report = parts
                reported.append(Reported(_text(school), int(row), _text(task), _text(report)))
            case "A":
                digest, file, evidence, code = parts
                facts = tuple(map(_text, evidence))
                assigned.append(Assignment(_text(digest), _text(file), facts, _text(code)))
            case "G":
                key, members, decides, cells, assignee = parts
                groups.append(
                    Group(
                        _text(key),
                        tuple(map(_text, members)),
                        bool(decides),
                        Typed(*map(_restored_raw, cells)),
                        _restored_raw(assignee),
                    )
                )
            case "B":
                day, numbers = parts
                counts = {_text(name): float(number) for name, number in numbers.items()}
                rounds.append(Round(date.fromisoformat(day), counts))
            case "H":
                headings = frozenset(map(_text, parts))
            case "T":
                titles = frozenset(map(_text, parts))
            case "W":
                written = marks_in(_text(parts[0]))
            case _:
                raise ArchiveError(f"record {kind}")
    memory = DecisionMemory(
        tuple(lines),
        tuple(closed),
        tuple(notes),
        tuple(reported),
        tuple(assigned),
        tuple(groups),
        tuple(rounds),
    )
    return Archive(memory, headings, written, titles)


def _restored_kept(kept: Any = None) -> Kept:
    return {_text(heading): _restored_raw(value) for heading, value in (kept or {}).items()}


_ENDINGS = {str(ending): ending for ending in Ending}


def _restored_decision(parts: Any) -> Decision:
    about, code, name, place, value, message, typed, *origin = parts
    school, rule, sheet, field, subject, evidence, file, row = about
    decision, note, role, day = map(_restored_raw, typed)
    return Decision(
        About(
            _text(school),
            _text(rule),
            _text(sheet),
            _text(field),
            tuple(map(_text, subject)),
            tuple((_text(name), _text(essence)) for name, essence in evidence),
            _text(file),
            None if row is None else int(row),
        ),
        _text(code),
        _text(name),
        _text(place),
        _text(value),
        _text(message),
        Typed(decision, note, role, day),
        *map(_text, origin),
    )


def _restored_raw(value: Any) -> Raw:
    if isinstance(value, dict):
        return CellError(_text(value["error"]))
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not math.isfinite(value):  # no cell can hold it
        raise ArchiveError("number")
    if value is None or isinstance(value, float | bool):
        return value
    raise ArchiveError("value")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ArchiveError("text")
    value.encode()  # raises ValueError for half a surrogate pair, which no file can hold
    return value
