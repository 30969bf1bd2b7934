"""Write the copy of a school's workbook that is sent back, with the requests to mend it.

The copy is the template that the school was issued, written afresh: same form, regulation, rows
and limits. Contents outside its form are listed in full on the sheet of a migration.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kdcl_xl.checking.check import Checked, as_checked
from kdcl_xl.checking.guard import guarded
from kdcl_xl.checking.report import shown_value
from kdcl_xl.district.decisions.decision import DecisionState
from kdcl_xl.district.model.model import Flag
from kdcl_xl.document.notes import NO_PLACE
from kdcl_xl.document.official import official_document
from kdcl_xl.reissue.feedback import Asked, Fate
from kdcl_xl.reissue.leftovers import NOTE, outside_of
from kdcl_xl.reissue.migration import template_name, with_locked_as_issued
from kdcl_xl.submission.model import Reading, Submission
from kdcl_xl.submission.reading import read_and_keep
from kdcl_xl.template.not_carried import LeftBehind
from kdcl_xl.template.requests import CellNote, Request, SentBack, shown_word
from kdcl_xl.template.writer import render_workbook
from kdcl_xl.xlsx.package import UnreadableError
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan
from macros_free_validation.rule import Finding, Severity
from macros_free_validation.rules import workbook as rules
from macros_free_validation.values import filled
from workbook_templates.layout import sent_back_sheet
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Text


@dataclass(frozen=True)
class Copy:
    """A school's workbook as it is sent back, and the values that its form has no cell for.

    ``document`` is the official document with the requests as comments, where it is wanted.
    """

    content: bytes
    left: tuple[LeftBehind, ...]
    document: bytes = b""


_SETTLED = Text(
    "Bản này đã trở về đúng mẫu nên không còn vấn đề này; chữ ghi ngoài các ô nhập được giữ nguyên "
    "văn ở trang «Chưa chuyển». Kính đề nghị ghi lại vào ô phù hợp nếu còn cần.",
    "This copy is as issued again; what was typed outside its input cells is in full on the "
    "sheet «Chưa chuyển». Please type it again where it belongs, if it is still needed.",
)


AUTHOR = "Người rà soát"
"""The writer of the comments in the official document."""


def copy_of(
    asked: Asked,
    catalogue: Catalogue,
    today: date,
    reading: Reading,
    password: str = "",
    with_document: bool = False,
) -> Copy | Checked:
    """Return the workbook that goes back to a school, or the reason why there is none."""
    path = asked.submission.path

    def work() -> Copy | Checked:
        submission, workbook = read_and_keep(path, catalogue, replace(reading, limits=()))
        if workbook is None:
            return Checked(submission, submission.found)
        if submission.digest != asked.submission.digest:
            raise UnreadableError(rules.CANNOT_OPEN, found=_CHANGED)
        copy, sent = _copy(asked, submission, workbook, today, password)
        if with_document:
            assert submission.plan is not None
            return replace(copy, document=_document(submission.plan, sent))
        return copy

    return as_checked(guarded(path, work))


_CHANGED = Text("tệp vừa bị thay đổi", "it was changed just now")


def _copy(
    asked: Asked, submission: Submission, workbook: Workbook, today: date, password: str
) -> tuple[Copy, SentBack]:
    plan, stamp = submission.plan, submission.stamp
    assert plan is not None
    assert stamp is not None
    kind = plan.layout.regulation.kind(stamp.kind)
    if kind is None:
        raise UnreadableError(rules.UNKNOWN_VERSION, found=stamp.kind)
    issued = with_locked_as_issued(plan, stamp, kind)
    outside = outside_of(workbook, issued, stamp, template_name(plan.layout, stamp))
    requests = tuple(_request(flag, asked.submission) for flag in asked.flags)
    sent = SentBack(requests, _summary(asked, today))
    kept = _kept(outside, plan, {(note.sheet, note.cell) for note in sent.notes})
    left = tuple(entry for entry in outside if entry not in kept)
    sent = replace(sent, kept=tuple(kept.values()))
    rows = {key: [(r.row, r.values) for r in records] for key, records in issued.tables.items()}
    whole = complete_plan(issued.layout, issued.cells, rows)
    return Copy(render_workbook(whole, stamp, password, left, sent), left), sent


def _document(plan: Plan, sent: SentBack) -> bytes:
    """Return the official document with our notes as comments, the summary at the title.

    Requests without a cell are on the sheet of requests of the workbook, which the summary names.
    """
    notes = {NO_PLACE: f"{sent.summary}\n{_SEE_SHEET}"}
    notes |= {(note.sheet, note.cell): note.text for note in sent.notes}
    return official_document(plan, notes, AUTHOR)


_SEE_SHEET = f"Xem đầy đủ các yêu cầu ở trang «{sent_back_sheet(0).name}» của sổ tính gửi kèm."


# Columns A to ZZ, rows up to 9999: a note further out would make the sheet unwieldy.
_NEAR_REF = re.compile(r"[A-Z]{1,2}[1-9][0-9]{0,3}")


def _kept(
    outside: Sequence[LeftBehind], plan: Plan, taken: set[tuple[str, str]]
) -> dict[LeftBehind, CellNote]:
    """Return the school's own notes that can stay on their cells, which have none of ours."""
    form = {sheet.name for sheet in plan.layout.sheets}
    count = Counter((entry.sheet, entry.cell) for entry in outside if entry.why is NOTE)
    return {
        entry: CellNote(entry.sheet, entry.cell, str(entry.value))
        for entry in outside
        if entry.why is NOTE
        and entry.sheet in form
        and _NEAR_REF.fullmatch(entry.cell)
        and count[entry.sheet, entry.cell] == 1
        and (entry.sheet, entry.cell) not in taken
    }


