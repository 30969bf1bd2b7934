"""Keys by which a submission is matched with its school."""

from __future__ import annotations

import re
from pathlib import Path

from kdcl_xl.files import base_name
from kdcl_xl.submission.model import Submission
from workbook_templates.text import fold


def school_key(submission: Submission) -> str:
    """Return the key of the owner of a submission; empty for one without a code."""
    owner = submission.owner
    return owner.key if owner and owner.code else ""


def decision_key(submission: Submission) -> str:
    """Return the key that ties decisions to a school: its code, else its name, else the file.

    A code of digits has no leading zeros here, so that decisions survive their loss. A file that
    cannot be read is known by its content, so that decisions survive another name or folder.
    """
    if not submission.is_read and submission.digest:
        return f"~{submission.digest}"
    key = school_key(submission)
    if key:
        return (key.lstrip("0") or key) if key.isdigit() else key
    return f"~{fold(submission.name) or fold(file_stem(submission))}"


def file_stem(submission: Submission) -> str:
    """Return the file's name without its extension, whatever system the file was read on."""
    return Path(base_name(submission.shown_path)).stem


def code_in_name(submission: Submission) -> str:
    """Return what the file's name begins with, before ``-`` or ``_``, if that may be a code.

    A code has a digit; for other beginnings the text is empty.
    """
    start, *_ = re.split("[-_]", fold(file_stem(submission)), maxsplit=1)
    return start if any(sign.isdigit() for sign in start) else ""
