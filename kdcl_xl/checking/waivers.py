"""Apply a district's settings to findings: leave out, change severities, waive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.settings import FILE_FAMILY, Settings, Waiver
from macros_free_validation.rule import Finding, Severity, finding
from macros_free_validation.rules import BY_ID
from macros_free_validation.rules.settings import WAIVER_EXPIRED, WAIVER_UNUSED
from workbook_templates.text import Text

_NOTE = Text(
    "Đã được miễn đến hết ngày {until} theo ý kiến của {by}. Lý do: {reason}",
    "Waived up to {until} by {by}. Reason: {reason}",
)
_ONE_ROW = Text("dòng {row}", "row {row}")
_EVERY_ROW = Text("mọi dòng", "every row")
_ACROSS = "across"


def apply(
    settings: Settings, checked: Sequence[Checked], today: date, *, across: bool = False
) -> tuple[Checked, ...]:
    """Return the files of one run with their findings as the settings say.

    A waived finding becomes a note with the reason. A waiver that expired, or that covers no
    finding, is reported once, at the first file of its school. ``across`` is true where the
    rules across schools were judged too: otherwise a waiver of such a rule is never reported as
    unused.
    """
    in_force = [waiver for waiver in settings.waivers if today <= waiver.until]
    remarks = _remarks(settings.waivers, checked, today, across)
    return tuple(
        replace(
            entry,
            findings=tuple(
                _settled(
                    (*remarks.get(position, ()), *entry.findings),
                    settings,
                    [w for w in in_force if w.is_of(entry.submission.code)],
                )
            ),
        )
        for position, entry in enumerate(checked)
    )


def _settled(
    findings: Iterable[Finding], settings: Settings, waivers: Sequence[Waiver]
) -> Iterator[Finding]:
    for found in findings:
        rule = BY_ID[found.rule]
        if rule.family == FILE_FAMILY:  # findings on unreadable files are never changed
            yield found
        elif settings.speaks(rule):
            waiver = next((w for w in waivers if w.covers(found)), None)
            severity = settings.severity_of(rule)
            yield _waived(found, waiver) if waiver else replace(found, severity=severity)


def _waived(found: Finding, waiver: Waiver) -> Finding:
    note = _NOTE.format(until=_day(waiver.until), by=waiver.by, reason=waiver.reason)
    message = found.message
    return replace(
        found,
        severity=Severity.NOTE,
        message=Text(f"{message.vi} {note.vi}", f"{message.en} {note.en}"),
        waived=Text(waiver.reason, waiver.reason),
    )


def _remarks(
    waivers: Sequence[Waiver], checked: Sequence[Checked], today: date, across: bool
) -> Mapping[int, list[Finding]]:
    """Return findings on the waivers themselves, by the position of the file that gets them."""
    remarks: dict[int, list[Finding]] = defaultdict(list)
    for waiver in waivers:
        mine = [
            i
            for i, entry in enumerate(checked)
            if entry.submission.is_read and waiver.is_of(entry.submission.code)
        ]
        if not mine:
            continue
        rule = None
        if today > waiver.until:
            rule = WAIVER_EXPIRED
        # Judged on all findings: a rule that is not looked at today may still need its waiver.
        elif not any(waiver.covers(found) for i in mine for found in checked[i].findings):
            is_judged = across or BY_ID[waiver.rule].family != _ACROSS
            rule = WAIVER_UNUSED if is_judged else None
        if rule:
            remarks[mine[0]].append(finding(rule, words=_words(waiver)))
    return remarks


def _words(waiver: Waiver) -> dict[str, object]:
    return {
        "place": waiver.place,
        "rule": waiver.rule,
        "rows": _ONE_ROW.format(row=waiver.row) if waiver.row else _EVERY_ROW,
        "until": _day(waiver.until),
    }


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
