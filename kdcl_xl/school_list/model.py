"""The parts of a list of schools that was read: schools, faulty rows, rows left aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kdcl_xl.schools import School
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text
from workbook_templates.vocabulary import Labelled


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A row of a list: its sheet, empty in a text file, and its line or row number (from 1)."""

    sheet: str
    line: int

    def in_file(self, path: Path) -> Text:
        """Return the file and the row, for a message."""
        if not self.sheet:
            return Text(f"{path}:{self.line}", f"{path}:{self.line}")
        return Text(
            f"{path}, trang «{self.sheet}», dòng {self.line}",
            f"{path}, sheet '{self.sheet}', row {self.line}",
        )


class Fate(Labelled):
    """The consequence of a fault for its row."""

    LEFT_OUT = "left_out", "Dòng này không được tính.", "The row does not count."
    NOT_ISSUED = (
        "not_issued",
        "Trường này chưa được phát mẫu; việc theo dõi nộp vẫn tính trường này.",
        "The school gets no template; it is still expected to return its plan.",
    )
    ISSUED = (
        "issued",
        "Trường này vẫn được tính và được phát mẫu.",
        "The school counts and gets a template all the same.",
    )


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row with a fault: its place, the problem, and the consequence."""

    place: Place
    problem: Text
    fate: Fate = Fate.LEFT_OUT

    @property
    def is_expected(self) -> bool:
        """True where the school itself is known."""
        return self.fate is not Fate.LEFT_OUT


class Completed(Labelled):
    """A value of a school that the reader completed, and where it took the value from."""

    ZEROS = "zeros", "mã được bổ sung số 0 ở đầu", "leading zeros of the code restored"
    KIND_OF_GROUP = (
        "kind_of_group",
        "cấp học lấy từ tiêu đề nhóm",
        "kind taken from the heading of the group",
    )
    KIND_OF_SHEET = (
        "kind_of_sheet",
        "cấp học lấy từ tên trang",
        "kind taken from the name of the sheet",
    )
    KIND_OF_NAME = (
        "kind_of_name",
        "cấp học lấy từ tên trường",
        "kind taken from the name of the school",
    )
    YEAR_OF_TITLE = (
        "year_of_title",
        "năm học lấy từ dòng phía trên tiêu đề cột",
        "school year taken from above the headings",
    )


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A school, its row, the values that the reader completed, and faults beside the code.

    ``typed_code`` is the code as the list has it.
    """

    place: Place
    school: School
    typed_code: str
    completed: tuple[Completed, ...] = ()
    faults: tuple[FaultyRow, ...] = ()


class Skip(Labelled):
    """The reason why rows name no school."""

    BLANK = "blank", "dòng trống", "blank"
    TITLE = "title", "dòng phía trên tiêu đề cột", "above the headings"
    HEADING = "heading", "tiêu đề cột", "headings of columns"
    GROUP = "group", "tiêu đề nhóm", "heading of a group"
    TOTAL = "total", "dòng tổng cộng", "total"
    NOTE = "note", "dòng ghi chú, không có mã trường", "note without a school code"
    HIDDEN = "hidden", "trang ẩn", "hidden sheet"
    SHEET = "sheet", "trang không phải danh sách trường", "sheet without a list of schools"


@dataclass(frozen=True, slots=True)
class SkippedRows:
    """Rows without a school that follow each other, and the text of the first."""

    place: Place
    last: int
    why: Skip
    text: str = ""

    @property
    def lines(self) -> str:
        """The number of the row, or the first and the last number."""
        first = self.place.line
        return str(first) if self.last <= first else f"{first}–{self.last}"


@dataclass(frozen=True, slots=True)
class UsedColumn:
    """A column of a list that was understood: field, heading, sheet, number (from 1)."""

    field: str
    heading: str
    sheet: str
    number: int


@dataclass(frozen=True)
class SchoolList:
    """A list of schools that was read: every row is a school, faulty, or skipped.

    ``faulty`` has the faults of schools too, such as a kind that is not known. ``source``
    describes the format of the file. ``columns`` were understood, ``unused`` are the headings
    of the others. ``notes`` say what the reader completed or left aside.
    """

    rows: tuple[ListedSchool, ...] = ()
    faulty: tuple[FaultyRow, ...] = ()
    skipped: tuple[SkippedRows, ...] = ()
    source: Text = Text("", "")  # noqa: RUF009 - a frozen value
    columns: tuple[UsedColumn, ...] = ()
    unused: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()

    @cached_property
    def schools(self) -> tuple[School, ...]:
        """The schools in the order of the list."""
        return tuple(row.school for row in self.rows)

    @property
    def with_kind(self) -> tuple[School, ...]:
        """The schools of a known kind, which can get a template."""
        return tuple(school for school in self.schools if school.kind is not None)

    @property
    def school_years(self) -> tuple[SchoolYear, ...]:
        """The school years that the list names, the earliest first."""
        return tuple(sorted({s.school_year for s in self.schools if s.school_year is not None}))

    def remarks(self, path: Path) -> Iterator[Text]:
        """Yield a sentence for each faulty row and each note; ``path`` is that of the list."""
        for row in self.faulty:
            place, problem, fate = row.place.in_file(path), row.problem, row.fate.label
            yield Text(
                f"Danh sách trường {place.vi}: {problem.vi}. {fate.vi}",
                f"List of schools {place.en}: {problem.en}. {fate.en}",
            )
        for note in self.notes:
            yield Text(
                f"Danh sách trường {path}: {note.vi}.", f"List of schools {path}: {note.en}."
            )

    @property
    def left_out(self) -> tuple[FaultyRow, ...]:
        """The faulty rows that do not count."""
        return tuple(row for row in self.faulty if not row.is_expected)
