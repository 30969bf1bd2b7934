"""The parts of a plan around its table: letterhead, grounds, purpose, organisation, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from kdcl_xl.docx.document import Document, Paragraph, Story, Table, paragraphs_of
from kdcl_xl.importing import sections as s
from kdcl_xl.importing.ledger import BESIDE, DELETED, NO_PLACE, Ledger, Reading, Source
from kdcl_xl.importing.names import names_of
from kdcl_xl.importing.plain import aligned, plain, words
from macros_free_validation.values import to_serial
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, normalise

NOT_PARTED = Text(
    "Văn bản không tách riêng mục đích và yêu cầu; toàn bộ được ghi ở ô này.",
    "The document does not part purpose and requirements; all of it is in this cell.",
)
NO_ROLE = Text(
    "Văn bản không ghi riêng theo từng đối tượng; nội dung được ghi ở ô này.",
    "The document names no role; the text is in this cell.",
)
IN_CAPITALS = Text(
    "Văn bản ghi toàn chữ hoa; cách viết hoa ở ô này do máy đổi.",
    "The document has capitals throughout; the tool chose the case of the letters.",
)
ONE_YEAR = Text(
    "Tên kế hoạch không ghi năm học; lấy theo năm học duy nhất ở phần thời gian thực hiện.",
    "The title names no school year; it is the only one among the times of the tasks.",
)
STRAY_NAME = Text(
    "Dòng ngay dưới chức vụ người ký được hiểu là họ tên người ký.",
    "The line below the signer's position was taken for the signer's name.",
)
OTHER_ROLE = Text(
    "Mẫu không có riêng đối tượng này; nội dung được ghi chung ở ô này.",
    "The form does not name this body; its text is in this cell with others.",
)
SECTION = Text("Mục không có trong mẫu", "A section that the form lacks")
INTRODUCTION, OTHER_TABLE, CLOSING_LINE = (
    Text("Lời mở đầu", "Opening words"),
    Text("Bảng khác", "Another table"),
    Text("Câu kết", "Closing words"),
)

_MOTTO = frozenset(map(plain, names_of("form")["lines"]))
"""Lines that every such document has, without diacritics."""
_NUMBER = re.compile(r"^\W*so\s*:?\s*(?P<number>\S.*?)?\s*$")
_REAL_NUMBER = re.compile(r"\d+\s*[/-]\s*[\w.]")
_DAY = re.compile(
    r"^(?P<place>.*?)[\s,;]*ngay\s*(?P<day>\d{1,2}|[.\u2026_\s]+)\s*thang\s*(?P<month>\d{1,2}|[.\u2026_\s]+)"
    r"\s*nam\s*(?P<year>\d{4}|[\d.\u2026_\s]*)\W*$"
)
_IN_DIGITS = re.compile(r"\bngay\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_YEARS = re.compile(
    r"\b(?:nam hoc|giai doan|cac nam hoc|tu nam hoc)\s*:?\s*(\d{4})\s*[-\u2013\u2014/]\s*(\d{4})"
)
_SCHOOL = re.compile(
    r"^\W*(?:(?:truong|trung tam|phan hieu)\b.*|(?:th|thcs|thpt|mam non|mau giao|tieu hoc)\s+.+)$"
)
_PARENT = re.compile(
    r"^\W*(?:ubnd\b|uy ban nhan dan|so\s+(?:gd|giao duc)|phong\s+(?:gd|giao duc|van hoa|vh)"
    r"|bo giao duc)"
)
_SIGNER = re.compile(
    r"^\W*(?P<office>(?:(?:kt\.?|tm\.?|tuq\.?)\s*)?(?:pho\s+)?(?:hieu truong|giam doc|hieu pho)"
    r"(?:\s*,?\s*(?:kt\.?\s*)?(?:pho\s+)?(?:hieu truong|giam doc))?"
    r"|(?:t/?m\.?\s+hoi dong tu danh gia|chu tich)(?: hoi dong(?: tu danh gia)?)?)"
    r"\b\W*(?P<name>.*)$"
)
_SIGN_HERE = re.compile(r"\(?\b(?:da k[yi]|k[yi],? ghi ro|k[yi] ten|k[yi],? dong dau)\b[^)]*\)?")
_LABELS = {plain(name): key for key, every in names_of("labels").items() for name in every}
_LABELLED = re.compile(r"^\W*(?:\d{1,2}\s*[.)]\s*)?(?P<label>[\w ]{5,40}?)\s*:\s*(?P<value>.+)$")
_LOWER = frozenset(names_of("words")["in_lower_case"])
_UPPER = frozenset(names_of("words")["in_capitals"])
_LONGEST_TITLE = 160
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph around the table."""

    text: str
    paragraph: Paragraph

    @property
    def source(self) -> Source:
        """The line as a source of values."""
        return Source(self.text, (self.paragraph,))


