"""Make the pictures of the documentation from the real thing.

``python docs/make_pictures.py`` makes the workbooks of the samples, of a synthetic district and of
two communes in a temporary folder, has LibreOffice draw their sheets, and has ``pdftoppm`` (package
poppler-utils) turn them into ``docs/pictures/*.png``, listed in ``docs/pictures/index.md``. Where
Times New Roman is missing, install fonts-liberation2: the older Liberation fonts lack Vietnamese
letters.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

import openpyxl  # noqa: E402

from kdcl_xl.checking.settings import Settings  # noqa: E402
from kdcl_xl.demo.run import DEMO_YEAR, run_demo  # noqa: E402
from kdcl_xl.demo.synthetic.district import (  # noqa: E402
    AUTHORITY,
    RETURNED,
    SCHOOLS_FILE,
    make_district,
)
from kdcl_xl.district.decisions.decision import Choice  # noqa: E402
from kdcl_xl.district.merge import merge  # noqa: E402
from kdcl_xl.district.open_again import open_again  # noqa: E402
from kdcl_xl.district.sheets import flags  # noqa: E402
from kdcl_xl.district.sheets.order import SHEETS  # noqa: E402
from kdcl_xl.document.report import PAGES, REPORT, write_report  # noqa: E402
from kdcl_xl.errors import UserError  # noqa: E402
from kdcl_xl.school_list.read import read_schools  # noqa: E402
from kdcl_xl.schools import School  # noqa: E402
from kdcl_xl.template.issue import kind_of, layout_from, template_bytes  # noqa: E402
from macros_free_validation.rule import Stage  # noqa: E402
from samples.office import Office, OfficeError  # noqa: E402
from workbook_templates.regulation import builtin_catalogue  # noqa: E402
from workbook_templates.school_year import SchoolYear  # noqa: E402
from workbook_templates.text import Language  # noqa: E402

PICTURES, INDEX = HERE / "pictures", "index.md"
SCRIPT = HERE / "picture_uno.py"
YEARS = {"2026": SchoolYear(2026, 2027), "2018": SchoolYear(2020, 2021)}
SAMPLES = {"2026": "thcs-2026-2027-tot", "2018": "thcs-2020-2021"}
"""The filled workbook of each form; the empty one is its school's template."""
WIDEST, FINEST = 1240, 88
"""Pixels of a picture at most, and dots per inch."""
STATES = {
    "2026-empty": "mẫu 2026 để trống",
    "2026-filled": "mẫu 2026 đã điền",
    "2018-filled": "mẫu 2018 đã điền",
    "district": "sổ tổng hợp",
    "district-en": "sổ tổng hợp bằng tiếng Anh",
    "province": "sổ tổng hợp của cấp tỉnh",
    "province-en": "sổ tổng hợp của cấp tỉnh bằng tiếng Anh",
    "years": "sổ tổng hợp so sánh với năm trước",
    "years-en": "sổ tổng hợp so sánh với năm trước, bằng tiếng Anh",
}
"""What state a workbook is in, for whoever cannot see its pictures."""
COMMUNES, PROVINCE_NAME = ("Xã Ví Dụ", "Phường Ví Dụ"), "Sở Giáo dục và Đào tạo (ví dụ)"
DISTRICT_SIZE, FEW = 60, 12
"""Schools of the synthetic district, and of the smaller one of two years."""
RETURNED_ON, FIRST_ROUND, SECOND_ROUND = date(2027, 1, 15), date(2027, 2, 5), date(2027, 3, 5)
"""The days of the plans and of the two merges; tasks fall overdue in between."""
DUE = date(2027, 3, 20)
NOTES = ("", "Đề nghị bổ sung minh chứng.", "Đã trao đổi với nhà trường.")
DECIDED = 45
"""Lines of the desk on which somebody decides between the merges."""
COLOURS = 32
"""Colours of every picture: sheets have few, and letters are smoothed with the rest."""


