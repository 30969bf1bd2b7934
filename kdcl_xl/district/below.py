"""A district workbook as an input: its schools as if their files had been given, its decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kdcl_xl.check import Checked, judged
from kdcl_xl.district.decision import Closed, Decision, Line, Memory, Note
from kdcl_xl.district.model import shown_level
from kdcl_xl.district.sources import Sources
from workbook_templates.text import Text

_TAKEN = Text(
    "Sổ tổng hợp của {authority}: đã đưa {count} tệp vào như nộp trực tiếp.",
    "District workbook of {authority}: {count} files taken as if they were given themselves.",
)


@dataclass(frozen=True)
class Below:
    """What a district workbook brings to the level above; everything says where it is from."""

    sources: Sources
    memory: Memory
    digest: str = ""

    @property
    def words(self) -> Text:
        """What the log says of it."""
        count = len(self.sources.checked)
        return _TAKEN.format(authority=self.sources.authority, count=count)


def seen_from_above(sources: Sources, authority: str, path: Path, today: date) -> Sources:
    """The same to the level above: files are in the workbook's path, judged on a day."""

    def inner(shown: str) -> Path:
        return Path(f"{path}/{shown.lstrip('/')}")

    def entry(checked: Checked) -> Checked:
        submission = checked.submission
        under = (authority, *submission.under)
        moved = inner(str(submission.path))
        return judged(replace(submission, path=moved, under=under), today)

    return Sources(
        authority,
        tuple(map(entry, sources.checked)),
        tuple(replace(s, under=(authority, *s.under)) for s in sources.expected),
        frozenset(map(str, map(inner, sources.preferred))),
    )


def told_by(memory: Memory, authority: str) -> Memory:
    """The same, with the authority in front of every level and place."""

    def decision(told: Decision) -> Decision:
        return replace(told, level=shown_level([authority, *filter(None, [told.level])]))

    def line(told: Line) -> Line:
        earlier = decision(told.earlier) if told.earlier else None
        return replace(told, decision=decision(told.decision), earlier=earlier)

    def closed(told: Closed) -> Closed:
        return replace(told, decision=decision(told.decision))

    def note(told: Note) -> Note:
        return replace(told, place=f"{authority}: {told.place}")

    return Memory(
        tuple(map(line, memory.lines)),
        tuple(map(closed, memory.closed)),
        tuple(map(note, memory.notes)),
    )
