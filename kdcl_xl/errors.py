"""Errors that a person reads: one clear line, never a traceback."""

from __future__ import annotations

from enum import IntEnum

from workbook_templates.text import Text


class Exit(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    ERRORS_FOUND = 1
    WRONG_USE = 2
    NOTHING_READ = 3
    INTERRUPTED = 130
    """128 + 2, the code by which shells report Ctrl-C (SIGINT)."""


class UserError(Exception):
    """An error that the user can mend, as one line of text."""

    def __init__(self, text: Text, code: Exit = Exit.WRONG_USE) -> None:
        """Keep the line and the exit code."""
        self.text, self.code = text, code
        super().__init__(text.en)

    def __reduce__(self) -> tuple[type[UserError], tuple[Text, Exit]]:
        """Cross from one process to another as the text and the exit code."""
        return UserError, (self.text, self.code)
