"""Make the files to measure on: synthetic districts, and files that LibreOffice saved.

``python -m benchmarks.data district 200 FOLDER`` and ``… libreoffice 42 FOLDER`` make them in
a folder below, whose name they print, and note the parts of each file that the tool needs
(``parts.json``), so that the floor need not look for them. Complete folders are kept. Beyond
2,000 schools, the files of 2,000 are reworded.
"""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

from benchmarks.variants import make_variants

RETURNED, LISTING, PARTS = "ban-nop", "truong.csv", "parts.json"
SMALL_PARTS = (
    "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "docProps/core.xml",
    "docProps/custom.xml",
)  # fmt: skip


def make_district(schools: int, folder: Path) -> None:
    """Make a synthetic district as ``kdcl-xl demo`` does."""
    if schools % _PROVINCE and schools > _PROVINCE:
        raise SystemExit(f"Beyond {_PROVINCE:,} schools, only multiples of it can be made.")
    if schools > _PROVINCE:
        province = Path(main("district", str(_PROVINCE), str(folder.parent)))
        (folder / RETURNED).mkdir(parents=True)
        make_variants(province, RETURNED, LISTING, folder, schools // _PROVINCE)
        return
    from kdcl_xl.demo.run import DEMO_DAY, DEMO_YEAR
    from kdcl_xl.demo.synthetic.district import make_district

    make_district(folder, schools, DEMO_YEAR, DEMO_DAY)


_PROVINCE = 2_000


def make_libreoffice(files: int, folder: Path) -> None:
    """Make a synthetic district whose files LibreOffice opened, computed anew and saved.

    Raises:
        OfficeError: there is no LibreOffice.
    """
    from samples.office import Office

    make_district(files, folder)
    readable = _parts(folder)["files"]
    with Office() as office:
        for path in sorted((folder / RETURNED).iterdir()):
            if path.name in readable:
                office.recalculate(path, folder / path.name)
                (folder / path.name).replace(path)
            else:
                path.unlink()


def with_comment(path: Path, comment: str) -> None:
    """Change the bytes of a file without changing its content."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = comment.encode()


def _parts(folder: Path) -> dict[str, Any]:
    """Return, for each readable file, the parts that the tool needs.

    ``files`` are all parts that the tool reads, ``inputs`` those that hold typed values.
    """
    from kdcl_xl.submission.reading import read_submission
    from kdcl_xl.xlsx.workbook import open_workbook
    from workbook_templates.regulation import builtin_catalogue

    catalogue = builtin_catalogue()
    wanted: dict[str, list[str]] = {}
    inputs: dict[str, list[str]] = {}
    names: dict[str, None] = {}
    plan = ""
    for path in sorted((folder / RETURNED).iterdir()):
        submission = read_submission(path, catalogue)
        if submission.plan is None:
            continue
        layout = submission.plan.layout
        workbook = open_workbook(path.read_bytes())
        sheets = [sheet.name for sheet in layout.sheets if sheet.cells or sheet.columns]
        names |= dict.fromkeys(sheets)
        plan = layout.sheet("plan").name
        small = [
            name for name in (*SMALL_PARTS, workbook.strings_part) if name in workbook.package.parts
        ]
        inputs[path.name] = [*small, *(workbook.sheets[name] for name in sheets)]
        own = [sheet.name for sheet in layout.sheets if sheet.name in workbook.sheets]
        wanted[path.name] = [*small, *(workbook.sheets[name] for name in own)]
    return {"plan": plan, "sheets": list(names), "files": wanted, "inputs": inputs}


_MAKERS = {"district": make_district, "libreoffice": make_libreoffice}


def main(kind: str, count: str, place: str) -> str:
    """Make the folder of this version of the tool, or leave it where it is complete."""
    from kdcl_xl.checking.cache import code_digest

    folder = Path(place) / f"{kind}-{count}-{code_digest()[:8]}"
    if not (folder / PARTS).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        _MAKERS[kind](int(count), folder)
        facts = json.dumps(_parts(folder), ensure_ascii=False)
        (folder / PARTS).write_text(facts, "utf-8")
    for path in (folder / RETURNED).iterdir():  # so that no run is the first to read the disk
        path.read_bytes()
    return str(folder)


if __name__ == "__main__":
    print(json.dumps({"folder": main(*sys.argv[1:])}))
