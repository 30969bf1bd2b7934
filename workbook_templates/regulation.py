"""Regulations: standards, criteria and levels, loaded from TOML and checked on load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from workbook_templates.characters import is_plain
from workbook_templates.forms import FORMS
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, fold
from workbook_templates.toml_lines import Shape, TomlError, TomlReader
from workbook_templates.vocabulary import Confidence, SchoolKind

LONGEST_LABEL = 250
"""Characters of a criterion's cell value; Excel's look-ups stop at 255."""

SCHOOL_LEVEL_RULES = ("all_criteria", "mandatory_and_five")


class CatalogueError(TomlError):
    """A catalogue that cannot be used: the file, the line and the problem."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion (tiêu chí) and the levels it is defined for."""

    code: str
    title: str
    levels: tuple[int, ...]
    standard: int
    mandatory: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The value in a cell: code and title."""
        return f"{self.code} {self.title}"

    @property
    def is_level_4(self) -> bool:
        """True if the criterion is in the separate list of level 4 of the 2018 rules."""
        return self.levels == (4,)


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard (tiêu chuẩn) with its criteria."""

    no: int
    title: str
    criteria: tuple[Criterion, ...]
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The value in a cell: ``Tiêu chuẩn 1: …``."""
        return f"Tiêu chuẩn {self.no}: {self.title}"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A later change to a regulation that is recorded but not applied."""

    number: str
    in_force_from: date
    confidence: Confidence
    confidence_note: Text
    criteria: tuple[Criterion, ...]
    criteria_total: int | None


@dataclass(frozen=True, slots=True)
class Regulation:
    """A circular (thông tư) as it applies to some kinds of school."""

    id: str
    number: str
    title: str
    form: str
    kinds: tuple[SchoolKind, ...]
    in_force_from: date
    repealed_on: date | None
    repealed_by: str
    school_level_rule: str
    source: Text
    confidence: Confidence
    confidence_note: Text
    standards: tuple[Standard, ...]
    level_4: tuple[Criterion, ...]
    amendments: tuple[Amendment, ...] = ()
    criteria: tuple[Criterion, ...] = field(default=(), init=False, compare=False, repr=False)
    """All criteria in the order of the regulation, level 4 last."""
    _by_code: Mapping[str, Criterion] = field(default_factory=dict, compare=False, repr=False)
    _by_name: Mapping[str, Criterion] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the criteria by code and by every name they go by."""
        criteria = tuple(c for s in self.standards for c in s.criteria) + self.level_4
        object.__setattr__(self, "criteria", criteria)
        object.__setattr__(self, "_by_code", {c.code: c for c in criteria})
        names = {fold(name): c for c in criteria for name in (c.label, c.title, *c.aliases)}
        object.__setattr__(self, "_by_name", names)

    @property
    def levels(self) -> tuple[int, ...]:
        """Every level that some criterion has."""
        return tuple(sorted({level for c in self.criteria for level in c.levels}))

    def criteria_at(self, level: int) -> tuple[Criterion, ...]:
        """Return the criteria that are defined for ``level``."""
        return tuple(c for c in self.criteria if level in c.levels)

    def standard_of(self, criterion: Criterion) -> str:
        """Return the heading above a criterion in the printed plan."""
        if criterion.is_level_4:
            return "Mức 4"
        return next(s.label for s in self.standards if s.no == criterion.standard)

    def in_force(self, day: date) -> bool:
        """Return whether the regulation governs a plan of that day."""
        return self.in_force_from <= day and (self.repealed_on is None or day < self.repealed_on)

    def labelled(self, text: str) -> Criterion | None:
        """Return the criterion whose cell value is ``text``, case and spaces aside, or None."""
        known = self._by_name.get(fold(text))
        return known if known and fold(known.label) == fold(text) else None

    def criterion(self, text: str) -> Criterion | None:
        """Return the criterion that ``text`` means, in any spelling that people use, or None.

        Accepts the cell value, the bare code, the title, and codes as typed in
        real plans: ``Tiêu chí 3. 5``, ``1.1.``, ``TC 2.1: …``, ``Mức 4 - 3``.
        """
        known = self._by_name.get(fold(text))
        if known:
            return known
        code = criterion_code(text)
        return self._by_code.get(code) if code else None


_CODE = re.compile(
    r"(?:(?:tiêu chí|tc)\s*)?"
    r"(?:(?P<m4>m4|mức 4\s*[-:]?\s*(?:khoản|tiêu chí)?)\s*\.?\s*(?P<item>\d{1,2})"
    r"|(?P<standard>\d)\s*[.,]\s*(?P<no>\d{1,2}))(?!\d)"
)


def criterion_code(text: str) -> str | None:
    """Return the criterion code at the start of ``text`` (``3.5``, ``M4.1``), or None."""
    found = _CODE.match(fold(text))
    if not found:
        return None
    return f"M4.{found['item']}" if found["m4"] else f"{found['standard']}.{found['no']}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All regulations that the tool knows, by date."""

    regulations: tuple[Regulation, ...]

    def get(self, regulation_id: str) -> Regulation | None:
        """Return the regulation with that id, or None."""
        return next((r for r in self.regulations if r.id == regulation_id), None)

    def choose(self, kind: SchoolKind, year: SchoolYear) -> Regulation | None:
        """Return the regulation that governs a plan of that kind and period.

        This is the one in force when the first school year opens, or else the one
        that comes into force before the period ends.
        """
        of_kind = [r for r in self.regulations if kind in r.kinds]
        for regulation in reversed(of_kind):
            if regulation.in_force(year.reference_day):
                return regulation
        return next((r for r in of_kind if year.start <= r.in_force_from <= year.end), None)

    def with_replaced(self, own: Sequence[Regulation]) -> Catalogue:
        """Return this catalogue with an authority's own regulations; the same id replaces ours."""
        ids = {r.id for r in own}
        kept = [r for r in self.regulations if r.id not in ids]
        return Catalogue(tuple(sorted([*kept, *own], key=lambda r: (r.in_force_from, r.id))))


