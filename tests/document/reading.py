"""An official document as python-docx reads it: an independent reader."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property

import docx
from docx.document import Document
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from kdcl_xl.document.official import official_document
from macros_free_validation.plan import Plan


@dataclass(frozen=True)
class Read:
    """The bytes of a document, opened."""

    content: bytes

    @cached_property
    def document(self) -> Document:
        return docx.Document(io.BytesIO(self.content))

    @cached_property
    def xml(self) -> str:
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.read("word/document.xml").decode()

    @property
    def blocks(self) -> list[Paragraph | Table]:
        return list(self.document.iter_inner_content())

    @property
    def tables(self) -> list[Table]:
        """The official tables and grids, which have borders."""
        return [table for table in self.document.tables if "tblBorders" in table._tbl.xml]

    @property
    def lines(self) -> list[str]:
        """Every line of text, from top to bottom, a row of a table being one line."""
        found = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                found.append(block.text)
            else:
                found += [" | ".join(filter(None, row)) for row in rows_of(block)]
        return [line for line in found if line.strip()]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Width and height of the pages of each section, in whole millimetres."""
        found = []
        for section in self.document.sections:
            assert section.page_width is not None
            assert section.page_height is not None
            found.append((round(section.page_width.mm), round(section.page_height.mm)))
        return found


def rows_of(table: Table) -> list[list[str]]:
    """The texts of a table, of merged cells only where they begin."""
    found = []
    for row in table.rows:
        cells = row._tr.tc_lst
        found.append(
            ["" if cell.vMerge == "continue" else _Cell(cell, table).text for cell in cells]
        )
    return found


def read(plan: Plan) -> Read:
    return Read(official_document(plan))


def squeezed(text: str) -> str:
    """A text with every run of white space as one space."""
    return re.sub(r"\s+", " ", text).strip()
