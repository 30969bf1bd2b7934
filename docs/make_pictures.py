"""Make the pictures of the documentation from the real thing.

``python docs/make_pictures.py`` runs the demo in a temporary folder, has LibreOffice draw every
sheet of its workbooks, and has ``pdftoppm`` (package poppler-utils) turn them into
``docs/pictures/*.png``, listed in ``docs/pictures/index.md``. Where Times New Roman is missing,
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

from kdcl_xl.checking.settings import Settings  # noqa: E402
from kdcl_xl.demo.run import DEMO_DAY, run_demo  # noqa: E402
from kdcl_xl.demo.synthetic.district import RETURNED  # noqa: E402
from kdcl_xl.district.merge import merge  # noqa: E402
from kdcl_xl.errors import UserError  # noqa: E402
from kdcl_xl.school_list.read import read_schools  # noqa: E402
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
    "province": "sổ tổng hợp của cấp tỉnh",
}
"""What state a workbook is in, for whoever cannot see its pictures."""
COMMUNES, PROVINCE_NAME = ("Xã Ví Dụ", "Phường Ví Dụ"), "Sở Giáo dục và Đào tạo (ví dụ)"
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
        return f"Trang «{self.sheet}», {STATES[self.workbook]}"


@dataclass(frozen=True, slots=True)
class View:
    """A sheet, by the name on its tab, and how much of it is shown."""

    key: str
    sheet: str
    caption: str
    rows: int = 20
    parts: int = 1


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
DISTRICT = (
    View("overview", "Tổng quan", "Tình trạng nộp; vừa một trang A4 đứng.", 60),
    View("quality", "Chất lượng", "Mức đạt, mức hướng tới; mười tiêu chí yếu nhất.", 42),
    View("findings", "Vấn đề", "Vấn đề theo nhóm, kết luận, trường có nhiều vấn đề nhất.", 46),
    View("resources", "Nguồn lực", "Kinh phí theo nguồn và năm học, theo tiêu chuẩn.", 42),
    View("timing", "Thời gian", "Kinh phí và công việc theo tháng.", 46),
    View("to-do", "Việc cần xử lý", "Việc cần làm ngay; bộ quy tắc đã dùng.", 30),
    View("schools", "Trường", "Mỗi trường một dòng.", 14, 2),
    View("tasks", "Kế hoạch", "Mọi công việc của mọi trường, kèm cờ và tiến độ.", 10, 3),
    View("flags", "Cờ", "Mọi vấn đề, bên cạnh là kết luận của người rà soát.", 14, 2),
    View("criteria", "Tiêu chí × Trường", "Mức đạt được và cờ còn mở.", 22),
    View("money", "Kinh phí", "Kinh phí theo trường, tiêu chuẩn và nguồn.", 18),
    View("schedule", "Lịch", "Công việc đến hạn theo tháng.", 20),
    View("follow-up", "Theo dõi", "Tiến độ; việc quá hạn đứng trước.", 12, 2),
    View("recognitions", "Công nhận", "Công nhận đã hết hạn hoặc sắp hết hạn.", 10),
    View("rounds", "Các lần tổng hợp", "Số liệu của từng lần tổng hợp.", 8),
    View("log", "Nhật ký", "Mọi tệp đã nhận.", 11, 2),
)
PROVINCE = (
    View("authorities", "Theo cơ quan", "Các xã bên nhau; bấm vào tên xã để đến các trường.", 8),
    View("schools", "Trường", "Các trường của một xã đứng liền nhau.", 12, 2),
    View("comparison", "So sánh", "Mức và công việc của sổ trước và nay, theo tiêu chí.", 16),
)
"""Sheets that are filled where communes are merged, or an earlier workbook is compared."""
UNSEEN = ("Không có trong lần này", "Đã khép lại", "Ghi chú khác")
"""Sheets that are empty in the demo, which nobody has decided on."""


def _pictures(workbook: str, view: View) -> Iterator[Picture]:
    for part in range(1, view.parts + 1):
        words = [view.key, *workbook.split("-")]
        words += [str(part)] * (view.parts > 1)
        yield Picture(
            "-".join(words), workbook, view.sheet, view.caption, view.rows, part, view.parts
        )


def all_pictures() -> list[Picture]:
    """Every picture, in the order of the page that shows them."""
    states = ("empty", "filled")
    shown = [p for v in SCHOOL for state in states for p in _pictures(f"2026-{state}", v)]
    shown += [p for v in SCHOOL_2018 for p in _pictures("2018-filled", v)]
    shown += [p for view in DISTRICT for p in _pictures("district", view)]
    return shown + [p for view in PROVINCE for p in _pictures("province", view)]


Colour = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """Pixels, row by row, three bytes each."""

    width: int
    height: int
    pixels: bytes


def render(pdf: Path, dpi: float) -> Image:
    """Return the first page as pixels."""
    ppm = _run("pdftoppm", "-f", "1", "-l", "1", "-r", f"{dpi:.3f}", str(pdf))
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
    """Return the demo's workbooks: an empty and a filled one of each form, and the district's."""
    found = {"district": run_demo(folder, Language.VI).workbook}
    catalogue = builtin_catalogue()
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
    found["province"] = _province(folder, found["district"])
    return found


def _province(folder: Path, earlier: Path) -> Path:
    """Return the workbook of a province: two communes merged, compared with an earlier one."""
    below, target = folder / "xa", folder / "tinh.xlsx"
    below.mkdir()
    plans = sorted((folder / RETURNED).glob("*.xlsx"))
    settings, catalogue = Settings(Stage.DISTRICT), builtin_catalogue()
    for nth, name in enumerate(COMMUNES):
        path = below / f"{nth}.xlsx"
        merge(plans[nth::2], path, catalogue, DEMO_DAY, settings, authority=name)
    merge([below], target, catalogue, DEMO_DAY, settings, authority=PROVINCE_NAME, compared=earlier)
    return target


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
    "2026": "Sổ tính của trường, mẫu 2026",
    "2018": "Sổ tính của trường, mẫu 2018, những chỗ khác",
    "district": "Sổ tổng hợp",
    "province": "Sổ tổng hợp của cấp tỉnh",
}


def page() -> str:
    """Return the page that shows every picture, by workbook and sheet."""
    lines = [
        "# Hình của mọi trang",
        "",
        "Do LibreOffice vẽ từ các kế hoạch mẫu: khi để trống như lúc phát, rồi khi đã điền.",
        "Trên giấy, trang «Bản in» không có chữ cái và số ở mép.",
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