def _request(flag: Flag, submission: Submission) -> Request:
    found, line = flag.finding, flag.line
    typed = line.latest.typed
    decision = typed.choice.label.vi if typed.choice else typed.decision
    if line.state is DecisionState.REVIEW:
        before = f" (trước đây: {shown_word(decision)})" if filled(decision) else ""
        decision = f"Nội dung đã thay đổi, cần xem lại{before}"
    is_settled = _is_settled(found, submission)
    return Request(
        found.severity,
        found.sheet or "",
        found.cell or "",
        found.message.vi,
        shown_value(found),
        _SETTLED.vi if is_settled else found.remedy.vi,
        decision,
        typed.note,
        typed.role,
        typed.day,
        has_note=not is_settled and _is_in_form(found, submission),
    )


def _is_in_form(found: Finding, submission: Submission) -> bool:
    plan = submission.plan
    return plan is not None and any(sheet.name == found.sheet for sheet in plan.layout.sheets)


def _is_settled(found: Finding, submission: Submission) -> bool:
    """Return whether a fresh template is free of a finding, as no input cell holds its cause."""
    plan = submission.plan
    is_of_reading = any(
        (f.rule, f.sheet, f.cell) == (found.rule, found.sheet, found.cell) for f in submission.found
    )
    if plan is None or not is_of_reading:
        return False
    sheet = next((s for s in plan.layout.sheets if s.name == found.sheet), None)
    if sheet is None or found.field is None:
        return True
    if sheet.has_cell(found.field):
        is_locked = sheet.cell(found.field).cell.locked
        return is_locked or not filled(plan.cell(found.field, sheet.key))
    records = {record.row: record for record in plan.rows(sheet.key)}
    record = records.get(found.row or 0)
    if record is None or not sheet.has_column(found.field):
        return True
    is_open = plan.layout.offered(sheet, found.field, record.row)
    return not (is_open and filled(plan.value(sheet.key, record, found.field)))


def _summary(asked: Asked, today: date) -> str:
    """Return the text above the requests."""
    submission = asked.submission
    name = " ".join(part for part in (submission.name, f"(mã {submission.code})") if part)
    counts = [(asked.count(severity), severity.label.vi.lower()) for severity in Severity]
    shown = ", ".join(f"{count} {word}" for count, word in counts if count)
    said = [
        f"{name}, ngày {today:%d/%m/%Y}.",
        f"Cần sửa: {shown}." if shown else "Không có nội dung nào cần sửa.",
    ]
    others = [
        f"{asked.fates[fate]} {fate.label.vi}"
        for fate in Fate
        if fate is not Fate.ASKED and asked.fates.get(fate)
    ]
    if others:
        said.append(f"Không nêu ở đây: {', '.join(others)}.")
    return " ".join(said)
