"""Rules on dropdowns: each cell holds a value of its list, also where it was pasted.

Derived from the declarations: every dropdown of every form is judged, by a rule with words
of its own (``OF_ITS_OWN``) or else by the one rule of its sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from macros_free_validation.expression import Field, Filled, InList, Single
from macros_free_validation.rule import Case, Example, Rule, Severity, Stage
from workbook_templates.declare import Cell, Column, Form
from workbook_templates.forms import FORMS
from workbook_templates.text import Text

OF_ITS_OWN = {
    ("plan", "criterion"): "KD203",
    ("plan", "target_level"): "KD205",
    ("plan", "lead"): "KD302",
    ("plan", "recurrence"): "KD408",
    ("plan", "funding_source"): "KD506",
    ("problems", "standard"): "KD212",
    ("problems", "criterion"): "KD213",
    ("progress", "progress_state"): "KD708",
    ("cover", "accreditation"): "KD121",
    ("cover", "national_standard"): "KD121",
    **{("self_assessment", f"result_{level}"): "KD216" for level in (1, 2, 3, 4)},
}
"""Dropdowns that another rule judges with more specific words."""


def dropdowns(forms: Iterable[Form]) -> dict[tuple[str, str], Column | Cell]:
    """Yield every column and single cell with a dropdown, by the key of its sheet and its field."""
    found: dict[tuple[str, str], Column | Cell] = {}
    for form in forms:
        for sheet in form.sheets:
            found |= {(sheet.key, c.field): c for c in sheet.cells if c.choices}
            found |= {(sheet.key, c.field): c for c in sheet.columns if c.choices}
    return found


def _cases(sheet: str) -> Iterator[Case]:
    for (key, field), place in dropdowns(FORMS.values()).items():
        if key != sheet or (key, field) in OF_ITS_OWN or place.choices is None:
            continue
        is_cell = isinstance(place, Cell)
        value = Single(field, sheet) if is_cell else Field(field)
        name = place.label.vi if isinstance(place, Cell) else place.header.vi
        forms = tuple(form.id for form in FORMS.values() if (key, field) in dropdowns((form,)))
        yield Case(
            field, Filled(value) & ~InList(value, place.choices), {"column": name}, forms=forms
        )


def _not_listed(
    rule_id: str, sheet: str, severity: Severity, why: Text, wrong: Example, right: Example
) -> Rule:
    return Rule(
        rule_id,
        f"{sheet}.not_in_list",
        severity,
        Text("Giá trị không có trong danh sách", "Value not in the list"),
        Text(
            "Ô «{column}» ghi giá trị không có trong danh sách.",
            "The value under '{column}' is not in its list.",
        ),
        Text("Chọn lại trong danh sách của ô.", "Choose it from the cell's list."),
        sheet,
        cases=tuple(_cases(sheet)),
        stage=Stage.DRAFT,
        why=why,
        wrong=wrong,
        right=right,
    )


RULES = (
    _not_listed(
        "KD116",
        "cover",
        Severity.ERROR,
        Text(
            "Giá trị ghi theo cách khác không đếm và so sánh được; mức ghi khác đi thì không xét "
            "được nhà trường có đạt mức đó hay không.",
            "A value in other words can be neither counted nor compared; of a level nobody can "
            "say whether the school reaches it.",
        ),
        Example({"claimed_level": "Đạt chuẩn quốc gia"}),
        Example({"claimed_level": "Mức 1"}),
    ),
    _not_listed(
        "KD710",
        "progress",
        Severity.WARNING,
        Text(
            "Kỳ báo cáo hoặc chức danh ghi tự do không lọc và đếm được khi tổng hợp.",
            "A period or a role in free words can be neither filtered nor counted.",
        ),
        Example({"report_period": "Tuần 3"}),
        Example({"report_period": "Trong tháng"}),
    ),
)


def unjudged(forms: Iterable[Form]) -> set[tuple[str, str]]:
    """Yield the dropdowns of some forms that no rule judges."""
    judged = {(rule.sheet, case.field) for rule in RULES for case in rule.cases}
    return {place for place in dropdowns(forms) if place not in {*OF_ITS_OWN, *judged}}


if unjudged(FORMS.values()):
    raise AssertionError(f"no rule judges the dropdowns {sorted(unjudged(FORMS.values()))}")