@dataclass
class Cover:
    """The contents of the parts around the table.

    ``contents`` are the lines of the part that holds the tasks: a plan without a table has them
    there. ``years`` and ``names`` are the school years and the names of the school in order.
    """

    fields: dict[str, Reading] = field(default_factory=dict)
    passages: dict[str, list[Line]] = field(default_factory=dict)
    contents: list[Line] = field(default_factory=list)
    problems: list[Line] = field(default_factory=list)
    titles: list[Line] = field(default_factory=list)
    closing: list[Line] = field(default_factory=list)
    other_roles: set[int] = field(default_factory=set)
    """Paragraphs, by identity, that name a body of the organisation that no form has."""

    def add(self, name: str, line: Line) -> None:
        """Add a line to a passage."""
        self.passages.setdefault(name, []).append(line)


def read_cover(document: Document, used: set[int], ledger: Ledger) -> Cover:
    """Read the paragraphs and tables that are no part of the plan's tables.

    ``used`` are the numbers of the tables that were read as tables.
    """
    walk = _Walk(Cover(), ledger)
    for paragraph in document.asides:
        is_box = paragraph.story is Story.TEXT_BOX
        if paragraph.story in (Story.HEADER, Story.FOOTER) and _PAGE.match(paragraph.text):
            ledger.heading(paragraph)
            continue
        if not (is_box and all(walk.letterhead(line) for line in _split(paragraph))):
            why = DELETED if paragraph.story is Story.DELETED else BESIDE
            name = Text(paragraph.story.value, paragraph.story.name.capitalize())
            ledger.leave((paragraph,), why, name)
    for line in _lines(document, used, ledger):
        walk.take(line)
    return walk.cover


def _lines(document: Document, used: set[int], ledger: Ledger) -> Iterator[Line]:
    for block in document.body:
        if isinstance(block, Paragraph):
            yield from _split(block)
        else:
            yield from _lines_of_table(block, used, ledger)


def _lines_of_table(table: Table, used: set[int], ledger: Ledger) -> Iterator[Line]:
    if table.number in used:
        return
    inner = [t for row in table.rows for cell in row for t in cell.tables]
    is_layout = table.width <= _LAYOUT_COLUMNS and len(table.rows) <= _LAYOUT_ROWS
    for row in table.rows:
        for cell in row:
            for block in cell.blocks:
                if isinstance(block, Table):
                    yield from _lines_of_table(block, used, ledger)
                elif is_layout or inner:
                    yield from _split(block)
                else:
                    ledger.leave((block,), NO_PLACE, OTHER_TABLE, row[0].text[:80])


_LAYOUT_COLUMNS, _LAYOUT_ROWS = 3, 6
"""The largest table without borders that holds a letterhead or a signature."""


def _split(paragraph: Paragraph) -> Iterator[Line]:
    for line in paragraph.shown.split("\n"):
        # Spaces to write a number or a day on part nothing.
        line = _TO_WRITE_ON.sub(" … ", line)
        for part in _SIDE_BY_SIDE.split(line):
            if part.strip():
                yield Line(normalise(part), paragraph)


_TO_WRITE_ON = re.compile(
    r"(?<=ngày)\s*\t\s*(?=tháng)|(?<=tháng)\s*\t\s*(?=năm)|(?<=[Ss]ố:)\s*\t\s*(?=/)"
)
_PAGE = re.compile(r"^\W*(?:trang\W*)?\d{1,4}\W*(?:/\W*\d{1,4}\W*)?$", re.IGNORECASE)
_SIDE_BY_SIDE = re.compile(
    r"\t+|(?<=\S)\s+(?=(?:cộng h[oò][aà] xã hội|độc lập\s*[-\u2013]))", re.IGNORECASE
)


_WITHOUT_SECTIONS = (s.TOP, s.CONTENT, s.PROBLEMS, s.RECIPIENTS, s.SIGNER, s.CLOSING)
"""Parts in which a line in capitals, or with a Roman number, begins no unknown section."""


