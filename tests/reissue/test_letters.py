"""Letters to schools that returned nothing, or nothing that can be read."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kdcl_xl.reissue.letters import Letter, Refused
from kdcl_xl.schools import School
from tests.conftest import Run
from tests.reissue.test_feedback import NO_LEAD, Desk, task
from workbook_templates.text import Language, Text

LISTED = "code,name,kind\n001,Trường 001,thcs\n002,Trường Bình Minh,thcs\n003,Trường Sao Mai,thcs\n"


@pytest.fixture
def desk(tmp_path: Path, run: Run) -> Desk:
    """A district of three schools: one returned its plan, one a Word document, one nothing."""
    made = Desk(tmp_path, run)
    listing = tmp_path / "truong.csv"
    listing.write_text(LISTED, "utf-8")
    made.returns([task(0, NO_LEAD)], "001")
    (made.returned / "002_ke-hoach.xlsx").write_bytes(b"PK\x03\x04 cut short")
    made.merge("--schools", listing, "--authority", "Phòng VHXH xã Ban Mai")
    return made


class Page(HTMLParser):
    """The texts and the names of the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def letter(desk: Desk, code: str, ending: str) -> str:
    (path,) = desk.out.glob(f"{code}_*_thu-bao{ending}")
    return path.read_text("utf-8")


def test_a_missing_school_gets_a_letter(desk: Desk) -> None:
    said = desk.send(code=1)
    assert "003 Trường Sao Mai: chưa nộp -> " in said
    assert "Đã ghi thư báo cho 2 trường" in said
    text = letter(desk, "003", ".txt")
    assert text.startswith("Phòng VHXH xã Ban Mai\nNgày 22/11/2026\n")
    assert "Kính gửi: Trường Sao Mai (mã trường 003)" in text
    assert "Phòng VHXH xã Ban Mai chưa nhận được tệp kế hoạch" in text
    assert "Trân trọng cảm ơn" in text
    assert len(list(desk.out.glob("001_*"))) == 1, "it has its copy, and no letter"


def test_an_unreadable_school_gets_the_reason_and_the_way_out(desk: Desk) -> None:
    desk.send(code=1)
    text = letter(desk, "002", ".txt")
    checked = desk.run("check", desk.returned / "002_ke-hoach.xlsx", "--format", "json")
    assert "Tệp «002_ke-hoach.xlsx»: " in text
    assert "Cách khắc phục: " in text
    remedy = text.split("Cách khắc phục: ")[1].split("\n")[0]
    assert remedy
    assert remedy in checked.output
    page = Page()
    page.feed(letter(desk, "002", ".html"))
    shown = " ".join(" ".join(page.texts).split())
    for line in text.split("\n\n")[2:]:
        assert " ".join(line.split()) in shown
    assert not page.tags & {"script", "link", "img"}


def test_letters_in_english(desk: Desk) -> None:
    said = desk.send("--lang", "en", code=1)
    assert "003 Trường Sao Mai: nothing returned -> " in said
    assert "To: Trường Sao Mai (school code 003)" in letter(desk, "003", ".txt")
    assert '<html lang="en">' in letter(desk, "003", ".html")


def test_a_school_that_was_merged_but_not_given_gets_no_letter(desk: Desk) -> None:
    (desk.returned / "001.xlsx").unlink()
    desk.returns([task(0, NO_LEAD)], "003")
    said = desk.send(code=3)
    assert "1 trường trong sổ tổng hợp không có tệp ở đây: 001" in said
    assert not list(desk.out.glob("001_*"))
    assert not list(desk.out.glob("003_*_thu-bao*")), "its plan came after the merge"


def test_a_single_workbook_leaves_no_place_for_letters(desk: Desk) -> None:
    one = desk.folder / "một.xlsx"
    said = desk.run("feedback", desk.book, desk.returned, "-o", one)
    assert "003 Trường Sao Mai: chưa nộp\n" in said.output
    assert sorted(path.name for path in desk.folder.iterdir() if path.is_file()) == sorted(
        ["một.xlsx", "so.xlsx", "truong.csv"]
    )


def test_a_hostile_name_stays_text() -> None:
    refused = Refused("<b>x.xlsx", Text("Lý do <script>", "Why"), Text("Lưu lại", "Save"))
    made = Letter(School("001", "Trường <i>\x1b[2J"), (refused,), "Xã & huyện", date(2026, 11, 29))
    for language in Language:
        page = made.html(language)
        assert "<script>" not in page
        assert "<i>" not in page
        assert "\x1b" not in page + made.plain(language)
        assert "Xã &amp; huyện" in page


def test_a_file_of_no_known_school_is_answered_by_its_name() -> None:
    refused = Refused("ke hoach.xlsx", Text("Hỏng.", "Damaged."), Text("Lưu lại.", "Save."))
    made = Letter(School(), (refused,), "", date(2026, 11, 29))
    assert "Kính gửi: Nhà trường đã gửi tệp «ke hoach.xlsx»" in made.plain(Language.VI)
    assert made.file_words == ("ke hoach.xlsx",)
