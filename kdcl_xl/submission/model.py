"""A returned file as all other modules see it, and the settings for reading files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from kdcl_xl.files import base_name
from kdcl_xl.submission.file_kind import FileKind, kind_of_finding
from kdcl_xl.submission.filling import Filling, filling_of
from kdcl_xl.submission.parts import Joined, Origin, PlanFile
from kdcl_xl.submission.places import NOTHING_MOVED, Places
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from kdcl_xl.xlsx.workbook import Workbook
from macros_free_validation.plan import Plan, typed
from macros_free_validation.rule import Finding
from macros_free_validation.rules.other_files import IGNORED
from workbook_templates.declare import Type
from workbook_templates.layout import Layout, Limits
from workbook_templates.regulation import Catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.text import normalise, one_line

LayoutOf = Callable[[Workbook, Stamp, Catalogue, Limits], Layout]


@dataclass(frozen=True, slots=True)
class Owner:
    """The school that a merge takes a submission for.

    ``key`` is the same for all submissions of the school. It begins with ``~`` for a submission
    that is not known to be of any school of that code.
    """

    key: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Remark:
    """The words of a note or a threaded comment on a cell: sheet by its key, row, address."""

    sheet: str
    row: int
    cell: str
    text: str


@dataclass(frozen=True)
class Submission:
    """A returned file with its plan, or with the finding that explains why there is none.

    ``digest`` is the SHA-256 of the bytes in hexadecimal, empty if they could not be read.
    ``modified`` is the file system's time, ``saved`` the time that a program wrote into the
    file. ``found`` are the findings made while reading. ``under`` names the authorities below
    this one that passed the file on, the highest first.
    ``is_of_district`` is true for an authority workbook, which has no plan of its own.
    ``owner`` is None before a merge has compared the submissions. ``filling_read`` is given
    where the plan holds only the cover. ``joined`` is given where the plan is made of several
    files, of which this is the first. ``remarks`` are the school's notes and comments on cells.
    ``places`` are those of the file where its rows or columns are not those of the plan.
    """

    path: Path
    digest: str
    modified: datetime | None
    stamp: Stamp | None
    plan: Plan | None
    found: tuple[Finding, ...]
    saved: datetime | None = None
    under: tuple[str, ...] = ()
    is_of_district: bool = False
    owner: Owner | None = None
    filling_read: Filling | None = field(default=None, compare=False, repr=False)
    joined: Joined | None = field(default=None, compare=False, repr=False)
    remarks: tuple[Remark, ...] = ()
    places: Places = field(default=NOTHING_MOVED, compare=False, repr=False)

    @cached_property
    def shown_path(self) -> str:
        """The path as one line of text, also where its name is not valid UTF-8."""
        return one_line(str(self.path))

    @property
    def is_read(self) -> bool:
        """True if the file was read into a plan."""
        return self.plan is not None

    @property
    def file_kind(self) -> FileKind:
        """The kind of the file."""
        if self.is_of_district:
            return FileKind.AUTHORITY
        return FileKind.WORKBOOK if self.is_read else kind_of_finding(self.found[0].rule)

    @property
    def is_ignored(self) -> bool:
        """True if the file is no submission, and no attempt at one."""
        return not self.is_read and self.found[0].rule in IGNORED

    @property
    def code(self) -> str:
        """The code of the owner; before that is known, the code as typed, or else as issued."""
        return self.owner.code if self.owner else self.typed_code or self.issued_code

    @property
    def name(self) -> str:
        """The name of the owner; before that is known, the name as typed."""
        return self.owner.name if self.owner else self.typed_name

    @property
    def typed_code(self) -> str:
        """The school's code as typed."""
        return self._cover("school_code")

    @property
    def issued_code(self) -> str:
        """The code of the school that the template was issued to; empty for no school."""
        return self.stamp.school_code if self.stamp else ""

    @property
    def typed_name(self) -> str:
        """The school's name as typed."""
        return self._cover("school_name")

    @cached_property
    def filling(self) -> Filling | None:
        """The part of the plan that is filled in; None for a file that was not read."""
        if self.plan is None or self.stamp is None:
            return None
        return self.filling_read or filling_of(self.plan, self.stamp)

    def origins_of(self, sheet: str, row: int) -> tuple[Origin, ...]:
        """Return the files and rows that a row of the plan comes from: mostly itself."""
        return self.made_of.origins_of(sheet, row)

    @cached_property
    def made_of(self) -> Joined | PlanFile:
        """The file with the plan, or several parts that were joined."""
        if self.joined is not None:
            return self.joined
        assert self.plan is not None
        return PlanFile(base_name(self.shown_path), self.plan, self.digest, places=self.places)

    @property
    def kind(self) -> SchoolKind | None:
        """The school kind the template was issued for, or the one its cover says more closely."""
        if self.plan is None or self.stamp is None:
            return None
        return self.plan.kind_taught(self.stamp.kind)

    @property
    def school_year(self) -> str:
        """The school year as typed, otherwise as issued."""
        return self._cover("school_year") or (self.stamp.school_year if self.stamp else "")

    def _cover(self, field: str) -> str:
        if self.plan is None:
            return ""
        value = typed(self.plan.cell(field), Type.TEXT)
        return "" if value is None else normalise(str(value))


@dataclass(frozen=True, slots=True)
class Given:
    """The facts that a person states about plans without a stamp."""

    kind: SchoolKind
    school_year: str
    school_code: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The settings for reading files: bounds of size, and a password for encrypted files.

    ``limits`` override those that a workbook was issued with. With ``only_cover`` the plan
    holds the cover and no table, nothing is computed, and no tampering is looked for: enough to
    know the school, and how far its plan is filled in. ``given`` are the facts by which a workbook
    without a stamp is read.
    """

    limits: Limits = ()
    bounds: Bounds = SAFE
    password: str = ""
    only_cover: bool = False
    given: Given | None = None


AS_ISSUED = Reading()
