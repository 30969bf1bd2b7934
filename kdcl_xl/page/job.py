"""A request of the page as the functions that answer it take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from kdcl_xl.checking.cache import Cache, default_folder
from kdcl_xl.checking.many import Workers
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import ProgressBar
from kdcl_xl.school_list.model import SchoolList
from kdcl_xl.school_list.read import read_schools
from kdcl_xl.schools import checked_year
from workbook_templates.regulation import Catalogue, builtin_catalogue
from workbook_templates.school_kind import SchoolKind, UnclearKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Language, Text


@dataclass(frozen=True)
class Job:
    """A request: files by the place they were dropped on, options as typed, and the day."""

    paths: Mapping[str, tuple[Path, ...]]
    options: Mapping[str, str]
    language: Language
    today: date
    progress: ProgressBar

    @cached_property
    def catalogue(self) -> Catalogue:
        """The regulations that come with the tool."""
        return builtin_catalogue()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that schools returned.

        Raises:
            UserError: there is none.
        """
        found = self.paths.get("files", ())
        if not found:
            raise UserError(_NO_FILES, Exit.NOTHING_READ)
        return found

    @cached_property
    def schools(self) -> SchoolList:
        """The list of schools; empty where none was dropped.

        Raises:
            UserError: the list cannot be used at all.
        """
        given = self.paths.get("schools", ())
        return read_schools(given[0], self.catalogue) if given else SchoolList()

    @property
    def remarks(self) -> list[str]:
        """Sentences on faulty rows of the list of schools, and on completed values."""
        given = self.paths.get("schools", ())
        return [t.in_(self.language) for t in self.schools.remarks(given[0])] if given else []

    @property
    def school_year(self) -> SchoolYear:
        """The school year that was typed.

        Raises:
            UserError: it is no school year.
        """
        return checked_year(self.option("school_year"))

    @property
    def kind(self) -> SchoolKind:
        """The kind of school that was chosen.

        Raises:
            UserError: it is not known; names those that are.
        """
        found = self.catalogue.read_kind(self.option("kind"))
        if isinstance(found, UnclearKind):
            raise UserError(Text(f"{found.problem.vi}.", f"{found.problem.en}."))
        return found

    @property
    def workers(self) -> Workers:
        """One worker, which remembers files that it has checked.

        In a browser the folder is in memory, and is gone with the page.
        """
        folder = default_folder()
        return Workers(cache=Cache(folder) if folder else None)

    def option(self, name: str) -> str:
        """Return an option as typed, without outer spaces; empty where it was left out."""
        return str(self.options.get(name, "")).strip()

    def said(self, text: Text) -> str:
        """Return a text in the language of the page."""
        return text.in_(self.language)


_NO_FILES = Text("Chưa có tệp nào để xử lý.", "There is no file to work on yet.")
