"""Expand the recurrence of a task into months."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from kdcl_xl.district.model.summary import Period
from macros_free_validation.values import Raw, is_date, key, to_date
from workbook_templates.vocabulary import Recurrence

_QUARTER_ENDS = (3, 6, 9, 12)
_TERM_ENDS = (1, 5)
"""January closes the first term, May the second."""
_BY_NAME = {key(recurrence.label.vi): recurrence for recurrence in Recurrence}


def recurrence_of(value: Raw) -> Recurrence:
    """Return the recurrence in a cell; a task without a listed one is done once."""
    return _BY_NAME.get(key(value), Recurrence.ONCE)


def day_of(value: Raw) -> date | None:
    """Return a cell as a day, or None."""
    return to_date(value) if is_date(value) else None


@lru_cache(maxsize=4096)
def months_of(
    recurrence: Recurrence, start: date | None, deadline: date | None, period: Period | None
) -> tuple[date, ...]:
    """Return the months of a task, as their first days; none where they are unknown.

    A task done once is in the month of its deadline. A recurring one runs from its start to
    its deadline. The plan's period replaces a missing day, and bounds both. Quarters and terms
    count in their last months, years in the month of the deadline.
    """
    if recurrence is Recurrence.ONCE:
        return (deadline.replace(day=1),) if deadline else ()
    if period is None:
        return ()
    first, last = max(start or period[0], period[0]), min(deadline or period[1], period[1])
    if last < first:
        return ()
    match recurrence:
        case Recurrence.QUARTERLY:
            wanted: tuple[int, ...] | None = _QUARTER_ENDS
        case Recurrence.TERMLY:
            wanted = _TERM_ENDS
        case Recurrence.YEARLY:
            wanted = (last.month,)
        case _:
            wanted = None
    # A task too short to reach the end of a quarter or a term counts in its last month.
    return _between(first.replace(day=1), last.replace(day=1), wanted) or (last.replace(day=1),)


@lru_cache(maxsize=4096)
def _between(first: date, last: date, wanted: tuple[int, ...] | None) -> tuple[date, ...]:
    # dateutil is slow to load, and only recurring tasks need it.
    from dateutil.rrule import MONTHLY, rrule

    rule = rrule(
        MONTHLY,
        dtstart=datetime.combine(first, time()),
        until=datetime.combine(last, time()),
        bymonth=wanted,
    )
    return tuple(moment.date() for moment in rule)