@dataclass
class _Walk:
    """The lines around the table, read from top to bottom."""

    cover: Cover
    ledger: Ledger
    zone: str = s.TOP
    parents: list[Line] = field(default_factory=list)

    def take(self, line: Line) -> None:
        """Put a line where it belongs."""
        heading = s.section_heading(line.text, self.zone)
        if heading is not None and not self._is_signature(line, heading):
            self._begin(heading, line)
        elif plain(line.text) in _MOTTO or s.is_number_of_part(line.text):
            self._heading(line)
        elif self.zone not in _WITHOUT_SECTIONS and s.is_unknown_heading(line.text):
            self.zone = s.UNKNOWN
            self.ledger.leave((line.paragraph,), NO_PLACE, SECTION)
        elif self.zone == s.TOP:
            self._top(line)
        elif not self._end(line):
            self._contents(line)

    def _heading(self, line: Line) -> None:
        """Record a line of the form; other lines of its paragraph are accounted for apart."""
        if normalise(line.paragraph.shown) == line.text:
            self.ledger.heading(line.paragraph)
        else:
            self.ledger.label(line.paragraph, line.text)

    def _is_signature(self, line: Line, heading: s.SectionHeading) -> bool:
        is_office = line.text.isupper() and not heading.rest and _SIGNER.match(aligned(line.text))
        return heading.key in s.ROLES and (self.zone == s.RECIPIENTS or bool(is_office))

    def _begin(self, heading: s.SectionHeading, line: Line) -> None:
        self.zone = heading.key
        is_whole = normalise(line.paragraph.shown) == line.text
        if heading.is_closed and not heading.rest and is_whole:
            self.ledger.named((line.paragraph,), SECTION)
        elif heading.is_closed or not is_whole:
            name = line.text[: len(line.text) - len(heading.rest)]
            self.ledger.label(line.paragraph, name)
        else:
            self.ledger.leave((line.paragraph,), NO_PLACE, INTRODUCTION)
        if heading.rest:
            if heading.key in s.ROLES and not line.text[:1].isdigit() and ":" in line.text:
                self.cover.add(heading.key, line)  # «Ban Giám hiệu: chỉ đạo chung»
            elif heading.key in (s.CONTENT, s.PROBLEMS, s.ORGANISATION, s.GENERAL, s.REVIEWS):
                self._contents(Line(heading.rest, line.paragraph))
            else:
                self.cover.add(heading.key, Line(heading.rest, line.paragraph))

    def letterhead(self, line: Line) -> bool:
        """Take a line of the letterhead; return False for any other line."""
        key, fields = aligned(line.text), self.cover.fields
        if plain(line.text) in _MOTTO:
            self._heading(line)
            return True
        if self._number(line) or self._day(line) or self._labelled(line):
            return True
        if _PARENT.match(key) and len(key) < _LONGEST_TITLE and "school_name" not in fields:
            self.parents.append(line)
            self._parents()
        elif _SCHOOL.match(key) and "school_name" not in fields and len(key.split()) <= 14:
            fields["school_name"] = Reading(line.text, line.source)
        else:
            return False
        return True

    def _top(self, line: Line) -> None:
        key, cover = aligned(line.text), self.cover
        if self.letterhead(line):
            return
        if re.match(r"^\W*can cu\b", key):
            cover.add("legal_bases", line)
        elif _YEARS.search(key) and len(key) < _LONGEST_TITLE:
            cover.titles.append(line)
        else:
            self.ledger.leave((line.paragraph,), NO_PLACE, INTRODUCTION)

    def _parents(self) -> None:
        text = "\n".join(line.text for line in self.parents)
        paragraphs = tuple(line.paragraph for line in self.parents)
        self.cover.fields["parent_body"] = Reading(text, Source(text, paragraphs))

    def _number(self, line: Line) -> bool:
        key = aligned(line.text)
        found = _NUMBER.match(key)
        if not found or not re.match(r"^\W*so\s*(?::|\d+\s*/)", key):
            return False
        number = line.text[slice(*found.span("number"))] if found["number"] else ""
        at = aligned(number).find("ngay")
        if at > 0:  # number and date on one line
            cut = number.rfind(" ", 0, max(1, number.rfind(",", 0, at)))
            words_before = re.split(r"\s+(?=[^\s,]+(?:\s[^\s,]+){0,3},\s*ngày)", number, maxsplit=1)
            if len(words_before) == 2:
                number = words_before[0]
                self._day(Line(words_before[1], line.paragraph))
            elif cut > 0:
                number = number[:cut]
        if _REAL_NUMBER.search(number) and "plan_number" not in self.cover.fields:
            tidy = re.sub(r"\s*/\s*", "/", number.strip(" ,."))
            self.cover.fields["plan_number"] = Reading(tidy, line.source, line.text)
        elif plain(number):
            self.ledger.leave((line.paragraph,), NO_PLACE, INTRODUCTION)
        else:
            self._heading(line)  # dots to write the number on
        return True

    def _day(self, line: Line) -> bool:
        key = _IN_DIGITS.sub(r"ngay \1 thang \2 nam \3", aligned(line.text))
        found = _DAY.match(key)
        if not found or len(key) > _LONGEST_DAY:
            return False
        fields, said = self.cover.fields, line.text
        place = line.text[slice(*found.span("place"))].strip(" ,.")
        if place and "place" not in fields:
            fields["place"] = Reading(place, line.source)
        day = _date(found["year"], found["month"], found["day"])
        if day is not None and "issue_date" not in fields:
            fields["issue_date"] = Reading(to_serial(day), line.source, said)
        elif day is None and found["day"].strip().isdigit():
            rest = said[found.end("place") :].strip(" ,")
            fields.setdefault("issue_date", Reading(rest, line.source, said))
        elif "place" in fields:
            place_only = fields["place"]
            fields["place"] = Reading(place_only.value, place_only.source, said)
        else:
            self._heading(line)
        return True

    def _labelled(self, line: Line) -> bool:
        found = _LABELLED.match(line.text)
        name = _LABELS.get(plain(found["label"])) if found else None
        if not found or not name:
            return False
        value, source = found["value"].strip(), line.source
        known = self.cover.fields.get(name)
        if known is not None:
            if plain(str(known.value)) != plain(value):
                return False
            source = known.source.joined(source)
        self.cover.fields[name] = Reading(value, source, line.text)
        return True

    def _end(self, line: Line) -> bool:
        """Take a line of the closing words, the recipients or the signature."""
        key, cover = aligned(line.text), self.cover
        if key.startswith("tren day la"):
            self.zone = s.CLOSING
            cover.closing.append(line)
            return True
        is_office = _SIGNER.match(key)
        if is_office and self._may_sign(line, is_office["name"]):
            self._sign(line, is_office)
            return True
        if self.zone == s.SIGNER:
            if "signer_name" not in cover.fields and _is_name(line.text):
                cover.fields["signer_name"] = Reading(line.text, line.source)
                return True
            if _SIGN_HERE.search(key):
                self._heading(line)
                return True
            if self._day(line):
                return True
            if line.text.lstrip().startswith("-"):
                cover.add(s.RECIPIENTS, line)
                return True
        return self._day(line) if len(key) < _LONGEST_DAY and "nam" in key else False

    def _may_sign(self, line: Line, rest: str) -> bool:
        if self.zone in (s.RECIPIENTS, s.CLOSING, s.SIGNER):
            return len(line.text) < _LONGEST_DAY and not line.text.lstrip().startswith("-")
        letters = [c for c in line.text if c.isalpha()]
        return bool(letters) and line.text.isupper() and not rest and self.zone != s.CONTENT

    def _sign(self, line: Line, found: re.Match[str]) -> None:
        fields = self.cover.fields
        office = line.text[slice(*found.span("office"))].strip(" ,.")
        known = fields.get("signer")
        if known is not None:  # «KT. HIỆU TRƯỞNG», and below it «PHÓ HIỆU TRƯỞNG»
            both = known.source.joined(line.source, ", ")
            fields["signer"] = Reading(f"{known.value}, {office}", both)
        else:
            fields["signer"] = Reading(office, line.source, "" if found["name"] else line.text)
        name = line.text[slice(*found.span("name"))]
        name = _SIGN_HERE.sub("", aligned(name)) and name
        cut = _SIGN_HERE.search(aligned(name))
        if cut:
            name = name[: cut.start()] + name[cut.end() :]
        name = name.strip(" ().,")
        if name and _is_name(name):
            fields["signer_name"] = Reading(name, line.source, line.text)
        self.zone = s.SIGNER

    def _contents(self, line: Line) -> None:
        cover = self.cover
        match self.zone:
            case s.CONTENT | s.REVIEWS:
                cover.contents.append(line)
            case s.PROBLEMS:
                cover.problems.append(line)
            case s.GENERAL:
                if not self._labelled(line):
                    self.ledger.leave((line.paragraph,), NO_PLACE, INTRODUCTION)
            case s.CLOSING:
                cover.closing.append(line)
            case s.SIGNER:
                self.ledger.leave((line.paragraph,), NO_PLACE, CLOSING_LINE)
            case s.UNKNOWN:
                self.ledger.leave((line.paragraph,), NO_PLACE, SECTION)
            case s.RECIPIENTS if line.text.isupper() and len(line.text) > _LONGEST_SHORT:
                self.ledger.leave((line.paragraph,), NO_PLACE, CLOSING_LINE)
            case zone if _is_role(zone) and s.is_unknown_role(line.text):
                self.zone = "organisation_staff"
                cover.other_roles.add(id(line.paragraph))
                cover.add(self.zone, line)
            case _:
                cover.add(self.zone, line)


