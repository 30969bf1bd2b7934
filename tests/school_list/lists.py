"""Lists of schools of many kinds, as offices write them, and the line that each one gets."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

BODY = (
    ("01001701", "Trường MN Ban Mai", "Mầm non"),
    ("01001702", "Trường TH Sao Sáng", "Tiểu học"),
    ("01001703", "Trường THCS Bến Mây", "THCS"),
    ("01001705", "Trường THPT Đồi Cỏ", "THPT"),
)
HEAD = ("Mã trường", "Tên trường", "Cấp học")
Rows = Sequence[Sequence[Any]]


def csv_text(rows: Rows, separator: str = ",", end: str = "\r\n") -> str:
    """Join cells; those of these lists need no quotation marks."""
    return "".join(separator.join(map(str, row)) + end for row in rows)


def table(rows: Rows, separator: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    return csv_text(rows, separator, end).encode(encoding)


_TONES = "\u0300\u0309\u0303\u0301\u0323"


def windows_1258(text: str) -> bytes:
    """Encode as Vietnamese Windows does: each tone is a byte of its own behind the vowel."""
    out = bytearray()
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        tones = [part for part in parts if part in _TONES]
        base = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        out += base.encode("cp1258") + "".join(tones).encode("cp1258")
    return bytes(out)


def workbook(
    *sheets: tuple[str, Rows],
    code_format: str = "",
    merges: Sequence[str] = (),
    hidden: Sequence[str] = (),
    formulas: Sequence[tuple[str, str, Any]] = (),
) -> bytes:
    """Write sheets of rows; numbers of the second column have a format, as codes may have."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        style = book.add_format({"num_format": code_format} if code_format else {})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    else:
                        sheet.write_number(number, column, value, style if column == 1 else None)
            for place, formula, value in formulas:
                sheet.write_formula(place, formula, None, value)
            for area in merges:
                sheet.merge_range(area, rows[int(area[1 : area.index(":")]) - 1][ord(area[0]) - 65])
            if name in hidden:
                sheet.hide()
    return stream.getvalue()


@dataclass(frozen=True)
class Case:
    """A kind of list: its content, and the line that it gets.

    ``codes`` are the codes of its schools without the first six digits, ``kinds`` the ids of
    their kinds where they are not those of the body. ``faulty`` are the lines with a fault, and
    ``skipped`` the reasons of rows without a school.
    """

    about: str
    content: bytes
    source: str
    codes: str = "01 02 03 05"
    kinds: str = "mam_non tieu_hoc thcs thpt"
    faulty: tuple[int, ...] = ()
    skipped: str = "1 heading"
    says: str = ""


_NUMBERED = [("STT", *HEAD), *((n, *row) for n, row in enumerate(BODY, 1))]
_TITLES = [
    ("UBND XÃ BẾN MÂY", "", "", ""),
    ("DANH SÁCH TRƯỜNG NĂM HỌC 2026-2027", "", "", ""),
    ("", "", "", ""),
]
_TOTAL = ("", "Cộng: 4 trường", "", "")
_SIGNED = [
    ("", "", "", "Bến Mây, ngày 12 tháng 9 năm 2026"),
    ("", "NGƯỜI LẬP BIỂU", "", "CHỦ TỊCH"),
]
_CSV, _XLSX = "CSV, UTF-8, phân cách bằng dấu phẩy", "sổ tính Excel .xlsx"
_SEMICOLON = "CSV, {}, phân cách bằng dấu chấm phẩy"
_PLAIN = [HEAD, *BODY]
_GROUPED = [
    ("TT", "Mã trường", "Tên trường"),
    ("I", "MẦM NON", ""),
    (1, "01001701", "Trường Ban Mai"),
    ("II", "Khối Tiểu học", ""),
    (1, "01001702", "Trường Sao Sáng"),
    ("", "Cộng tiểu học: 1 trường", ""),
]
_CONTACTS = [
    ("TT", *HEAD, "Liên hệ", "", "Năm học"),
    ("TT", "Mã trường", "", "", "Điện thoại", "Email", ""),
    ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
    *(
        (n, *row, "0243000000", "truong@example.edu.vn", "2026-2027")
        for n, row in enumerate(BODY, 1)
    ),
]

