"""Regulations: standards, criteria and levels, loaded from TOML and checked on load."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from workbook_templates.cell_text import CellTextReader
from workbook_templates.certainty import Certainty, CertaintyReader, lowest
from workbook_templates.forms import FORMS
from workbook_templates.kind_file import KindReader
from workbook_templates.school_kind import KindNames, SchoolKind, UnclearKind, UnclearName
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, fold
from workbook_templates.toml_lines import TomlError, text_in
from workbook_templates.vocabulary import STANDARD_WORD, Confidence

MOST_CRITERIA = 80
"""Criteria of one regulation, more than twice as many as any has had: a formula lists them all."""

MOST_AMENDMENTS = 4
"""Amendments of one regulation: a formula of the sheet asks for each, and Excel limits its length.

The formula for a claimed level has 3,700 characters with one amendment, and 1,500 more for each.
Under the rule ``mandatory_and_five`` each level takes as much again: see :func:`most_amendments`.
"""

MOST_FILES = 100
"""Files of a folder of regulations."""
OTHERS_NEEDED = 5
"""Criteria beyond the mandatory ones that a school needs (khoản 3 Điều 5, Thông tư 57/2026)."""

SCHOOL_LEVEL_RULES = ("all_criteria", "mandatory_and_five")

_REGULATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
"""An id has to fit into the stamp of a template, and its letters into an address."""
_CRITERION_CODE = re.compile(r"[1-9]\.[1-9][0-9]?")


def most_amendments(rule: str, highest_level: int) -> int:
    """Return the number of amendments that a regulation may have."""
    if rule == "mandatory_and_five":
        return min(MOST_AMENDMENTS, 5 - highest_level)
    return MOST_AMENDMENTS


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
        return f"{STANDARD_WORD}{self.no}: {self.title}"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A later circular that puts ``criteria`` in the place of the criteria ``replaces``.

    Plans dated from ``in_force_from`` up to the day before ``in_force_until`` may follow the text
    before or after it. ``is_confirmed`` is true where somebody compared the new criteria with the
    circular. Without that, no level is denied to a school for the sake of these criteria.
    """

    id: str
    number: str
    issued: date | None
    in_force_from: date
    in_force_until: date | None
    is_confirmed: bool
    replaces: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    criteria_total: int | None
    other_changes: Text
    """Changes of content that leave codes, titles and levels as they are."""
    certainty: tuple[Certainty, ...]

    @property
    def confidence(self) -> Confidence:
        """The confidence in the least certain item."""
        return lowest(self.certainty)

    def in_force(self, day: date) -> bool:
        """Return whether a plan of that day may follow the amended text."""
        is_over = self.in_force_until is not None and day >= self.in_force_until
        return self.in_force_from <= day and not is_over


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
    certainty: tuple[Certainty, ...]
    """The certainty of each item, in the order of :class:`Item`."""
    standards: tuple[Standard, ...]
    level_4: tuple[Criterion, ...]
    amendments: tuple[Amendment, ...] = ()
    applied: Amendment | None = None
    """The amendment whose criteria these are; None for the text before it."""
    declared: tuple[SchoolKind, ...] = ()
    """The kinds of school that the file itself declares."""
    unclear: tuple[UnclearName, ...] = ()
    """Names of schools that the file declares to be of several kinds."""
    criteria: tuple[Criterion, ...] = field(default=(), init=False, compare=False, repr=False)
    """All criteria in the order of the regulation, level 4 last."""
    _by_code: Mapping[str, Criterion] = field(default_factory=dict, compare=False, repr=False)
    _by_name: Mapping[str, Criterion] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Index the criteria by code and by every name they go by."""
        criteria = tuple(c for s in self.standards for c in s.criteria) + self.level_4
        object.__setattr__(self, "criteria", criteria)
        object.__setattr__(self, "_by_code", {c.code: c for c in criteria})
        # A code means the same place in the text before and after an amendment.
        amended = [
            (c, known)
            for amendment in self.amendments
            for c in amendment.criteria
            if (known := self._by_code.get(c.code))
        ]
        names = {fold(n): known for c, known in amended for n in (c.label, c.title, *c.aliases)}
        named = [(fold(n), c) for c in criteria for n in (c.label, c.title, *c.aliases)]
        bearers = Counter(name for name, _ in {(name, c.code) for name, c in named})
        # A name that several criteria bear means none of them.
        names |= dict(named)
        names = {name: c for name, c in names.items() if bearers[name] < 2}
        object.__setattr__(self, "_by_name", names)

    @property
    def confidence(self) -> Confidence:
        """The confidence in the least certain item."""
        return lowest(self.certainty)

    @property
    def variants(self) -> Iterator[Regulation]:
        """Yield the regulation as each amendment has it."""
        return (amended(self, amendment) for amendment in self.amendments)

    def kind(self, kind_id: str) -> SchoolKind | None:
        """Return the kind of school with that id that the regulation governs, or None."""
        return next((kind for kind in self.kinds if kind.id == kind_id), None)

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


@dataclass(frozen=True, slots=True)
class Doubt:
    """The criteria of a regulation on which an amendment bears, and the days of its force.

    ``kept`` are the codes of the criteria that count for plans of that time, ``unsettled`` those
    that may count. All others of the regulation do not. ``start`` is None where the criteria of
    the regulation are the amended ones themselves.
    """

    number: str
    start: date | None
    until: date | None
    kept: frozenset[str]
    unsettled: frozenset[str]


def doubts_of(regulation: Regulation) -> Iterator[Doubt]:
    """Yield the doubt that each amendment causes about the criteria of a regulation.

    A plan on the text before an amendment gives its verdicts by the codes of that text. Where the
    amended text is confirmed, a criterion of the same code and levels means the same verdict.
    """
    every = {c.code: c for s in regulation.standards for c in s.criteria}
    level_4 = frozenset(c.code for c in regulation.level_4)
    if regulation.applied is not None:
        if not regulation.applied.is_confirmed:
            new = frozenset(c.code for c in regulation.applied.criteria)
            kept = (frozenset(every) - new) | level_4
            yield Doubt(regulation.applied.number, None, None, kept, new)
        return
    for amendment in regulation.amendments:
        replaced = frozenset(amendment.replaces)
        new_by_code = {c.code: c for c in amendment.criteria}
        alike = frozenset(
            code
            for code in replaced & new_by_code.keys()
            if _scale(every[code]) == _scale(new_by_code[code])
        )
        kept = (frozenset(every) - replaced) | level_4
        unsettled = replaced
        if amendment.is_confirmed:
            kept, unsettled = kept | alike, (replaced & new_by_code.keys()) - alike
            # A new code has no row in a template of the text before.
            unsettled |= new_by_code.keys() - every.keys()
        first, until = amendment.in_force_from, amendment.in_force_until
        yield Doubt(amendment.number, first, until, kept, unsettled)


def _scale(criterion: Criterion) -> tuple[tuple[int, ...], bool]:
    return criterion.levels, criterion.mandatory


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


def amended(regulation: Regulation, amendment: Amendment) -> Regulation:
    """Return a regulation with the criteria that an amendment puts in the place of others."""
    standards = tuple(
        replace(
            standard,
            criteria=tuple(
                sorted(
                    (
                        *(c for c in standard.criteria if c.code not in amendment.replaces),
                        *(c for c in amendment.criteria if c.standard == standard.no),
                    ),
                    key=lambda c: int(c.code.partition(".")[2]),
                )
            ),
        )
        for standard in regulation.standards
    )
    return replace(
        regulation,
        id=amendment.id,
        title=f"{regulation.title}, sửa đổi, bổ sung bởi Thông tư {amendment.number}",
        in_force_from=amendment.in_force_from,
        repealed_on=amendment.in_force_until,
        standards=tuple(standard for standard in standards if standard.criteria),
        applied=amendment,
    )


@dataclass(frozen=True)
class Catalogue:
    """All regulations that the tool knows, by date, and the kinds of school of their files."""

    regulations: tuple[Regulation, ...]
    kinds: tuple[SchoolKind, ...] = ()
    unclear: tuple[UnclearName, ...] = ()

    def get(self, regulation_id: str) -> Regulation | None:
        """Return the regulation, or the amended text of one, with that id, or None."""
        return self._by_id.get(regulation_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Regulation]:
        """Every regulation and amended text by its id; of the same id, the first."""
        every = [r for of in self.regulations for r in (of, *of.variants)]
        return {r.id: r for r in reversed(every)}

    def kind(self, kind_id: str) -> SchoolKind | None:
        """Return the kind of school with that id, or None."""
        return next((kind for kind in self.kinds if kind.id == kind_id), None)

    @cached_property
    def _names(self) -> KindNames:
        return KindNames(self.kinds, self.unclear)

    def read_kind(self, text: str) -> SchoolKind | UnclearKind:
        """Return the kind of school that a text names, or the kinds that it may mean."""
        return self._names.read(text)

    def kind_at_start_of(self, name: str) -> SchoolKind | UnclearKind | None:
        """Return the kind with which the name of a school begins; None where it names none."""
        return self._names.at_start_of(name)

    def choose(self, kind: SchoolKind, year: SchoolYear) -> Regulation | None:
        """Return the regulation that governs a plan of that kind and period.

        This is the one in force when the first school year opens, or else the one
        that comes into force before the period ends. Of a regulation with an amendment in force
        on that day, the amended text is chosen only where its criteria are confirmed.
        """
        of_kind = [r for r in self.regulations if kind in r.kinds]
        day = year.reference_day
        for regulation in reversed(of_kind):
            if regulation.in_force(day):
                confirmed = [
                    variant
                    for variant in regulation.variants
                    if variant.applied
                    and variant.applied.is_confirmed
                    and variant.applied.in_force(day)
                ]
                return confirmed[-1] if confirmed else regulation
        return next((r for r in of_kind if year.start <= r.in_force_from <= year.end), None)

    def with_replaced(self, own: Sequence[Regulation]) -> Catalogue:
        """Return this catalogue with an authority's own regulations; the same id replaces ours.

        A kind of school that they declare replaces ours of the same id everywhere.
        """
        ids = {r.id for r in own}
        kinds = {kind.id: kind for kind in self.kinds}
        kinds |= {kind.id: kind for r in own for kind in r.declared}
        unclear = (*self.unclear, *(name for r in own for name in r.unclear))
        regulations = [
            replace(r, kinds=tuple(kinds[kind.id] for kind in r.kinds))
            for r in (*(r for r in self.regulations if r.id not in ids), *own)
        ]
        regulations.sort(key=lambda r: (r.in_force_from, r.id))
        return Catalogue(tuple(regulations), tuple(kinds.values()), unclear)


@cache
def builtin_catalogue() -> Catalogue:
    """Return the catalogue that comes with the tool."""
    folder = files("workbook_templates") / "regulations"
    return _catalogue_of(
        Catalogue(()),
        [
            _Reader(entry.read_text(encoding="utf-8"), entry.name)
            for entry in sorted(folder.iterdir(), key=lambda e: e.name)
            if entry.name.endswith(".toml")
        ],
    )


def load_catalogue(path: Path) -> Catalogue:
    """Return the built-in catalogue with an authority's own regulations in it.

    ``path`` is a file, or a folder of which every ``.toml`` file is read.

    Raises:
        CatalogueError: a file is not a regulation; names the line at fault.
        OSError: a file cannot be read.
    """
    paths = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not paths:
        raise CatalogueError(
            str(path), 1, Text("thư mục không có tệp .toml nào", "the folder has no .toml file")
        )
    if len(paths) > MOST_FILES:
        most = Text(
            f"thư mục có trên {MOST_FILES} tệp .toml; vui lòng chỉ để lại tệp quy định",
            f"the folder has more than {MOST_FILES} .toml files; leave only regulation files",
        )
        raise CatalogueError(str(path), 1, most)
    return _catalogue_of(builtin_catalogue(), [_Reader.of_file(each) for each in paths])


def _catalogue_of(base: Catalogue, readers: Sequence[_Reader]) -> Catalogue:
    """Return a catalogue with the regulations of some files, whose kinds all of them may name."""
    known = {kind.id: kind for kind in base.kinds}
    for reader in readers:
        known |= {kind.id: kind for kind in reader.school_kinds(known)}
    own = [reader.regulation(reader.data, known) for reader in readers]
    ids = {regulation.id for regulation in own}
    taken = {
        text.id: regulation.number
        for regulation in base.regulations
        if regulation.id not in ids
        for text in (regulation, *regulation.variants)
    }
    for reader, regulation in zip(readers, own, strict=True):
        reader.require_new_ids(regulation, taken)
    found = base.with_replaced(own)
    for reader, regulation in zip(readers, own, strict=True):
        reader.require_settled_kinds(regulation, found)
    return found


def load_regulation(text: str, source: str) -> Regulation:
    """Read one regulation from TOML.

    Raises:
        CatalogueError: syntax, a missing or unknown key, a wrong type, a double
            code, a level out of order, an unknown kind of school, or totals that do not add up.
    """
    reader = _Reader(text, source)
    known = {kind.id: kind for kind in builtin_catalogue().kinds}
    known |= {kind.id: kind for kind in reader.school_kinds(known)}
    return reader.regulation(reader.data, known)


def levels_of_form(form: str) -> int:
    """Return the number of levels that the self-assessment of a form has columns for."""
    columns = FORMS[form].sheet("self_assessment").columns
    return sum(column.field.startswith("result_") for column in columns)


class _Reader(CellTextReader, KindReader, CertaintyReader):
    """A reader that turns parsed TOML into a Regulation."""

    error = CatalogueError

    def regulation(self, data: Mapping[str, Any], known: Mapping[str, SchoolKind]) -> Regulation:
        """Return the regulation; ``known`` are the kinds of school, by id, that it may name."""
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
        kinds = self.known_kinds(top["kinds"], known, kinds_line, "kinds")
        if len(set(kinds)) < len(kinds):
            raise self.fail(
                kinds_line,
                "một loại cơ sở giáo dục được nêu hai lần; vui lòng bỏ lần thừa",
                "a school kind is named twice; remove one",
            )
        repealed = top.get("repealed_on")
        if not kinds or (repealed is not None and repealed <= top["in_force_from"]):
            raise self.fail(
                kinds_line if not kinds else self.line("", 0, "repealed_on"),
                "thiếu loại cơ sở giáo dục hoặc ngày hết hiệu lực sớm hơn ngày hiệu lực",
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
            certainty=self.certainty(top, "certainty", 0, "", 0),
            standards=standards,
            level_4=level_4,
            amendments=tuple(self.amendments(top.get("amendments", []), top, standards)),
            declared=tuple(known[t["id"]] for t in top.get("school_kinds", [])),
            unclear=tuple(self.unclear_names(top.get("unclear_names", []), known)),
        )
        self.require_id(regulation.id, "", 0)
        self.require_usable(regulation, self.line("standards"))
        for nth, variant in enumerate(regulation.variants):
            self.require_usable(variant, self.line("amendments", nth, "criteria"))
        self.totals(regulation, top.get("totals", {}))
        return regulation

    def require_id(self, regulation_id: str, table: str, nth: int) -> None:
        """Refuse an id that does not fit into a stamp."""
        if not _REGULATION_ID.fullmatch(regulation_id):
            raise self.fail(
                self.line(table, nth, "id"),
                f"mã «{regulation_id}» phải gồm chữ không dấu, chữ số, dấu chấm, gạch nối hoặc "
                "gạch dưới, nhiều nhất 40 ký tự; vui lòng ghi khóa «id» khác",
                f"id '{regulation_id}' must be 40 or fewer plain letters, digits, full stops, "
                "hyphens and underscores; give another 'id'",
            )

    def require_new_ids(self, regulation: Regulation, taken: dict[str, str]) -> None:
        """Refuse an id that is in ``taken``: numbers of regulations by their ids; add the own."""
        for nth, text in enumerate((regulation, *regulation.variants)):
            if text.id in taken:
                at = self.line("amendments", nth - 1, "id") if nth else self.line("", 0, "id")
                raise self.fail(
                    at,
                    f"mã «{text.id}» đã dùng cho Thông tư {taken[text.id]}; vui lòng ghi khóa «id» "
                    "khác",
                    f"id '{text.id}' belongs to circular {taken[text.id]}; give another 'id'",
                )
            taken[text.id] = text.applied.number if text.applied else text.number

    def require_settled_kinds(self, own: Regulation, catalogue: Catalogue) -> None:
        """Refuse a regulation whose schools have no known levels to choose on the cover."""
        changed = {own.id, *(r.id for r in catalogue.regulations if {*r.kinds} & {*own.declared})}
        for regulation in catalogue.regulations:
            if regulation.id in changed and all(kind.is_open for kind in regulation.kinds):
                raise self.fail(
                    self.line("", 0, "kinds"),
                    f"mọi loại cơ sở của quy định {regulation.id} đều có «levels» trống; phải có "
                    "ít nhất một loại đã rõ cấp học để trường chọn",
                    f"every school kind of {regulation.id} has empty 'levels'; at least one must "
                    "name its levels for the schools to choose",
                )

    def require_usable(self, regulation: Regulation, at: int) -> None:
        """Refuse a text without a standard, with too many criteria, or with an idle level."""
        count = len(regulation.criteria)
        if not regulation.standards or count > MOST_CRITERIA:
            name = regulation.applied.number if regulation.applied else regulation.number
            raise self.fail(
                at,
                f"Thông tư {name} phải có ít nhất một tiêu chuẩn và nhiều nhất {MOST_CRITERIA} "
                f"tiêu chí; trong tệp có {len(regulation.standards)} tiêu chuẩn, {count} tiêu chí",
                f"circular {name} must have a standard and {MOST_CRITERIA} criteria at most; the "
                f"file has {len(regulation.standards)} standards and {count} criteria",
            )
        is_open = regulation.applied is not None and not regulation.applied.is_confirmed
        if regulation.school_level_rule == "all_criteria" or is_open:
            return
        mandatory = {c.code for c in regulation.criteria if c.mandatory}
        for level in regulation.levels:
            codes = {c.code for c in regulation.criteria_at(level)}
            if not mandatory or mandatory - codes or len(codes - mandatory) < OTHERS_NEEDED:
                raise self.fail(
                    at,
                    f"với «mandatory_and_five», mức {level} phải có ở mọi tiêu chí bắt buộc (ít "
                    f"nhất một) và ở ít nhất {OTHERS_NEEDED} tiêu chí khác; vui lòng sửa «levels»,"
                    " «mandatory» hoặc «school_level_rule»",
                    f"with 'mandatory_and_five', all mandatory criteria (at least one) and "
                    f"{OTHERS_NEEDED} others must have level {level}; mend 'levels', 'mandatory' "
                    "or 'school_level_rule'",
                )

    def totals(self, regulation: Regulation, totals: Mapping[str, Any]) -> None:
        for level, total in self.take(totals, _TOTALS, "totals", 0).items():
            real = len(regulation.criteria_at(int(level)))
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
            if not criteria:
                raise self.fail(
                    self.line("standards", nth),
                    "tiêu chuẩn chưa có tiêu chí nào",
                    "the standard has no criterion",
                )
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
        if not levels or not _CRITERION_CODE.fullmatch(data["code"]):
            raise self.fail(
                self.line(table, nth, "code"),
                "mã tiêu chí phải có dạng 1.2 và có ít nhất một mức",
                "a criterion's code must look like 1.2, with at least one level",
            )
        aliases = self.strings(data.get("aliases", []), self.line(table, nth, "aliases"), "aliases")
        for key, names in (("title", (data["title"],)), ("aliases", aliases)):
            other = next((n for n in names if criterion_code(n) not in (None, data["code"])), None)
            if other:
                raise self.fail(
                    self.line(table, nth, key),
                    f"tên «{other}» của tiêu chí {data['code']} bắt đầu bằng mã tiêu chí khác",
                    f"name '{other}' of criterion {data['code']} begins with another code",
                )
        return Criterion(
            data["code"],
            data["title"],
            tuple(levels),
            standard,
            data.get("mandatory", False),
            aliases,
        )

    def level_4(self, tables: Sequence[Mapping[str, Any]]) -> Iterator[Criterion]:
        if tables and self.most_levels < 4:
            raise self.fail(
                self.line("level4"),
                f"mẫu biểu chỉ có {self.most_levels} mức nên không có bảng [[level4]]",
                f"the form has {self.most_levels} levels only, so there is no [[level4]]",
            )
        for nth, table in enumerate(tables):
            data = self.take(table, _LEVEL_4, "level4", nth)
            if data["no"] != nth + 1:
                raise self.fail(
                    self.line("level4", nth, "no"),
                    f"mục mức 4 phải đánh số liên tục, cần {nth + 1}",
                    f"items of level 4 must be numbered in order, {nth + 1} expected",
                )
            yield Criterion(f"M4.{data['no']}", data["summary"], (4,), 0, aliases=(data["label"],))

    def amendments(
        self,
        tables: Sequence[Mapping[str, Any]],
        top: Mapping[str, Any],
        standards: Sequence[Standard],
    ) -> Iterator[Amendment]:
        levels = [level for s in standards for c in s.criteria for level in c.levels]
        most = most_amendments(top["school_level_rule"], max(levels, default=1))
        if len(tables) > most:
            raise self.fail(
                self.line("amendments", most, "id"),
                f"quy định có quá {most} văn bản sửa đổi; vui lòng gộp các văn bản cũ "
                "vào phần tiêu chuẩn, tiêu chí của quy định",
                f"more than {most} amendments; work the older ones into the standards "
                "of the regulation",
            )
        nth_criterion = nth_certainty = 0
        every = {c.code: c.standard for s in standards for c in s.criteria}
        for nth, table in enumerate(tables):
            data = self.take(table, _AMENDMENT, "amendments", nth)
            criteria = []
            for entry in data.get("criteria", []):
                added = self.criterion(entry, "amendments.criteria", nth_criterion, 0)
                added = replace(added, standard=int(added.code[0]))
                if added.standard > len(standards):
                    raise self.fail(
                        self.line("amendments.criteria", nth_criterion, "code"),
                        f"quy định không có tiêu chuẩn {added.standard} cho tiêu chí "
                        f"«{added.code}»; vui lòng thêm bảng [[standards]]",
                        f"the regulation has no standard {added.standard} for criterion "
                        f"'{added.code}'; add a table [[standards]]",
                    )
                criteria.append(added)
                nth_criterion += 1
            at = self.line("amendments", nth, "replaces")
            rewritten = {c.standard for c in criteria}
            replaced = self.strings(
                data.get("replaces", [c for c, no in every.items() if no in rewritten]),
                at,
                "replaces",
            )
            codes = [c.code for c in criteria]
            for code in (*replaced, *codes):
                is_new = code in codes and code not in every
                if (code not in every and not is_new) or codes.count(code) > 1:
                    raise self.fail(
                        at,
                        f"sửa đổi nêu tiêu chí «{code}» không có trong quy định hoặc nêu hai lần",
                        f"the amendment names criterion '{code}' twice, or there is none",
                    )
            until = data.get("in_force_until", top.get("repealed_on"))
            if until is not None and until <= data["in_force_from"]:
                raise self.fail(
                    self.line("amendments", nth, "in_force_from"),
                    "sửa đổi hết hiệu lực trước ngày có hiệu lực",
                    "the amendment ends before it comes into force",
                )
            # A code that the list of new criteria holds is replaced, whether it is named or not.
            both = tuple(code for code in every if code in {*replaced, *codes})
            amendment = Amendment(
                data.get("id", f"{top['id']}-{_slug(data['number'])}"),
                data["number"],
                data.get("issued"),
                data["in_force_from"],
                until,
                data.get("confirmed", False),
                both,
                tuple(criteria),
                data.get("criteria_total"),
                text_in(data, "other_changes"),
                self.certainty(data, "amendments.certainty", nth_certainty, "amendments", nth),
            )
            nth_certainty += len(data.get("certainty", []))
            self.require_id(amendment.id, "amendments", nth)
            total = len(every) - len(both) + len(criteria)
            if amendment.is_confirmed and amendment.criteria_total not in (None, total):
                raise self.fail(
                    self.line("amendments", nth, "criteria_total"),
                    f"ghi {amendment.criteria_total} tiêu chí nhưng sau sửa đổi có {total}",
                    f"says {amendment.criteria_total} criteria, but the amended text has {total}",
                )
            yield amendment


def _slug(number: str) -> str:
    """Return a circular's number as a part of an id: ``tt22-2024`` for ``22/2024/TT-BGDĐT``."""
    return "tt" + "-".join(re.findall(r"\d+", number))


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
    "source": (str, False),
    "source_vi": (str, False),
    "confidence": (str, False),
    "confidence_note": (str, False),
    "confidence_note_vi": (str, False),
    "certainty": (list, False),
    "school_kinds": (list, False),
    "unclear_names": (list, False),
    "totals": (dict, False),
    "standards": (list, True),
    "level4": (list, False),
    "amendments": (list, False),
}
_TOTALS = dict.fromkeys("1234", (int, False))
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
    "id": (str, False),
    "number": (str, True),
    "issued": (date, False),
    "in_force_from": (date, True),
    "in_force_until": (date, False),
    "confirmed": (bool, False),
    "replaces": (list, False),
    "criteria": (list, False),
    "criteria_total": (int, False),
    "other_changes": (str, False),
    "other_changes_vi": (str, False),
    "source": (str, False),
    "source_vi": (str, False),
    "confidence": (str, False),
    "confidence_note": (str, False),
    "confidence_note_vi": (str, False),
    "certainty": (list, False),
}