class PictureError(RuntimeError):
    """A picture that cannot be made: what is missing."""


class Shown(StrEnum):
    """How much of a sheet a picture shows."""

    CELLS = "cells"
    """So many rows, of all columns or of a part of them."""
    SCREEN = "screen"
    """What is in sight on a screen of 1366 x 768 pixels, without scrolling."""
    PRINT = "print"
    """The first page as it is printed."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a sheet; of its upper rows, all columns or one of equal ``parts``."""

    name: str
    workbook: str
    sheet: str
    caption: str
    rows: int = 20
    part: int = 1
    parts: int = 1
    shown: Shown = Shown.CELLS

    @property
    def alt(self) -> str:
        """What the picture is, for whoever cannot see it."""
        return f"Trang «{self.sheet}», {STATES[self.workbook]}"


@dataclass(frozen=True, slots=True)
class View:
    """A sheet, by the name on its tab, and how much of it is shown."""

    key: str
    sheet: str
    caption: str
    rows: int = 20
    parts: int = 1
    shown: Shown = Shown.CELLS


SCHOOL = (
    View("guide", "Hướng dẫn", "Hướng dẫn, vừa một màn hình; mở tệp là thấy.", 21),
    View("cover", "Thông tin", "Mọi nội dung của mẫu chính thức ngoài bảng kế hoạch.", 27),
    View(
        "self-assessment",
        "Tự đánh giá",
        "Chọn kết quả từng mức; mức đạt được do máy tính điền.",
    ),
    View("problems", "Vấn đề", "Phần IV: các vấn đề trọng tâm.", 14),
    View("plan", "Kế hoạch", "Mỗi dòng một công việc.", 16, parts=2),
    View("progress", "Theo dõi", "Báo cáo tiến độ; công việc lấy từ kế hoạch.", 20),
    View("print", "Bản in", "Văn bản để ký, phần đầu.", 32),
    View(
        "lists",
        "Danh mục",
        "Các bộ phận của trường (cột A) và các danh sách chọn.",
        20,
        parts=3,
    ),
    View("checks", "Kiểm tra", "Điều còn phải sửa, và ở đâu.", 30),
)
SCHOOL_2018 = (
    View("self-assessment", "Tự đánh giá", "Tự đánh giá theo mẫu 2018: bốn mức.", 22),
    View(
        "plan",
        "Kế hoạch",
        "Kế hoạch theo mẫu 2018; cột «Kiểm tra» nói điều còn thiếu.",
        14,
        parts=2,
    ),
    View("print", "Bản in", "Văn bản để ký theo mẫu 2018, phần đầu.", 30),
    View("checks", "Kiểm tra", "Trang kiểm tra của một kế hoạch có lỗi.", 40),
)
LEADER = (
    View("overview", "Tổng quan", "Tình trạng nộp.", shown=Shown.PRINT),
    View("quality", "Chất lượng", "Mức đạt; mười tiêu chí yếu nhất.", shown=Shown.PRINT),
    View("findings", "Vấn đề", "Vấn đề theo nhóm; kết luận.", shown=Shown.PRINT),
    View("resources", "Nguồn lực", "Kinh phí theo nguồn và năm học.", shown=Shown.PRINT),
    View("timing", "Thời gian", "Kinh phí và công việc theo tháng.", shown=Shown.PRINT),
)
DESK = View("flags", "Cờ", "Bàn làm việc trên màn hình 1366 × 768.", shown=Shown.SCREEN)
DISTRICT = (
    *LEADER,
    View("to-do", "Việc cần xử lý", "Việc cần làm ngay; bộ quy tắc đã dùng.", 30),
    View("schools", "Trường", "Mỗi trường một dòng.", 14, 2),
    View("tasks", "Kế hoạch", "Mọi công việc của mọi trường, kèm cờ và tiến độ.", 10, 3),
    DESK,
    View("criteria", "Tiêu chí × Trường", "Mức đạt được và cờ còn mở.", 22),
    View("money", "Kinh phí", "Kinh phí theo trường, tiêu chuẩn và nguồn.", 18),
    View("schedule", "Lịch", "Công việc đến hạn theo tháng.", 20),
    View("follow-up", "Theo dõi", "Tiến độ; việc quá hạn đứng trước.", 12, 2),
    View("recognitions", "Công nhận", "Công nhận đã hết hạn hoặc sắp hết hạn.", 10),
    View("rounds", "Các lần tổng hợp", "Số liệu của từng lần tổng hợp.", 8),
    View("log", "Nhật ký", "Mọi tệp đã nhận.", 11, 2),
)
AUTHORITIES = View(
    "authorities", "Theo cơ quan", "Các xã bên nhau; bấm vào tên xã để đến các trường.", 8
)
YEARS_APART = (
    View("comparison", "So sánh", "Mức và công việc của năm trước và năm nay, theo tiêu chí.", 18),
)
PROVINCE = (
    AUTHORITIES,
    View("schools", "Trường", "Các trường của một xã đứng liền nhau.", 12, 2),
)
"""Sheets that are filled where communes are merged."""
UNSEEN = ("Không có trong lần này", "Đã khép lại", "Ghi chú khác")
"""Sheets that are empty in the demo, which nobody has decided on."""