CASES = (
    Case("plain, as documented", table([("code", "name", "kind"), *BODY]), _CSV),
    Case("with a byte order mark", table(_PLAIN, encoding="utf-8-sig"), _CSV),
    Case(
        "semicolons, Excel's line sep=;",
        b"sep=;\r\n" + table(_PLAIN, ";"),
        _SEMICOLON.format("UTF-8"),
        skipped="1 heading, 2 heading",
    ),
    Case("tabs in UTF-16 (Unicode Text)", table(_PLAIN, "\t", "utf-16"),
         _CSV.replace("UTF-8", "UTF-16").replace("dấu phẩy", "tab")),
    Case(
        "UTF-16 without a mark",
        table(_PLAIN, ";", "utf-16-be"),
        _SEMICOLON.format("UTF-16"),
    ),
    Case(
        "Windows-1258, tones of their own",
        windows_1258(csv_text(_PLAIN, ";")),
        _SEMICOLON.format("Windows-1258"),
    ),
    Case("bars, line ends of Unix", table(_PLAIN, "|", end="\n"),
         _CSV.replace("dấu phẩy", "dấu gạch đứng")),
    Case("decomposed letters", unicodedata.normalize("NFD", csv_text(_PLAIN)).encode(), _CSV),
    Case(
        "other words, a TT column, one unused column",
        table([("STT", "Mã đơn vị", "Tên đơn vị", "Loại trường", "Ghi chú"), *(
            (n, *row, "") for n, row in enumerate(BODY, 1))]),
        _CSV,
    ),
    Case(
        "title rows above with the year",
        table([*_TITLES, *_NUMBERED]),
        _CSV,
        skipped="1–2 title, 3 blank, 4 heading",
        says="năm học lấy từ dòng phía trên tiêu đề cột: 4 trường (2026-2027)",
    ),
    Case(
        "blank row, total, signatures below",
        table([*_NUMBERED, ("", "", "", ""), _TOTAL, *_SIGNED]),
        _CSV,
        skipped="1 heading, 6 blank, 7 total, 8 note, 9 note",
    ),
    Case(
        "a zero lost from every code",
        table([HEAD, *((code[1:], *rest) for code, *rest in BODY)]),
        _CSV,
        says="mã được bổ sung số 0 ở đầu: 4 trường (ví dụ 1001701 thành 01001701)",
    ),
    Case(
        "a zero lost from some codes",
        table([HEAD, *BODY[:3], (BODY[3][0][1:], *BODY[3][1:])]),
        _CSV,
        says="mã được bổ sung số 0 ở đầu: 1 trường (ví dụ 1001705 thành 01001705)",
    ),
    Case(
        "a code in scientific notation",
        table([*_PLAIN, ("1.00E+07", "Trường Suối Xanh", "THCS"), ("1,01E+07", "", "")], ";"),
        _SEMICOLON.format("UTF-8"),
        faulty=(6, 7),
    ),
    Case(
        'Excel\'s text cells ="…"',
        table([HEAD, *((f'"=""{code}"""', *rest) for code, *rest in BODY)]),
        _CSV,
    ),
    Case(
        "faulty rows: no code, double code, unknown kind, open quote",
        table([
            *_PLAIN,
            ("", "Trường Suối Xanh", "THCS"),
            ("01001701", "Trường Vườn Cau", "THCS"),
            ("01001709", "Trường Đồi Thông", "cao đẳng"),
            ("01001710", '"Trường Bờ Kè', "THCS"),
            ("01001711", "Trường Bãi Sậy", "THCS"),
        ]),
        _CSV,
        codes="01 02 03 05 09 11",
        kinds="mam_non tieu_hoc thcs thpt ? thcs",
        faulty=(6, 7, 8, 9),
    ),
    Case(
        "groups and subtotals instead of a column of kinds",
        table(_GROUPED),
        _CSV,
        codes="01 02",
        kinds="mam_non tieu_hoc",
        skipped="1 heading, 2 group, 4 group, 6 total",
        says="cấp học lấy từ tiêu đề nhóm: 2 trường (ví dụ «Trường Ban Mai»: Mầm non)",
    ),
    Case(
        "no column of kinds at all",
        table([row[:2] for row in _PLAIN]),
        _CSV,
        says="cấp học lấy từ tên trường: 4 trường (ví dụ «Trường MN Ban Mai»: Mầm non)",
    ),
    Case(
        "ownership under «Loại hình», level under «Cấp học»",
        table([("Mã", "Tên", "Loại hình", "Cấp học"),
               *((code, name, "Công lập", kind) for code, name, kind in BODY)]),
        _CSV,
    ),
    Case(
        "contacts under a heading of two rows, numbers of the columns",
        table(_CONTACTS),
        _CSV,
        skipped="1 heading, 2 heading, 3 heading",
    ),
    Case(
        "a workbook with titles and total",
        workbook(("DS trường", [*_TITLES, *_NUMBERED, _TOTAL])),
        _XLSX,
        skipped="1–2 title, 3 blank, 4 heading, 9 total",
    ),
    Case(
        "a workbook whose codes are numbers shown with zeros",
        workbook(
            ("DS", [("TT", *HEAD), *((n, int(c), *r) for n, (c, *r) in enumerate(BODY, 1))]),
            code_format="00000000",
        ),
        _XLSX,
    ),
    Case(
        "a workbook whose codes are numbers, and formulas for names",
        workbook(
            ("DS", [("TT", *HEAD), *((n, int(c), *r) for n, (c, *r) in enumerate(BODY, 1))]),
            formulas=[("C2", '="Trường MN"&" Ban Mai"', "Trường MN Ban Mai"),
                      ("B5", "=NA()", "#N/A")],
        ),
        _XLSX,
        codes="01 02 03",
        kinds="mam_non tieu_hoc thcs",
        faulty=(5,),
        says="mã được bổ sung số 0 ở đầu: 3 trường (ví dụ 1001701 thành 01001701)",
    ),
    Case(
        "a sheet for each level, a cover sheet, a hidden sheet",
        workbook(
            ("Bìa", [("Danh sách các trường",)]),
            ("Mầm non", [HEAD[:2], BODY[0][:2]]),
            ("THCS", [HEAD[:2], BODY[2][:2], BODY[0][:2]]),
            ("Cũ", _PLAIN),
            hidden=["Cũ"],
        ),
        _XLSX,
        codes="01 03",
        kinds="mam_non thcs",
        faulty=(3,),
        skipped="1 sheet, 1 heading, 1 heading, 1–5 hidden",
        says="cấp học lấy từ tên trang: 2 trường (ví dụ «Trường MN Ban Mai»: Mầm non)",
    ),
    Case(
        "a workbook with one kind merged over two rows",
        workbook(
            ("DS", [HEAD, BODY[2], (BODY[3][0], "Trường Bờ Kè", "")]), merges=["C2:C3"]
        ),
        _XLSX,
        codes="03 05",
        kinds="thcs thcs",
    ),
)  # fmt: skip
