"""Hostile workbooks of one school, by kind; each is built from a fresh template."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.hostile.forge import (
    BOOK,
    BOOK_RELS,
    BZIP2,
    CORE,
    CUSTOM,
    DEFLATE64,
    DEFLATED,
    LZMA,
    MB,
    PLAN,
    STRINGS,
    TYPES,
    Entry,
    after,
    altered,
    before,
    by_hand,
    bzipped,
    deflated,
    entry,
    filled,
    lying,
    lzmaed,
    parts,
    quoted_overlap,
    renamed,
    zipped,
)


@dataclass(frozen=True)
class Case:
    """A hostile workbook: its kind, how it is made, and whether it is read all the same."""

    name: str
    kind: str
    make: Callable[[], bytes]
    is_read: bool | None = False
    """None where either is right."""


CASES: dict[str, Case] = {}
Maker = Callable[[], bytes]


def case(kind: str, *, is_read: bool | None = False) -> Callable[[Maker], Maker]:
    """Declare a case by the function that makes it."""

    def declare(make: Maker) -> Maker:
        add(make.__name__, kind, make, is_read)
        return make

    return declare


def add(name: str, kind: str, make: Maker, is_read: bool | None = False) -> None:
    """Add a case."""
    assert name not in CASES, name
    CASES[name] = Case(name, kind, make, is_read)


# ---- zip ------------------------------------------------------------------------------------

add("bz2_lie", "zip", lambda: lying(STRINGS, bzipped(500), BZIP2))
add("lzma_lie", "zip", lambda: lying(STRINGS, lzmaed(300), LZMA))
add("deflate_lie", "zip", lambda: lying(STRINGS, deflated(b" " * MB, 2000), DEFLATED))
add("deflate_lie_big", "zip", lambda: lying(STRINGS, deflated(b" " * MB, 2000), DEFLATED, 190 * MB))
add("deflate64", "zip", lambda: lying(STRINGS, deflated(b" " * MB, 10), DEFLATE64))
add("lie_in_unread_part", "zip", lambda: lying("xl/theme/theme1.xml", bzipped(10), BZIP2), None)


@case("zip")
def overlap_same() -> bytes:
    """Make many names mean the same packed bytes."""
    own = [entry(n, d) for n, d in parts().items()]
    body = deflated(b" " * MB, 100)
    one = Entry("xl/media/a.bin", body, DEFLATED, 100 * MB, zlib.crc32(b" " * 100 * MB))
    at = len(by_hand(own)) - len(by_hand(own)) + sum(30 + len(e.name) + len(e.data) for e in own)
    same = [Entry(f"xl/media/{n}.bin", body, DEFLATED, 1000, at=at) for n in range(1500)]
    return by_hand([*own, one, *same])


@case("zip")
def overlap_strings() -> bytes:
    """Make the shared strings the very bytes of another part."""
    own = [entry(n, d) for n, d in parts().items() if n != STRINGS]
    data = parts()[STRINGS]
    twice = entry("xl/other.xml", data)
    at = sum(30 + len(e.name.encode()) + len(e.data) for e in own)
    again = Entry(STRINGS, data, 0, len(data), zlib.crc32(data), at=at)
    return by_hand([*own, twice, again])


add("quoted_overlap", "zip", lambda: quoted_overlap(200, 1))
add("many_entries", "zip", lambda: by_hand([entry(f"xl/media/{n}", b"") for n in range(60_000)]))


@case("zip")
def local_name_differs() -> bytes:
    """Give a part one name in the directory and another beside its data."""
    own = [entry(n, d) for n, d in parts().items()]
    for e in own:
        if e.name == STRINGS:
            e.local_name = "xl/sharedStrinks.xml"
    return by_hand(own)


@case("zip")
def says_encrypted() -> bytes:
    """Mark a part as encrypted."""
    own = [entry(n, d) for n, d in parts().items()]
    for e in own:
        e.flags = 1 if e.name == STRINGS else 0
    return by_hand(own)


add(
    "wrong_crc",
    "zip",
    lambda: by_hand(
        [Entry(n, d, 0, len(d), 1 if n == STRINGS else zlib.crc32(d)) for n, d in parts().items()]
    ),
)
add(
    "name_with_nul",
    "zip",
    lambda: by_hand([*(entry(n, d) for n, d in parts().items()), entry("xl/a\0.xml", b"")]),
)
add("zip_in_front", "zip", lambda: filled() + b"\0" * 100, None)

# ---- patterns over XML ----------------------------------------------------------------------

add(
    "core_20k_spaces",
    "pattern",
    lambda: altered(CORE, lambda _: b"<cp:coreProperties><dcterms:modified>" + b" " * 20_000),
    None,
)
add(
    "core_200k_spaces_closed",
    "pattern",
    lambda: altered(
        CORE, after(b'<dcterms:modified xsi:type="dcterms:W3CDTF">', b" " * 200_000 + b"x")
    ),
    None,
)
add(
    "core_100k_open",
    "pattern",
    lambda: altered(
        CORE, before(b"</cp:coreProperties>", b"<!--" + b"<modified " * 100_000 + b"-->")
    ),
    None,
)
add(
    "custom_100k_names",
    "pattern",
    lambda: altered(CUSTOM, lambda _: b"<Properties>" + b'name="kdcl-xl"' * 100_000),
    None,
)
add(
    "custom_100k_properties",
    "pattern",
    lambda: altered(CUSTOM, before(b"</Properties>", b'<property name="kdcl-xl"/>' * 100_000)),
    None,
)
add(
    "custom_stamp_in_comment",
    "pattern",
    lambda: altered(
        CUSTOM, lambda d: d.replace(b"<property ", b"<!-- ").replace(b"</property>", b"-->")
    ),
    None,
)
TAIL = b"<pageMargins"
add(
    "protect_20k_in_comment",
    "pattern",
    lambda: altered(PLAN, before(TAIL, b"<!--" + b"<sheetProtection " * 20_000 + b"-->")),
    None,
)
add(
    "protect_20k_in_pi",
    "pattern",
    lambda: altered(PLAN, before(TAIL, b"<?a " + b"<sheetProtection " * 20_000 + b"?>")),
    None,
)
add(
    "protect_20k_in_attribute",
    "pattern",
    lambda: altered(PLAN, before(TAIL, b"<x a='" + b"sheetProtection " * 20_000 + b"'/>")),
    None,
)
add(
    "validations_100k_in_comment",
    "pattern",
    lambda: altered(PLAN, before(TAIL, b"<!--" + b"<dataValidation " * 100_000 + b"-->")),
    None,
)
add(
    "validations_200k",
    "pattern",
    lambda: altered(
        PLAN,
        before(
            b"</dataValidations>",
            b'<dataValidation type="list" showErrorMessage="1" sqref="A1"><formula1>x</formula1>'
            b"</dataValidation>" * 200_000,
        ),
    ),
    None,
)
add(
    "validation_200k_areas",
    "pattern",
    lambda: altered(
        PLAN,
        before(
            b"</dataValidations>",
            b'<dataValidation type="list" showErrorMessage="1" sqref="'
            + b"A1:GR9999 " * 50_000
            + b'"><formula1>x</formula1></dataValidation>',
        ),
    ),
    None,
)
add(
    "validation_huge_area",
    "pattern",
    lambda: altered(
        PLAN,
        before(
            b"</dataValidations>",
            b'<dataValidation type="list" showErrorMessage="1" sqref="A'
            + b"9" * 100_000
            + b":"
            + b"Z" * 100_000
            + b'1"><formula1>x</formula1></dataValidation>',
        ),
    ),
    None,
)
add(
    "validation_100k_quotes",
    "pattern",
    lambda: altered(
        PLAN,
        before(
            b"</dataValidations>",
            b'<dataValidation type="list" showErrorMessage="1" sqref="A1"><formula1>'
            + b'"' * 1
            + b"a" * 500_000
            + b"</formula1></dataValidation>",
        ),
    ),
    None,
)
add(
    "rels_100k_open",
    "pattern",
    lambda: altered(
        BOOK_RELS, before(b"</Relationships>", b"<!--" + b"<Relationship " * 200_000 + b"-->")
    ),
    None,
)
add(
    "rels_100k",
    "pattern",
    lambda: altered(
        BOOK_RELS,
        before(b"</Relationships>", b'<Relationship Id="x" Type="t" Target="y"/>' * 200_000),
    ),
    None,
)
add(
    "encoding_open",
    "pattern",
    lambda: altered(STRINGS, lambda _: b"<?xml " + b"encoding" * 500_000),
    None,
)
add(
    "strings_comments",
    "pattern",
    lambda: altered(STRINGS, before(b"</sst>", b"<!-- -->" * 500_000)),
    None,
)
add(
    "sheet_data_tags_in_comment",
    "pattern",
    lambda: altered(PLAN, before(TAIL, b"<!--" + b"<sheetData " * 200_000 + b"-->")),
    None,
)
add(
    "formula_100k_brackets",
    "pattern",
    lambda: altered(
        PLAN,
        after(b"<sheetData>", b'<row r="1"><c r="XA1"><f>' + b"[" * 500_000 + b"</f></c></row>")
        if False
        else before(
            b"</sheetData>", b'<row r="900"><c r="A900"><f>' + b"(" * 500_000 + b"</f></c></row>"
        ),
    ),
    None,
)
add(
    "formulas_si_long",
    "pattern",
    lambda: altered(
        PLAN,
        before(
            b"</sheetData>",
            b'<row r="900"><c r="A900"><f t="shared" si="' + b"9" * 100_000 + b'">1</f></c></row>',
        ),
    ),
    None,
)

# ---- what many names point at ----------------------------------------------------------------


def many_sheets(count: int, name: Callable[[int], str]) -> bytes:
    """Make many sheets that are all the very same part."""
    found = parts()
    rid = re.search(rb'name="K\xe1\xba\xbf ho\xe1\xba\xa1ch"[^>]*r:id="(\w+)"', found[BOOK])
    assert rid
    sheets = "".join(
        f'<sheet name="{name(n)}" sheetId="{n + 100}" r:id="{rid[1].decode()}"/>'
        for n in range(count)
    )
    return zipped({**found, BOOK: before(b"</sheets>", sheets.encode())(found[BOOK])})


def one_missing(content: bytes) -> bytes:
    """Rename the real sheet of the plan, so that it is looked for among the others."""
    found = parts(content)
    found[BOOK] = found[BOOK].replace('name="Kế hoạch"'.encode(), b'name="KH"')
    return zipped(found)


add("sheets_2k_same", "names", lambda: many_sheets(2000, "S{}".format), None)
add("sheets_2k_same_missing", "names", lambda: one_missing(many_sheets(2000, "S{}".format)), None)
add("sheets_250_same_missing", "names", lambda: one_missing(many_sheets(240, "S{}".format)), None)
add(
    "sheets_4k_left_behind",
    "names",
    lambda: many_sheets(4000, lambda n: f"{('Chưa chuyển', 'Yêu cầu sửa')[n % 2]} ({n // 2 + 2})"),
    None,
)
add(
    "sheets_240_left_behind",
    "names",
    lambda: many_sheets(240, lambda n: f"{('Chưa chuyển', 'Yêu cầu sửa')[n % 2]} ({n // 2 + 2})"),
    None,
)
add(
    "names_200k",
    "names",
    lambda: altered(
        BOOK, before(b"</definedNames>", b'<definedName name="a">1</definedName>' * 200_000)
    ),
    None,
)
add(
    "names_long",
    "names",
    lambda: altered(
        BOOK,
        before(
            b"</definedNames>",
            b'<definedName name="dm_criteria">' + b"A1+" * 1_000_000 + b"1</definedName>",
        ),
    ),
    None,
)
add(
    "types_200k",
    "names",
    lambda: altered(
        TYPES, before(b"</Types>", b'<Override PartName="/a" ContentType="b"/>' * 200_000)
    ),
    None,
)
add(
    "app_40mb",
    "names",
    lambda: altered("docProps/app.xml", before(b"</Properties>", b"<x/>" * 10_000_000)),
    None,
)

# ---- sizes in XML -----------------------------------------------------------------------------

add("nest_c_20k", "xml", lambda: altered(PLAN, before(TAIL, b"<c>" * 20_000 + b"</c>" * 20_000)))
add("nest_c_300k", "xml", lambda: altered(PLAN, before(TAIL, b"<c>" * 300_000 + b"</c>" * 300_000)))
add(
    "nest_strings",
    "xml",
    lambda: altered(STRINGS, before(b"</sst>", b"<si>" * 50_000 + b"</si>" * 50_000)),
)
add(
    "nest_book",
    "xml",
    lambda: altered(BOOK, before(b"</workbook>", b"<x>" * 50_000 + b"</x>" * 50_000)),
)
add("elements_60mb", "xml", lambda: altered(PLAN, before(TAIL, b"<x/>" * 15_000_000)))
add("si_60mb", "xml", lambda: altered(STRINGS, before(b"</sst>", b"<si/>" * 12_000_000)))
add(
    "si_plain_60mb",
    "xml",
    lambda: altered(STRINGS, before(b"</sst>", b"<si><t/></si>" * 4_600_000)),
)
add(
    "rows_60mb",
    "xml",
    lambda: altered(
        PLAN,
        before(b"</sheetData>", b"".join(b'<row r="%d"/>' % n for n in range(20_000, 1_048_577))),
    ),
    None,
)
add(
    "cells_empty_3m",
    "xml",
    lambda: altered(
        PLAN, before(b"</sheetData>", b'<row r="900">' + b'<c r="A900"/>' * 3_000_000 + b"</row>")
    ),
)
add(
    "cells_unplaced_3m",
    "xml",
    lambda: altered(PLAN, before(b"</sheetData>", b"<row>" + b"<c/>" * 5_000_000 + b"</row>")),
)
add(
    "attributes_300k",
    "xml",
    lambda: altered(
        PLAN, before(TAIL, b"<x " + b" ".join(b'a%d=""' % n for n in range(300_000)) + b"/>")
    ),
)
add(
    "namespaces_200k",
    "xml",
    lambda: altered(
        PLAN, before(TAIL, b"<x " + b" ".join(b'xmlns:a%d="b"' % n for n in range(200_000)) + b"/>")
    ),
    None,
)
add(
    "namespaces_nested",
    "xml",
    lambda: altered(
        PLAN,
        before(TAIL, b"".join(b'<x xmlns:a%d="b">' % n for n in range(20_000)) + b"</x>" * 20_000),
    ),
)
add(
    "attribute_50mb",
    "xml",
    lambda: altered(PLAN, before(TAIL, b'<x a="' + b" " * 50 * MB + b'"/>')),
)
add(
    "comment_50mb",
    "xml",
    lambda: altered(PLAN, before(TAIL, b"<!--" + b" " * 50 * MB + b"-->")),
    None,
)
add(
    "text_50mb",
    "xml",
    lambda: altered(STRINGS, before(b"</sst>", b"<si><t>" + b"a" * 50 * MB + b"</t></si>")),
    None,
)
add(
    "long_name_10mb",
    "xml",
    lambda: altered(PLAN, before(TAIL, b"<" + b"x" * 10 * MB + b"/>")),
    None,
)
add(
    "entities_20mb",
    "xml",
    lambda: altered(STRINGS, before(b"</sst>", b"<si><t>" + b"&#65;" * 4 * MB + b"</t></si>")),
    None,
)
add(
    "runs_3m",
    "xml",
    lambda: altered(
        STRINGS, before(b"</sst>", b"<si>" + b"<r><t>a</t></r>" * 3_000_000 + b"</si>")
    ),
    None,
)
add(
    "ref_a99999999999",
    "xml",
    lambda: altered(
        PLAN,
        before(b"</sheetData>", b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'),
    ),
)
add(
    "row_5000_digits",
    "xml",
    lambda: altered(
        PLAN, before(b"</sheetData>", b'<row r="' + b"9" * 5000 + b'"><c><v>1</v></c></row>')
    ),
)
add(
    "row_million_digits",
    "xml",
    lambda: altered(
        PLAN,
        before(
            b"</sheetData>",
            b'<row r="' + b"9" * 4000 + b'"><c r="' + b"A" * MB + b'1"><v>1</v></c></row>',
        ),
    ),
)
add(
    "number_400_digits",
    "xml",
    lambda: altered(
        PLAN,
        before(b"</sheetData>", b'<row r="900"><c r="A900"><v>' + b"9" * 400 + b"</v></c></row>"),
    ),
    is_read=True,
)
add(
    "number_million_digits",
    "xml",
    lambda: altered(
        PLAN,
        before(
            b"</sheetData>", b'<row r="900"><c r="A900"><v>0.' + b"9" * 10 * MB + b"</v></c></row>"
        ),
    ),
    None,
)


def number(word: str) -> bytes:
    """Put a word where a number belongs."""
    cell = b'<row r="900"><c r="A900"><v>' + word.encode() + b"</v></c></row>"
    return altered(PLAN, before(b"</sheetData>", cell))


for word in ("NaN", "INF", "-Infinity", "1e999", "0x10", "1_000", "\u0661"):
    add(
        f"number_{word.encode().hex()}",
        "xml",
        partial(number, word),
        is_read=True,
    )
add(
    "styles_flood",
    "xml",
    lambda: altered("xl/styles.xml", before(b"</styleSheet>", b"<x/>" * 5_000_000)),
    None,
)
add("nul_in_sheet", "xml", lambda: altered(PLAN, before(TAIL, b"<x>\0</x>")))
add("nul_in_strings", "xml", lambda: altered(STRINGS, before(b"</sst>", b"<si><t>\0</t></si>")))
add(
    "comment_inside_value",
    "xml",
    lambda: altered(
        PLAN, before(b"</sheetData>", b'<row r="900"><c r="A900"><v>1<!-- -->2</v></c></row>')
    ),
    None,
)

# ---- encodings and document types --------------------------------------------------------------


def encoded(part: str, encoding: str, python: str = "", mark: bytes = b"") -> Maker:
    """Return how a part in another encoding is made."""

    def change(data: bytes) -> bytes:
        text = data.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')
        return mark + text.encode(python or encoding, "xmlcharrefreplace")

    return lambda: altered(part, change)


def declared(encoding: str, size: int = 300_000) -> Maker:
    """Return how shared strings that name a codec of Python are made."""
    head = f'<?xml version="1.0" encoding="{encoding}"?>'.encode()
    return lambda: altered(STRINGS, lambda _: head + b"<sst><si><t>" + b"-a9b" * (size // 4))


add("enc_utf16le", "encoding", encoded(STRINGS, "UTF-16", "utf-16-le", b"\xff\xfe"), True)
add("enc_utf16be", "encoding", encoded(STRINGS, "UTF-16", "utf-16-be", b"\xfe\xff"), True)
add("enc_utf8_mark", "encoding", encoded(STRINGS, "UTF-8", "utf-8", b"\xef\xbb\xbf"), True)
add("enc_utf16_sheet", "encoding", encoded(PLAN, "UTF-16", "utf-16-le", b"\xff\xfe"), True)
for codec in (
    "punycode",
    "utf-7",
    "idna",
    "unicode_escape",
    "raw_unicode_escape",
    "utf-32",
    "cp037",
    "big5",
    "hz",
    "zlib",
    "rot13",
    "latin-1",
    "nonsense",
):
    add(f"enc_{codec}", "encoding", declared(codec))
add("enc_utf32_mark", "encoding", encoded(STRINGS, "UTF-32", "utf-32-le", b"\xff\xfe\0\0"))
add(
    "enc_latin1_sheet_foo",
    "encoding",
    lambda: renamed(
        PLAN,
        "xl/worksheets/sheet5.foo",
        lambda d: d.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1", "xmlcharrefreplace"),
    ),
)

DOCTYPE = b'<!DOCTYPE x [<!ENTITY e "' + b"e" * 100_000 + b'">]>'
USES = b'<row r="900"><c r="A900" t="inlineStr"><is><t>' + b"&e;" * 9_000 + b"</t></is></c></row>"


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def with_entity(data: bytes) -> bytes:
    """Put a document type before the root, and an entity into a cell."""
    return before(b"</sheetData>", USES)(after(b"?>", DOCTYPE)(data))


def only_doctype(data: bytes) -> bytes:
    """Put a document type before the root."""
    return after(b"?>", b'<!DOCTYPE x [<!ENTITY e "e">]>')(data)


add("doctype_sheet", "doctype", lambda: altered(PLAN, with_entity))
for ending in ("foo", "xml2", "rels2", "XMLX", "bin", "vml"):
    add(
        f"doctype_sheet_{ending}",
        "doctype",
        partial(renamed, PLAN, f"xl/worksheets/sheet5.{ending}", with_entity),
    )
add(
    "doctype_strings_txt", "doctype", lambda: renamed(STRINGS, "xl/sharedStrings.txt", only_doctype)
)
add("doctype_book_foo", "doctype", lambda: renamed(BOOK, "xl/workbook.foo", only_doctype))
for where in (BOOK, BOOK_RELS, CORE, CUSTOM, STRINGS):
    name = where.rpartition("/")[2]
    add(f"doctype_{name}", "doctype", partial(altered, where, only_doctype), None)
add(
    "doctype_utf16",
    "doctype",
    lambda: altered(
        PLAN,
        lambda d: (
            b"\xff\xfe" + only_doctype(d).decode().replace("UTF-8", "UTF-16").encode("utf-16-le")
        ),
    ),
)
add(
    "doctype_utf16_foo",
    "doctype",
    lambda: renamed(
        PLAN,
        "xl/worksheets/sheet5.foo",
        lambda d: (
            b"\xff\xfe" + only_doctype(d).decode().replace("UTF-8", "UTF-16").encode("utf-16-le")
        ),
    ),
)
add(
    "doctype_after_comment",
    "doctype",
    lambda: altered(PLAN, after(b"?>", b"<!-- " + b"x" * 2 * MB + b" -->\n<!DOCTYPE x []>")),
)
add(
    "doctype_laughs",
    "doctype",
    lambda: renamed(
        PLAN,
        "xl/worksheets/sheet5.foo",
        lambda d: before(b"</sheetData>", USES)(after(b"?>", LAUGHS)(d)),
    ),
)


# ---- floods ------------------------------------------------------------------------------------


def strays(count: int, cell: str = '<c r="{ref}"><v>1</v></c>', column: str = "A") -> bytes:
    """Make that many values below the form."""
    first = 100
    rows = "".join(
        f'<row r="{n}">{cell.format(ref=f"{column}{n}", n=n)}</row>'
        for n in range(first, first + count)
    )
    return altered(PLAN, before(b"</sheetData>", rows.encode()))


def far(rows: int, column: str = "F") -> bytes:
    """Fill one column down to a row, as people do, from the end of the form."""
    cells = "".join(
        f'<row r="{n}"><c r="{column}{n}" t="inlineStr"><is><t>như trên</t></is></c></row>'
        for n in range(100, rows + 1)
    )
    return altered(PLAN, before(b"</sheetData>", cells.encode()))


def wide() -> bytes:
    """Fill a thousand cells in each of nine rows beside the form."""
    from workbook_templates.layout import letter_of

    rows = "".join(
        f'<row r="{n}">'
        + "".join(f'<c r="{letter_of(c)}{n}"><v>{c}</v></c>' for c in range(16_384))
        + "</row>"
        for n in range(900, 909)
    )
    return altered(PLAN, before(b"</sheetData>", rows.encode()))


add("stray_9k", "flood", lambda: strays(9_000), True)
add(
    "stray_90k_in_reach",
    "flood",
    lambda: altered(
        PLAN,
        before(
            b"</sheetData>",
            "".join(
                f'<row r="{n}">'
                + "".join(f'<c r="{c}{n}"><v>1</v></c>' for c in "ABCDEFGHIJ")
                + "</row>"
                for n in range(100, 9_100)
            ).encode(),
        ),
    ),
    True,
)
add("stray_wide", "flood", wide, True)
add(
    "stray_formulas_90k",
    "flood",
    lambda: strays(90_000, '<c r="{ref}"><f>A1+{n}</f><v>1</v></c>'),
    True,
)
add("stray_errors_90k", "flood", lambda: strays(90_000, '<c r="{ref}" t="e"><v>#N/A</v></c>'), True)
add(
    "stray_long_texts",
    "flood",
    lambda: strays(5_000, '<c r="{ref}" t="inlineStr"><is><t>' + "ấ" * 1500 + "{n}</t></is></c>"),
    True,
)
add("far_100k_rows", "honest", lambda: far(100_000), True)
add("far_300k_rows", "honest", lambda: far(300_000), True)
add("far_all_rows", "honest", lambda: far(1_048_576), True)
add(
    "far_all_rows_two_columns",
    "honest",
    lambda: altered(
        PLAN,
        before(
            b"</sheetData>",
            "".join(
                f'<row r="{n}"><c r="F{n}"><v>1</v></c><c r="G{n}"><v>2</v></c></row>'
                for n in range(100, 1_048_577)
            ).encode(),
        ),
    ),
    True,
)
add("extra_sheets_240", "flood", lambda: many_sheets(240, "Thêm {}".format), None)


def stamps() -> Iterator[tuple[str, bytes, bytes]]:
    """Yield stamps that ask for much: name, what is there, what takes its place."""
    yield "rows", b"rows=12&amp;", b"rows=999999999&amp;"
    yield "rows_digits", b"rows=12&amp;", b"rows=" + b"9" * 5000 + b"&amp;"
    yield "long", b"code=00790125", b"code=" + b"9" * 10 * MB
    yield "fields", b"code=00790125", b"a=1&amp;" * 500_000 + b"code=00790125"
    yield "limits", b"code=00790125", b"code=00790125&amp;limits=" + b"a:1," * 500_000


def restamped(was: bytes, now: bytes) -> bytes:
    """Change the stamp wherever it is."""
    return zipped({name: data.replace(was, now) for name, data in parts().items()})


for word, was, now in stamps():
    add(
        f"stamp_{word}",
        "record",
        partial(restamped, was, now),
        None,
    )


def good() -> bytes:
    """Return the filled workbook, for comparison."""
    return filled()


add("good", "honest", good, True)
