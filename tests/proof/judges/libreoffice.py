"""LibreOffice Calc: the office suite that many offices have beside or instead of Excel."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from samples.office import Office, find_soffice, find_uno_python
from tests.proof.judges.base import Judge, Values, results_in


class LibreOffice(Judge):
    """A LibreOffice in the background, which recalculates files and saves them."""

    name = "LibreOffice"

    def __init__(self, office: Office | None = None) -> None:
        """Take a LibreOffice that runs already, or start one when entered."""
        super().__init__()
        self._given = office
        self.office = office or Office()

    @classmethod
    def missing(cls) -> str:
        if find_soffice() and find_uno_python():
            return ""
        return "Install it: bash tests/install_libreoffice.sh"

    def version(self) -> str:
        program = str(find_soffice())
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        found = re.search(r"[0-9]+(?:\.[0-9]+)+", said.stdout)
        return found[0] if found else "?"

    def start(self) -> None:
        if self._given is None:
            self.running.enter_context(self.office)

    def recalculate(self, workbook: bytes) -> Values:
        with tempfile.TemporaryDirectory() as folder:
            path, saved = Path(folder, "book.xlsx"), Path(folder, "saved.xlsx")
            path.write_bytes(workbook)
            self.office.recalculate(path, saved)
            return results_in(saved.read_bytes(), workbook)
