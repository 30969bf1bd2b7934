"""Search for nearly equal texts without comparing each text with each other one.

Texts are compared word by word and without diacritics, so that another way of typing an
accent, a full stop or a capital makes no difference. A text is only compared with texts
that share rare runs of three words with it; so the work grows with the number of texts,
not with its square.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

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


class Vocabulary(dict[str, str]):
    """The words met so far, each with a character that means it, by pieces between two spaces.

    A text is then a short string of such characters, one for each word, which takes a third of
    the memory of a tuple of words and is compared faster. Each piece is split into words once.
    """

    def __init__(self) -> None:
        """Start without words."""
        super().__init__()
        self._characters: dict[str, str] = {}

    def __missing__(self, piece: str) -> str:
        self[piece] = coded = self.coded_words(words_of(piece))
        return coded

    def coded(self, text: str) -> str:
        """Return the words of a text, one character each."""
        return "".join(map(self.__getitem__, text.split()))

    def coded_words(self, words: Iterable[str]) -> str:
        """Return some words, one character each."""
        return "".join(map(self._character, words))

    def _character(self, word: str) -> str:
        found = self._characters.get(word)
        if found is None:
            # Beyond a million words, which no plans have, all further ones count as the same.
            number = min(len(self._characters), _MOST_WORDS)
            found = self._characters[word] = chr(number if number < _HALVES else number + 0x800)
        return found


_HALVES, _MOST_WORDS = 0xD800, 0x10FFFF - 0x800
"""The first of 2,048 code points that are halves of pairs, and the last number of a word."""


def likeness(a: Sequence[str], b: Sequence[str]) -> float:
    """Return the share of equal words in two texts, word by word and in order: 0 to 1.

    Both are tuples of words, or texts of the same :class:`Vocabulary`.
    """
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(a, b))


def most_like(coded: str, texts: Sequence[str], least: float) -> int | None:
    """Return the index of the text most like the first, at least that much; the last of equals."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    backwards = texts[::-1]  # extractOne returns the first of equals
    found = process.extractOne(
        coded, backwards, scorer=Indel.normalized_similarity, score_cutoff=least
    )
    return None if found is None else len(texts) - 1 - int(found[2])


class Originals:
    """The texts met so far, of one :class:`Vocabulary`, each unlike all the others.

    A text like a kept one belongs to that one and is not kept: a text that was copied many
    times is always compared with its original.
    """

    def __init__(self, least: float) -> None:
        """Start without texts; texts at least ``least`` alike belong together."""
        self._least = least
        self._texts: list[str] = []
        self._same: dict[str, int] = {}
        self._runs: dict[str, list[int]] = {}

    def place(self, coded: str) -> int:
        """Return the number of the original to which a text belongs, new if none is alike."""
        number = self._same.get(coded)
        if number is None:
            runs = (coded[at : at + RUN] for at in range(max(1, len(coded) - RUN + 1)))
            known = {run: self._runs.get(run) for run in runs}
            number = self._like(coded, filter(None, known.values()))
            if number is None:
                number = self._add(coded, known)
            self._same[coded] = number
        return number

    def _like(self, coded: str, places: Iterable[list[int]]) -> int | None:
        """Return the number of the most like original of those in some places of the index."""
        shared = Counter(chain.from_iterable(places))
        if not shared:
            return None
        numbers = sorted(shared, key=shared.__getitem__, reverse=True)[:MOST_COMPARED]
        found = most_like(coded, [self._texts[number] for number in numbers], self._least)
        return None if found is None else numbers[found]

    def _add(self, coded: str, known: Mapping[str, list[int] | None]) -> int:
        """Keep a text as an original; ``known`` has the originals with each of its runs."""
        number = len(self._texts)
        self._texts.append(coded)
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
