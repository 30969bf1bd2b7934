"""Kinds of school, as the regulation files declare them, and the reading of their names.

No kind is named in the code: a file of ``regulations/`` or an authority's own file declares each
one in a table ``[[school_kinds]]``, with the levels that it teaches and the authority that
receives its plans (Thông tư 45/2026/TT-BGDĐT).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from workbook_templates.text import Text, ascii_fold, normalise
from workbook_templates.vocabulary import Labelled


class Receiver(Labelled):
    """The authority that receives the plans of a kind of school."""

    COMMUNE = "commune", "Ủy ban nhân dân cấp xã", "Commune People's Committee"
    PROVINCE = "province", "Sở Giáo dục và Đào tạo", "Provincial Department of Education"
    UNKNOWN = "unknown", "Cơ quan quản lý", "The authority"
    """The levels that the school teaches are not known yet, and the highest of them decides."""


@dataclass(frozen=True, slots=True)
class SchoolKind:
    """A kind of school (cấp học, loại cơ sở giáo dục).

    ``levels`` are the ids of the kinds of one level that it teaches, the lowest first. They are
    empty for a school of several levels that says on its cover which they are. The first of
    ``aliases`` is the spelling that messages propose. ``leaders`` and ``units`` are proposed as
    leads of tasks: ``leaders`` begin with the title of the head.
    """

    id: str
    label: Text
    aliases: tuple[str, ...]
    levels: tuple[str, ...]
    receiver: Receiver
    head: Text
    leaders: tuple[str, ...]
    units: tuple[str, ...]
    learners: Text

    def __str__(self) -> str:
        """Return the id, which stamps, lists of schools and reports hold."""
        return self.id

    @property
    def is_open(self) -> bool:
        """True if the school says on its cover which levels it teaches."""
        return not self.levels

    @property
    def has_several_levels(self) -> bool:
        """True if the kind teaches several levels, known or not."""
        return len(self.levels) != 1

    @property
    def short(self) -> str:
        """The spelling that messages propose."""
        return self.aliases[0] if self.aliases else self.label.vi

    @property
    def names(self) -> Iterator[str]:
        """Yield every name of the kind."""
        yield from (self.id, self.label.vi, self.label.en, *self.aliases)

    def includes(self, other: SchoolKind) -> bool:
        """Return whether a school of ``other`` can be listed under this kind."""
        return self == other or (self.is_open and other.has_several_levels)


@dataclass(frozen=True, slots=True)
class UnclearName:
    """Names that several kinds of school bear: ``PTDTNT`` may teach THCS, THPT or both."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnclearKind:
    """A text that names no single kind of school, and the kinds that it may mean."""

    text: str
    possible: tuple[SchoolKind, ...]
    is_known_name: bool

    @property
    def problem(self) -> Text:
        """The problem and what to write instead, as the end of a sentence."""
        vi = "; ".join(f"«{k.short}» ({k.label.vi})" for k in self.possible)
        en = "; ".join(f"'{k.short}' ({k.label.en})" for k in self.possible)
        if self.is_known_name:
            return Text(
                f"«{self.text}» có nhiều cách hiểu, vui lòng ghi rõ một trong: {vi}",
                f"'{self.text}' may mean several kinds of school, write one of: {en}",
            )
        if not self.text:
            return Text(
                f"chưa ghi cấp học (loại cơ sở), vui lòng ghi một trong: {vi}",
                f"the school kind is missing, write one of: {en}",
            )
        return Text(
            f"không nhận ra cấp học (loại cơ sở) «{self.text}», vui lòng ghi một trong: {vi}",
            f"'{self.text}' is no known school kind, write one of: {en}",
        )


_INITIALS = re.compile(r"\b\w(?:\.\w)+\b\.?")
"""Letters with a full stop between each two: ``T.H.C.S``."""
_NOT_IN_NAMES = re.compile(r"[^0-9a-z]+")
_FILLERS = frozenset({"truong", "va", "and", "school"})
_OWNERSHIP = re.compile(r"\b(?:ngoai )?(?:cong lap|dan lap|tu thuc|tu lap)\b")


def plain_name(text: str) -> str:
    """Return a name of a kind for comparison.

    Case, diacritics, punctuation, spaces, the word «trường» and words of ownership do not count.
    """
    folded = ascii_fold(normalise(text))
    joined = _INITIALS.sub(lambda found: found[0].replace(".", ""), folded)
    words = [word for word in _NOT_IN_NAMES.split(joined) if word and word not in _FILLERS]
    return " ".join(_OWNERSHIP.sub(" ", " ".join(words)).split())


_IN_PARENTHESES = re.compile(r"\s*\([^)]*\)")


def spellings(kind: SchoolKind) -> Iterator[str]:
    """Yield every name of a kind for comparison, also those without their parentheses."""
    for name in kind.names:
        yield plain_name(name)
        yield plain_name(_IN_PARENTHESES.sub("", name))


_LONGEST_KIND = 10
"""Words of the longest name of a kind."""
_LONGEST_TEXT, _MOST_READ = 200, 4096
"""Characters of a text that are looked at, and texts whose meaning is remembered."""
_LIKENESS, _MOST_LIKE, _LONGEST_LIKE = 0.75, 4, 80
"""Least likeness (0 to 1) of a name proposed for a misspelt one, the most names proposed, and the
most characters of a text for which any is proposed."""


