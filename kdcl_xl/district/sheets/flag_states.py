"""The state of each decision on the sheet of flags, as formulas that follow the typing.

A flag without a decision of its own has that of its group's line, wherever both are sorted to:
a hidden sheet has the decision of each group by its number. Formulas reach it by names, because
a shared formula may hold no reference to another sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from kdcl_xl.district.decisions.decision import CHOICE_WORDS, DecisionState
from kdcl_xl.district.model.desk import DeskKind, DeskLine
from kdcl_xl.district.sheets.declare import Listing
from kdcl_xl.district.sheets.places import Part, quoted
from kdcl_xl.xlsx.writer import Book, write_formula
from macros_free_validation.expression import quote
from workbook_templates.text import Language

_GROUP_DECISIONS, _GROUP_BLANKS = "dm_group_decisions", "dm_group_blanks"
_AT = 2
"""Column of the groups' decisions on the hidden sheet (from 0); the next one counts blanks."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of the columns that the state of a decision depends on."""

    decision: str
    state: str
    group: str
    earlier: tuple[str, ...]


def state_formula(letters: Letters, language: Language) -> str:
    """Return the formula of the state of a decision, the same text in every row."""

    def own(letter: str) -> str:
        # The cell in the formula's own row. No relative reference, so that the formula is the
        # same text in every row, and stays right wherever a row is sorted or copied to.
        return f"INDEX(${letter}:${letter},ROW())"

    def label(state: DecisionState) -> str:
        return quote(state.label.in_(language))

    # An error value in a cell, which TRIM passes on, is unclear too: hence IFERROR at the end.
    decision, group = own(letters.decision), own(letters.group)
    above = f"INDEX({_GROUP_DECISIONS},MAX(0,{group})+1)"
    typed = f'TRIM(IF(TRIM({decision})="",{above},{decision}))'
    is_choice = ",".join(f"{typed}={quote(word)}" for word in CHOICE_WORDS)
    decided = f"IF(OR({is_choice}),{label(DecisionState.DECIDED)},{label(DecisionState.UNCLEAR)})"
    has_earlier = "&".join(own(letter) for letter in letters.earlier)
    blank = f'IF({has_earlier}="",{label(DecisionState.OPEN)},{label(DecisionState.REVIEW)})'
    # The line of a group counts as decided where each flag below has its own decision.
    each = f"AND({group}<0,INDEX({_GROUP_BLANKS},MAX(0,-{group})+1)=0)"
    open_ = f"IF({each},{label(DecisionState.DECIDED)},{blank})"
    return f'IFERROR(IF({typed}="",{open_},{decided}),{label(DecisionState.UNCLEAR)})'


def define_groups(
    book: Book, lists: Worksheet, listing: Listing[DeskLine], letters: Letters
) -> None:
    """Write each group's decision and number of undecided flags on the hidden sheet.

    The row of a group is its number plus one; the first row is for flags without a group.
    """
    lists.write_string(0, _AT, "")
    lists.write_number(0, _AT + 1, 0)
    count = 0
    for position, line in enumerate(listing.entries):
        if line.kind is not DeskKind.RULE:
            continue
        count = line.group
        here = next(part for part in listing.parts if part.first <= position < part.end)
        row = f"MATCH({-count},{_area(listing, here, letters.group)},0)"
        decision = f"INDEX({_area(listing, here, letters.decision)},{row})"
        shown = line.shown.in_language(listing.language).decision
        write_formula(lists, count, _AT, f'IFERROR({decision}&"","")', None, shown or "")
        blanks = "+".join(
            f"COUNTIFS({_area(listing, part, letters.group)},{count},"
            f'{_area(listing, part, letters.decision)},"")'
            for part in listing.parts
        )
        empty = sum(1 for e in listing.entries[position + 1 :][: len(line.flags)] if not e.shown)
        write_formula(lists, count, _AT + 1, blanks, None, float(empty))
    for name, column in ((_GROUP_DECISIONS, "C"), (_GROUP_BLANKS, "D")):
        book.define(name, f"{lists.get_name()}!${column}$1:${column}${count + 1}")


def count_formula(listing: Listing[DeskLine], letters: Letters, label: str) -> str:
    """Return the formula that counts the flags in a state; lines above flags are none."""
    return "+".join(
        f"COUNTIFS({_area(listing, part, letters.state)},{quote(label)},"
        f'{_area(listing, part, letters.group)},">=0")'
        for part in listing.parts
    )


def _area(listing: Listing[DeskLine], part: Part, letter: str) -> str:
    first = listing.sheet.first_row + 1
    last = first + max(1, part.count) - 1
    return f"{quoted(part.name.in_(listing.language))}!${letter}${first}:${letter}${last}"
