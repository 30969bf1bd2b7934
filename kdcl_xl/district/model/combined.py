"""Combine the files of a school that are parts of one plan into the plan that counts.

This happens only where a person asks for it. The combined plan is judged as a whole. Its rows are
numbered anew; a finding keeps that number in ``row``, and names the file and the cell in it where
a person finds the content.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kdcl_xl.checking.check import Checked, judged
from kdcl_xl.district.model.choose import Selection
from kdcl_xl.errors import UserError
from kdcl_xl.files import base_name
from kdcl_xl.submission.model import Submission
from kdcl_xl.submission.parts import Difference, Joined, Origin, Part, join_parts, tasks_of
from kdcl_xl.submission.places import NOTHING_MOVED
from kdcl_xl.xlsx.bounds import Bounds
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules.across import PARTS_DIFFER, TASK_IN_TWO_PARTS
from macros_free_validation.trace import essence
from workbook_templates.declare import Rows
from workbook_templates.text import Text


@dataclass(frozen=True)
class CombinedPlan:
    """The combined plan of a school, under the path of its first part.

    ``parts`` are in the order of their names, so that rows keep their numbers from merge to
    merge. ``blank`` are templates of the school with nothing in them.
    """

    entry: Checked
    parts: tuple[Submission, ...]
    blank: tuple[Submission, ...]
    words: Text

    @property
    def left_out(self) -> frozenset[str]:
        """The shown paths of the files that are not counted by themselves."""
        return frozenset(s.shown_path for s in (*self.parts[1:], *self.blank))

    @property
    def remarks(self) -> Iterator[tuple[str, Text]]:
        """The remark of the log on each file, by shown path."""
        for part in self.parts:
            yield part.shown_path, self.words
        for other in self.blank:
            yield other.shown_path, _BLANK


_BLANK = Text(
    "Mẫu trống; các tệp khác của trường được gộp thành một kế hoạch.",
    "A blank template; the other files of the school are combined into one plan.",
)
_COMBINED = Text("Kế hoạch được gộp từ: {files}.", "The plan is combined from: {files}.")
_IDENTICAL = Text(
    "{count} việc giống hệt nhau được tính một lần.", "{count} identical tasks count once."
)
_NOT_COMBINED = Text("{reason}; chưa gộp được: {why}", "{reason}; not combined: {why}")
_IN_DOUBT = Text(
    "chưa chắc mọi tệp đều của trường này (KD908)",
    "it is not certain that all files are of this school (KD908)",
)
_NO_ROOM = Text(
    "một bảng của mẫu không đủ dòng cho mọi phần",
    "a table of the template has too few rows for all parts",
)


def combine_plans(
    selections: Mapping[str, Selection],
    preferred: Collection[str],
    doubtful: Collection[str],
    today: date,
    bounds: Bounds,
) -> tuple[dict[str, Selection], dict[str, CombinedPlan]]:
    """Return the selections that remain, and the combined plans, by the school's key.

    Of a school where a person prefers a file, that file counts alone. ``preferred`` and
    ``doubtful`` hold shown paths. Files that cannot be combined are left to the selection, whose
    reason then says why.
    """
    remain: dict[str, Selection] = {}
    combined: dict[str, CombinedPlan] = {}
    for key, choice in selections.items():
        files = (choice.chosen, *choice.others)
        paths = {s.shown_path for s in files}
        filled = [s for s in files if s.filling is not None and not s.filling.is_blank]
        if paths & set(preferred) or len(filled) < 2:
            remain[key] = choice
            continue
        try:
            if paths & set(doubtful):
                raise UserError(_IN_DOUBT)
            blank = tuple(s for s in files if s not in filled)
            combined[key] = _combine(filled, blank, today, bounds)
        except UserError as error:
            reason = _NOT_COMBINED.format(reason=choice.reason, why=error.text)
            remain[key] = replace(choice, reason=reason)
    return remain, combined


def _combine(
    filled: Sequence[Submission], blank: tuple[Submission, ...], today: date, bounds: Bounds
) -> CombinedPlan:
    """Combine the parts of one plan.

    Raises:
        UserError: the parts are on two templates, or do not fit in one.
    """
    submissions = sorted(filled, key=lambda s: (base_name(s.shown_path), s.shown_path))
    count = Counter(base_name(s.shown_path) for s in submissions)
    parts = []
    for submission in submissions:
        assert submission.plan is not None
        assert submission.stamp is not None
        name = base_name(submission.shown_path)
        name = name if count[name] == 1 else submission.shown_path
        plan, stamp = submission.plan, submission.stamp
        parts.append(Part(name, plan, submission.digest, stamp, places=submission.places))
    joined = join_parts(parts)
    if joined.left:
        raise UserError(_NO_ROOM)
    found = [
        *(_difference(joined, difference) for difference in joined.differences),
        *_found_while_reading(joined, submissions),
    ]
    whole = replace(
        submissions[0],
        plan=joined.plan,
        found=tuple(found),
        modified=max((s.modified for s in submissions if s.modified), default=None),
        saved=max((s.saved for s in submissions if s.saved), default=None),
        filling_read=None,
        joined=joined,
        places=NOTHING_MOVED,
    )
    return CombinedPlan(judged(whole, today, bounds), tuple(submissions), blank, _words(joined))


def _words(joined: Joined) -> Text:
    counts = [(part.name, len(tasks_of(part.plan))) for part in joined.parts]
    files = Text(
        ", ".join(f"«{name}» ({count} việc)" for name, count in counts),
        ", ".join(f"'{name}' ({count} tasks)" for name, count in counts),
    )
    said = _COMBINED.format(files=files)
    if not joined.identical:
        return said
    more = _IDENTICAL.format(count=joined.identical)
    return Text(f"{said.vi} {more.vi}", f"{said.en} {more.en}")


def _difference(joined: Joined, found: Difference) -> Finding:
    """Return the finding about a difference between the parts."""
    sheet, row, plan = found.sheet, found.row, joined.plan
    if found.same_row is not None:
        (record,) = (record for record in plan.rows(sheet.key) if record.row == row)
        other = joined.origins_of(sheet.key, found.same_row)[0]
        task = plan.value(sheet.key, record, found.field)
        words: dict[str, object] = {"file": other.part.name, "row": other.row_in_file(sheet.key)}
        words["task"] = task
        rule, value = TASK_IN_TWO_PARTS, task
    else:
        contents = sorted({essence(value) for _, value in found.given})
        about = "" if row is None else _criterion(joined, sheet.key, row)
        words = {"field": found.label, "said": found.said, "about": about}
        words["contents"] = " | ".join(contents)
        rule, value = PARTS_DIFFER, None
    return finding(
        rule,
        sheet=sheet.name,
        cell=found.cell,
        row=row,
        field=found.field,
        value=value,
        words=words,
    )


def _criterion(joined: Joined, sheet: str, row: int) -> str:
    """Return the code of the criterion of a row; the number of the row where it has none."""
    for record in joined.plan.rows(sheet):
        if record.row == row:
            criterion = joined.plan.criterion_of(sheet, record)
            return criterion.code if criterion else str(row)
    return str(row)


def _found_while_reading(joined: Joined, submissions: Sequence[Submission]) -> Iterator[Finding]:
    """Yield the findings made while the parts were read, each with the name of its file.

    The row becomes that of the combined plan, or None where the combined plan lacks it.
    """
    rows = {
        (origin.part.name, sheet, origin.row): row
        for (sheet, row), origins in joined.origins.items()
        for origin in origins
    }
    for part, submission in zip(joined.parts, submissions, strict=True):
        sheets = {sheet.name: sheet for sheet in part.plan.layout.sheets}
        for found in submission.found:
            sheet, row = sheets.get(found.sheet or ""), found.row
            if sheet and row is not None and sheet.sheet.rows is not Rows.CRITERIA:
                row = rows.get((part.name, sheet.key, row))
            yield replace(found, row=row, file=part.name)


def with_places(entry: Checked) -> Checked:
    """Return a combined plan with its findings at the file and cell of their content.

    The findings of any other plan are in its own cells already.
    """
    joined = entry.submission.joined
    if joined is None:
        return entry
    findings = tuple(f if f.file else _placed(joined, f) for f in entry.findings)
    return replace(entry, findings=findings)


def _placed(joined: Joined, found: Finding) -> Finding:
    keys = {sheet.name: sheet.key for sheet in joined.plan.layout.sheets}
    key = keys.get(found.sheet or "", "")
    origins = joined.origins_of(key, found.row)
    cells = [_cell(origin, key, found) for origin in origins]
    names = [
        origin.part.name if cell == cells[0] else f"{origin.part.name} ({cell})"
        for origin, cell in zip(origins, cells, strict=True)
    ]
    return replace(found, cell=cells[0], file=", ".join(dict.fromkeys(names)))


def _cell(origin: Origin, key: str, found: Finding) -> str | None:
    """Return the address of a finding's cell in a part."""
    if found.cell is None or not key:
        return found.cell
    sheet, cell = origin.part.plan.layout.sheet(key), found.cell
    if found.row is not None:
        cell = re.sub(r"\d+$", str(origin.row), found.cell)
    elif found.field and sheet.has_cell(found.field):
        cell = sheet.cell(found.field).ref
    return origin.part.places.ref(sheet.name, cell)