@dataclass(frozen=True)
class KindNames:
    """The names of the kinds of school of a catalogue."""

    kinds: tuple[SchoolKind, ...]
    unclear: tuple[UnclearName, ...]
    _read: dict[str, SchoolKind | UnclearKind] = field(
        default_factory=dict, compare=False, repr=False
    )
    """The meanings of the texts read so far: a list of schools repeats the same few."""

    @cached_property
    def _by_id(self) -> Mapping[str, SchoolKind]:
        return {kind.id: kind for kind in self.kinds}

    @cached_property
    def _by_name(self) -> Mapping[str, SchoolKind]:
        return {name: kind for kind in self.kinds for name in spellings(kind) if name}

    @cached_property
    def _levels_by_name(self) -> Mapping[tuple[str, ...], str]:
        """Return the ids of the kinds of one level by the words of their names."""
        one = [kind for kind in self.kinds if not kind.has_several_levels]
        return {tuple(n.split()): k.levels[0] for k in one for n in spellings(k) if n}

    @cached_property
    def _unclear_by_name(self) -> Mapping[str, tuple[SchoolKind, ...]]:
        return {
            plain_name(name): tuple(self._by_id[k] for k in entry.kinds if k in self._by_id)
            for entry in self.unclear
            for name in entry.names
        }

    def read(self, text: str) -> SchoolKind | UnclearKind:
        """Return the kind that a text names, or the kinds that it may mean.

        Understands the declared names, and the names of levels in any order and with any sign
        between them: ``TH&THCS``, ``Tiểu học - THCS``, ``PTDTBT THCS``.
        """
        text = text[:_LONGEST_TEXT]
        if text not in self._read:
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            self._read[text] = self._reading(text)
        return self._read[text]

    def at_start_of(self, name: str) -> SchoolKind | UnclearKind | None:
        """Return the kind with which the name of a school begins; None where it names none.

        The longest beginning decides: «Trường TH&THCS Bình Minh» is ``TH&THCS``, not ``TH``.
        """
        words = plain_name(name[:_LONGEST_TEXT]).split()[:_LONGEST_KIND]
        for size in range(len(words), 0, -1):
            key = " ".join(words[:size])
            if key in self._by_name:
                return self._by_name[key]
            kinds = self._teaching(self._levels_in(key))
            if len(kinds) == 1:
                return kinds[0]
            if key in self._unclear_by_name:
                return UnclearKind(key, self._unclear_by_name[key], True)
        return None

    def _reading(self, text: str) -> SchoolKind | UnclearKind:
        shown, key = " ".join(normalise(text).split())[:80], plain_name(text)
        if key in self._by_name:
            return self._by_name[key]
        found = self._teaching(self._levels_in(key))
        rest, allowed = ("", ()) if found else self._without_unclear(key)
        if allowed:
            direct = self._by_name.get(rest)
            found = (direct,) if direct else self._teaching(self._levels_in(rest))
            # Nothing beside the unclear name: what it may mean is all there is.
            found = tuple(kind for kind in found if kind in allowed) if rest else allowed
        if len(found) == 1:
            return found[0]
        if found or allowed:
            return UnclearKind(shown, found or allowed, True)
        return UnclearKind(shown, self._like(key) or self.kinds, False)

    def _without_unclear(self, key: str) -> tuple[str, tuple[SchoolKind, ...]]:
        """Return a name without the longest unclear name in it, and the kinds of that name."""
        padded = f" {key} "
        for name in sorted(self._unclear_by_name, key=len, reverse=True):
            if f" {name} " in padded:
                rest = " ".join(padded.replace(f" {name} ", " ", 1).split())
                return rest, self._unclear_by_name[name]
        return key, ()

    def _levels_in(self, key: str) -> frozenset[str]:
        """Return the levels that a name consists of; none where a word is no level's."""
        words, found, longest = key.split(), set(), max(map(len, self._levels_by_name), default=0)
        at = 0
        while at < len(words):
            for size in range(min(longest, len(words) - at), 0, -1):
                level = self._levels_by_name.get(tuple(words[at : at + size]))
                if level:
                    found.add(level)
                    at += size
                    break
            else:
                return frozenset()
        return frozenset(found)

    def _teaching(self, levels: Iterable[str]) -> tuple[SchoolKind, ...]:
        """Return the kinds that teach just these levels; none for no level."""
        wanted = frozenset(levels)
        if not wanted:
            return ()
        return tuple(kind for kind in self.kinds if frozenset(kind.levels) == wanted)

    def _like(self, key: str) -> tuple[SchoolKind, ...]:
        """Return the kinds whose names are in a text or much like it, the likeliest first."""
        if len(key) > _LONGEST_LIKE:
            return ()
        padded = f" {key} "
        names = [name for name in self._by_name if f" {name} " in padded]
        names.sort(key=len, reverse=True)
        names += get_close_matches(key, list(self._by_name), _MOST_LIKE, _LIKENESS)
        return tuple(dict.fromkeys(self._by_name[name] for name in names))
