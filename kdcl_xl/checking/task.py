"""The work that is the same for every file of a run, wherever it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kdcl_xl.checking.check import Checked, check_file
from kdcl_xl.checking.guard import guarded
from kdcl_xl.checking.record import pack
from kdcl_xl.submission.identify import Unreadable
from kdcl_xl.submission.model import AS_ISSUED, Reading
from kdcl_xl.xlsx.package import Contents
from workbook_templates.regulation import Catalogue


class Outcome(NamedTuple):
    """The packed record of a file; ``is_lasting`` where reading the file again gives the same."""

    record: bytes
    is_lasting: bool


@dataclass(frozen=True)
class Task:
    """The arguments of a check that are the same for every file."""

    catalogue: Catalogue
    today: date
    reading: Reading = AS_ISSUED

    def check(self, path: Path, contents: Contents | None = None) -> Outcome:
        """Check a file; never raises for anything that it holds."""
        checked = check_file(path, self.catalogue, self.today, self.reading, contents)
        # Packing is part of the file's work: the file may hold a value that no record can hold.
        record = guarded(path, lambda: pack(checked))
        if isinstance(record, Unreadable):
            return Outcome(pack(Checked.unread(record)), is_lasting=False)
        return Outcome(record, is_lasting=bool(checked.submission.digest))
