"""Texts that are nearly the same, found among many without comparing each with each.

Word by word and without diacritics, so that another way of typing an accent, a full
stop or a capital makes no difference. What a text is compared with at all is found
by the runs of three words that it shares with few others; so the work grows with
the number of texts, not with its square.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

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


def likeness(a: Words, b: Words) -> float:
    """How much of two texts is the same, word by word and in order: 0 to 1."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(a, b))


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
        self._numbers: dict[str, int] = {}
        self._runs: defaultdict[int, list[int]] = defaultdict(list)

    def place(self, words: Words) -> int:
        """The number of the original that a text belongs to; a new one where there is none."""
        number = self._same.get(words)
        if number is None:
            runs = list(self._runs_of(words))
            number = self._like(words, runs)
            if number is None:
                number = self._add(words, runs)
            self._same[words] = number
        return number

    def _runs_of(self, words: Sequence[str]) -> Iterator[int]:
        """Every run of words as one number."""
        numbers = [self._numbers.setdefault(word, len(self._numbers)) for word in words]
        for i in range(max(1, len(numbers) - RUN + 1)):
            run = 0
            for number in numbers[i : i + RUN]:
                run = (run << 21) | number
            yield run

    def _like(self, words: Words, runs: Sequence[int]) -> int | None:
        shared: Counter[int] = Counter()
        for run in runs:
            places = self._runs.get(run, ())
            if len(places) <= COMMON:
                shared.update(places)
        best, most = None, self._least
        for number, _ in shared.most_common(MOST_COMPARED):
            alike = likeness(words, self._texts[number])
            if alike >= most:
                best, most = number, alike
        return best

    def _add(self, words: Words, runs: Sequence[int]) -> int:
        number = len(self._texts)
        self._texts.append(words)
        for run in set(runs):
            places = self._runs[run]
            if len(places) <= COMMON:  # one more than that, and the run says nothing any longer
                places.append(number)
        return number