@cache
def builtin_catalogue() -> Catalogue:
    """Return the catalogue that comes with the tool."""
    folder = files("workbook_templates") / "regulations"
    found = [
        load_regulation(entry.read_text(encoding="utf-8"), entry.name)
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".toml")
    ]
    return Catalogue(()).with_replaced(found)


def load_catalogue(path: Path) -> Catalogue:
    """Return the built-in catalogue with the regulation of an authority's own file in it.

    Raises:
        CatalogueError: the file is not a regulation; names the line at fault.
        OSError: the file cannot be read.
    """
    reader = _Reader.of_file(path)
    return builtin_catalogue().with_replaced([reader.regulation(reader.data)])


def load_regulation(text: str, source: str) -> Regulation:
    """Read one regulation from TOML.

    Raises:
        CatalogueError: syntax, a missing or unknown key, a wrong type, a double
            code, a level out of order, or totals that do not add up.
    """
    reader = _Reader(text, source)
    return reader.regulation(reader.data)


def levels_of_form(form: str) -> int:
    """Return the number of levels that the self-assessment of a form has columns for."""
    columns = FORMS[form].sheet("self_assessment").columns
    return sum(column.field.startswith("result_") for column in columns)


class _Reader(TomlReader):
    """A reader that turns parsed TOML into a Regulation."""

    error = CatalogueError

    def take(self, data: Any, shape: Shape, table: str, nth: int) -> dict[str, Any]:
        """Return the values of one table, whose texts every program compares the same.

        They are in the dropdowns, and cells are compared with them.
        """
        found = super().take(data, shape, table, nth)
        for key, value in found.items():
            if not is_plain(value):
                raise self.fail(
                    self.line(table, nth, key),
                    f"khóa «{key}» có chữ gõ bằng Unicode tổ hợp hoặc ký tự ẩn; vui lòng gõ lại "
                    "bằng Unicode dựng sẵn",
                    f"key '{key}' holds decomposed letters or invisible characters; type it again",
                )
        return found

    def regulation(self, data: Mapping[str, Any]) -> Regulation:
        top = self.take(data, _TOP, "", 0)
        for key, allowed in (("form", FORMS), ("school_level_rule", SCHOOL_LEVEL_RULES)):
            if top[key] not in allowed:
                raise self.fail(
                    self.line("", 0, key),
                    f"«{key}» phải là một trong: {', '.join(allowed)}",
                    f"'{key}' must be one of: {', '.join(allowed)}",
                )
        self.most_levels = levels_of_form(top["form"])
        kinds_line = self.line("", 0, "kinds")
        kinds = tuple(
            self.member(SchoolKind, k, kinds_line, "kinds")
            for k in self.strings(top["kinds"], kinds_line, "kinds")
        )
        repealed = top.get("repealed_on")
        if not kinds or (repealed is not None and repealed <= top["in_force_from"]):
            raise self.fail(
                kinds_line if not kinds else self.line("", 0, "repealed_on"),
                "thiếu loại hình hoặc ngày hết hiệu lực sớm hơn ngày hiệu lực",
                "no school kind, or repealed before it came into force",
            )
        standards = tuple(self.standards(top["standards"]))
        level_4 = tuple(self.level_4(top.get("level4", [])))
        regulation = Regulation(
            id=top["id"],
            number=top["number"],
            title=top["title"],
            form=top["form"],
            kinds=kinds,
            in_force_from=top["in_force_from"],
            repealed_on=repealed,
            repealed_by=top.get("repealed_by", ""),
            school_level_rule=top["school_level_rule"],
            source=_text(top, "source"),
            confidence=self.member(
                Confidence, top["confidence"], self.line("", 0, "confidence"), "confidence"
            ),
            confidence_note=_text(top, "confidence_note"),
            standards=standards,
            level_4=level_4,
            amendments=tuple(self.amendments(top.get("amendments", []))),
        )
        self.totals(regulation, top.get("totals", {}))
        return regulation

    def totals(self, regulation: Regulation, totals: Mapping[str, Any]) -> None:
        for level, total in totals.items():
            real = len(regulation.criteria_at(int(level))) if level.isdigit() else -1
            if real != total:
                raise self.fail(
                    self.line("totals", 0, level),
                    f"ghi {total} tiêu chí có mức {level} nhưng danh sách có {real}",
                    f"says {total} criteria have level {level}, but the list has {real}",
                )

    def standards(self, tables: Sequence[Mapping[str, Any]]) -> Iterator[Standard]:
        nth_criterion = 0
        seen: set[str] = set()
        for nth, table in enumerate(tables):
            data = self.take(table, _STANDARD, "standards", nth)
            if data["no"] != nth + 1:
                raise self.fail(
                    self.line("standards", nth, "no"),
                    f"tiêu chuẩn phải đánh số liên tục, cần {nth + 1}",
                    f"standards must be numbered in order, {nth + 1} expected",
                )
            criteria = []
            for entry in data["criteria"]:
                criterion = self.criterion(entry, "standards.criteria", nth_criterion, data["no"])
                if criterion.code in seen or not criterion.code.startswith(f"{data['no']}."):
                    raise self.fail(
                        self.line("standards.criteria", nth_criterion, "code"),
                        f"mã tiêu chí «{criterion.code}» bị trùng hoặc không thuộc tiêu chuẩn",
                        f"criterion code '{criterion.code}' is used twice or not of its standard",
                    )
                seen.add(criterion.code)
                criteria.append(criterion)
                nth_criterion += 1
            aliases = self.strings(
                data.get("aliases", []), self.line("standards", nth, "aliases"), "aliases"
            )
            yield Standard(data["no"], data["title"], tuple(criteria), aliases)

    def criterion(self, entry: Mapping[str, Any], table: str, nth: int, standard: int) -> Criterion:
        data = self.take(entry, _CRITERION, table, nth)
        levels = data["levels"]
        at = self.line(table, nth, "levels")
        if not all(type(n) is int for n in levels) or levels != list(range(1, len(levels) + 1)):
            raise self.fail(at, "các mức phải liền nhau, bắt đầu từ 1", "levels must run on from 1")
        if len(levels) > self.most_levels:
            raise self.fail(
                at,
                f"mẫu biểu chỉ có {self.most_levels} mức",
                f"the form has {self.most_levels} levels only",
            )
        if not levels or not re.fullmatch(r"\d\.\d{1,2}", data["code"]):
            raise self.fail(
                self.line(table, nth, "code"),
                "mã tiêu chí phải có dạng 1.2 và có ít nhất một mức",
                "a criterion's code must look like 1.2, with at least one level",
            )
        criterion = Criterion(
            data["code"],
            data["title"],
            tuple(levels),
            standard,
            data.get("mandatory", False),
            self.strings(data.get("aliases", []), self.line(table, nth, "aliases"), "aliases"),
        )
        return self.short_enough(criterion, self.line(table, nth, "title"))

    def level_4(self, tables: Sequence[Mapping[str, Any]]) -> Iterator[Criterion]:
        for nth, table in enumerate(tables):
            data = self.take(table, _LEVEL_4, "level4", nth)
            if data["no"] != nth + 1:
                raise self.fail(
                    self.line("level4", nth, "no"),
                    f"mục mức 4 phải đánh số liên tục, cần {nth + 1}",
                    f"items of level 4 must be numbered in order, {nth + 1} expected",
                )
            item = Criterion(f"M4.{data['no']}", data["summary"], (4,), 0, aliases=(data["label"],))
            yield self.short_enough(item, self.line("level4", nth, "summary"))

    def short_enough(self, criterion: Criterion, at: int) -> Criterion:
        if len(criterion.label) > LONGEST_LABEL:
            raise self.fail(
                at,
                f"tên tiêu chí dài quá {LONGEST_LABEL} ký tự",
                f"a criterion's name is longer than {LONGEST_LABEL} characters",
            )
        return criterion

    def amendments(self, tables: Sequence[Mapping[str, Any]]) -> Iterator[Amendment]:
        nth_criterion = 0
        for nth, table in enumerate(tables):
            data = self.take(table, _AMENDMENT, "amendments", nth)
            criteria = []
            for entry in data.get("criteria", []):
                code = str(entry.get("code", "0"))
                number = int(code[0]) if code[:1].isdigit() else 0
                criteria.append(self.criterion(entry, "amendments.criteria", nth_criterion, number))
                nth_criterion += 1
            at = self.line("amendments", nth, "confidence")
            yield Amendment(
                data["number"],
                data["in_force_from"],
                self.member(Confidence, data["confidence"], at, "confidence"),
                _text(data, "confidence_note"),
                tuple(criteria),
                data.get("criteria_total"),
            )


