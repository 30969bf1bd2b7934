"""Readable for everybody: contrast, words beside every colour, words for every chart."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Color
from openpyxl.workbook import Workbook

from kdcl_xl.checking.settings import Settings
from kdcl_xl.demo.run import DEMO_DAY
from kdcl_xl.district.merge import merge
from macros_free_validation.live import live_sheet
from macros_free_validation.rule import Severity, Stage
from samples import describe
from tests.build import THCS, layout_of
from tests.template.test_template import make
from workbook_templates import styles
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.text import Language

ENOUGH = 4.5
"""Contrast of text on its ground (WCAG 2.1, 1.4.3)."""

UNREAD_FORMATS = {styles.STYLES[name]["num_format"] for name in styles.UNREAD}


def luminance(colour: str) -> float:
    parts = [value / 255 for value in bytes.fromhex(colour[-6:])]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, ground: str) -> float:
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_has_it() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
    assert contrast("#777777", "#FFFFFF") < ENOUGH


def test_contrast_of_every_style() -> None:
    """Each style as it is, and each highlight on top of each style it may cover."""
    base = {name: {**styles.BASE, **style} for name, style in styles.STYLES.items()}
    every = dict(base)
    for name, style in base.items():
        for severity, highlight in styles.SEVERITY_STYLES.items():
            every[f"{name} under {severity}"] = {**style, **highlight}
    for name, style in every.items():
        if name.split(" under ")[0] in styles.UNREAD:
            continue
        ink = str(style["font_color"])
        grounds = {str(style.get("bg_color", styles.PAPER))}
        grounds |= {str(style[key]) for key in ("fg_color",) if key in style}
        for ground in grounds:
            assert contrast(ink, ground) >= ENOUGH, (name, ink, ground)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("district") / "tong-hop.xlsx"
    merge(
        [describe.HERE / "workbooks"],
        target,
        builtin_catalogue(),
        DEMO_DAY,
        Settings(Stage.DISTRICT),
        schools=(),
        authority="Phòng Văn hóa - Xã hội (ví dụ)",
        language=Language.VI,
    )
    return target


@pytest.fixture(scope="module", params=["2020-2021", "2026-2027", "district"])
def content(request: pytest.FixtureRequest, district: Path) -> bytes:
    if request.param == "district":
        return district.read_bytes()
    return make(THCS, request.param)[1]


def rgb(colour: Color | None, otherwise: str) -> str:
    return str(colour.rgb) if colour is not None and colour.type == "rgb" else otherwise


def looks(book: Workbook) -> Iterator[tuple[str, str, str]]:
    """Where, ink and ground of every cell with text and of every highlight in a file."""
    for ws in book:
        for cell in (cell for row in ws.iter_rows() for cell in row if cell.value is not None):
            if cell.number_format in UNREAD_FORMATS:
                continue
            ground = styles.PAPER
            if cell.fill.fill_type is not None:
                ground = rgb(cell.fill.fgColor, styles.PAPER)
            yield f"{ws.title}!{cell.coordinate}", rgb(cell.font.color, "#000000"), ground
        for area in ws.conditional_formatting:
            for rule in area.rules:
                font, fill = rule.dxf.font, rule.dxf.fill
                if fill is None:  # borders of a print-out
                    continue
                ground = rgb(fill.bgColor, styles.PAPER)
                yield f"{ws.title}!{area.sqref}", rgb(font and font.color, styles.INK), ground


@pytest.mark.slow
def test_contrast_in_the_files(content: bytes) -> None:
    seen = list(looks(openpyxl.load_workbook(io.BytesIO(content))))
    poor = [look for look in seen if contrast(look[1], look[2]) < ENOUGH]
    assert len(seen) > 200
    assert not poor


def test_every_chart_and_picture_has_words(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        drawings = [n for n in package.namelist() if n.startswith("xl/drawings/drawing")]
        xml = "".join(package.read(n).decode("utf-8") for n in drawings)
        pictures = [n for n in package.namelist() if n.startswith(("xl/charts/chart", "xl/media"))]
    described = [re.search(r'descr="([^"]+)"', tag) for tag in re.findall(r"<xdr:cNvPr[^>]*>", xml)]
    assert all(described)
    assert len(described) >= len(pictures)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["2018", "2026"])
def test_a_highlight_always_comes_with_words(form: str) -> None:
    """A cell is coloured when a helper cell speaks, and what it says stands in the row."""
    layout = layout_of(form, rows=120)
    year = {"2018": "2020-2021", "2026": "2026-2027"}[form]
    book = openpyxl.load_workbook(io.BytesIO(make(THCS, year)[1]))
    coloured = 0
    for sheet in layout.sheets:
        if sheet.sheet.printed:  # borders and bold type, no colours
            continue
        live = live_sheet(layout, sheet.key)
        shown = live.row_message(sheet.first_row) + live.cell_message(sheet.cells)
        for area in book[sheet.name].conditional_formatting:
            for rule in area.rules:
                (formula,) = rule.formula
                if sheet.key == "checks":  # colours a line that names its severity
                    assert any(severity.label.vi in formula for severity in Severity)
                    continue
                if formula == '"✓"':  # colours the status of a row, which says it in its own cell
                    continue
                letters = re.findall(r"\$([A-Z]+)\d+", formula)
                assert letters
                assert all(re.search(rf"\b{letter}\d", shown) for letter in letters), formula
                coloured += 1
    assert coloured > 15
