"""The signed document: the contents of the print-outs, in Excel and in Python.

Everything is computed from the other sheets. Long texts are cut into lines of
fixed height by formulas, because no program fits the height of a row to the result of a
formula. Nothing here depends on the language of the program: digits are
grouped and dates are joined piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from math import floor

from macros_free_validation import values as v
from macros_free_validation.amount_text import ABSURD, MOST_SHOWN, TOO_LARGE, money, money_excel
from macros_free_validation.expression import (
    IsSchoolYear,
    Key,
    Place,
    Single,
    date_excel,
    day_excel,
    filled_excel,
    other_row,
    quote,
    single_cell,
    tidy_excel,
    written_day_excel,
)
from macros_free_validation.live import within_limits
from macros_free_validation.plan import Plan, Record
from macros_free_validation.understood.reader import DIGITS, without, without_excel
from workbook_templates.declare import (
    Closing,
    Heading,
    Line,
    Passage,
    PrintBand,
    PrintColumn,
    PrintPart,
    PrintTable,
    Total,
    Type,
)
from workbook_templates.layout import Layout, PlacedSheet
from workbook_templates.school_year import LONGEST_PERIOD

HEADING_MARK = "\u2060"
"""An invisible mark before a heading, by which the sheet finds the lines to print in bold."""
BREAK = "\u00b6"
"""The mark of a line break in texts that are cut: a real one would make its row higher."""
LINE_LENGTH, CAPITALS_LENGTH = 113, 73
"""Characters of a line: of any text, and of one in capitals."""
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
LETTER, SUBJECT = "KẾ HOẠCH", "Cải tiến chất lượng giáo dục"
"""The kind of official letter, and its subject."""
RECIPIENTS = "Nơi nhận:"
ROOM_TO_SIGN = 5
"""Empty lines between the signer's position and name; an official letter says nothing there."""
_DECIMALS_SHOWN = 4
"""Decimals of a number in a column of text; programs write smaller ones each in its way."""
_MORE = "(Còn nữa, xem ở trang «Thông tin».)"
_LF, _END = "CHAR(10)", quote(BREAK)


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of the document: its formula (without ``=``) and its value."""

    excel: str
    value: str


def _plain(value: float) -> str:
    """Return a number as text with a decimal comma; words for an absurd one."""
    if not v.less(abs(value), MOST_SHOWN):
        return TOO_LARGE
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-_DECIMALS_SHOWN), ROUND_HALF_UP)
    return format(float(exact) + 0.0, f".{v.SIGNIFICANT_DIGITS}g").replace(".", ",")


def _text(value: v.Raw, kind: Type) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if not v.is_number(value):
        return ""
    if kind is Type.DATE and v.is_date(value):
        return v.to_date(value).strftime("%d/%m/%Y")
    return money(value) if kind is Type.MONEY else _plain(value)


def _text_excel(x: str, kind: Type) -> str:
    rounded = f"ROUND({x},{_DECIMALS_SHOWN})"
    number = f'IF({rounded}=INT({rounded}),TEXT({rounded},"0"),{rounded}&"")'
    number = f'IF(ABS({x})<{MOST_SHOWN:.0f},{number},"{TOO_LARGE}")'
    if kind is Type.DATE:
        number = f"IF({date_excel(x)},{written_day_excel(x)},{number})"
    elif kind is Type.MONEY:
        number = money_excel(x)
    logical = f'IF(ISLOGICAL({x}),IF({x},"TRUE","FALSE"),IF(ISNUMBER({x}),{number},""))'
    return f"IF(ISTEXT({x}),{x},{logical})"


_OF_AMOUNTS = DIGITS + "."


def _is_bare_number(value: v.Raw, kind: Type) -> bool:
    """Return whether a value is a number, or an amount typed in nothing but digits and dots."""
    typed = kind is Type.MONEY and isinstance(value, str)
    return v.is_number(value) or (typed and without(str(value), _OF_AMOUNTS) == "")


def _visible(value: v.Raw) -> bool:
    return v.filled(value) and not v.is_error(value)


def _visible_excel(x: str) -> str:
    return f"IF(ISERROR({x}),FALSE,{filled_excel(x)})"


def cell_text(plan: Plan, field: str, sheet: str = "cover") -> Shown:
    """Return a single cell as text; an empty text where the cell shows nothing.

    A form may lack a cell of another version, whose document then lacks it too.
    """
    if not plan.layout.sheet(sheet).has_cell(field):
        return Shown('""', "")
    kind = plan.layout.sheet(sheet).cell(field).cell.type
    x = single_cell(plan.layout.sheet(sheet), field)
    value = plan.cell(field, sheet)
    shown = _text(value, kind) if _visible(value) else ""
    return Shown(f'IF({_visible_excel(x)},{_text_excel(x, kind)},"")', shown)


def _flowing(text: Shown) -> Shown:
    """Return a text with its line breaks marked as those of texts that are cut."""
    excel = f"SUBSTITUTE({text.excel},{_LF},{_END})"
    return Shown(excel, text.value.replace("\n", BREAK))


def _or_dots(text: Shown, dots: str) -> Shown:
    return Shown(f"IF(LEN({text.excel})=0,{quote(dots)},{text.excel})", text.value or dots)


def capitals(text: Shown) -> Shown:
    """Return a text in capitals, on one line."""
    excel = f'UPPER(SUBSTITUTE({text.excel},{_LF}," "))'
    return Shown(excel, text.value.replace("\n", " ").upper())


def period(plan: Plan, year: str, years: str) -> Shown:
    """Return the school year after its word, or a period of several years after theirs."""
    at = Place(plan.layout, plan.layout.sheet("cover"))
    x, value = single_cell(at.sheet, "school_year"), plan.cell("school_year")
    text = cell_text(plan, "school_year")
    typed = f'SUBSTITUTE({tidy_excel(x)}," ","")'  # spaces may be between the digits
    span = f"RIGHT({typed},4)-LEFT({typed},4)>1"
    several = f"IF({IsSchoolYear(Single('school_year')).excel(at)},{span},FALSE)"
    many = False
    if isinstance(value, str) and v.is_school_year(value, LONGEST_PERIOD):
        digits = v.tidy(value).replace(" ", "")
        many = int(digits[-4:]) - int(digits[:4]) > 1
    return Shown(
        f"IF({several},{quote(years)},{quote(year)})&{text.excel}",
        (years if many else year) + text.value,
    )


def number_line(plan: Plan) -> Shown:
    """Return the number of the plan, or dots to write the number on."""
    text = _or_dots(cell_text(plan, "plan_number"), "……………")
    return Shown(f'"Số: "&{text.excel}', f"Số: {text.value}")


def date_line(plan: Plan) -> Shown:
    """Return place and date in the form of official letters, or dots to write the date on."""
    place = cell_text(plan, "place")
    x = single_cell(plan.layout.sheet("cover"), "issue_date_meant")
    day = plan.day("issue_date")
    issued = day_excel(x)
    month = f'IF(MONTH({issued})<3,TEXT(MONTH({issued}),"00"),MONTH({issued}))'
    written = f'"ngày "&TEXT(DAY({issued}),"00")&" tháng "&{month}&" năm "&YEAR({issued})'
    dots = "ngày …… tháng …… năm ………"
    when = f"IF({date_excel(x)},{written},{quote(dots)})"
    shown = dots
    if day is not None:
        number_of_month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        shown = f"ngày {day.day:02d} tháng {number_of_month} năm {day.year}"
    comma = f"{place.value}, " if place.value else ""
    return Shown(f'IF(LEN({place.excel})=0,"",{place.excel}&", ")&{when}', comma + shown)


def signer_of(plan: Plan) -> Shown:
    """Return an empty line, the signer's position in capitals, room to sign, and the full name."""
    position, name = capitals(cell_text(plan, "signer")), cell_text(plan, "signer_name")
    return Shown(
        f'{_LF}&{position.excel}&REPT({_LF},{ROOM_TO_SIGN + 1})&SUBSTITUTE({name.excel},{_LF}," ")',
        f"\n{position.value}" + "\n" * (ROOM_TO_SIGN + 1) + name.value.replace("\n", " "),
    )


