"""Read a district's settings: the rules that apply, their severities, and waivers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from pathlib import Path
from typing import Any

from kdcl_xl.errors import UserError
from kdcl_xl.submission.model import AS_ISSUED, Reading
from kdcl_xl.xlsx.bounds import Bounds
from macros_free_validation.rule import Finding, Rule, Severity, Stage
from macros_free_validation.rules import ALL_RULES, LIMITS
from workbook_templates.layout import Limits
from workbook_templates.text import Text, fold
from workbook_templates.toml_lines import TomlError, TomlReader, shown

SETTINGS_FILE = Path("kdcl-xl.toml")
"""The file in the working folder that is read when no other file is named."""

GREATEST_BOUND = 100_000


FILE_FAMILY = "file"
"""The family of rules on unreadable files, which no setting silences."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that the district accepts at one school, up to and including a day.

    ``row`` None means every row; ``by`` is a role; ``place`` is where the waiver
    is written: ``kdcl-xl.toml:14``.
    """

    school: str
    rule: str
    row: int | None
    reason: str
    by: str
    until: date
    place: str

    def is_of(self, school_code: str) -> bool:
        """Return whether the waiver was granted to a school."""
        return fold(self.school) == fold(school_code)

    def covers(self, finding: Finding) -> bool:
        """Return whether the waiver covers a finding of its school."""
        return self.rule == finding.rule and self.row in (None, finding.row)


@dataclass(frozen=True)
class Settings:
    """The rules that a run applies, by their ids; an empty ``select`` means all."""

    stage: Stage = Stage.SUBMIT
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    reading: Reading = AS_ISSUED

    @property
    def limits(self) -> Limits:
        """The limits chosen in place of the rules' own."""
        return self.reading.limits

    def speaks(self, rule: Rule) -> bool:
        """Return whether findings of a rule are shown; those on unreadable files always are."""
        if rule.family == FILE_FAMILY:
            return True
        is_chosen = not self.select or rule.id in self.select
        return is_chosen and rule.id not in self.ignore and self.stage.includes(rule.stage)

    def severity_of(self, rule: Rule) -> Severity:
        """Return the severity of a rule; a rule on trial is a warning at most."""
        chosen = self.severities.get(rule.id, rule.severity)
        return max(chosen, Severity.WARNING, key=_rank) if rule.preview else chosen

    def with_password(self, password: str) -> Settings:
        """Return these settings with a password for the files that need one."""
        return replace(self, reading=replace(self.reading, password=password))

    def chosen(
        self, stage: str | None = None, select: Sequence[str] = (), ignore: Sequence[str] = ()
    ) -> Settings:
        """Return these settings with the choices of one run; an empty choice keeps the setting.

        An empty word, as in ``--select ""``, removes the words of the settings file.

        Raises:
            UserError: a word means no rule.
        """
        return replace(
            self,
            stage=Stage(stage) if stage else self.stage,
            select=_from_words(select, "--select") if select else self.select,
            ignore=_from_words(ignore, "--ignore") if ignore else self.ignore,
        )


def find_settings(path: Path | None, base: Settings) -> Settings:
    """Return the settings of a file, or of the file in the working folder, or else ``base``.

    Raises:
        UserError: the file cannot be used; names the line.
    """
    if path is None:
        return read_settings(SETTINGS_FILE, base) if SETTINGS_FILE.exists() else base
    return read_settings(path, base)


def read_settings(path: Path, base: Settings) -> Settings:
    """Return the settings of a file; ``base`` has the values that the file leaves out.

    Raises:
        UserError: the file cannot be used; names the line.
    """
    try:
        return _Reader.of_file(path).settings(path.name, base)
    except TomlError as error:
        where = f"{error.source}:{error.line}"
        problem = error.problem
        raise UserError(
            Text(f"Tệp cấu hình {where}: {problem.vi}.", f"Settings {where}: {problem.en}.")
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            Text(
                f"Không đọc được tệp cấu hình «{path}»: {reason}.",
                f"Cannot read the settings '{path}': {reason}.",
            )
        ) from None


def _rank(severity: Severity) -> int:
    return severity.rank


def _ids(rules: Sequence[Rule]) -> frozenset[str]:
    return frozenset(rule.id for rule in rules)


def _are_on_files(rules: Sequence[Rule]) -> bool:
    return all(rule.family == FILE_FAMILY for rule in rules)


_FILES_ALWAYS = Text(
    "«{word}» báo tệp không đọc được nên luôn được giữ nguyên",
    "'{word}' reports an unreadable file and always stays as it is",
)


def _problem(word: str, rules: Sequence[Rule], *, silences: bool) -> Text | None:
    """Return the fault of a word that names rules; None where it has none."""
    if not rules:
        return unknown(word)
    if silences and _are_on_files(rules):
        return _FILES_ALWAYS.format(word=word)
    return None


def _from_words(words: Sequence[str], option: str) -> frozenset[str]:
    """Return the ids that words of the command line name; commas separate words too."""
    found: set[str] = set()
    for word in (part.strip() for given in words for part in given.split(",") if part.strip()):
        rules = rules_named(word)
        problem = _problem(word, rules, silences=option == "--ignore")
        if problem:
            raise UserError(Text(f"{option}: {problem.vi}.", f"{option}: {problem.en}."))
        found |= _ids(rules)
    return frozenset(found)