def _text(data: Mapping[str, Any], key: str) -> Text:
    """Return a text and its Vietnamese version, which may be left out."""
    text = data.get(key, "")
    return Text(data.get(f"{key}_vi", text), text)


_TOP = {
    "id": (str, True),
    "number": (str, True),
    "title": (str, True),
    "form": (str, True),
    "kinds": (list, True),
    "in_force_from": (date, True),
    "repealed_on": (date, False),
    "repealed_by": (str, False),
    "school_level_rule": (str, True),
    "source": (str, True),
    "source_vi": (str, False),
    "confidence": (str, True),
    "confidence_note": (str, False),
    "confidence_note_vi": (str, False),
    "totals": (dict, False),
    "standards": (list, True),
    "level4": (list, False),
    "amendments": (list, False),
}
_STANDARD = {
    "no": (int, True),
    "title": (str, True),
    "criteria": (list, True),
    "aliases": (list, False),
}
_CRITERION = {
    "code": (str, True),
    "title": (str, True),
    "levels": (list, True),
    "mandatory": (bool, False),
    "aliases": (list, False),
}
_LEVEL_4 = {"no": (int, True), "label": (str, True), "summary": (str, True)}
_AMENDMENT = {
    "number": (str, True),
    "in_force_from": (date, True),
    "confidence": (str, True),
    "confidence_note": (str, False),
    "confidence_note_vi": (str, False),
    "criteria": (list, False),
    "criteria_total": (int, False),
}
