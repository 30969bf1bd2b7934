"""Search for nearly equal texts without comparing each text with each other one.

Texts are compared word by word and without diacritics, so that another way of typing an
accent, a full stop or a capital makes no difference. A text is only compared with texts
that share rare runs of three words with it; so the work grows with the number of texts,
not with its square.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count

from workbook_templates.text import ascii_fold, normalise

Words = tuple[str, ...]

RUN = 3
"""Words in a run; in Vietnamese, syllables."""
COMMON = 50
"""Texts that may share a run of words; a run in more texts is customary and proves no copy."""
MOST_COMPARED = 8
"""Texts with the most runs in common that are compared in full."""

_WORD = re.compile(r"\w+")


def words_of(text: str) -> Words:
    """Return the words of a text in the form in which they are compared."""
    return tuple(_WORD.findall(ascii_fold(normalise(text))))


class Vocabulary(dict[str, Words]):
    """A cache of the words between two spaces, so that each piece of text is split once."""

    def __missing__(self, piece: str) -> Words:
        self[piece] = words = words_of(piece)
        return words

    def words(self, text: str) -> Words:
        """Return the words of a text, as :func:`words_of` does."""
        return tuple(chain.from_iterable(map(self.__getitem__, text.split())))


def likeness(a: Words, b: Words) -> float:
    """Return the share of equal words in two texts, word by word and in order: 0 to 1."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(a, b))


def most_like(words: Words, texts: Sequence[Words], least: float) -> int | None:
    """Return the index of the text most like the first, at least that much; the last of equals."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    backwards = texts[::-1]  # extractOne returns the first of equals
    found = process.extractOne(
        words, backwards, scorer=Indel.normalized_similarity, score_cutoff=least
    )
    return None if found is None else len(texts) - 1 - int(found[2])


class Originals:
    """The texts met so far, each unlike all the others.

    A text like a kept one belongs to that one and is not kept: a text that was copied many
    times is always compared with its original.
    """

    def __init__(self, least: float) -> None:
        """Start without texts; texts at least ``least`` alike belong together."""
        self._least = least
        self._texts: list[Words] = []
        self._same: dict[Words, int] = {}
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._runs: dict[int, list[int]] = {}

    def place(self, words: Words) -> int:
        """Return the number of the original to which a text belongs, new if none is alike."""
        number = self._same.get(words)
        if number is None:
            runs = self._runs_of(words)
            known = dict(zip(runs, map(self._runs.get, runs), strict=True))
            number = self._like(words, filter(None, known.values()))
            if number is None:
                number = self._add(words, known)
            self._same[words] = number
        return number

    def _runs_of(self, words: Words) -> list[int]:
        """Return every run of words as a number."""
        missing = [0] * (RUN - len(words))
        numbers = [*missing, *map(self._numbers.__getitem__, words)]
        following = zip(numbers, numbers[1:], numbers[2:], strict=False)
        return [(first << 42) | (second << 21) | third for first, second, third in following]

    def _like(self, words: Words, places: Iterable[list[int]]) -> int | None:
        """Return the number of the most like original of those in some places of the index."""
        shared = Counter(chain.from_iterable(places))
        if not shared:
            return None
        numbers = sorted(shared, key=shared.__getitem__, reverse=True)[:MOST_COMPARED]
        found = most_like(words, [self._texts[number] for number in numbers], self._least)
        return None if found is None else numbers[found]

    def _add(self, words: Words, known: Mapping[int, list[int] | None]) -> int:
        """Keep a text as an original; ``known`` has the originals with each of its runs."""
        number = len(self._texts)
        self._texts.append(words)
        for run, places in known.items():
            if places is None:
                self._runs[run] = [number]
            elif len(places) == COMMON:
                self._runs[run] = _SAYS_NOTHING
            elif places:
                places.append(number)
        return number


_SAYS_NOTHING: list[int] = []
"""The texts of a run that occurs in too many of them."""
