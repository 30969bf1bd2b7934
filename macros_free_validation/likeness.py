"""Texts that are nearly the same, found among many without comparing each with each.

Word by word and without diacritics, so that another way of typing an accent, a full
stop or a capital makes no difference. What a text is compared with at all is found
by the runs of three words that it shares with few others; so the work grows with
the number of texts, not with its square.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, count

from workbook_templates.text import ascii_fold, normalise

Words = tuple[str, ...]

RUN = 3
"""Words in a run; in Vietnamese, syllables."""
COMMON = 50
"""Texts that a run may stand in and still tell them from others."""
MOST_COMPARED = 8
"""Texts with the most runs in common that are compared in full."""

_WORD = re.compile(r"\w+")


def words_of(text: str) -> Words:
    """The words of a text as they are compared."""
    return tuple(_WORD.findall(ascii_fold(normalise(text))))


class Vocabulary(dict[str, Words]):
    """The words in what stands between two spaces, looked for once however often it is written."""

    def __missing__(self, piece: str) -> Words:
        self[piece] = words = words_of(piece)
        return words

    def words(self, text: str) -> Words:
        """The words of a text, as :func:`words_of` finds them."""
        return tuple(chain.from_iterable(map(self.__getitem__, text.split())))


def likeness(a: Words, b: Words) -> float:
    """How much of two texts is the same, word by word and in order: 0 to 1."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(a, b))


def most_like(words: Words, texts: Sequence[Words], least: float) -> int | None:
    """Which of some texts is the most like, at least that much; of equals the last."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    backwards = texts[::-1]  # of equals the first is found
    found = process.extractOne(
        words, backwards, scorer=Indel.normalized_similarity, score_cutoff=least
    )
    return None if found is None else len(texts) - 1 - int(found[2])


class Originals:
    """Texts met so far, each unlike all the others.

    A text like one of them belongs to it and is not kept: however often a text was
    copied, it is compared with the one it was copied from.
    """

    def __init__(self, least: float) -> None:
        """Nothing met yet; texts at least that much alike belong together."""
        self._least = least
        self._texts: list[Words] = []
        self._same: dict[Words, int] = {}
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._runs: dict[int, list[int]] = {}

    def place(self, words: Words) -> int:
        """The number of the original that a text belongs to; a new one where there is none."""
        number = self._same.get(words)
        if number is None:
            runs = self._runs_of(words)
            number = self._like(words, runs)
            if number is None:
                number = self._add(words, runs)
            self._same[words] = number
        return number

    def _runs_of(self, words: Words) -> list[int]:
        """Every run of words as one number."""
        missing = [0] * (RUN - len(words))
        numbers = [*missing, *map(self._numbers.__getitem__, words)]
        following = zip(numbers, numbers[1:], numbers[2:], strict=False)
        return [(first << 42) | (second << 21) | third for first, second, third in following]

    def _like(self, words: Words, runs: Sequence[int]) -> int | None:
        shared = Counter(chain.from_iterable(filter(None, map(self._runs.get, runs))))
        numbers = [number for number, _ in shared.most_common(MOST_COMPARED)]
        if not numbers:
            return None
        found = most_like(words, [self._texts[number] for number in numbers], self._least)
        return None if found is None else numbers[found]

    def _add(self, words: Words, runs: Sequence[int]) -> int:
        number = len(self._texts)
        self._texts.append(words)
        for run in set(runs):
            places = self._runs.get(run)
            if places is None:
                self._runs[run] = [number]
            elif len(places) == COMMON:
                self._runs[run] = _SAYS_NOTHING
            elif places:
                places.append(number)
        return number


_SAYS_NOTHING: list[int] = []
"""The places of a run that stands in too many texts."""
