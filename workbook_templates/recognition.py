"""The term of a recognition that a school holds: accreditation or national standard.

Khoản 2 Điều 35 of the regulation under circular 17/2018, and alike for the other kinds of
school: a certificate is valid for 5 years; at least 5 months before its end the school has
assessed itself again and registered for the external assessment. Certificates issued before
circular 57/2026 stay valid to their end (khoản 2 Điều 27).
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from workbook_templates.text import Text

VALID_YEARS = 5
MONTHS_BEFORE = 5
"""Months before its end by which a school registers for the next assessment."""
LONGEST_VALID = 366 + 365 * (VALID_YEARS - 1) + 1
"""Days from the decision to the end of a recognition at most, with two leap days."""


def register_by(valid_to: date) -> date:
    """Return the last day on which a school registers in time."""
    months = valid_to.year * 12 + valid_to.month - 1 - MONTHS_BEFORE
    year, month = divmod(months, 12)
    day = valid_to.day
    while True:  # the same day of an earlier month, or that month's last
        try:
            return date(year, month + 1, day)
        except ValueError:
            day -= 1


class RecognitionState(Enum):
    """Nearness of the end of a recognition."""

    EXPIRED = Text("Đã hết hạn", "Expired")
    LATE = Text("Đã quá thời điểm đăng ký lại", "Registration overdue")
    SOON = Text("Cần đăng ký lại trong 12 tháng tới", "Register within 12 months")
    LATER = Text("Còn hạn", "Valid")


def recognition_state(valid_to: date, today: date) -> RecognitionState:
    """Return how near the end of a recognition is on a day."""
    if valid_to < today:
        return RecognitionState.EXPIRED
    by = register_by(valid_to)
    if by < today:
        return RecognitionState.LATE
    is_soon = (by.year, by.month, by.day) <= (today.year + 1, today.month, today.day)
    return RecognitionState.SOON if is_soon else RecognitionState.LATER
