"""Amounts as Vietnamese text writes them: whole đồng, with dots between the thousands."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from macros_free_validation import values as v

ABSURD, TOO_LARGE = 1e15, "(số quá lớn)"
"""Beyond 15 digits a cell does not hold an amount exactly."""
MOST_SHOWN = 999_999_999_999_999.0
"""The number from which on programs differ in the last digit."""
_GROUP = r"\.000"


def money(amount: float) -> str:
    """Return an amount in whole đồng with dots between the thousands; words for an absurd one."""
    if not v.less(float(amount), MOST_SHOWN):
        return TOO_LARGE
    whole = Decimal(repr(amount)).to_integral_value(ROUND_HALF_UP)
    if whole < 1000:
        return str(int(whole))
    return format(int(whole), ",").replace(",", ".")


def money_excel(x: str) -> str:
    """Return the Excel half of :func:`money`.

    The dots are escaped: unescaped, their meaning depends on the language of the program.
    """
    written = f'TEXT({x},"0{_GROUP * 4}")'
    for groups in (3, 2, 1, 0):
        pattern = "0" + _GROUP * groups
        written = f'IF({x}<{1000 ** (groups + 1)}-0.5,TEXT({x},"{pattern}"),{written})'
    return f'IF({x}<{MOST_SHOWN:.0f},{written},"{TOO_LARGE}")'
