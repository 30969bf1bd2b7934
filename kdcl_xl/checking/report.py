"""The report on checked files: every finding with its place, and the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from kdcl_xl.checking.check import Checked, summarise
from kdcl_xl.reporting.report import Column, Group, Kind, Report, Table
from kdcl_xl.submission.file_kind import FileKind
from kdcl_xl.submission.model import Submission
from macros_free_validation.rule import Finding
from macros_free_validation.values import CellError, Raw, is_date, show
from workbook_templates.declare import Type
from workbook_templates.forms import FORMS
from workbook_templates.text import Language, Text

_REMEDY = Text("Cách xử lý", "Remedy")
_NO_FINDINGS = Text("không có vấn đề nào", "nothing found")
_SUMMARY = Text(
    "Tổng cộng {files} tệp{kinds}, {unreadable} không đọc được; {errors} lỗi, {warnings} cảnh "
    "báo, {notes} lưu ý.",
    "{files} files{kinds}, {unreadable} unreadable; {errors} errors, {warnings} warnings, {notes} "
    "notes.",
)


def json_value(value: Raw) -> str | float | int | bool | None:
    """Return a raw value for JSON: error values by their code, whole numbers as integers."""
    if isinstance(value, CellError):
        return value.code
    if type(value) is float and value.is_integer():
        return int(value)
    return value


def _finding(finding: Finding, language: Language) -> dict[str, Any]:
    described = {
        "rule": finding.rule,
        "slug": finding.slug,
        "severity": str(finding.severity),
        "sheet": finding.sheet,
        "cell": finding.cell,
        "field": finding.field,
        "value": json_value(finding.value),
        "message": finding.message.in_(language),
        "remedy": finding.remedy.in_(language),
    }
    if finding.waived:
        described["waived"] = finding.waived.in_(language)
    return described


def _file(checked: Checked, language: Language) -> dict[str, Any]:
    submission = checked.submission
    return {
        "path": submission.shown_path,
        "kind": str(submission.file_kind),
        "status": _status(submission),
        "school": {
            "code": submission.code or None,
            "name": submission.name or None,
            "kind": submission.stamp.kind if submission.stamp else None,
            "school_year": submission.school_year or None,
        },
        "findings": [_finding(f, language) for f in checked.findings],
    }


def _status(submission: Submission) -> str:
    if submission.is_read:
        return "read"
    return "ignored" if submission.is_ignored else "unreadable"


def kinds_of(kinds: Iterable[FileKind], language: Language) -> str:
    """Return the number of files of each kind in words; empty where all are workbooks."""
    found = Counter(kinds)
    if found.keys() <= {FileKind.WORKBOOK}:
        return ""
    label = {kind: kind.label.in_(language) for kind in FileKind}
    return "; ".join(f"{label[kind]}: {found[kind]}" for kind in FileKind if found[kind])


def where(finding: Finding) -> str:
    """Return sheet and cell of a finding: ``Kế hoạch!H7``; empty for a whole file."""
    parts = [part for part in (finding.sheet, finding.cell) if part]
    return "!".join(parts)


def lines_of(checked: Checked, language: Language) -> Iterator[str]:
    """Yield the findings of one file, one line each."""
    path = checked.submission.shown_path
    if not checked.findings:
        yield f"{path}: {_NO_FINDINGS.in_(language)}"
    for finding in checked.findings:
        place = f"{path}: {where(finding)}".rstrip(": ")
        severity = finding.severity.label.in_(language)
        message = show_on_one_line(finding.message.in_(language))
        remedy = finding.remedy.in_(language)
        yield f"{place}: {finding.rule} [{severity}] {message} {_REMEDY.in_(language)}: {remedy}"


def show_on_one_line(text: str) -> str:
    """Return a message with its line breaks folded."""
    return " ".join(text.split())


def summary_line(checked: Sequence[Checked], language: Language) -> str:
    """Return the counts in one sentence, with the kinds of the files where they differ."""
    kinds = kinds_of((c.submission.file_kind for c in checked), language)
    words = {**asdict(summarise(checked)), "kinds": f" ({kinds})" if kinds else ""}
    return _SUMMARY.format(**words).in_(language)


@dataclass(frozen=True)
class CheckReport(Report):
    """The findings of several files."""

    checked: tuple[Checked, ...]
    language: Language
    today: date

    title = Text(
        "Kết quả kiểm tra kế hoạch cải tiến chất lượng",
        "Findings in quality-improvement plans",
    )

    @property
    def intro(self) -> Text:
        """The request to the school, with the day of checking."""
        return _INTRO.format(day=f"{self.today:%d/%m/%Y}")

    @property
    def summary(self) -> str:
        """The counts in one sentence."""
        return summary_line(self.checked, self.language)

    @property
    def records(self) -> Mapping[str, Any]:
        """The files with their findings, and the counts."""
        total = asdict(summarise(self.checked))
        return {"files": [_file(c, self.language) for c in self.checked], "summary": total}

    @property
    def lines(self) -> Iterator[str]:
        """One line a finding, and the counts."""
        for checked in self.checked:
            yield from lines_of(checked, self.language)
        yield self.summary

    @property
    def table(self) -> Table:
        """One row a finding, in a group for each file."""
        return Table(_COLUMNS, tuple(_group(c, self.language) for c in self.checked), _SUBJECTS)


_INTRO = Text(
    "Kính gửi nhà trường, dưới đây là kết quả kiểm tra tự động ngày {day}. Kính đề nghị nhà "
    "trường sửa các nội dung ghi «Lỗi», xem lại các nội dung ghi «Cảnh báo»; các nội dung ghi "
    "«Lưu ý» để nhà trường tham khảo. Trân trọng cảm ơn.",
    "To the school: these are the findings of an automatic check on {day}. Please mend what is "
    "marked 'Error' and look again at what is marked 'Warning'; what is marked 'Note' is for "
    "your information. Thank you.",
)
_SUBJECTS = (
    Column(Text("Tệp", "File"), Kind.PATH),
    Column(Text("Mã trường", "School code")),
    Column(Text("Tên trường", "School")),
)
_COLUMNS = (
    Column(Text("Trang", "Sheet"), Kind.SECTION, Text("Cả tệp", "The whole file")),
    Column(Text("Ô", "Cell"), Kind.CODE),
    Column(Text("Quy tắc", "Rule"), Kind.CODE),
    Column(Text("Mức độ", "Severity")),
    Column(Text("Giá trị", "Value")),
    Column(Text("Vấn đề", "Finding")),
    Column(_REMEDY),
)
_COUNTS = Text(
    "{errors} lỗi, {warnings} cảnh báo, {notes} lưu ý.",
    "{errors} errors, {warnings} warnings, {notes} notes.",
)
_NONE = Text("Không có vấn đề nào. Cảm ơn nhà trường.", "Nothing was found. Thank you.")


def _group(checked: Checked, language: Language) -> Group:
    submission, total = checked.submission, summarise([checked])
    rows = tuple(
        (
            f.sheet,
            f.cell,
            f.rule,
            f.severity,
            shown_value(f),
            f.message.in_(language),
            f.remedy.in_(language),
        )
        for f in checked.findings
    )
    counts = {"errors": total.errors, "warnings": total.warnings, "notes": total.notes}
    note = _COUNTS.format(**counts) if rows else _NONE
    subject = (submission.shown_path, submission.code, submission.name)
    return Group(subject, rows, note.in_(language))


def shown_value(found: Finding) -> str:
    """Return the value of a finding as a reader sees it: a date as a day, an error by its code."""
    if isinstance(found.value, CellError):
        return found.value.code
    return show(found.value, as_date=is_date(found.value) and found.field in _DATE_FIELDS)


_SHEETS = tuple(sheet for form in FORMS.values() for sheet in form.sheets)
_DATE_FIELDS = frozenset(
    [c.field for sheet in _SHEETS for c in sheet.columns if c.type is Type.DATE]
    + [c.field for sheet in _SHEETS for c in sheet.cells if c.type is Type.DATE]
)
