"""Every rule, in the order of its id."""

from __future__ import annotations

from macros_free_validation.rule import Rule
from macros_free_validation.rules import (
    across,
    cover,
    coverage,
    criteria,
    leads,
    money,
    progress,
    settings,
    time,
    workbook,
)

ALL_RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            rule
            for family in (
                workbook,
                cover,
                criteria,
                leads,
                time,
                money,
                coverage,
                progress,
                settings,
                across,
            )
            for rule in family.RULES
        ),
        key=lambda rule: rule.id,
    )
)
BY_ID: dict[str, Rule] = {rule.id: rule for rule in ALL_RULES}
"""Every rule by its id; ids are public and never used again."""

if len(BY_ID) != len(ALL_RULES):
    raise AssertionError("a rule id is used twice")
