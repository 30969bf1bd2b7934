"""Keys by which a submission is matched with its school."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kdcl_xl.checking.check import Checked
from kdcl_xl.files import base_name
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Submission
from workbook_templates.text import fold


def school_key(entry: Checked, known: Mapping[str, School]) -> str:
    """Return the key of the school of a submission; ``known`` are the expected schools.

    Excel removes the leading zeros of a code that it takes for a number, in the submission or
    in the list. The code that the template was issued to helps then, and so do the digits
    without leading zeros, if only one school has them.
    """
    submission = entry.submission
    typed = fold(submission.code)
    issued = fold(submission.stamp.school_code) if submission.stamp else ""
    for key in (typed, issued):
        if key in known:
            return key
    digits = [k for k in known if typed.isdigit() and k.lstrip("0") == typed.lstrip("0")]
    return digits[0] if len(digits) == 1 else typed


def decision_key(entry: Checked, known: Mapping[str, School]) -> str:
    """Return the key that ties decisions to a school: its code, else its name, else the file.

    A code of digits has no leading zeros here, so that decisions survive their loss. A file that
    cannot be read is known by its content, so that decisions survive another name or folder.
    """
    submission = entry.submission
    if not submission.is_read and submission.digest:
        return f"~{submission.digest}"
    code = school_key(entry, known)
    if code:
        return (code.lstrip("0") or code) if code.isdigit() else code
    return f"~{fold(submission.name) or fold(file_stem(submission))}"


def file_stem(submission: Submission) -> str:
    """Return the file's name without its extension, whatever system the file was read on."""
    return Path(base_name(submission.shown_path)).stem