_LONGEST_DAY, _LONGEST_SHORT = 110, 8


def _is_role(zone: str) -> bool:
    return zone == s.ORGANISATION or zone in s.ROLES


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def _is_name(text: str) -> bool:
    parts = text.strip(" .()").split()
    return 2 <= len(parts) <= _LONGEST_NAME and all(
        part[0].isupper() and part.replace(".", "").isalpha() for part in parts
    )


def in_usual_case(text: str, elsewhere: str) -> tuple[str, bool]:
    """Return a name in capitals as the document writes it elsewhere, or with its usual capitals.

    The second value is true where the case was chosen by rule and not found in the document.
    """
    letters = [c for c in text if c.isalpha()]
    if not letters or not text.isupper():
        return text, False
    pattern = re.compile(re.escape(normalise(text)).replace(r"\ ", r"\s+"), re.IGNORECASE)
    for found in pattern.finditer(elsewhere):
        if not found[0].isupper():
            return found[0][0].upper() + normalise(found[0])[1:], False
    cased = " ".join(_cased(word, nth) for nth, word in enumerate(text.split(" ")))
    return _KINDS.sub(lambda found: found[0].capitalize(), cased), True


_KINDS = re.compile(
    r"Tiểu Học|Mầm Non|Mẫu Giáo|Trung Học (?:Cơ Sở|Phổ Thông)|Giáo Dục|Đào Tạo|"
    r"Văn Hóa|Xã Hội"
)


