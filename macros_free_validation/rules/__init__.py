"""Every rule, in the order of its id."""

from __future__ import annotations

from macros_free_validation.rule import Rule
from macros_free_validation.rules import (
    across,
    appearance,
    characters,
    citations,
    cover,
    coverage,
    criteria,
    hazards,
    leads,
    lists,
    money,
    oddities,
    other_files,
    progress,
    recognition,
    reviews,
    settings,
    tampering,
    time,
    workbook,
)
from workbook_templates.text import Text

ALL_RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            rule
            for family in (
                workbook,
                other_files,
                oddities,
                cover,
                citations,
                recognition,
                criteria,
                leads,
                time,
                money,
                coverage,
                progress,
                reviews,
                lists,
                hazards,
                tampering,
                appearance,
                settings,
                characters,
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


def _names(rule: Rule) -> tuple[str, ...]:
    return tuple(limit.name for limit in rule.limits)


LIMITS = {limit.name: limit for rule in ALL_RULES for limit in rule.limits}
"""Every limit that an authority may set, by its name."""

SHEET_LIMITS = {name for rule in ALL_RULES if rule.is_live for name in _names(rule)}
"""Names of the limits that are written into a workbook's formulas, and so into its stamp."""

FAMILIES = {
    "file": Text("Tệp không đọc được", "Unreadable files"),
    "cover": Text("Thông tin chung", "Cover"),
    "recognition": Text("Công nhận đang có", "Recognition held"),
    "criteria": Text("Tiêu chí và mức", "Criteria and levels"),
    "leads": Text("Chủ trì", "Leads"),
    "time": Text("Thời gian", "Time"),
    "money": Text("Kinh phí", "Money"),
    "coverage": Text("Độ bao phủ", "Coverage"),
    "progress": Text("Theo dõi", "Progress"),
    "workbook": Text("Sổ tính", "The workbook"),
    "across": Text("Giữa các trường", "Across schools"),
}
"""Every family of rules, and what it is about."""

if not {rule.family for rule in ALL_RULES} <= set(FAMILIES):
    raise AssertionError("a rule is of no known family")
