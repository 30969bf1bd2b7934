"""Read the log of an authority workbook: the files that it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from kdcl_xl.district.model.model import InputState
from kdcl_xl.district.sheets.common_columns import CODE, FILE, HASH
from kdcl_xl.district.sheets.log import ISSUED, OUTCOME, OWNER
from kdcl_xl.xlsx.cells import Values
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.values import Raw, show
from workbook_templates.text import Text, fold


@dataclass(frozen=True, slots=True)
class LoggedFile:
    """A file of the merge: its path and SHA-256 digest at that time, and whether it counts.

    ``school_code`` is the code typed in the file, ``issued_code`` the code that its template
    was issued to, ``owner_code`` that of the school it was taken for (empty for none, and in the
    logs of earlier versions).
    """

    path: str
    digest: str
    school_code: str
    issued_code: str
    is_merged: bool
    owner_code: str = ""


_HEADINGS = {
    fold(word): header
    for header in (FILE, OUTCOME, CODE, OWNER, ISSUED, HASH)
    for word in (header.vi, header.en)
}
_NEEDED = frozenset({FILE, OUTCOME, CODE, ISSUED, HASH})
_MERGED = frozenset(
    fold(word)
    for state in (InputState.MERGED, InputState.COMBINED)
    for word in (state.label.vi, state.label.en)
)


def read_log(workbook: Workbook) -> tuple[LoggedFile, ...] | None:
    """Return the log of an authority workbook, on whatever sheets it is now; None without a log.

    Raises:
        UnreadableError: the workbook is damaged.
    """
    logs = [
        log
        for name, part in workbook.sheets.items()
        if part in workbook.package.parts
        for log in [_log_in(dict(workbook.rows(name)))]
        if log is not None
    ]
    return tuple(dict.fromkeys(chain.from_iterable(logs))) if logs else None


def _log_in(raws: Values) -> tuple[LoggedFile, ...] | None:
    rows = {row: {c: _shown(value) for c, value in cells.items()} for row, cells in raws.items()}
    headings = {row: _headings(values) for row, values in rows.items()}
    header = next((row for row, found in headings.items() if _NEEDED <= found.keys()), None)
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
            values.get(at[OWNER], "") if OWNER in at else "",
        )
        for row, values in sorted(rows.items())
        if row > header and values.get(at[HASH])
    )


def _shown(value: Raw) -> str:
    return value if isinstance(value, str) else show(value, as_date=False)


def _headings(values: Mapping[int, str]) -> dict[Text, int]:
    """Return the columns of those texts in a row that are headings of the log."""
    return {_HEADINGS[fold(v)]: c for c, v in values.items() if fold(v) in _HEADINGS}
