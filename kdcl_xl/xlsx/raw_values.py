"""Parse the content of a cell into a raw value."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from macros_free_validation.values import CellError, Raw, to_serial

_DIGITS = re.compile(rb"\s*(\d{1,9})\s*")
_NUMBER = re.compile(rb"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*")


class OddError(ValueError):
    """The error of a content without a single meaning."""


def string_index(content: bytes) -> int:
    """Parse the index (from 0) of a shared string.

    Raises:
        OddError: the content is no such index.
    """
    found = _DIGITS.fullmatch(content)
    if found is None:
        raise OddError
    return int(found[1])


def number_in(content: bytes) -> Raw:
    """Parse a number; None for a blank content.

    Raises:
        OddError: the content is no finite number.
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
    """Parse the content of a cell of a kind (``t``) other than number and string.

    Raises:
        OddError: the content has no meaning in a cell of that kind.
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
    """Return the serial number of an ISO date or time; any other text unchanged."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = time.fromisoformat(text)
        except ValueError:
            return text or None
        # A time alone is a fraction of a day.
        return (datetime.combine(date.min, at) - datetime.min) / timedelta(days=1)
    moment = moment.replace(tzinfo=None)  # a serial number has no time zone
    midnight = datetime.combine(moment.date(), time())
    return to_serial(moment.date()) + (moment - midnight) / timedelta(days=1)