_NAMES = {sheet.name.vi: sheet.name for sheet in SHEETS}


def language_of(workbook: str) -> Language:
    """Return the language of a workbook by its name here."""
    return Language.EN if workbook.endswith("-en") else Language.VI


def _pictures(workbook: str, view: View) -> Iterator[Picture]:
    is_english = language_of(workbook) is Language.EN
    sheet = _NAMES[view.sheet].en if is_english else view.sheet
    for part in range(1, view.parts + 1):
        words = [view.key, *workbook.split("-")]
        words += [str(part)] * (view.parts > 1)
        yield Picture(
            "-".join(words),
            workbook,
            sheet,
            view.caption,
            view.rows,
            part,
            view.parts,
            view.shown,
        )


def all_pictures() -> list[Picture]:
    """Every picture, in the order of the page that shows them."""
    states = ("empty", "filled")
    shown = [p for v in SCHOOL for state in states for p in _pictures(f"2026-{state}", v)]
    shown += [p for v in SCHOOL_2018 for p in _pictures("2018-filled", v)]
    for workbook, views in (
        ("district", DISTRICT),
        ("district-en", (*LEADER, DESK)),
        ("province", PROVINCE),
        ("province-en", (AUTHORITIES,)),
        ("years", YEARS_APART),
        ("years-en", YEARS_APART),
    ):
        shown += [p for view in views for p in _pictures(workbook, view)]
    return shown


@dataclass(frozen=True, slots=True)
class Print:
    """Pages of a Word document that the report writes, as pictures."""

    key: str
    caption: str
    pages: int


PRINTS = (
    Print("report", "Báo cáo tổng hợp, hai trang đầu.", 2),
    Print("school-page", "Phiếu gửi một trường.", 1),
)


def prints(language: Language) -> list[tuple[str, Print, int]]:
    """Return the name of each picture of a document, with its page (from 1)."""
    end = "-en" if language is Language.EN else ""
    return [
        (f"{document.key}{end}" + (f"-{page}" if document.pages > 1 else ""), document, page)
        for document in PRINTS
        for page in range(1, document.pages + 1)
    ]


Colour = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """Pixels, row by row, three bytes each."""

    width: int
    height: int
    pixels: bytes


def render(pdf: Path, dpi: float, page: int = 1) -> Image:
    """Return a page (from 1) as pixels."""
    ppm = _run("pdftoppm", "-f", str(page), "-l", str(page), "-r", f"{dpi:.3f}", str(pdf))
    kind, width, height, depth = ppm.split(maxsplit=4)[:4]
    if kind != b"P6" or depth != b"255":
        raise PictureError("pdftoppm gave no portable pixmap")
    size = 3 * int(width) * int(height)
    return Image(int(width), int(height), ppm[-size:])


