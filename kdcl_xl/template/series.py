"""Templates of one layout for many schools: the parts that all share are made once.

The sheets that show values of the cover are written again for every school, but into
:class:`Notes`: their finished XML is kept in pieces, and the values noted fill its gaps.
Everything else is kept compressed. So a school's workbook has the bytes that
:func:`~kdcl_xl.template.writer.render_workbook` gives it, for a tenth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from itertools import chain
from typing import Any, TypeGuard

from kdcl_xl.template.parts import Parts
from kdcl_xl.template.seal import restamped
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.template.writer import OWN_PARTS, TEXTS, is_own, render_workbook, rendered, write_sheet
from kdcl_xl.xlsx.long_rows import ERRORS, LONGEST_TEXT
from kdcl_xl.xlsx.shared_formulas import zipped
from kdcl_xl.xlsx.writer import Book, units_of
from kdcl_xl.xlsx.xlsxwriter_private import pixels_of, shared_string_xml, without_markup
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, is_number
from workbook_templates.layout import letter_of

_COUNTS = re.compile(r' count="(\d+)" uniqueCount="\d+"')
_GAP = re.compile(
    r'(?P<begin><row r="(?P<row>\d+)"(?: spans="[^"]*")?)(?: ht="[^"]*")?(?P<rest>[^>]*>)'
    r'|(?P<cell><c r="(?P<ref>[A-Z]+\d+)"(?: s="\d+")?)(?: t="\w+")?'
    r"(?:/>|>(?P<formula><f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>[^<]*</v></c>)"
)
"""The parts of a finished sheet that may differ: the height of a row, the value of a cell."""
_USUAL_HEIGHT = 20
"""Height in pixels of a row without a height of its own."""


Place = tuple[int, int]
"""Row and column of a cell, from 0."""


class Page:
    """A substitute for a sheet: it notes the values of its cells, and every other call."""

    def __init__(self, said: list[Any]) -> None:
        """Begin a page; calls that write no value are kept in ``said``."""
        self._said = said
        self.results: dict[Place, str | float] = {}
        self.own: dict[Place, str | float | None] = {}
        self.heights: dict[int, float] = {}

    def write_formula(self, row: int, col: int, formula: str, style: Any, value: Any) -> None:
        """Note the result of a formula."""
        self._said += (row, col, formula, style)
        self.results[row, col] = value

    def write_own(self, row: int, col: int, value: Raw, style: Any) -> None:
        """Note a value that is the workbook's own: nothing, a number, or a text that fits."""
        if value is None or is_number(value) or _is_short(value):
            self.own[row, col] = value
        else:
            style = object()  # unlike anything said of another workbook
        self._said += (row, col, style)

    def set_row(self, row: int, height: float) -> None:
        """Note the height of a row."""
        self._said += (row, "set_row")
        self.heights[row] = height

    def __getattr__(self, name: str) -> Any:
        """Note any other call."""
        return partial(self._say, name)

    def _say(self, name: str, *args: Any, **options: Any) -> None:
        self._said += (name, args, options)


def _is_short(value: Raw) -> TypeGuard[str]:
    return isinstance(value, str) and units_of(value) <= LONGEST_TEXT


class Notes(Book):
    """A substitute for a book: it notes everything written into it, and makes no file."""

    def __init__(self, parts: Parts, stamp: Stamp) -> None:
        """Note the sheets of a workbook that differ from school to school."""
        self.said: list[Any] = []
        self.pages: dict[str, Page] = {}
        for placed in parts.layout.sheets:
            if is_own(placed):
                page = self.pages[placed.name] = Page(self.said)
                write_sheet(self, page, parts, placed, stamp)

    def style(self, name: str) -> str:
        """Return the name itself."""
        return name

    def highlight(self, name: str, properties: Mapping[str, object]) -> str:
        """Return the name itself."""
        return name

    def shared(self, formula: str) -> str:
        """Return the formula itself."""
        return formula

    def define(self, name: str, formula: str) -> None:
        """Note a defined name and its formula."""
        self.said += (name, formula)

    def own(self, ws: Page, row: int, col: int, value: Raw, style: Any) -> None:
        """Note a value on its page."""
        ws.write_own(row, col, value, style)


