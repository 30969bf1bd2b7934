"""Closed lists of words: the values of dropdowns and their names in the code.

Every list is an enumeration whose value is the code word; ``label`` is the text
that people read in the cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from workbook_templates.text import Text, fold


class Labelled(StrEnum):
    """A code word with its text for people."""

    label: Text

    def __new__(cls, code: str, vi: str, en: str) -> Labelled:
        """Make a member whose value is ``code``."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = Text(vi, en)
        return member


class Recurrence(Labelled):
    """The frequency of a task (tần suất)."""

    ONCE = "once", "Một lần", "Once"
    MONTHLY = "monthly", "Hằng tháng", "Every month"
    QUARTERLY = "quarterly", "Hằng quý", "Every quarter"
    TERMLY = "termly", "Mỗi học kỳ", "Every term"
    YEARLY = "yearly", "Hằng năm", "Every year"
    CONTINUOUS = "continuous", "Thường xuyên", "Continuous"


class FundingSource(Labelled):
    """Funding source (nguồn kinh phí)."""

    NONE = "none", "Không cần kinh phí", "None needed"
    STATE = "state", "Ngân sách nhà nước", "State budget"
    RECURRENT = "recurrent", "Chi thường xuyên", "Recurrent spending"
    INTERNAL = "internal", "Theo quy chế chi tiêu nội bộ", "Internal spending rules"
    SOCIALISED = "socialised", "Xã hội hóa, tài trợ", "Socialised, donated"
    PROGRAMME = "programme", "Chương trình, đề án", "Programme"
    OTHER = "other", "Nguồn khác", "Other"


class Verdict(Labelled):
    """Verdict on one level of one criterion in the self-assessment."""

    MET = "met", "Đạt", "Met"
    NOT_MET = "not_met", "Không đạt", "Not met"
    NOT_ASSESSED = "not_assessed", "Không đánh giá", "Not assessed"


class ProgressState(Labelled):
    """State of a task in a progress report (mức độ thực hiện)."""

    NOT_STARTED = "not_started", "Chưa bắt đầu", "Not started"
    IN_PROGRESS = "in_progress", "Đang thực hiện", "In progress"
    DONE = "done", "Hoàn thành", "Done"
    NOT_DONE = "not_done", "Quá hạn, không hoàn thành", "Overdue, not completed"


class ReportPeriod(Labelled):
    """The period that a progress report covers."""

    MONTH = "month", "Trong tháng", "The month"
    TERM_1 = "term_1", "Cuối học kỳ I", "End of term 1"
    YEAR_END = "year_end", "Cuối năm học", "End of the school year"
    OTHER = "other", "Đột xuất", "Unscheduled"


class Ownership(Labelled):
    """Sort of school by ownership (loại hình): khoản 1 Điều 47 of the law on education of 2019."""

    PUBLIC = "cong_lap", "Công lập", "Public"
    COMMUNITY = "dan_lap", "Dân lập", "Community-founded"
    PRIVATE = "tu_thuc", "Tư thục", "Private"


class Accreditation(Labelled):
    """Grade of accreditation (cấp độ) under circulars 17, 18 and 19/2018, Điều 34.

    It is given by the Sở after an external assessment; it is not a level (mức) of the
    self-assessment.
    """

    GRADE_1 = "cap_do_1", "Cấp độ 1", "Grade 1"
    GRADE_2 = "cap_do_2", "Cấp độ 2", "Grade 2"
    GRADE_3 = "cap_do_3", "Cấp độ 3", "Grade 3"
    GRADE_4 = "cap_do_4", "Cấp độ 4", "Grade 4"


class NationalStandard(Labelled):
    """Degree (mức độ) of the national standard (chuẩn quốc gia) that a school holds."""

    DEGREE_1 = "muc_do_1", "Mức độ 1", "Degree 1"
    DEGREE_2 = "muc_do_2", "Mức độ 2", "Degree 2"


class Confidence(Labelled):
    """The certainty of a catalogue entry."""

    HIGH = "high", "cao", "high"
    MEDIUM = "medium", "trung bình", "medium"
    LOW = "low", "thấp", "low"


FORMER_LABELS: Mapping[str, Labelled] = {"Chưa hoàn thành": ProgressState.NOT_DONE}
"""Texts that cells of earlier templates hold in place of the present label of a word."""

NOT_REACHED = "Chưa đạt"
"""The value in a cell where not even the first level is reached."""
NOT_SETTLED = "Chưa tính được mức"
"""The value in a cell where the level depends on criteria whose text is not confirmed."""


LEVEL_WORD = "Mức "


@cache  # one object for each level: every plan has them in many rows
def level_label(level: int) -> str:
    """Return the value in a cell for a level: ``Mức 2``."""
    return f"{LEVEL_WORD}{level}"


_NUMERALS = ("một", "hai", "ba", "bốn")


def level_choice(level: int) -> str:
    """Return the word of a dropdown for a level from 1 to 4: ``Mức 2 (hai)``.

    Spreadsheet programs count up a text that begins or ends with a number when it is dragged
    down: ``Mức 2`` would become ``Mức 3``. This word does neither.
    """
    return f"{level_label(level)} ({_NUMERALS[level - 1]})"


def level_spellings(level: int) -> tuple[str, ...]:
    """Return the texts that mean a level from 1 to 4; a cell may also hold it as a number."""
    return level_label(level), level_choice(level), str(level)


LISTS: tuple[type[Labelled], ...] = (
    Recurrence,
    FundingSource,
    Verdict,
    ProgressState,
    ReportPeriod,
    Ownership,
    Accreditation,
    NationalStandard,
)
"""The lists whose words are values of cells."""
_IN_ENGLISH: Mapping[str, str] = {
    fold(text.vi): text.en
    for text in (
        *(word.label for words in LISTS for word in words),
        *(Text(former, word.label.en) for former, word in FORMER_LABELS.items()),
        *(Text(spelt, f"Level {n}") for n in (1, 2, 3, 4) for spelt in level_spellings(n)[:2]),
        *(Text(level_label(1) + more, "Levels 1" + more) for more in (", 2", ", 2, 3")),
        Text(NOT_REACHED, "None"),
        Text(NOT_SETTLED, "Not settled"),
    )
}
_LONGEST_WORD = max(map(len, _IN_ENGLISH))
STANDARD_WORD = "Tiêu chuẩn "


def word_of(value: str) -> Text:
    """Return the word of a list, or a level, with its English; any other text as it is."""
    if len(value) > _LONGEST_WORD:
        return Text(value, value)
    return Text(value, _IN_ENGLISH.get(fold(value), value))


def standard_of(label: str) -> Text:
    """Return the label of a standard, ``Tiêu chuẩn 1: …``, or of level 4; its title stays."""
    if not label.startswith(STANDARD_WORD):
        return word_of(label)
    return Text(label, f"Standard {label.removeprefix(STANDARD_WORD)}")
