"""The stamp of a template: its identity, kept in three places of the file.

A document property, a defined name and a very hidden sheet hold the same line.
Honest programs lose one of them now and then; a file that has lost all three is
another file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, urlencode

from workbook_templates.layout import Layout, Limits

STAMP_PROPERTY = "kdcl-xl"
STAMP_NAME = "kdcl_stamp"
DISTRICT_PROPERTY = "kdcl-xl-district"
"""Document property that identifies an authority workbook."""
ARCHIVE_SHEET = "_kdcl_so"
"""Very hidden sheet of an authority workbook with the data that the next merge needs."""
SOURCES_SHEET = "_kdcl_nguon"
"""Very hidden sheet of an authority workbook with its sources, for the level above."""
STAMP_SHEET = "_kdcl"
"""Very hidden sheet of a template that holds its stamp."""
STAMP_MARK = "kdcl-xl?"
"""The beginning of every stamp."""
VERSION = "1"
LONGEST_STAMP = 255
"""Characters of a stamp: Excel's limit for a text in a formula."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The identity under which a workbook was issued.

    ``structure`` is a checksum of the places and meanings of the layout, so
    that a template is never read with another template's map. ``limits`` are those
    with which the sheets were made in place of the rules' own. ``tool`` is the version
    that issued the workbook, ``locked`` and ``inputs`` are checksums of its locked content and of
    the input it accepts (see :mod:`kdcl_xl.template.locked`); all three are empty in older stamps.
    ``is_whole`` is false where somebody edited the line itself.
    """

    form: str
    regulation: str
    kind: str
    school_year: str
    rows: int
    school_code: str
    structure: str
    version: str = VERSION
    limits: Limits = ()
    tool: str = ""
    locked: str = ""
    inputs: str = ""
    is_whole: bool = True

    def encode(self) -> str:
        """Return the stamp as one line."""
        fields = {
            "v": self.version,
            "form": self.form,
            "regulation": self.regulation,
            "kind": self.kind,
            "year": self.school_year,
            "rows": self.rows,
            "code": self.school_code,
            "structure": self.structure,
        }
        if self.limits:
            fields["limits"] = " ".join(f"{name}.{number}" for name, number in self.limits)
        if self.tool:
            line_sum = _sum_of([*fields.values(), self.tool, self.locked, self.inputs])
            fields["s"] = f"{self.locked:-<4}{self.inputs:-<4}{line_sum}{self.tool}"
        line = urlencode(fields).replace("_x", "%5Fx")  # spreadsheets take «_x0041_» for an «A»
        return STAMP_MARK + line

    @classmethod
    def decode(cls, line: str) -> Stamp:
        """Read a stamp.

        Raises:
            ValueError: the line is no stamp.
        """
        if not line.startswith(STAMP_MARK):
            raise ValueError("not a stamp")
        fields = {k: v[0] for k, v in parse_qs(line[len(STAMP_MARK) :], True).items()}
        seal = fields.pop("s", "")
        locked, inputs, line_sum, tool = (
            seal[:4].strip("-"),
            seal[4:8].strip("-"),
            seal[8:10],
            seal[10:],
        )
        try:
            return cls(
                fields["form"],
                fields["regulation"],
                fields["kind"],
                fields["year"],
                int(fields["rows"]),
                fields.get("code", ""),
                fields["structure"],
                fields["v"],
                tuple(_limits(fields.get("limits", ""))),
                tool,
                locked,
                inputs,
                line_sum == (_sum_of([*fields.values(), tool, locked, inputs]) if seal else ""),
            )
        except KeyError as error:
            raise ValueError(f"stamp lacks {error}") from None


def _sum_of(values: Iterable[object]) -> str:
    """Return a checksum that reveals a slip in the line itself, but no forgery."""
    text = "\n".join(map(str, values))
    return hashlib.sha256(text.encode()).hexdigest()[:2]


def _limits(text: str) -> Iterator[tuple[str, int]]:
    for word in text.split():
        name, _, number = word.partition(".")
        yield name, int(number)


@lru_cache(maxsize=256)
def structure_of(layout: Layout) -> str:
    """Return the checksum of a layout's places and meanings: fields, addresses, criteria codes."""
    parts = [layout.form.id, layout.regulation.id, str(layout.rows)]
    parts += [f"{c.code}:{c.levels}" for c in layout.regulation.criteria]
    for sheet in layout.sheets:
        if sheet.sheet.printed is not None:
            continue  # it holds no input: it may change without making old templates unreadable
        parts.append(f"{sheet.key}={sheet.name}@{sheet.first_row}-{sheet.last_row}")
        parts += [f"{cell.ref}={cell.field}" for cell in sheet.cells]
        parts += [f"{column.letter}={column.field}" for column in sheet.columns]
        parts += [f"{placed.index}={placed.field}" for placed in sheet.hidden]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