def _total(plan: Plan, line: Total) -> Shown:
    sheet = plan.layout.sheet("plan")
    meant = f"{line.field}_meant"
    cells = f"{sheet.quoted}!{sheet.range(meant)}"
    total = f'IFERROR(SUMIF({cells},">0"),{ABSURD:.0f})'
    values = (plan.value("plan", record, meant) for record in plan.rows("plan"))
    amount = sum(x for x in values if v.is_number(x) and x > 0)
    written = f'{quote(line.text)}&": "&{money_excel(total)}&" đồng."&{_END}'
    shown = f"{line.text}: {money(amount)} đồng.{BREAK}" if amount else ""
    return Shown(f'IF({total}>0,{written},"")', shown)


def _line(plan: Plan, line: Line) -> Shown:
    match line:
        case Heading(text):
            return Shown(f"{quote(HEADING_MARK + text)}&{_END}", f"{HEADING_MARK}{text}{BREAK}")
        case Total():
            return _total(plan, line)
        case Closing(before, after):
            when, who = (
                period(plan, "năm học ", "giai đoạn "),
                _flowing(cell_text(plan, "school_name")),
            )
            excel = f'{quote(before)}&{when.excel}&" của "&{who.excel}&{quote(after)}&{_END}'
            return Shown(excel, f"{before}{when.value} của {who.value}{after}{BREAK}")
        case Passage(text, field, optional, inline):
            value = _flowing(cell_text(plan, field))
            if inline:
                excel = f"{quote(text + ': ')}&{value.excel}&{_END}"
                return Shown(excel, f"{text}: {value.value}{BREAK}")
            head, below = HEADING_MARK + text, f"{_END}&{value.excel}&{_END}"
            alone = '""' if optional else f"{quote(head)}&{_END}"
            shown = "" if optional else head + BREAK
            if value.value:
                shown = f"{head}{BREAK}{value.value}{BREAK}"
            return Shown(f"IF(LEN({value.excel})=0,{alone},{quote(head)}&{below})", shown)


