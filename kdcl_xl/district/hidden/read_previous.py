"""Open an earlier authority workbook, and reject one that cannot be used.

Its sheets are read in :mod:`kdcl_xl.district.hidden.typed_values`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from kdcl_xl.checking.supervise import begun_alone
from kdcl_xl.district.decisions.decision import DecisionMemory
from kdcl_xl.district.hidden.decisions import (
    ArchiveError,
    NewerFormatError,
    decode_archive,
    hidden_among,
)
from kdcl_xl.district.hidden.typed_values import TypedValues
from kdcl_xl.district.sheets.flags import LISTS_SHEET
from kdcl_xl.errors import UserError
from kdcl_xl.submission.identify import DistrictFile, Identified, Unreadable, identify_own
from kdcl_xl.submission.model import AS_ISSUED, Reading
from kdcl_xl.template.stamp import ARCHIVE_SHEET, SOURCES_SHEET
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from workbook_templates.styles import BASE, STYLES
from workbook_templates.text import Text


def read_previous(path: Path, today: date, reading: Reading = AS_ISSUED) -> DecisionMemory:
    """Read the decisions in an authority workbook, in a process of its own.

    Raises:
        PreviousError: as with :func:`memory_of`; or the file takes too much time or memory.
    """
    with previous_in_reading(path, today, reading) as wait:
        return wait()


@contextmanager
def previous_in_reading(
    path: Path, today: date, reading: Reading = AS_ISSUED
) -> Iterator[Callable[[], DecisionMemory]]:
    """Begin to read an authority workbook, and yield a function that waits for its decisions.

    The function raises what :func:`read_previous` raises.
    """
    with begun_alone(path, reading, _memory_at, path, today, reading) as read:

        def wait() -> DecisionMemory:
            found = read()
            if isinstance(found, Unreadable):
                raise _refused(path, found.finding.message)
            if isinstance(found, DecisionMemory):
                return found
            raise PreviousError(*found)

        yield wait


def _memory_at(path: Path, today: date, reading: Reading) -> DecisionMemory | tuple[Text, Text]:
    """Return the decisions in an authority workbook, or the two texts of why there are none."""
    try:
        return memory_of(identify_own(path, reading), today)
    except PreviousError as error:
        return error.text, error.reason


def memory_of(file: Identified, today: date) -> DecisionMemory:
    """Return the decisions in an authority workbook, with everything typed in it since.

    Raises:
        PreviousError: the file is damaged, no authority workbook, or of a later version.
    """
    path = file.origin.path
    if isinstance(file, Unreadable) and not file.is_workbook:
        raise _refused(path, file.finding.message)
    if not isinstance(file, DistrictFile):
        raise not_ours(path)
    try:
        return memory_in(file.workbook, today)
    except UnreadableError as error:
        raise _refused(path, error.finding.message) from None
    except NewerFormatError:
        raise _refused(path, _NEWER) from None
    except ArchiveError:
        raise _refused(path, _DAMAGED) from None


def memory_in(workbook: Workbook, today: date) -> DecisionMemory:
    """Return the decisions in an opened authority workbook, with everything typed in it since.

    Raises:
        UnreadableError: a part is damaged.
        ArchiveError: the hidden data is missing, damaged or of a later version.
    """
    archive = decode_archive(hidden_texts(workbook, ARCHIVE_SHEET))
    hidden = {
        name
        for first in (ARCHIVE_SHEET, SOURCES_SHEET)
        for name in hidden_among(workbook.sheets, first)
    }
    shown = {
        name: partial(workbook.stretches, name)
        for name, part in workbook.sheets.items()
        if part in workbook.package.parts and name not in {LISTS_SHEET, *hidden}
    }
    colours = partial(workbook.coloured_cells, usual=_USUAL_COLOURS)
    values = TypedValues(archive, today, workbook.day_cells, colours)
    return values.memory(shown, list(_comments(workbook)))


_OWN_COLOURS = frozenset(
    str(value).removeprefix("#")
    for style in (BASE, *STYLES.values())
    for name, value in style.items()
    if name in ("bg_color", "font_color")
)
_USUAL_COLOURS = _OWN_COLOURS | {"", "theme 1 0", "000000"}
"""Colours of the tool's own cells, and of letters without one; all others are a person's."""
_NOT_OURS = Text(
    "Tệp không phải sổ tổng hợp của công cụ này.", "It is no authority workbook of this tool."
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
    """An earlier authority workbook that cannot be used, with the reason."""

    def __init__(self, text: Text, reason: Text) -> None:
        """Keep the reason, for those who do not merge."""
        super().__init__(text)
        self.reason = reason


def not_ours(path: Path) -> PreviousError:
    """Return the error for a file that is no authority workbook."""
    return _refused(path, _NOT_OURS)


def _refused(path: Path, reason: Text) -> PreviousError:
    return PreviousError(
        Text(
            f"Không đọc được sổ tổng hợp trước «{path}»: {reason.vi} Chưa ghi gì. Đề nghị dùng "
            "bản còn nguyên vẹn với --previous, hoặc thêm --no-previous nếu chấp nhận không "
            "chuyển kết luận cũ sang.",
            f"Cannot read the earlier authority workbook '{path}': {reason.en} Nothing was "
            "written. Give a sound copy with --previous, or add --no-previous to go on without "
            "its decisions.",
        ),
        reason,
    )


def hidden_texts(workbook: Workbook, name: str) -> list[list[str]]:
    """Return the texts of a hidden sheet and of those that continue it, row by row."""
    return [
        [value if isinstance(value, str) else "" for _, value in sorted(cells.items())]
        for sheet in hidden_among(workbook.sheets, name)
        for _, cells in workbook.rows(sheet)
    ]


def _comments(workbook: Workbook) -> Iterator[tuple[str, str]]:
    for name, part in workbook.sheets.items():
        if part in workbook.package.parts:
            for ref, text in workbook.notes(name):
                yield f"{name}!{ref}", text
