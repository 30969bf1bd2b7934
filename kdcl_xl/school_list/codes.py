"""Clean the codes of a list of schools, and restore the zeros that spreadsheets drop."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from kdcl_xl.errors import UserError
from kdcl_xl.schools import checked_code
from workbook_templates.text import Text

_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E[+-]?[0-9]{1,3}", re.IGNORECASE)
_SIGNED = re.compile(r".*E[+-].*", re.IGNORECASE)
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)", re.IGNORECASE)
_WITH_DECIMALS = re.compile(r"([0-9]+)[.,]0+")


def clean_code(text: str) -> str:
    """Return a code without the apostrophe that keeps it as text, and without ``.0``."""
    text = text.lstrip("'’ ")
    found = _WITH_DECIMALS.fullmatch(text)
    return found[1] if found else text


def problem_of(code: str) -> Text | None:
    """Return the reason why a code cannot be used; None where it can."""
    if _ROUNDED.fullmatch(code) and _SIGNED.fullmatch(code):
        return _LOST_DIGITS.format(code=code)
    if _ERROR.fullmatch(code):
        return _IS_ERROR.format(code=code)
    try:
        checked_code(code)
    except UserError as error:
        return Text(error.text.vi.rstrip("."), error.text.en.rstrip("."))
    return None


_LOST_DIGITS = Text(
    "mã trường «{code}» là số đã bị Excel rút gọn và mất chữ số; vui lòng định dạng cột mã là "
    "Text rồi nhập lại mã",
    "code '{code}' is a number that Excel has shortened, and digits are lost; format the column "
    "as Text and type the code again",
)
_IS_ERROR = Text(
    "ô mã trường báo lỗi «{code}», vui lòng nhập lại mã",
    "the cell of the code holds the error '{code}', type the code again",
)

FULL_LENGTH = 8
"""Digits of the codes that schools usually have; the first two are the province's.

It is a custom of the lists; no regulation that the catalogue knows states it.
"""
_SHORTEST, _MOST_ZEROS = 5, 3
"""Digits of a code from which on it is no running number, and zeros that are restored."""


def usual_length(codes: Iterable[str]) -> int:
    """Return the number of digits that the codes of a list have; 0 where they vary.

    Codes of provinces 01 to 09 begin with a zero, which a spreadsheet drops from all of them:
    7 digits throughout mean 8.
    """
    digits = [code for code in codes if code.isascii() and code.isdigit()]
    if not digits:
        return 0
    length, count = Counter(map(len, digits)).most_common(1)[0]
    is_eaten = length == FULL_LENGTH - 1 and not any(
        code.startswith("0") for code in digits if len(code) == length
    )
    if length < _SHORTEST or count * 2 <= len(digits):
        # A few codes of full length show what the shorter ones have lost.
        full = sum(len(code) == FULL_LENGTH for code in digits)
        return FULL_LENGTH if full * 3 >= len(digits) else 0
    return FULL_LENGTH if is_eaten else length


def is_as_meant(text: str) -> bool:
    """Return whether a visible apostrophe marks a code as complete: ``'1001701``."""
    return text.startswith(("'", "’"))


def with_zeros(code: str, length: int) -> str:
    """Return a code with the zeros that it lacks to the usual length of its list."""
    lost = length - len(code)
    is_short = 0 < lost <= _MOST_ZEROS and code.isascii() and code.isdigit()
    return code.zfill(length) if is_short and not code.startswith("0") else code
