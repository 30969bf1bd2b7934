"""Plans without a table of tasks: labels such as «Biện pháp:» and «Thời gian:» before texts.

A table of two columns, a label and a text, is read in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kdcl_xl.docx.document import Document, Paragraph, Table
from kdcl_xl.importing.cover import Line
from kdcl_xl.importing.criteria import standard_in
from kdcl_xl.importing.headings import named
from kdcl_xl.importing.ledger import Ledger, Source, source_of
from kdcl_xl.importing.plain import aligned, plain
from kdcl_xl.importing.raw_rows import RawRow
from workbook_templates.text import Text, normalise

OF_GROUP = Text(
    "Thời gian, người phụ trách ghi chung cho cả nhóm biện pháp trong văn bản.",
    "Time and lead are given for the whole group of tasks in the document.",
)
_LABELLED = re.compile(
    r"^\W*(?:(?:[a-hđ]|\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4})\s*[.)]\s*)?(?P<label>[^:]{2,60}?)\s*:\s*(?P<rest>.*)$",
    re.DOTALL,
)
_NUMBERED = re.compile(
    r"^\W*(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,4}|[a-h])\s*[.)]\s*(?P<rest>.+)$", re.DOTALL
)
_CRITERION = re.compile(
    r"^\W*(?:\d{1,2}(?:\.\d{1,2})*\s*[.)]\s*)?(?:tieu\s*chi|tc)\W*(?:\d\s*[.,]\s*)?\d"
)
_GROUP = re.compile(
    r"^\W*(?:\d{1,2}|[ivx]{1,4}|[a-h])\s*[.)]\s*(?:nhom tieu chi|ve |linh vuc|cong tac)"
)
_BULLET = re.compile(r"^\s*[-+*•–]\s*")
_TASKS = ("task",)
_OF_ALL = (
    "who", "lead", "coordination", "when", "start", "deadline", "recurrence", "money", "budget",
    "funding_source", "resources", "support_conditions", "notes", "expected_result", "indicator",
    "planned_evidence", "target_level",
)  # fmt: skip
_BESIDE = ("weakness", "strengths", "cause", "current_state")
_KNOWN = {*_TASKS, *_OF_ALL, *_BESIDE}
_FEWEST_LABELS = 3


@dataclass
class Group:
    """The tasks of one criterion or one subject, and what is said of all of them."""

    title: Source | None = None
    is_criterion: bool = False
    standard: int | None = None
    tasks: list[Source] = field(default_factory=list)
    texts: dict[str, Source] = field(default_factory=dict)
    weaknesses: list[Source] = field(default_factory=list)
    others: dict[str, list[Source]] = field(default_factory=dict)
    place: str = ""

    @property
    def is_empty(self) -> bool:
        """True if nothing of a task is in it yet."""
        return not (self.tasks or self.texts or self.weaknesses or self.others)


def label_of(text: str) -> tuple[str, str]:
    """Return the field that the label before a text names, and the text; empty without a label."""
    found = _LABELLED.match(text)
    if found:
        name, share = named(found["label"])
        if name in _KNOWN and share >= _SURE:
            return name, found["rest"].strip()
    bare = _NUMBERED.match(aligned(text))
    start = bare.start("rest") if bare else 0
    name, share = named(text[start:])
    if share == 1.0 and name in _KNOWN and len(text) < _LONGEST_LABEL:
        return name, ""
    return "", ""


def _bare(text: str) -> str:
    """Return a text without its number."""
    found = _NUMBERED.match(aligned(text))
    return text[found.start("rest") :] if found else text


_SURE, _LONGEST_LABEL = 0.8, 60


def read_narrative(lines: Sequence[Line], ledger: Ledger) -> list[Group]:
    """Return the groups of tasks of a plan without a table; none if it has no labels."""
    if len({name for line in lines if (name := label_of(line.text)[0])}) < _FEWEST_LABELS - 1:
        return []
    walk = _Walk(ledger)
    for line in lines:
        walk.take(line)
    walk.flush()
    return walk.groups


@dataclass
class _Walk:
    ledger: Ledger
    groups: list[Group] = field(default_factory=list)
    group: Group = field(default_factory=Group)
    mode: str = ""
    standard: int | None = None
    before: list[Line] = field(default_factory=list)

    def take(self, line: Line) -> None:
        """Put a line into the group to which it belongs."""
        name, rest = label_of(line.text)
        key = aligned(line.text)
        if name:
            self._label(name, rest, line)
        elif (standard := standard_in(line.text)) is not None:
            self.flush()
            self.standard = standard.no
            self.group = Group(standard=standard.no)
            self.ledger.leave((line.paragraph,), _HEADING, _GROUP_FIELD)
        elif _CRITERION.match(key) or _GROUP.match(key):
            self.flush()
            is_criterion = _CRITERION.match(key) is not None
            title = line.source if is_criterion else line.source.part(_bare(line.text))
            number = line.text[: len(line.text) - len(title.text)]
            self.ledger.label(line.paragraph, number)
            self.group = Group(title, is_criterion, self.standard, place=line.paragraph.place)
            self.mode = ""
        elif self.mode:
            self._add(self.mode, line.source)
        else:
            self.ledger.leave((line.paragraph,), _NO_LABEL, _GROUP_FIELD)

    def _label(self, name: str, rest: str, line: Line) -> None:
        # A second list of measures, after who and when of the first: those are the first's own.
        is_next = name in ("task", "weakness") and self.group.tasks and self.group.texts
        if is_next and (name == "task" or self.group.weaknesses):
            title, is_criterion = self.group.title, self.group.is_criterion
            self.flush()
            self.group = Group(title, is_criterion, self.standard, place=line.paragraph.place)
        self.mode = name
        if rest:
            self.ledger.label(line.paragraph, line.text[: len(line.text) - len(rest)])
            self._add(name, Source(rest, (line.paragraph,)))
        else:
            self.ledger.named((line.paragraph,), _GROUP_FIELD)

    def _add(self, name: str, source: Source) -> None:
        text = _BULLET.sub("", source.text).strip()
        if not text:
            return
        bare = source.part(text)
        if name == "task":
            self.group.tasks.append(bare)
        elif name == "weakness":
            self.group.weaknesses.append(bare)
        elif name in _BESIDE:
            self.group.others.setdefault(name, []).append(bare)
        elif name in self.group.texts:
            self.group.texts[name] = self.group.texts[name].joined(source)
        else:
            self.group.texts[name] = bare

    def flush(self) -> None:
        """Close the group that is being read."""
        if not self.group.is_empty or self.group.title is not None:
            self.groups.append(self.group)
        self.group = Group(standard=self.standard)
        self.mode = ""


_HEADING = Text(
    "Tiêu đề nhóm; mẫu tự tính nhóm theo tiêu chí.",
    "A heading; the template computes groups from the criterion.",
)
_NO_LABEL = Text(
    "Đoạn này không đứng sau một nhãn như «Biện pháp», «Thời gian».",
    "This text follows no label such as «Biện pháp» or «Thời gian».",
)
_GROUP_FIELD = Text("Nội dung kế hoạch", "Contents of the plan")


def rows_of(group: Group) -> Iterator[RawRow]:
    """Yield a row for each task of a group."""
    for task in group.tasks or ([Source("", ())] if group.texts else []):
        row = RawRow(group.place, standard=group.standard)
        if task.text:
            row.add("task", task)
        if group.title is not None:
            row.add("criterion" if group.is_criterion else "improvement_content", group.title)
        for name, source in group.texts.items():
            row.add(name, source)
        yield row


def read_cards(document: Document, used: set[int], ledger: Ledger) -> list[Group]:
    """Return the groups of tables of two columns, a label and a text; such tables are then used."""
    groups: list[Group] = []
    for block in document.body:
        if isinstance(block, Table) and block.number not in used:
            lines = list(_card_lines(block))
            labels = {name for name, _ in lines if name}
            if len(labels) >= _FEWEST_LABELS and "task" in labels:
                used.add(block.number)
                groups += _cards(lines, ledger)
    return groups


def _card_lines(table: Table) -> Iterator[tuple[str, tuple[Source, Source]]]:
    for row in table.rows:
        filled = [cell for cell in row if cell.text.strip()]
        if len(filled) == 3 and re.fullmatch(r"\W*\d{1,2}\W*", filled[0].text):
            filled = filled[1:]
        if not filled or len(filled) > 2:
            yield "", (source_of(p for c in filled for p in c.paragraphs), Source("", ()))
            continue
        label = source_of(filled[0].paragraphs)
        rest = source_of(filled[1].paragraphs) if len(filled) == 2 else Source("", ())
        name, share = named(normalise(label.text).rstrip(" :"))
        yield (name if share >= _SURE else ""), (label, rest)


def _cards(lines: Iterable[tuple[str, tuple[Source, Source]]], ledger: Ledger) -> Iterator[Group]:
    group = Group()
    for name, (label, rest) in lines:
        is_new = name == "criterion" and (group.tasks or group.texts)
        if is_new or (not name and re.match(_CRITERION, aligned(normalise(label.text)))):
            if not group.is_empty:
                yield group
            group = Group()
        if not name:
            if re.match(_CRITERION, aligned(normalise(label.text))):
                whole = label.joined(rest, " ") if rest.text else label
                group.title, group.is_criterion = whole, True
            else:
                ledger.leave((*label.paragraphs, *rest.paragraphs), _NO_LABEL, _GROUP_FIELD)
            continue
        ledger.named(label.paragraphs, _GROUP_FIELD)
        if not rest.text:
            continue
        _put(group, name, rest, ledger)
    if not group.is_empty:
        yield group


def _put(group: Group, name: str, rest: Source, ledger: Ledger) -> None:
    if rest.paragraphs and not group.place:
        group.place = rest.paragraphs[0].place
    if name == "criterion":
        group.title, group.is_criterion = rest, True
    elif name == "task":
        group.tasks.append(rest)
    elif name == "weakness":
        group.weaknesses.append(rest)
    elif name in _BESIDE:
        group.others.setdefault(name, []).append(rest)
    elif name in _KNOWN:
        group.texts[name] = rest
    elif name in ("standard", "no"):
        ledger.leave(rest.paragraphs, _HEADING, _GROUP_FIELD)
    else:
        ledger.leave(rest.paragraphs, _NO_LABEL, _GROUP_FIELD)


def unused(groups: Sequence[Group]) -> Iterator[Paragraph]:
    """Yield the titles of groups that have no task."""
    for group in groups:
        if group.title is not None and not group.tasks and not group.texts:
            yield from group.title.paragraphs


__all__ = ["OF_GROUP", "Group", "plain", "read_cards", "read_narrative", "rows_of", "unused"]