@dataclass
class Texts:
    """The table of texts of one workbook: those of every workbook, and its own after them."""

    common: Mapping[str, int]
    uses: int
    own: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """Return the number of a text, and count its use."""
        self.uses += 1
        text = without_markup(text)
        if text in self.common:
            return self.common[text]
        return self.own.setdefault(text, len(self.common) + len(self.own))

    def xml(self, head: str) -> str:
        """Return the part: its XML with the workbook's own texts added."""
        counts = f' count="{self.uses}" uniqueCount="{len(self.common) + len(self.own)}"'
        return (
            _COUNTS.sub(counts, head, count=1)
            + "".join(map(shared_string_xml, self.own))
            + "</sst>"
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """A row whose height may differ, or a cell whose value may differ.

    ``head`` and ``tail`` are the XML around the height or the value.
    """

    place: int | Place
    head: str
    tail: str

    def filled(self, page: Page, texts: Texts) -> str:
        """Return the XML of the row's tag or of the cell."""
        if isinstance(self.place, int):
            return f"{self.head}{_height(page.heights[self.place])}{self.tail}"
        if self.place in page.results:
            kind, value = _result(page.results[self.place])
            return f"{self.head}{kind}>{self.tail}<v>{value}</v></c>"
        typed = page.own[self.place]
        if typed is None or typed == "":
            return f"{self.head}/>"
        if isinstance(typed, str):
            return f'{self.head} t="s"><v>{texts.number(typed)}</v></c>'
        return f"{self.head}><v>{typed:.16G}</v></c>"


def _height(points: float) -> str:
    pixels = pixels_of(points)
    return "" if pixels == _USUAL_HEIGHT else f' ht="{pixels * 0.75:.16g}"'


def _result(value: str | float) -> tuple[str, str | float]:
    """Return the type of a formula's result, and its XML."""
    if isinstance(value, str) and value:
        return (' t="e"' if value in ERRORS else ' t="str"'), escape(value, quote=False)
    return (' t="b"', int(value)) if isinstance(value, bool) else ("", value)


class Gaps:
    """The XML of a finished sheet in pieces, with gaps for the values that may differ."""

    def __init__(self, xml: str, page: Page) -> None:
        """Cut the XML wherever the page has noted something.

        Raises:
            ValueError: something noted is not in the XML.
        """
        places: dict[str, int | Place] = {str(row + 1): row for row in page.heights}
        for row, col in page.results.keys() | page.own:
            places[f"{letter_of(col)}{row + 1}"] = row, col
        self._pieces: list[str] = []
        self._gaps: list[Gap] = []
        end = 0
        for found in _GAP.finditer(xml):
            place = places.pop(found["row"] or found["ref"], None)
            if place is None:
                continue
            head = found["begin"] if found["row"] else found["cell"]
            tail = found["rest"] if found["row"] else found["formula"] or ""
            self._pieces.append(xml[end : found.start()])
            self._gaps.append(Gap(place, head, tail))
            end = found.end()
        self._pieces.append(xml[end:])
        if places:
            raise ValueError(f"not in the sheet: {sorted(places)}")

    def filled(self, page: Page, texts: Texts) -> str:
        """Return the XML with the values that another page of the same sheet has noted."""
        filled = [gap.filled(page, texts) for gap in self._gaps]
        return "".join(chain.from_iterable(zip(self._pieces, [*filled, ""], strict=True)))


class Series:
    """Workbooks that differ only in their cover, their stamp and the cells that show these."""

    def __init__(self, plan: Plan, stamp: Stamp, password: str = "") -> None:
        """Make the workbook of one of the plans, and keep the parts that all share."""
        self._password = password
        made = rendered(plan, stamp, password)
        parts = Parts.of(plan)
        notes = Notes(parts, made.stamp)
        self._rest, self._said, self._stamp = _rest_of(parts), notes.said, made.stamp
        names = {*made.own_sheets, *OWN_PARTS}
        self._same = zipped({p: data for p, data in made.parts.items() if p not in names})
        self._own = {p: data for p, data in made.parts.items() if p in names}
        self._sheets = {
            part: (name, Gaps(self._own[part].decode(), notes.pages[name]))
            for part, name in made.own_sheets.items()
        }
        texts = Texts(made.common_texts, 0)
        for part in self._sheets:
            self._sheet(part, notes, texts)
        table = self._own[TEXTS].decode()
        uses = _COUNTS.search(table)
        assert uses is not None
        self._common = replace(texts, uses=int(uses[1]) - texts.uses, own={})
        self._head = table.removesuffix("</sst>").rsplit("<si>", len(texts.own))[0]

    def workbook(self, plan: Plan, stamp: Stamp) -> bytes:
        """Return the workbook of any plan of the layout; quickly if only its cover is its own."""
        parts = Parts.of(plan)
        seal = replace(stamp, locked=self._stamp.locked, inputs=self._stamp.inputs)
        notes = Notes(parts, seal)
        if _rest_of(parts) != self._rest or notes.said != self._said:
            return render_workbook(plan, stamp, self._password)
        own = restamped(self._own, self._stamp, seal)
        texts = replace(self._common, own={})
        for part in self._sheets:
            own[part] = self._sheet(part, notes, texts).encode()
        own[TEXTS] = texts.xml(self._head).encode()
        return zipped(own, after=self._same)

    def _sheet(self, part: str, notes: Notes, texts: Texts) -> str:
        name, gaps = self._sheets[part]
        return gaps.filled(notes.pages[name], texts)


def _rest_of(parts: Parts) -> tuple[Any, ...]:
    """Return a plan's whole content except the cover."""
    cells = {key: cells for key, cells in parts.plan.cells.items() if key != "cover"}
    messages = {place: said for place, said in parts.messages.items() if place[0] != "cover"}
    return parts.layout, cells, parts.plan.tables, messages
