"""Findings across schools, as an authority workbook remembers them of one school.

With only some of the files at hand, rules across schools cannot be judged again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from string import Formatter

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.waivers import apply
from kdcl_xl.district.decisions.decision import DecisionMemory, Line
from kdcl_xl.district.model.model import Flag
from kdcl_xl.submission.model import Submission
from macros_free_validation.judge import placeholders
from macros_free_validation.plan import Plan, Record
from macros_free_validation.rule import Finding, finding
from macros_free_validation.rules import BY_ID, across
from macros_free_validation.trace import Trace, essence
from workbook_templates.layout import PlacedSheet
from workbook_templates.text import Text

ACROSS = frozenset(rule.id for rule in across.RULES)


def recalled(
    memory: DecisionMemory, key: str, submission: Submission, settings: Settings, today: date
) -> Iterator[Flag]:
    """Return the findings across schools that an authority workbook records for a school.

    The finding of a row is found again by the contents of the row; where no row has them, the
    finding is mended.
    """
    plan = submission.plan
    assert plan is not None
    taken: set[tuple[str, int]] = set()
    for line in memory.lines:
        if line.about.school != key or line.about.rule not in ACROSS:
            continue
        again = _found_again(line, plan, taken)
        for entry in apply(settings, [Checked(submission, (again,) if again else ())], today):
            for found in entry.findings:
                if found.rule in ACROSS:
                    path = submission.shown_path
                    yield Flag(submission.code, submission.name, path, found, None, line)


def _found_again(line: Line, plan: Plan, taken: set[tuple[str, int]]) -> Finding | None:
    """Return a finding across schools at its present place; None where it is mended.

    The recorded message is in one language; it serves for both.
    """
    about, rule, said = line.about, BY_ID[line.about.rule], line.decision.message
    words = _words_in(said, rule.message.vi) or _words_in(said, rule.message.en)
    blank = dict.fromkeys((*placeholders(rule.message.vi), *placeholders(rule.remedy.vi)), "")
    found = finding(rule, words=blank | words, trace=Trace(about.subject, about.evidence))
    if not words:
        found = replace(found, message=Text(said, said))
    sheet = next((s for s in plan.layout.sheets if s.name == about.sheet), None)
    if sheet is None or not sheet.has_column(about.field):
        return found
    record = _record_with(plan, sheet, line, taken)
    if record is None:
        return None
    taken.add((sheet.key, record.row))
    return replace(
        found,
        sheet=sheet.name,
        cell=sheet.ref(about.field, record.row),
        row=record.row,
        field=about.field,
        value=plan.value(sheet.key, record, about.field),
    )


def _record_with(
    plan: Plan, sheet: PlacedSheet, line: Line, taken: set[tuple[str, int]]
) -> Record | None:
    """Return the row that holds a finding's evidence: the former row, or else the first.

    A cell that is empty because the parts of a plan differ has a content in each of them: there
    the former row alone counts, whatever it holds.
    """
    about = line.about
    wanted = dict(about.evidence).get(f"={about.field}")
    if about.rule == across.PARTS_DIFFER.id:
        return next((r for r in plan.rows(sheet.key) if r.row == about.row), None)
    records = [
        record
        for record in plan.rows(sheet.key)
        if essence(plan.value(sheet.key, record, about.field)) == wanted
        and (sheet.key, record.row) not in taken
    ]
    return next((r for r in records if r.row == about.row), next(iter(records), None))


def _words_in(said: str, template: str) -> dict[str, str]:
    """Return the words in a message's placeholders; none where it is another message."""
    pattern = ""
    names: set[str] = set()
    for literal, name, _, _ in Formatter().parse(template):
        pattern += re.escape(literal)
        if name:
            pattern += f"(?P={name})" if name in names else f"(?P<{name}>.*?)"
            names.add(name)
    found = re.match(pattern, said, re.DOTALL)
    return found.groupdict() if found else {}
