"""Every text that means a criterion or a level, and words that do not count up when dragged."""

from __future__ import annotations

import pytest

from macros_free_validation.expression.python_half import code_of_number, level_number
from macros_free_validation.plan import level_meant
from macros_free_validation.values import Raw
from tests.build import good_task, layout_of, make_plan
from workbook_templates.declare import Lists
from workbook_templates.layout import build_layout, criterion_choices, criterion_spellings
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.vocabulary import level_choice, level_spellings

REGULATIONS = {r.id: r for r in builtin_catalogue().regulations}


def meant(value: Raw, form: str = "2018") -> Raw:
    """Return the label beside a criterion cell of the plan."""
    layout = layout_of(form)
    plan = make_plan(layout, tables={"plan": [{**good_task(layout), "criterion": value}]})
    return plan.column("plan", "criterion_label")[0]


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_every_spelling_means_one_criterion(regulation: str) -> None:
    law = REGULATIONS[regulation]
    spellings = criterion_spellings(law)
    for text, criterion in spellings.items():
        assert law.criterion(text) == criterion, text
    keys = [text.lower() for text in spellings]
    assert len(keys) == len(set(keys))
    assert set(criterion_choices(law)) <= set(spellings)
    labels = {c.label for a in law.amendments for c in a.criteria}
    codes = {c.code for c in law.criteria}
    assert {text for text in labels if text.split()[0] in codes} <= set(spellings)


@pytest.mark.parametrize("regulation", REGULATIONS)
def test_what_people_choose_does_not_count_up(regulation: str) -> None:
    """Programs count a text up that begins or ends with a digit."""
    layout = build_layout(REGULATIONS[regulation], 10)
    chosen = layout.values(Lists.CRITERIA)[: len(layout.regulation.criteria)]
    offered = layout.dependent_values(Lists.LEVELS_OF_CRITERION)
    for word in (*chosen, *(w for words in offered.values() for w in words)):
        assert not word[0].isdigit(), word
        assert not word[-1].isdigit(), word


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.4", "1.4"),
        ("1.10", "1.10"),
        (" 1.4. ", "1.4"),
        ("tiêu chí 1.4", "1.4"),
        ("Tiêu chí 1.10.", "1.10"),
        ("M4.1", "M4.1"),
        (1.4, "1.4"),
        (2.0, ""),
        (1.1, ""),
        (1.45, ""),
        (11.1, ""),
        ("9.9", ""),
        ("1.4 Tên khác", ""),
        (True, ""),
        (None, ""),
    ],
)
def test_a_criterion_is_known_by_what_is_typed(typed: Raw, code: str) -> None:
    """The number 1.1 may have been 1.10, which a program reads as the same number."""
    label = str(meant(typed))
    assert label.split(" ")[0] == code


def test_a_label_of_an_amendment_means_the_criterion() -> None:
    layout = layout_of("2018")
    own = {c.label for c in layout.regulation.criteria}
    worded = [
        c
        for amendment in layout.regulation.amendments
        for c in amendment.criteria
        if c.label not in own
    ]
    assert worded
    for criterion in worded:
        assert str(meant(criterion.label)).split(" ")[0] == criterion.code


def test_codes_as_numbers() -> None:
    codes: dict[str | None, str] = {"1.1": "", "1.10": "", "1.4": ""}
    assert code_of_number(1.4, codes) == "1.4"
    assert code_of_number(1.1, codes) == ""
    assert code_of_number(1.4000001, codes) == "1.4"
    assert code_of_number(1.41, codes) == ""
    assert code_of_number(1e300, codes) == ""


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_level_is_known_by_what_is_typed(level: int) -> None:
    levels: dict[str | None, float] = {
        text.lower(): float(n) for n in (1, 2, 3, 4) for text in level_spellings(n)
    }
    known: tuple[Raw, ...] = (*level_spellings(level), float(level), f" mức  {level}")
    for value in known:
        assert level_number(value, levels) == level, value
        assert level_meant(value) == f"Mức {level}"
    unknown: tuple[Raw, ...] = (0.0, 1.5, 5.0, True, None, "", f"Mức {level}.")
    for other in unknown:
        assert level_number(other, levels) == 0.0
        assert level_meant(other) == other
    assert level_choice(level) in level_spellings(level)