_OFFICES = ("Phó Hiệu trưởng", "Hiệu trưởng", "Phó Giám đốc", "Giám đốc", "Chủ tịch", "Hội đồng")


def office_in_usual_case(text: str) -> str:
    """Return the office of a signer in capitals as the template's lists have it."""
    if not text.isupper():
        return text
    for office in _OFFICES:
        text = re.sub(re.escape(office), office, text, flags=re.IGNORECASE)
    return text


def _cased(word: str, nth: int) -> str:
    key = plain(word)
    # «GD&ĐT» and «TH-THCS» are several of them.
    if all(part in _UPPER for part in key.split()) or any(c.isdigit() for c in word):
        return word
    if key in _LOWER and nth:
        return word.lower()
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def year_in(lines: Sequence[Line]) -> tuple[SchoolYear, Line] | None:
    """Return the first school year or period that some lines name, with its line."""
    for line in lines:
        for first, last in _YEARS.findall(aligned(line.text)):
            try:
                return SchoolYear.parse(f"{first}-{last}"), line
            except ValueError:
                continue
    return None


def years_mentioned(texts: Sequence[str]) -> set[SchoolYear]:
    """Return every school year that some texts name."""
    found = set()
    for text in texts:
        for first, last in _YEARS.findall(aligned(normalise(text))):
            try:
                found.add(SchoolYear.parse(f"{first}-{last}"))
            except ValueError:
                continue
    return found


def every_paragraph(document: Document) -> list[Paragraph]:
    """Return every paragraph of a document, in order."""
    return [p for block in document.body for p in paragraphs_of(block)] + list(document.asides)


def said_in(lines: Sequence[Line]) -> set[str]:
    """Return the words of some lines."""
    return {word for line in lines for word in words(line.text)}
