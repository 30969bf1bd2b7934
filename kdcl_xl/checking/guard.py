"""The guard around one file's work: one bad file never stops the others.

Everything that is done to a file that somebody sent is wrapped here, and nowhere else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

from kdcl_xl.errors import UserError
from kdcl_xl.submission.identify import Origin, Unreadable
from kdcl_xl.xlsx.package import UnreadableError
from macros_free_validation.rule import finding
from macros_free_validation.rules import workbook as rules
from workbook_templates.text import Text

T = TypeVar("T")
_LONGEST_REASON = 200
"""Characters of an unforeseen error that a finding quotes."""


OUT_OF_TIME = Text("quá thời gian", "out of time")
OUT_OF_MEMORY = Text("quá bộ nhớ", "out of memory")


def over_budget(path: Path, found: Text) -> Unreadable:
    """Return a file that took more than its limits allow."""
    return Unreadable(Origin(path), finding(rules.OVER_BUDGET, words={"found": found}))


_REFUSED: ContextVar[Mapping[str, Text] | None] = ContextVar("_REFUSED", default=None)


@contextlib.contextmanager
def refusing(reasons: Mapping[str, Text]) -> Iterator[None]:
    """Refuse some files within the block: the reason of each, by its path as shown.

    A program without processes cannot end the work on one file: it is ended itself, and begins
    anew without the file.
    """
    token = _REFUSED.set(reasons)
    try:
        yield
    finally:
        _REFUSED.reset(token)


def guarded(path: Path, work: Callable[[], T]) -> T | Unreadable:
    """Do the work on one file, and return its result or the reason why there is none.

    Raises:
        UserError: the user asked for something that is impossible; this is no fault of the file.
    """
    if (ended := (_REFUSED.get() or {}).get(str(path))) is not None:
        return over_budget(path, ended)
    try:
        return work()
    except UserError:
        raise
    except UnreadableError as error:
        found = error.finding
    except MemoryError:
        return over_budget(path, OUT_OF_MEMORY)
    except Exception as error:  # a fault of this tool, which only this file brings to light
        reason = f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
        found = finding(rules.NOT_PROCESSED, words={"found": reason})
    return Unreadable(Origin(path), found)
