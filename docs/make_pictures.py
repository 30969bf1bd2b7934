"""Make the pictures of the documentation from the real thing.

``python docs/make_pictures.py`` runs the demo in a temporary folder, has LibreOffice draw every
sheet of its workbooks, and has ``pdftoppm`` (package poppler-utils) turn them into
``docs/pictures/*.png``, listed in ``docs/pictures/README.md``. Where Times New Roman is missing,
install fonts-liberation2: the older Liberation fonts lack Vietnamese letters.
"""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from kdcl_xl.demo.run import run_demo  # noqa: E402
from kdcl_xl.demo.synthetic.district import RETURNED  # noqa: E402
from kdcl_xl.errors import UserError  # noqa: E402
from kdcl_xl.schools import read_schools  # noqa: E402
from kdcl_xl.template.issue import layout_from, template_bytes  # noqa: E402
from samples.office import Office, OfficeError  # noqa: E402
from workbook_templates.regulation import builtin_catalogue  # noqa: E402
from workbook_templates.school_year import SchoolYear  # noqa: E402
from workbook_templates.text import Language  # noqa: E402
from workbook_templates.vocabulary import SchoolKind  # noqa: E402

PICTURES, INDEX = HERE / "pictures", "README.md"
SCRIPT = HERE / "picture_uno.py"
YEARS = {"2026": SchoolYear(2026, 2027), "2018": SchoolYear(2020, 2021)}
SAMPLES = {"2026": "thcs-2026-2027-tot", "2018": "thcs-2020-2021"}
"""The filled workbook of each form; the empty one is its school's template."""
WIDEST, FINEST = 1240, 88
"""Pixels of a picture at most, and dots per inch."""
COLOURS = 32
"""Colours of every picture: sheets have few, and letters are smoothed with the rest."""


class PictureError(RuntimeError):
    """A picture that cannot be made: what is missing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the upper rows of a sheet, of all its columns or of one of equal ``parts``."""

    name: str
    workbook: str
    sheet: str
    caption: str
    rows: int = 20
    part: int = 1
    parts: int = 1

    @property
    def alt(self) -> str:
        """What the picture is, for whoever cannot see it."""
        return f"Sheet {self.sheet}, {self.workbook}"


@dataclass(frozen=True, slots=True)
class View:
    """A sheet, by the name on its tab, and how much of it is shown."""

    key: str
    sheet: str
    caption: str
    rows: int = 20
    parts: int = 1


SCHOOL = (
    View("guide", "Hướng dẫn", "The guide: one screen, opened first.", 21),
    View("cover", "Thông tin", "The cover: everything of the official form around the table.", 27),
    View(
        "self-assessment",
        "Tự đánh giá",
        "The self-assessment: verdicts are chosen, levels computed.",
    ),
    View("problems", "Vấn đề", "Part IV: the priority problems.", 14),
    View("plan", "Kế hoạch", "The plan: one task a row.", 16, parts=2),
    View("progress", "Theo dõi", "Progress reports; the tasks come from the plan.", 20),
    View("print", "Bản in", "The document to sign, first part.", 32),
    View("print-2", "Bản in (2)", "The document to sign, second part.", 8),
    View("print-3", "Bản in (3)", "The document to sign, last part.", 32),
    View(
        "lists",
        "Danh mục",
        "The school's units (column A), and the lists behind the dropdowns.",
        20,
        parts=3,
    ),
    View("checks", "Kiểm tra", "The check sheet: what is still wrong, and where.", 30),
)
SCHOOL_2018 = (
    View(
        "self-assessment", "Tự đánh giá", "The self-assessment of the 2018 form: four levels.", 22
    ),
    View(
        "plan",
        "Kế hoạch",
        "The plan of the 2018 form, with a check column that speaks.",
        14,
        parts=2,
    ),
    View("print", "Bản in", "The document to sign, first part, on the 2018 form.", 30),
    View("print-2", "Bản in (2)", "The document to sign, last part, on the 2018 form.", 32),
    View("checks", "Kiểm tra", "The check sheet of a plan with faults.", 40),
)
DISTRICT = (
    View("overview", "Tổng quan", "What is in, what is open, money, charts.", 75),
    View("schools", "Trường", "One row a school.", 14, 2),
    View("tasks", "Kế hoạch", "Every task of every school, with its flags and progress.", 10, 3),
    View("flags", "Cờ", "Every finding, and beside it the auditor's decision.", 14, 2),
    View("criteria", "Tiêu chí × Trường", "Levels reached and flags that are open.", 22),
    View("money", "Kinh phí", "Money by school, standard and source.", 18),
    View("schedule", "Lịch", "What is due when.", 20),
    View("follow-up", "Theo dõi", "Progress, overdue tasks first.", 12, 2),
    View("log", "Nhật ký", "Every file that came in.", 11, 2),
)