def texts_of(plan: Plan, lines: Sequence[Line]) -> list[Shown]:
    """Yield the lines of a text one by one, each with a line break at its end."""
    texts = [_line(plan, line) for line in lines]
    return [Shown(within_limits(text.excel), text.value) for text in texts]


def joined_excel(cells: Sequence[str]) -> str:
    """Return the formula that joins the texts of some cells."""
    return f'IFERROR({"&".join(cells)},"{_MORE}")'


def recipients_of(plan: Plan) -> Shown:
    """Return an empty line and the recipients below their heading, on lines of their own."""
    text = cell_text(plan, "recipients")
    head = f"{_LF}&{quote(RECIPIENTS)}&{_LF}"
    return Shown(f"{head}&{text.excel}", f"\n{RECIPIENTS}\n{text.value}")


@dataclass(frozen=True, slots=True)
class CutLine:
    """A line cut from a text: its start (from 1), its room and its length, in characters."""

    start: int
    room: int
    taken: int
    shown: str


def cut(text: str, count: int) -> Iterator[CutLine]:
    """Yield a text in ``count`` lines."""
    start = 1
    for number in range(1, count + 1):
        head = text[start - 1 : start - 1 + CAPITALS_LENGTH]
        room = CAPITALS_LENGTH if head == head.upper() else LINE_LENGTH
        piece = text[start - 1 : start + room]
        taken = piece.find(BREAK) + 1
        if not taken:
            taken = len(piece) + 1 if len(piece) <= room else piece.rfind(" ") + 1 or room
        shown = text[start - 1 : start - 1 + taken].replace(BREAK, "").replace(HEADING_MARK, "")
        if number == count and start - 1 + taken < len(text):
            shown = _MORE
        yield CutLine(start, room, taken, shown)
        start += taken


