"""Make the pictures of the documentation from the real thing.

``python docs/make_pictures.py`` runs the demo in a temporary folder, has
LibreOffice print its workbooks, and has ``pdftoppm`` (package poppler-utils) turn
some of the pages into ``docs/pictures/*.png``. Where Times New Roman is missing,
install fonts-liberation2: the older Liberation fonts lack Vietnamese letters.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import openpyxl

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from kdcl_xl.demo import RETURNED, run_demo  # noqa: E402
from kdcl_xl.errors import UserError  # noqa: E402
from samples.office import Office, OfficeError  # noqa: E402
from workbook_templates.text import Language  # noqa: E402

PICTURES = HERE / "pictures"
SAMPLE = "thcs-2026-2027-tot"
WIDTH = 1400
"""Pixels of every picture."""
COLOURS = 48
"""Colours of every picture: sheets have few, and letters are smoothed with the rest."""
SKETCH = 60
"""Dots per inch at which a page is looked at to find what is on it."""
FOOTER = 0.07
"""Share of a page's height, at the bottom, that holds nothing but its number."""


class PictureError(RuntimeError):
    """A picture that cannot be made: what is missing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the first page of a sheet, or the upper left part of it.

    ``sheet`` is the name on the tab, in the school's workbook or the district's;
    ``width`` and ``height`` are the shares of the printed area that are kept.
    """

    name: str
    sheet: str
    of_school: bool
    width: float = 1.0
    height: float = 1.0


SHOWN = (
    Picture("district", "Tổng quan", of_school=False, height=0.33),
    Picture("flags", "Cờ", of_school=False, height=0.6),
    Picture("plan", "Kế hoạch", of_school=True, width=0.574, height=0.64),
    Picture("guide", "Hướng dẫn", of_school=True),
)


Colour = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """Pixels, row by row, three bytes each."""

    width: int
    height: int
    pixels: bytes

    def row(self, y: int) -> bytes:
        """One row of pixels."""
        return self.pixels[3 * self.width * y : 3 * self.width * (y + 1)]

    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of what is not white, the footer aside."""
        rows = [y for y in range(int(self.height * (1 - FOOTER))) if self.row(y).strip(b"\xff")]
        if not rows:
            return 0, 0, self.width, self.height
        above = b"".join(self.row(y) for y in rows)
        inked = [
            x
            for x in range(self.width)
            if any(above[3 * x + c :: 3 * self.width].strip(b"\xff") for c in range(3))
        ]
        return inked[0], rows[0], inked[-1] + 1, rows[-1] + 1


def pages_of(pdf: Path) -> list[str]:
    """The text of each page."""
    text = _run("pdftotext", str(pdf), "-").decode("utf-8")
    return text.split("\f")[:-1]


def page_with(pdf: Path, heading: str) -> int:
    """Number of the first page, from 1, that holds a heading.

    Raises:
        PictureError: no page does.
    """
    wanted = "".join(heading.split())
    for number, text in enumerate(pages_of(pdf), start=1):
        if wanted in "".join(text.split()):
            return number
    raise PictureError(f"{pdf.name}: no page with '{heading}'")


def render(pdf: Path, page: int, dpi: float, *crop: str) -> Image:
    """A page, or a part of it, as pixels."""
    number = str(page)
    ppm = _run("pdftoppm", "-f", number, "-l", number, "-r", f"{dpi:.3f}", *crop, str(pdf))
    kind, width, height, depth = ppm.split(maxsplit=4)[:4]
    if kind != b"P6" or depth != b"255":
        raise PictureError("pdftoppm gave no portable pixmap")
    size = 3 * int(width) * int(height)
    return Image(int(width), int(height), ppm[-size:])


def cut_out(pdf: Path, page: int, width: float, height: float) -> Image:
    """The printed area of a page, or its upper left part, ``WIDTH`` pixels wide."""
    left, top, right, bottom = render(pdf, page, SKETCH).box()
    margin = 2
    kept = min(1.0, width) * (right - left) + 2 * margin
    dpi = SKETCH * WIDTH / kept
    scale = dpi / SKETCH
    numbers = {
        "-x": (left - margin) * scale,
        "-y": (top - margin) * scale,
        "-W": WIDTH,
        "-H": (height * (bottom - top) + 2 * margin) * scale,
    }
    crop = [word for key, n in numbers.items() for word in (key, str(max(0, round(n))))]
    return render(pdf, page, dpi, *crop)


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
    done = subprocess.run(  # noqa: S603 - one of two known programs, on our own files
        [_find(program), *arguments], capture_output=True, check=False
    )
    if done.returncode:
        raise PictureError(f"{program}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def heading_of(workbook: Path, sheet: str) -> str:
    """What the first row of a sheet says.

    Raises:
        PictureError: there is no such sheet, or nothing in its first row.
    """
    book = openpyxl.load_workbook(workbook, read_only=True)
    if sheet in book.sheetnames:
        for row in book[sheet].iter_rows(max_row=1, values_only=True):
            for value in row:
                if value:
                    return str(value)
    raise PictureError(f"{workbook.name}: no heading on a sheet '{sheet}'")


def make(folder: Path) -> None:
    """Run the demo in ``folder`` and make every picture from it."""
    district = run_demo(folder, Language.VI).workbook
    sample = folder / RETURNED / f"{SAMPLE}.xlsx"
    with Office() as office:
        printed = {path: office.to_pdf(path, folder) for path in (district, sample)}
    PICTURES.mkdir(exist_ok=True)
    for picture in SHOWN:
        workbook = sample if picture.of_school else district
        pdf = printed[workbook]
        page = page_with(pdf, heading_of(workbook, picture.sheet))
        image = cut_out(pdf, page, picture.width, picture.height)
        target = PICTURES / f"{picture.name}.png"
        target.write_bytes(png(image))
        size = target.stat().st_size / 1024
        print(f"{target.name}: {image.width} x {image.height}, {size:.0f} kB")


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