def _pictures(workbook: str, view: View) -> Iterator[Picture]:
    for part in range(1, view.parts + 1):
        words = [view.key, *(["district"] if workbook == "district" else workbook.split("-"))]
        words += [str(part)] * (view.parts > 1)
        yield Picture(
            "-".join(words), workbook, view.sheet, view.caption, view.rows, part, view.parts
        )


def all_pictures() -> list[Picture]:
    """Every picture, in the order of the page that shows them."""
    states = ("empty", "filled")
    shown = [p for v in SCHOOL for state in states for p in _pictures(f"2026-{state}", v)]
    shown += [p for v in SCHOOL_2018 for p in _pictures("2018-filled", v)]
    return shown + [p for view in DISTRICT for p in _pictures("district", view)]


Colour = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """Pixels, row by row, three bytes each."""

    width: int
    height: int
    pixels: bytes


def render(pdf: Path, dpi: float) -> Image:
    """The first page as pixels."""
    ppm = _run("pdftoppm", "-f", "1", "-l", "1", "-r", f"{dpi:.3f}", str(pdf))
    kind, width, height, depth = ppm.split(maxsplit=4)[:4]
    if kind != b"P6" or depth != b"255":
        raise PictureError("pdftoppm gave no portable pixmap")
    size = 3 * int(width) * int(height)
    return Image(int(width), int(height), ppm[-size:])


def png(image: Image) -> bytes:
    """A PNG with a palette: the commonest colours, the others as the nearest of them."""
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
    """The demo's workbooks: of each form an empty and a filled one, and the district's."""
    found = {"district": run_demo(folder, Language.VI).workbook}
    schools = {school.code: school for school in read_schools(folder / "truong.csv")}
    catalogue = builtin_catalogue()
    for form, sample in SAMPLES.items():
        found[f"{form}-filled"] = folder / RETURNED / f"{sample}.xlsx"
        school = next(s for s in schools.values() if s.kind is SchoolKind.THCS)
        layout = layout_from(catalogue, SchoolKind.THCS, YEARS[form])
        empty = folder / f"{form}-empty.xlsx"
        empty.write_bytes(template_bytes(layout, school, YEARS[form]))
        found[f"{form}-empty"] = empty
    return found


def draw(office: Office, workbook: Path, pictures: list[Picture], folder: Path) -> Iterator[Path]:
    """Make the pictures of one workbook; the files written."""
    job = folder / "job.json"
    targets = [folder / f"{picture.name}.pdf" for picture in pictures]
    wanted = [
        {"sheet": p.sheet, "rows": p.rows, "part": p.part, "parts": p.parts, "target": str(target)}
        for p, target in zip(pictures, targets, strict=True)
    ]
    job.write_text(json.dumps({"path": str(workbook), "pictures": wanted}), "utf-8")
    widths = json.loads(office.run(SCRIPT, str(job)))
    for picture, pdf, millimetres in zip(pictures, targets, widths, strict=True):
        image = render(pdf, min(FINEST, WIDEST / millimetres * 25.4))
        path = PICTURES / f"{picture.name}.png"
        path.write_bytes(png(image))
        yield path


HEADINGS = {
    "2026": "The school's workbook, 2026 form",
    "2018": "The school's workbook, 2018 form, where it differs",
    "district": "The district workbook",
}


def page() -> str:
    """The page that shows every picture, by workbook and sheet."""
    lines = [
        "# Pictures of every sheet",
        "",
        "Made by `make pictures` from the demo, drawn by LibreOffice: empty as issued, then filled",
        "as returned. On paper the print-outs have no letters and numbers at the edge.",
    ]
    for workbook, pictures in groupby(all_pictures(), lambda p: p.workbook.split("-")[0]):
        lines += ["", f"## {HEADINGS[workbook]}"]
        for (sheet, caption), same in groupby(pictures, lambda p: (p.sheet, p.caption)):
            lines += ["", f"### {sheet}", "", caption]
            lines += [line for p in same for line in ("", f"![{p.alt}]({p.name}.png)")]
    return "\n".join(lines) + "\n"


def make(folder: Path) -> None:
    """Run the demo in ``folder`` and make every picture from it."""
    PICTURES.mkdir(exist_ok=True)
    made = []
    with Office() as office:
        for name, path in workbooks(folder).items():
            pictures = [p for p in all_pictures() if p.workbook == name]
            for target in draw(office, path, pictures, folder):
                made.append(target)
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
