"""Making templates: their CPU time beside openpyxl's, and what one costs LibreOffice to open.

``python -m benchmarks.template [--runs 7]`` makes the template of a lower secondary school in
alternating runs with the same workbook written by openpyxl: the same values and formulas, cell
styles, validations, highlights, widths, names and protection, taken from the finished template.
Then it makes those of a district's 200 schools, as ``kdcl-xl template --schools`` does, start-up
and writing of files included; openpyxl writes a few, to memory, and start-up is not counted.
Then LibreOffice, started once, loads and recalculates the template and an empty workbook in
turn; without LibreOffice that part is left out, and said.
"""

from __future__ import annotations

import argparse
import copy
import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.runs import Job
from kdcl_xl.schools import School
from kdcl_xl.template.issue import layout_from, template_bytes
from samples.office import Office, OfficeError
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_year import SchoolYear

KIND = next(kind for kind in builtin_catalogue().kinds if kind.id == "thcs")
YEARS = (SchoolYear(2020, 2021), SchoolYear(2026, 2027))
LIMIT = 1 / 3
"""Seconds of CPU that making one template may take after import."""
SCHOOLS, BY_OPENPYXL, TIMES = 200, 5, 5
"""Schools of a district, those that openpyxl writes for, and by how much it is to be slower."""
_TIMER = Path(__file__).with_name("loading_uno.py")


def ours(year: SchoolYear) -> bytes:
    """Return the template as the command line makes it."""
    layout = layout_from(builtin_catalogue(), KIND, year)
    return template_bytes(layout, School("00790125", "Trường THCS Bình Minh", KIND), year)


class Copyist:
    """A writer that repeats a template with openpyxl; reading the template is not timed."""

    def __init__(self, content: bytes) -> None:
        self._model = openpyxl.load_workbook(io.BytesIO(content))
        self._cells: list[tuple[Worksheet, list[Any]]] = []
        for ws in self._model:
            cells = [cell for row in ws.iter_rows() for cell in row]
            self._cells.append((ws, [c for c in cells if c.value is not None or c.has_style]))
        styles = {c._style: c for _, cells in self._cells for c in cells}
        self._looks = {
            key: tuple(
                copy.copy(look) for look in (c.font, c.fill, c.border, c.alignment, c.protection)
            )
            for key, c in styles.items()
        }

    def write(self) -> bytes:
        """Write the workbook anew."""
        book = Workbook()
        assert book.active is not None
        book.remove(book.active)
        for model, cells in self._cells:
            ws = book.create_sheet(model.title)
            made: dict[Any, Any] = {}
            for cell in cells:
                new = ws.cell(cell.row, cell.column, cell.value)
                key = cell._style
                if key in made:  # a style is looked up once, as a careful writer would
                    new._style = copy.copy(made[key])
                    continue
                new.font, new.fill, new.border, new.alignment, new.protection = self._looks[key]
                new.number_format = cell.number_format
                made[key] = new._style
            for area in model.conditional_formatting:
                for rule in area.rules:
                    ws.conditional_formatting.add(str(area.sqref), copy.copy(rule))
            for rule in model.data_validations.dataValidation:
                ws.add_data_validation(rule)
            for letter, column in model.column_dimensions.items():
                ws.column_dimensions[letter].width = column.width
                ws.column_dimensions[letter].hidden = column.hidden
            for merged in model.merged_cells.ranges:
                ws.merge_cells(str(merged))
            ws.protection.sheet = True
        for name, defined in self._model.defined_names.items():
            book.defined_names[name] = copy.copy(defined)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time of one run."""
    began = time.process_time()
    work()
    return time.process_time() - began


def making(runs: int) -> bool:
    """Print the table of making; whether every template keeps its limit."""
    print(
        f"{'school year':<12}{'template':>10}{'openpyxl':>10}{'ratio':>8}   CPU s, median of {runs}"
    )
    within = True
    for year in YEARS:
        copyist = Copyist(ours(year))  # imports and compiled rules are warm from here on
        copyist.write()
        pairs = [(seconds(partial(ours, year)), seconds(copyist.write)) for _ in range(runs)]
        own, other = (statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        within &= own < LIMIT
        print(f"{year!s:<12}{own:>10.3f}{other:>10.3f}{ratio:>8.2f}")
    return within


def district(runs: int) -> bool:
    """Print the table of a district's templates; whether openpyxl is slow enough beside them."""
    copyist = Copyist(ours(YEARS[-1]))
    copyist.write()
    with tempfile.TemporaryDirectory() as name:
        listing = Path(name, "schools.csv")
        lines = (f"{n:08},Trường THCS {n},{KIND}\n" for n in range(SCHOOLS))
        listing.write_text("code,name,kind\n" + "".join(lines), "utf-8")
        command = ("-m", "kdcl_xl", "template", "--schools", listing, "--school-year", YEARS[-1])
        pairs = []
        for nth in range(runs):
            made = Path(name, f"run {nth}")
            own = Job((*map(str, command), "-o", made)).run().cpu / SCHOOLS
            assert len(list(made.iterdir())) == SCHOOLS
            other = seconds(lambda: [copyist.write() for _ in range(BY_OPENPYXL)]) / BY_OPENPYXL
            pairs.append((own, other))
    ratio = statistics.median(b / a for a, b in pairs)
    own, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"\n{'a district':<12}{'kdcl-xl':>10}{'openpyxl':>10}{'times':>8}   CPU s a school")
    print(f"{SCHOOLS} schools {own:>10.3f}{other:>10.3f}{ratio:>8.1f}")
    return ratio >= TIMES


def loading(runs: int) -> None:
    """Print the table of loading in LibreOffice."""
    with tempfile.TemporaryDirectory() as name, Office() as office:
        folder = Path(name)
        empty = folder / "empty.xlsx"
        Workbook().save(empty)
        paths = [empty]
        for year in YEARS:
            paths.append(folder / f"{year}.xlsx")
            paths[-1].write_bytes(ours(year))
        job = folder / "job.json"
        job.write_text(json.dumps({"paths": [str(p) for p in paths], "runs": runs}), "utf-8")
        times = json.loads(office.run(_TIMER, str(job)))
    print(f"\n{'LibreOffice':<12}{'opens':>10}{'more':>10}   s, median of {runs}, recalculated")
    for path, taken in zip(paths, times, strict=True):
        more = statistics.median(a - b for a, b in zip(taken, times[0], strict=True))
        print(f"{path.stem:<12}{statistics.median(taken):>10.3f}{more:>10.3f}")


def main() -> None:
    """Run and print; exit code 1 where making takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="of each, at least 5")
    runs = max(5, parser.parse_args().runs)
    within = making(runs)
    fast = district(3)
    try:
        loading(runs)
    except OfficeError as error:
        print(f"\nLibreOffice was not timed: {error}")
    print(f"\nMaking one takes {'less' if within else 'MORE'} than {LIMIT:.2f} s of CPU.")
    print(f"openpyxl takes {TIMES} times as long for a district{'' if fast else ': NOT REACHED'}.")
    raise SystemExit(not (within and fast))


if __name__ == "__main__":
    main()