def png(image: Image) -> bytes:
    """Return a PNG with a palette: the commonest colours, the others as the nearest of them."""
    pixels = list(zip(*(image.pixels[c::3] for c in range(3)), strict=True))
    counted = Counter(pixels)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    known = {colour: _nearest(colour, palette) for colour in counted}
    indexes = bytes(known[colour] for colour in pixels)
    rows = (indexes[i : i + image.width] for i in range(0, len(indexes), image.width))
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 3, 0, 0, 0)
    parts = {
        b"IHDR": header,
        b"PLTE": bytes(channel for colour in palette for channel in colour),
        b"IDAT": zlib.compress(b"".join(b"\0" + row for row in rows), 9),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts.items())


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    distances = [sum((a - b) ** 2 for a, b in zip(colour, p, strict=True)) for p in palette]
    return distances.index(min(distances))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _find(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise PictureError(
            f"'{program}' was not found; on Debian or Ubuntu install the package poppler-utils."
        )
    return found


def _run(program: str, *arguments: str) -> bytes:
    done = subprocess.run(  # noqa: S603 - a known program, on our own files
        [_find(program), *arguments], capture_output=True, check=False
    )
    if done.returncode:
        raise PictureError(f"{program}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def workbooks(folder: Path) -> dict[str, Path]:
    """Return an empty and a filled workbook of each form, and those of authorities."""
    run_demo(folder, Language.VI)
    catalogue = builtin_catalogue()
    found = {}
    schools = {
        school.code: school for school in read_schools(folder / "truong.csv", catalogue).schools
    }
    for form, sample in SAMPLES.items():
        found[f"{form}-filled"] = folder / RETURNED / f"{sample}.xlsx"
        school = next(s for s in schools.values() if s.kind == catalogue.kind("thcs"))
        layout = layout_from(catalogue, kind_of(school), YEARS[form])
        empty = folder / f"{form}-empty.xlsx"
        empty.write_bytes(template_bytes(layout, school, YEARS[form]))
        found[f"{form}-empty"] = empty
    return found | authority_workbooks(folder)


def authority_workbooks(folder: Path) -> dict[str, Path]:
    """Return the workbooks of a synthetic district, of two communes, and of a year after another.

    They are made in both languages. Somebody has decided on a part of the flags of the district.
    """
    with contextlib.chdir(folder):  # the log of a workbook names its files as they are given
        made = _district() | _province() | _years()
        return {name: path.resolve() for name, path in made.items()}


def _in_languages(name: str) -> Iterator[tuple[str, Path, Language]]:
    for language in Language:
        own = name + ("-en" if language is Language.EN else "")
        yield own, Path(f"{own}.xlsx"), language


def _district() -> dict[str, Path]:
    plans, schools = _returned(Path("huyen"), DISTRICT_SIZE, DEMO_YEAR)
    first, second = Path("1.xlsx"), Path("2.xlsx")
    _merge(plans, first, AUTHORITY, day=FIRST_ROUND, schools=schools)
    _merge(plans, second, AUTHORITY, schools=schools, previous=[first])
    _decide(second)
    found = {}
    for name, path, language in _in_languages("district"):
        _merge(plans, path, AUTHORITY, schools=schools, language=language, previous=[second])
        found[name] = path
    return found


def _province() -> dict[str, Path]:
    """Return the workbooks of two communes merged: the first and the last half of a district."""
    plans, schools = _returned(Path("huyen"), DISTRICT_SIZE, DEMO_YEAR)
    half, below = len(schools) // 2, Path("xa")
    border = schools[half].code
    below.mkdir()
    for nth, name in enumerate(COMMUNES):
        own = [path for path in plans if (path.name >= border) == bool(nth)]
        listed = schools[half:] if nth else schools[:half]
        _merge(own, below / f"{nth}.xlsx", name, schools=listed)
    found = {}
    for name, path, language in _in_languages("province"):
        _merge([below], path, PROVINCE_NAME, language=language)
        found[name] = path
    return found


def _years() -> dict[str, Path]:
    """Return the workbooks of a year that are compared with that of the year before."""
    earlier = Path("nam-truoc.xlsx")
    plans, schools = _returned(Path("nam-truoc"), FEW, DEMO_YEAR)
    _merge(plans, earlier, AUTHORITY, schools=schools)
    later = SchoolYear(DEMO_YEAR.last, DEMO_YEAR.last + 1)
    plans, schools = _returned(Path("nam-nay"), FEW, later)
    day = SECOND_ROUND.replace(year=later.last)
    found = {}
    for name, path, language in _in_languages("years"):
        _merge(
            plans,
            path,
            AUTHORITY,
            day=day,
            schools=schools,
            language=language,
            compared=earlier,
        )
        found[name] = path
    return found


def _returned(
    folder: Path, count: int, year: SchoolYear
) -> tuple[Sequence[Path], Sequence[School]]:
    """Return the plans and the list of a synthetic district, which is made where it is not yet."""
    day = RETURNED_ON.replace(year=year.last)
    if not folder.exists():
        make_district(folder, count, year, day)
    plans = sorted((folder / RETURNED).iterdir())
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    for path in plans:
        os.utime(path, (moment, moment))
    return plans, read_schools(folder / SCHOOLS_FILE, builtin_catalogue()).schools


def _merge(
    inputs: Sequence[Path],
    target: Path,
    authority: str,
    *,
    day: date = SECOND_ROUND,
    schools: Sequence[School] = (),
    language: Language = Language.VI,
    previous: Sequence[Path] = (),
    compared: Path | None = None,
) -> None:
    merge(
        inputs,
        target,
        builtin_catalogue(),
        day,
        Settings(Stage.DISTRICT),
        schools=schools,
        authority=authority,
        language=language,
        previous=previous,
        compared=compared,
    )


def _decide(path: Path) -> None:
    """Decide on lines of the desk, as auditors do."""
    book = openpyxl.load_workbook(path)
    sheet = book[flags.SHEET.name.vi]
    heads = [cell.value for cell in sheet[flags.SHEET.header_row + 1]]
    severity, decision, note, assignee = (
        heads.index(header.vi) + 1
        for header in (flags.SEVERITY, flags.DECISION, flags.NOTE, flags.ASSIGNEE)
    )
    rows = [r for r in range(4, sheet.max_row + 1) if not sheet.row_dimensions[r].hidden]
    choices = list(Choice)
    for nth, row in enumerate(rows[:DECIDED]):
        if not sheet.cell(row, severity).value:
            sheet.cell(row, assignee, f"Tổ {nth % 3 + 1}")
        elif nth % 4:
            sheet.cell(row, decision, choices[nth % len(choices)].label.vi)
            sheet.cell(row, note, NOTES[nth % len(NOTES)] or None)
    book.save(path)


def draw(office: Office, workbook: Path, pictures: list[Picture], folder: Path) -> Iterator[Path]:
    """Make the pictures of one workbook; the files written."""
    job = folder / "job.json"
    targets = [folder / f"{picture.name}.pdf" for picture in pictures]
    wanted = [
        {
            "sheet": p.sheet,
            "rows": p.rows,
            "part": p.part,
            "parts": p.parts,
            "shown": p.shown,
            "target": str(target),
        }
        for p, target in zip(pictures, targets, strict=True)
    ]
    job.write_text(json.dumps({"path": str(workbook), "pictures": wanted}), "utf-8")
    widths = json.loads(office.run(SCRIPT, str(job)))
    for picture, pdf, millimetres in zip(pictures, targets, widths, strict=True):
        image = render(pdf, min(FINEST, WIDEST / millimetres * 25.4))
        path = PICTURES / f"{picture.name}.png"
        path.write_bytes(png(image))
        yield path


def draw_prints(office: Office, workbook: Path, language: Language, folder: Path) -> Iterator[Path]:
    """Make the pictures of the report of a workbook, and of a school's page; the files written."""
    made = folder / f"bao-cao-{language}"
    district = open_again(
        workbook, builtin_catalogue(), Settings(Stage.DISTRICT), language=language
    )
    write_report(district, made, language, DUE)
    # The school with most decisions shows what a page may hold.
    decided = Counter(flag.path for flag in district.flags if flag.line.typed)
    line = max(district.schools, key=lambda s: sum(decided[path] for path in s.paths))
    school = made / PAGES.in_(language) / f"{line.school.code}.docx"
    documents = {"report": made / REPORT.in_(language), "school-page": school}
    printed = {key: office.to_pdf(path, made) for key, path in documents.items()}
    for name, document, page in prints(language):
        path = PICTURES / f"{name}.png"
        path.write_bytes(png(render(printed[document.key], FINEST, page)))
        yield path


HEADINGS = {
    "2026": "Sổ tính của trường, mẫu 2026",
    "2018": "Sổ tính của trường, mẫu 2018, những chỗ khác",
    "district": "Sổ tổng hợp",
    "district-en": "Sổ tổng hợp bằng tiếng Anh (--lang en)",
    "province": "Sổ tổng hợp của cấp tỉnh",
    "province-en": "Sổ tổng hợp của cấp tỉnh bằng tiếng Anh",
    "years": "So sánh với năm trước",
    "years-en": "So sánh với năm trước, bằng tiếng Anh",
}


def _heading_of(picture: Picture) -> str:
    return HEADINGS.get(picture.workbook) or HEADINGS[picture.workbook.split("-")[0]]


def page() -> str:
    """Return the page that shows every picture, by workbook and sheet."""
    lines = [
        "# Hình của mọi trang",
        "",
        "Do LibreOffice vẽ từ các kế hoạch mẫu: khi để trống như lúc phát, rồi khi đã điền.",
        "Trên giấy, trang «Bản in» không có chữ cái và số ở mép.",
    ]
    for heading, pictures in groupby(all_pictures(), _heading_of):
        lines += ["", f"## {heading}"]
        for (sheet, caption), same in groupby(pictures, lambda p: (p.sheet, p.caption)):
            lines += ["", f"### {sheet}", "", caption]
            lines += [line for p in same for line in ("", f"![{p.alt}]({p.name}.png)")]
    lines += ["", "## Báo cáo và phiếu trường"]
    for language in Language:
        for name, document, number in prints(language):
            said = " bằng tiếng Anh" if language is Language.EN else ""
            lines += ["", f"![{document.caption} Trang {number}{said}.]({name}.png)"]
    return "\n".join(lines) + "\n"


def make(folder: Path) -> None:
    """Make the workbooks in ``folder``, and every picture of them."""
    PICTURES.mkdir(exist_ok=True)
    made: list[Path] = []
    with Office() as office:
        for name, path in workbooks(folder).items():
            pictures = [p for p in all_pictures() if p.workbook == name]
            made += draw(office, path, pictures, folder)
            if name.startswith("district"):
                made += draw_prints(office, path, language_of(name), folder)
    for target in made:
        print(f"{target.name}: {target.stat().st_size / 1024:.0f} kB")
    for old in set(PICTURES.glob("*.png")) - set(made):
        old.unlink()
    (PICTURES / INDEX).write_text(page(), "utf-8")
    print(f"{len(made)} pictures, {sum(p.stat().st_size for p in made) / 1024:.0f} kB")


def main() -> int:
    """Make the pictures; 1 where a tool is missing or fails."""
    try:
        _find("pdftoppm")
        with tempfile.TemporaryDirectory(prefix="kdcl-xl-pictures-") as name:
            make(Path(name))
    except (PictureError, OfficeError, UserError, OSError) as error:
        print(f"make_pictures: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