class _Reader(TomlReader):
    """A reader that turns parsed TOML into settings."""

    def settings(self, name: str, base: Settings) -> Settings:
        top = self.take(self.data, _shape(TOP), "", 0)
        stage = base.stage
        if "stage" in top:
            stage = self.member(Stage, top["stage"], self.line("", 0, "stage"), "stage")
        return Settings(
            stage,
            self.selection(top["select"], "select") if "select" in top else base.select,
            self.selection(top["ignore"], "ignore") if "ignore" in top else base.ignore,
            {**base.severities, **self.severities(top.get("severity", {}))},
            (*base.waivers, *self.waivers(top.get("waivers", []), name)),
            self.reading(top, base.reading),
        )

    def reading(self, top: Mapping[str, Any], base: Reading) -> Reading:
        limits = (*base.limits, *self.limits(top.get("limits", {})))
        return replace(base, limits=limits, bounds=self.bounds(top.get("bounds", {}), base.bounds))

    def bounds(self, table: Mapping[str, Any], base: Bounds) -> Bounds:
        known = {f.name for f in fields(Bounds)}
        for name, number in table.items():
            at = self.line("bounds", 0, name)
            if name not in known:
                words = ", ".join(sorted(known))
                raise self.fail(
                    at,
                    f"không có giới hạn «{shown(name)}»; hiện có: {words}",
                    f"there is no bound '{shown(name)}'; known: {words}",
                )
            if type(number) is not int or not 1 <= number <= GREATEST_BOUND:
                raise self.fail(
                    at,
                    f"«{name}» phải là số nguyên từ 1 đến {GREATEST_BOUND}",
                    f"'{name}' must be a whole number from 1 to {GREATEST_BOUND}",
                )
        return replace(base, **table)

    def limits(self, table: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
        for name, number in table.items():
            at = self.line("limits", 0, name)
            limit = LIMITS.get(name)
            if limit is None:
                known = ", ".join(sorted(LIMITS))
                raise self.fail(
                    at,
                    f"không có ngưỡng «{shown(name)}»; hiện có: {known}",
                    f"there is no limit '{shown(name)}'; known: {known}",
                )
            if type(number) is not int or not limit.least <= number <= limit.most:
                raise self.fail(
                    at,
                    f"«{name}» phải là số nguyên từ {limit.least} đến {limit.most}",
                    f"'{name}' must be a whole number from {limit.least} to {limit.most}",
                )
            yield name, number

    def rules(self, word: str, at: int, *, silences: bool = True) -> tuple[Rule, ...]:
        """Return the rules that a word names; ``silences`` where it leaves rules out."""
        found = rules_named(word)
        problem = _problem(word, found, silences=silences)
        if problem:
            raise self.fail(at, problem.vi, problem.en)
        return found

    def selection(self, words: Sequence[Any], key: str) -> frozenset[str]:
        found: set[str] = set()
        for word in self.strings(words, self.line("", 0, key), key):
            at = self.line_of_word("", key, word)
            found |= _ids(self.rules(word, at, silences=key == "ignore"))
        return frozenset(found)

    def severities(self, table: Mapping[str, Any]) -> dict[str, Severity]:
        """Return severities by rule id; a word that names fewer rules overrides a wider one."""
        chosen: list[tuple[tuple[Rule, ...], Severity]] = []
        for word, value in _flat(table):
            at = self.line("severity", 0, word)
            rules = self.rules(word, at)
            chosen.append((rules, self.member(Severity, value, at, word)))
        chosen.sort(key=lambda pair: -len(pair[0]))
        return {rule.id: severity for rules, severity in chosen for rule in rules}

    def waivers(self, tables: Sequence[Any], name: str) -> Iterator[Waiver]:
        for nth, table in enumerate(tables):
            data = self.take(table, _shape(WAIVER), "waivers", nth)
            at = self.line("waivers", nth, "rule")
            rules = self.rules(data["rule"], at)
            if len(rules) > 1:
                raise self.fail(
                    at,
                    f"mỗi nội dung miễn chỉ nêu một quy tắc, «{data['rule']}» là nhiều quy tắc",
                    f"a waiver names one rule, '{data['rule']}' means several",
                )
            for key, most in _LONGEST_IN_WAIVER.items():
                if len(data[key]) > most:
                    raise self.fail(
                        self.line("waivers", nth, key),
                        f"«{key}» dài quá {most} ký tự; vui lòng rút gọn",
                        f"'{key}' is longer than {most} characters; shorten it",
                    )
            row = data.get("row")
            if row is not None and row < 1:
                raise self.fail(
                    self.line("waivers", nth, "row"),
                    "«row» là số dòng trên trang, tính từ 1",
                    "'row' is a row of the sheet, from 1",
                )
            yield Waiver(
                data["school"].strip(),
                rules[0].id,
                row,
                data["reason"].strip(),
                data["by"].strip(),
                data["until"],
                f"{name}:{self.line('waivers', nth)}",
            )


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield keys and values. TOML reads ``leads.missing = …`` without quotes as a nested table."""
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from ((f"{key}.{inner}", word) for inner, word in value.items())
        else:
            yield key, value


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the settings file: the type of its value, and what the value decides."""

    kind: type
    about: Text
    is_required: bool = False


TOP: Mapping[str, Key] = {
    "stage": Key(
        str,
        Text(
            "Giai đoạn: draft, submit hoặc district; --stage được ưu tiên hơn.",
            "Stage: draft, submit or district; --stage goes before it.",
        ),
    ),
    "select": Key(
        list,
        Text(
            "Chỉ xét các quy tắc này: mã, đầu mã, nhóm hoặc tên.",
            "Only these rules: ids, starts of ids, families or names.",
        ),
    ),
    "ignore": Key(list, Text("Bỏ qua các quy tắc này.", "Leave these rules out.")),
    "severity": Key(
        dict,
        Text(
            "Mức độ khác cho quy tắc: error, warning hoặc note. Khóa là mã, đầu mã, nhóm hoặc tên; "
            "khóa chỉ ít quy tắc hơn được ưu tiên.",
            "Another severity for rules: error, warning or note. Keys are ids, starts of ids, "
            "families or names; a key that means fewer rules goes first.",
        ),
    ),
    "limits": Key(dict, Text("Ngưỡng của các quy tắc.", "Limits of the rules.")),
    "bounds": Key(
        dict, Text("Tệp lớn đến đâu thì còn được đọc.", "How large a file may be to be read.")
    ),
    "waivers": Key(
        list,
        Text(
            "Miễn một quy tắc cho một trường; mỗi lần miễn một bảng [[waivers]].",
            "A rule waived for a school; one table [[waivers]] each.",
        ),
    ),
}
"""Keys of the settings file."""

WAIVER: Mapping[str, Key] = {
    "school": Key(str, Text("Mã trường.", "Code of the school."), is_required=True),
    "rule": Key(
        str, Text("Mã hoặc tên của một quy tắc.", "Id or name of one rule."), is_required=True
    ),
    "row": Key(
        int,
        Text(
            "Số dòng trên trang, tính từ 1; không ghi thì miễn ở mọi dòng.",
            "Row of the sheet, from 1; without it, every row.",
        ),
    ),
    "reason": Key(str, Text("Lý do.", "Reason."), is_required=True),
    "by": Key(
        str,
        Text("Chức danh của người quyết định.", "Role of the person who decided."),
        is_required=True,
    ),
    "until": Key(
        date, Text("Ngày cuối cùng còn được miễn.", "Last day of the waiver."), is_required=True
    ),
}
"""Keys of a waiver."""


_LONGEST_IN_WAIVER = {"school": 100, "reason": 1000, "by": 200}
"""Characters of the texts of a waiver, which are part of the message of a finding."""


def _shape(keys: Mapping[str, Key]) -> dict[str, tuple[type, bool]]:
    return {name: (key.kind, key.is_required) for name, key in keys.items()}


# ``KD``, ``KD3`` or ``KD30``: fewer digits than an id, so a prefix of several ids.
_START_OF_ID = re.compile(r"kd\d{0,2}")


_MOST_NEAREST, _LEAST_LIKENESS, _ALIKE = 4, 0.6, 3
_LONGEST_COMPARED = 60
"""Characters of a word that are compared with the names; the longest name has fewer."""


@lru_cache(maxsize=1024)
def rules_named(word: str) -> tuple[Rule, ...]:
    """Return the rules that a word names, in the order of their ids; none where it names none.

    ``KD301`` and ``leads.missing`` mean one rule, ``KD3`` and ``leads`` several.
    """
    key = fold(word)
    if _START_OF_ID.fullmatch(key):
        return tuple(rule for rule in ALL_RULES if fold(rule.id).startswith(key))
    return tuple(rule for rule in ALL_RULES if key in (fold(rule.id), rule.name, rule.family))


def unknown(word: str) -> Text:
    """Return the sentence that a word names no rule, with the names most like it."""
    near, word = ", ".join(_nearest(word)), shown(word)
    if not near:
        return Text(
            f"không có quy tắc hoặc nhóm quy tắc «{word}»; xem lệnh rules",
            f"there is no rule or family '{word}'; see the command rules",
        )
    return Text(
        f"không có quy tắc hoặc nhóm quy tắc «{word}»; gần nhất: {near}",
        f"there is no rule or family '{word}'; nearest: {near}",
    )


def _nearest(word: str) -> list[str]:
    """Return the names most like a word, best first; an equal start decides between equals."""
    key = fold(word[:_LONGEST_COMPARED])

    def likeness(name: str) -> tuple[float, bool]:
        other = fold(name)
        return SequenceMatcher(None, key, other).ratio(), other.startswith(key[:_ALIKE])

    names = [name for rule in ALL_RULES for name in (rule.id, rule.name, rule.family)]
    like = [name for name in dict.fromkeys(names) if likeness(name)[0] >= _LEAST_LIKENESS]
    return nlargest(_MOST_NEAREST, like, key=likeness)
