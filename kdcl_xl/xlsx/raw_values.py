"""What stands between the tags of a cell, as a raw value."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from macros_free_validation.values import CellError, Raw, to_serial

_DIGITS = re.compile(rb"\s*(\d{1,9})\s*")
_NUMBER = re.compile(rb"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*")


class OddError(ValueError):
    """Something without one meaning."""


def number_of_text(content: bytes) -> int:
    """The place of a shared text in its table.

    Raises:
        OddError: this is none.
    """
    found = _DIGITS.fullmatch(content)
    if found is None:
        raise OddError
    return int(found[1])


def number_in(content: bytes) -> Raw:
    """A number, or None where there is nothing.

    Raises:
        OddError: this is none, or an infinite one.
    """
    if not content.strip():
        return None
    found = _NUMBER.fullmatch(content)
    try:
        number = float(found[1]) if found else math.nan
    except ValueError:
        raise OddError from None
    if not math.isfinite(number):
        raise OddError
    return number


def value_of(kind: str, text: str) -> Raw:
    """What a text means in a cell of this kind, but a shared text, its own text or a number.

    Raises:
        OddError: it means nothing.
    """
    match kind:
        case "str":
            return text or None
        case "b":
            if text.strip() not in ("0", "1", "true", "false"):
                raise OddError
            return text.strip() in ("1", "true")
        case "e":
            return CellError(text)
        case "d":
            return _day(text.strip())
        case _:
            raise OddError


def _day(text: str) -> Raw:
    """The number of an ISO date or time; what is none stays a text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = time.fromisoformat(text)
        except ValueError:
            return text or None
        return (datetime.combine(date.min, at) - datetime.min) / timedelta(days=1)
    moment = moment.replace(tzinfo=None)  # a time zone says nothing of a day
    midnight = datetime.combine(moment.date(), time())
    return to_serial(moment.date()) + (moment - midnight) / timedelta(days=1)
