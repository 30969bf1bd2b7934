"""The ledger of an import: the fate of every paragraph of the document.

A paragraph ends in fields, on the sheet «Chưa chuyển», or is a heading of the form. What a
field does not hold of its paragraph, word by word, is listed on the sheet as well: the ledger
believes no reader that says it understood a text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kdcl_xl.docx.document import Paragraph
from kdcl_xl.importing.names import NAMES, names_of
from kdcl_xl.importing.plain import words
from macros_free_validation.values import Raw
from workbook_templates.text import Text

_NUMBERS = frozenset(
    words("i ii iii iv v vi vii viii ix x a b c d e g h 1 2 3 4 5 6 7 8 9 10 11 12")
)
"""Numbers of headings."""
OF_FORM = frozenset(
    {
        *_NUMBERS,
        *names_of("words")["of_headings"],
        *(word for table in NAMES for every in names_of(table).values() for name in every
          for word in words(name)),
    }
)  # fmt: skip
"""The words of the headings and labels of the form, without diacritics: a closed list."""
NO_PLACE = Text(
    "Chưa nhận ra nội dung này thuộc mục nào của mẫu.",
    "It was not recognised which field of the template this belongs to.",
)
PARTLY = Text(
    "Mới ghi một phần vào ô của mẫu; đây là nguyên văn để đối chiếu.",
    "Only a part is in a cell of the template; this is the whole, to compare.",
)
NO_FIELD = Text("Mẫu không có mục này.", "The template has no such field.")
BESIDE = Text(
    "Nằm ngoài phần thân của văn bản.",
    "It is outside the body of the document.",
)
DELETED = Text(
    "Chữ đã xóa khi theo dõi thay đổi, chưa được chấp nhận.",
    "Deleted text of a tracked change that nobody accepted yet.",
)


@dataclass(frozen=True, slots=True)
class Source:
    """A text of the document, and the paragraphs that it comes from."""

    text: str
    paragraphs: tuple[Paragraph, ...]

    def part(self, text: str) -> Source:
        """Return a part of the text, from the same paragraphs."""
        return Source(text, self.paragraphs)

    def joined(self, other: Source, separator: str = "\n") -> Source:
        """Return both texts one after the other."""
        text = separator.join(part for part in (self.text, other.text) if part)
        return Source(text, (*self.paragraphs, *other.paragraphs))


NOTHING = Source("", ())


def source_of(paragraphs: Iterable[Paragraph]) -> Source:
    """Return the text of some paragraphs, each on its line."""
    found = tuple(paragraphs)
    return Source("\n".join(p.shown.replace("\t", " ") for p in found), found)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was read from the document.

    ``read`` are the words of the source that the value means, where it has others: a code
    for the whole name, a date in digits for one in words. ``doubt`` says why a person has to
    confirm the value; None for a value that is certain.
    """

    value: Raw
    source: Source
    read: str = ""
    doubt: Text | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A paragraph for the sheet «Chưa chuyển»: the heading it was under, and the reason."""

    paragraph: Paragraph
    field: Text
    why: Text
    about: str = ""


@dataclass
class Ledger:
    """The fates of the paragraphs, known so far."""

    headings: set[int] = field(default_factory=set)
    _labels: dict[int, set[str]] = field(default_factory=dict)
    _left: dict[int, Left] = field(default_factory=dict)

    def heading(self, *paragraphs: Paragraph) -> None:
        """Record paragraphs that are headings of the form."""
        self.headings.update(map(id, paragraphs))

    def label(self, paragraph: Paragraph, text: str) -> None:
        """Record that a paragraph begins with a heading or a label of the form."""
        self._labels.setdefault(id(paragraph), set()).update(set(words(text)) & OF_FORM)

    def named(self, paragraphs: Iterable[Paragraph], field: Text) -> None:
        """Record headings: those with other words than the form's are left for a person."""
        for paragraph in paragraphs:
            said = words(paragraph.text)
            is_name = not _NUMBERS.issuperset(said) and OF_FORM.issuperset(said)
            if is_name:
                self.heading(paragraph)
            else:
                self.leave((paragraph,), NO_PLACE, field)

    def leave(
        self, paragraphs: Iterable[Paragraph], why: Text, field: Text, about: str = ""
    ) -> None:
        """Record paragraphs that no field holds."""
        for paragraph in paragraphs:
            self._left.setdefault(id(paragraph), Left(paragraph, field, why, about))

    def balanced(
        self, paragraphs: Sequence[Paragraph], readings: Iterable[Reading]
    ) -> Iterator[Left]:
        """Yield every paragraph that no field holds as a whole, in the order of the document."""
        held: dict[int, Counter[str]] = {}
        for reading in readings:
            own = Counter(words(f"{reading.value or ''} {reading.read}"))
            for paragraph in reading.source.paragraphs:
                known = held.setdefault(id(paragraph), Counter())
                known |= own
        for paragraph in paragraphs:
            if id(paragraph) in self._left:
                yield self._left[id(paragraph)]
                continue
            if id(paragraph) in self.headings:
                continue
            said = held.get(id(paragraph))
            if said is None:
                yield Left(paragraph, NO_HEADING, NO_PLACE)
            elif not self._rest(paragraph) <= said.keys():
                yield Left(paragraph, NO_HEADING, PARTLY)

    def _rest(self, paragraph: Paragraph) -> set[str]:
        """Return the words of a paragraph that are no label of the form."""
        return set(words(paragraph.text)) - self._labels.get(id(paragraph), set())


NO_HEADING = Text("", "")