def cut_excel(text: str, start: str, taken: str, *, last: bool) -> str:
    """Return the formula of a line, from the addresses of the text and the line's helper cells."""
    line = f'SUBSTITUTE(SUBSTITUTE(MID({text},{start},{taken}),{_END},""),"{HEADING_MARK}","")'
    return f'IF({start}-1+{taken}<LEN({text}),"{_MORE}",{line})' if last else line


def room_excel(text: str, start: str) -> str:
    """Return the formula of the room, in characters, of a line that starts there."""
    head = f"MID({text},{start},{CAPITALS_LENGTH})"
    return f"IF(EXACT({head},UPPER({head})),{CAPITALS_LENGTH},{LINE_LENGTH})"


def taken_excel(text: str, start: str, room: str) -> str:
    """Return the formula of a line's length: to a line break, or to the last space that fits."""
    piece = f"MID({text},{start},{room}+1)"
    spaces = f'LEN({piece})-LEN(SUBSTITUTE({piece}," ",""))'
    last = f'FIND({_END},SUBSTITUTE({piece}," ",{_END},{spaces}))'
    whole = f"IF(LEN({piece})<={room},LEN({piece})+1,IFERROR({last},{room}))"
    return f"IFERROR(FIND({_END},{piece}),{whole})"


_LAST = 9999
"""The place in the list of a criterion that is not there: behind all others."""
_STEPS = 100
"""Steps from one number of the order to the next: 1,5 lies between 1 and 2."""
_UNORDERED = 1_000_000
"""The order, in steps, of a task without a number: behind all others."""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of an official table: its source row, the texts of its rows across and columns.

    ``continued`` is true for a column that shows the value of the row before, and so nothing.
    """

    record: Record
    bands: tuple[str, ...]
    texts: tuple[str, ...]
    continued: tuple[bool, ...]


@dataclass(frozen=True)
class TableRows:
    """The rows of an official table: the rows in use of its source, without gaps, in order.

    The order is the school's own number, then the place of the criterion in the regulation's list
    (band, standard, criterion), then the row. Each cell ends with a line break: on paper texts
    break differently from the screen on which a program fits the heights, and the line to spare
    keeps the last one from being cut.
    """

    layout: Layout
    table: PrintTable

    @property
    def source(self) -> PlacedSheet:
        """The table that the rows come from."""
        return self.layout.sheet(self.table.source)

    def key_excel(self, nth: str) -> str:
        """Return the formula of the sort key of the nth source row; empty for one not in use."""
        row = f"{nth}+{self.source.header_row}"
        place = "0"
        if self.table.ordered:
            # The name of a key column has exactly the rows of the table.
            criterion = f"INDEX({Key(self.source.key, 'criterion_label').name},{nth})"
            place = f"IFERROR(MATCH({criterion},dm_criteria,0),{_LAST})"
            x = other_row(self.source, "print_order", row)
            # Programs cut a number a hair below a whole one differently; it is rounded before.
            steps = f"INT(ROUND(MAX(0,MIN({x}*{_STEPS},{_UNORDERED})),{v.DECIMALS_OF_SHOWN}))"
            place = f"IF(ISNUMBER({x}),{steps},{_UNORDERED})*{_LAST + 1}+{place}"
        number = other_row(self.source, "no", row)
        return f'IF({number}="","",({place})*10000+{nth})'

    def row_excel(self, keys: str, numbers: str, nth: str) -> str:
        """Return the formula of the source row that is printed as the nth; empty after the last.

        ``keys`` are the cells of the sort keys, and ``numbers`` those beside them of ``nth``.
        """
        found = f"INDEX({numbers},MATCH(SMALL({keys},{nth}),{keys},0))"
        return f'IFERROR({found}+{self.source.header_row},"")'

    def in_order(self, plan: Plan) -> list[Record]:
        """Return the source rows in use in the order in which they are printed."""
        return sorted(plan.rows(self.source.key), key=self.key)

    def key(self, record: Record) -> float:
        """Return the sort key of a source row in use."""
        header, order, label = self._columns
        place = 0
        if self.table.ordered:
            given = None if order is None else record.values[order]
            steps = _UNORDERED
            if v.is_number(given):
                within = max(0.0, min(given * _STEPS, float(_UNORDERED)))
                steps = floor(round(within, v.DECIMALS_OF_SHOWN))
            criterion = None if label is None else v.plain_key(record.values[label])
            place = steps * (_LAST + 1) + _places(self.layout).get(criterion, _LAST)
        return float(place * 10_000 + record.row - header)

    @cached_property
    def _columns(self) -> tuple[int, int | None, int | None]:
        """The row of the headings, and the columns that order the rows where there are such."""
        source = self.source
        fields = ("print_order", "criterion_label")
        order, label = (source.column(f).index if source.has_column(f) else None for f in fields)
        return source.header_row, order, label

    def band_excel(self, band: PrintBand, row: str, before: str) -> str:
        """Return the formula of a row across: its text where it differs from the row before.

        An inner row across with the same words as an outer one is left out.
        """
        x = other_row(self.source, band.field, row)
        outer = self.table.bands[: self.table.bands.index(band) + 1]
        same = (
            _same_excel(
                other_row(self.source, b.field, row), other_row(self.source, b.field, before)
            )
            for b in outer
        )
        differs = f"IFERROR(NOT(AND({','.join(same)})),TRUE)"
        text = _text_excel(x, self.source.column(band.field).column.type)
        shown = f"UPPER({text})" if band.capitals else text
        told = [f"UPPER({other_row(self.source, b.field, row)})" for b in outer[:-1]]
        said = "".join(f",NOT(IFERROR(EXACT(UPPER({x}),{t}),FALSE))" for t in told)
        return f'IF({row}="","",IF(AND({differs},{_visible_excel(x)}{said}),{shown},""))'

    def excel(self, column: PrintColumn, row: str, before: str, nth: str) -> str:
        """Return the formula of a cell, from the addresses of its and the previous source row."""
        pieces, differs = [], []
        for part in column.parts:
            x = nth if part.field == "no" else self._cell(part, row)
            kind = self._sheet(part).column(part.field).column.type
            number = f"ISNUMBER({x})"
            if kind is Type.MONEY:
                number = f"OR({number},LEN({without_excel(x, _OF_AMOUNTS)})=0)"
            after = f'&IF({number},{quote(part.after)},"")' if part.after else ""
            head = ""
            if part.before:
                begun = f"LEFT({x},{len(part.before)})={quote(part.before)}"
                head = f'IF({begun},"",{quote(part.before)})&'
            wanted = _visible_excel(x)
            if part.once:
                differs.append(f"IFERROR(NOT({_same_excel(x, self._cell(part, before))}),TRUE)")
                wanted = f"IF(OR({','.join(differs)}),{wanted},FALSE)"
            pieces.append(f'IF({wanted},{head}{_text_excel(x, kind)}{after}&{_LF},"")')
        return within_limits(f'IF({row}="","",{"&".join(pieces)})')

    def values(self, plan: Plan) -> Iterator[PrintedRow]:
        """Yield each printed source row with the texts of its rows across and of its columns."""
        others = {
            sheet: {record.row: record for record in plan.rows(sheet)}
            for sheet in {part.sheet for c in self.table.columns for part in c.parts if part.sheet}
        }
        previous: Record | None = None
        for nth, record in enumerate(self.in_order(plan), start=1):
            bands = tuple(self._band(plan, band, record, previous) for band in self.table.bands)
            texts = tuple(
                f"{nth}\n"
                if column.parts[0].field == "no"
                else self._value(plan, column, record, previous, others)
                for column in self.table.columns
            )
            continued = tuple(
                self._is_continued(plan, column, record, previous, others)
                for column in self.table.columns
            )
            yield PrintedRow(record, bands, texts, continued)
            previous = record

    def _is_continued(
        self,
        plan: Plan,
        column: PrintColumn,
        record: Record,
        previous: Record | None,
        others: Mapping[str, Mapping[int, Record]],
    ) -> bool:
        return previous is not None and all(
            part.once
            and _same(
                self._read(plan, part, record, others), self._read(plan, part, previous, others)
            )
            for part in column.parts
        )

    def _band(self, plan: Plan, band: PrintBand, record: Record, previous: Record | None) -> str:
        outer = self.table.bands[: self.table.bands.index(band) + 1]
        key, value = self.source.key, plan.value(self.source.key, record, band.field)
        same = previous is not None and all(
            _same(plan.value(key, record, b.field), plan.value(key, previous, b.field))
            for b in outer
        )
        said = [plan.value(key, record, b.field) for b in outer[:-1]]
        if same or not _visible(value) or str(value).upper() in [str(v).upper() for v in said]:
            return ""
        text = _text(value, self.source.column(band.field).column.type)
        return text.upper() if band.capitals else text

    def _value(
        self,
        plan: Plan,
        column: PrintColumn,
        record: Record,
        previous: Record | None,
        others: Mapping[str, Mapping[int, Record]],
    ) -> str:
        pieces, differs = [], False
        for part in column.parts:
            value = self._read(plan, part, record, others)
            if part.once:
                old = self._read(plan, part, previous, others) if previous else None
                differs = differs or previous is None or not _same(value, old)
                if not differs:
                    continue
            if _visible(value):
                kind = self._sheet(part).column(part.field).column.type
                text = _text(value, kind)
                begun = text.lower().startswith(part.before.lower())
                after = part.after if _is_bare_number(value, kind) else ""
                pieces.append(("" if begun else part.before) + text + after + "\n")
        return "".join(pieces)

    def place(self, part: PrintPart, record: Record) -> tuple[PlacedSheet, int]:
        """Return the sheet and the row of the cell that a part of a printed row shows."""
        sheet = self._sheet(part)
        return sheet, record.row - self.source.first_row + sheet.first_row

    def _read(
        self,
        plan: Plan,
        part: PrintPart,
        record: Record,
        others: Mapping[str, Mapping[int, Record]],
    ) -> v.Raw:
        sheet, own = self.place(part, record)
        if not part.sheet:
            return plan.value(sheet.key, record, part.field)
        other = others[part.sheet].get(own)
        return plan.value(sheet.key, other, part.field) if other else None

    def _sheet(self, part: PrintPart) -> PlacedSheet:
        return self.layout.sheet(part.sheet) if part.sheet else self.source

    def _cell(self, part: PrintPart, row: str) -> str:
        sheet = self._sheet(part)
        offset = sheet.first_row - self.source.first_row
        return other_row(sheet, part.field, f"{row}{offset:+d}" if offset else row)


def tasks_in_order(plan: Plan) -> Sequence[Record]:
    """Return the tasks of a plan in the order in which its document has them."""
    tables = (t for s in plan.layout.sheets if s.sheet.printed for t in s.sheet.printed.tables)
    table = next((table for table in tables if table.source == "plan"), None)
    return TableRows(plan.layout, table).in_order(plan) if table else plan.rows("plan")


@lru_cache(maxsize=64)
def _places(layout: Layout) -> Mapping[str | None, int]:
    """Return the places of the criteria in the regulation's list, from 1, by their keys."""
    return {v.plain_key(c.label): n for n, c in enumerate(layout.regulation.criteria, start=1)}


def _same(a: v.Raw, b: v.Raw) -> bool:
    """Return whether two cells of a column hold the same, so that it is printed once.

    Texts are compared letter by letter, because programs differ on which letters are equal.
    """
    if v.is_error(a) or v.is_error(b):
        return False
    if a is None or b is None:
        return (a or "") == (b or "")
    if v.is_number(a) and v.is_number(b):
        return v.same_number(a, b)
    return type(a) is type(b) and a == b


def _same_excel(a: str, b: str) -> str:
    """Return the Excel half of :func:`_same`; an error value in a cell is its result."""
    return f"IF(ISTEXT({a}),IF(ISTEXT({b}),EXACT({a},{b}),FALSE),{a}={b})"
