"""Which files a district workbook was made of: its log, read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kdcl_xl.district.model import InputState
from kdcl_xl.district.sheets import CODE, FILE, HASH, ISSUED, OUTCOME
from kdcl_xl.sparse import Place, read_cells, shared_strings
from kdcl_xl.submission import AS_ISSUED, Reading, open_workbook
from macros_free_validation.values import Raw, show
from workbook_templates.text import Text, fold


@dataclass(frozen=True, slots=True)
class LoggedFile:
    """One file of a merge: its path and digest then, and whether it counts.

    ``school_code`` is the code in it, ``issued_code`` the one its template was issued to.
    """

    path: str
    digest: str
    school_code: str
    issued_code: str
    is_merged: bool


_HEADINGS = {
    fold(word): header
    for header in (FILE, OUTCOME, CODE, ISSUED, HASH)
    for word in (header.vi, header.en)
}
_COUNT = len(set(_HEADINGS.values()))
_MERGED = frozenset((fold(InputState.MERGED.label.vi), fold(InputState.MERGED.label.en)))


def read_log(path: Path, reading: Reading = AS_ISSUED) -> tuple[LoggedFile, ...] | None:
    """The log of a district workbook, on whatever sheet it stands now; None where there is none.

    Raises:
        UnreadableError: the workbook cannot be opened, or is damaged.
    """
    package = open_workbook(path, reading)
    strings = shared_strings(package)
    for name, part in package.sheets.items():
        if part in package.parts:
            found = _log_in(read_cells(package, name, strings))
            if found is not None:
                return found
    return None


def _log_in(cells: Mapping[Place, Raw]) -> tuple[LoggedFile, ...] | None:
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    for (row, column), value in cells.items():
        rows[row][column] = value if isinstance(value, str) else show(value, as_date=False)
    headings = {row: _headings(values) for row, values in rows.items()}
    header = next((row for row, found in headings.items() if len(found) == _COUNT), None)
    if header is None:
        return None
    at = headings[header]
    return tuple(
        LoggedFile(
            values.get(at[FILE], ""),
            values[at[HASH]].strip().lower(),
            values.get(at[CODE], ""),
            values.get(at[ISSUED], ""),
            fold(values.get(at[OUTCOME], "")) in _MERGED,
        )
        for row, values in sorted(rows.items())
        if row > header and values.get(at[HASH])
    )


def _headings(values: Mapping[int, str]) -> dict[Text, int]:
    """The columns of a row's headings, as far as they are the log's."""
    return {_HEADINGS[fold(v)]: c for c, v in values.items() if fold(v) in _HEADINGS}
