"""The programs that kdcl-xl is compared with; each run is a process of its own.

``python -m benchmarks.peers FOLDER TARGET WAY...`` where the way is

- ``floor files``: open the files, inflate the parts that the tool looks at, nothing else;
  ``floor inputs``: only those of the sheets in which schools type;
- ``pandas openpyxl plan``, ``pandas calamine all`` …: what a user would write: read the sheet
  of the plan, or all sheets in which schools type, of every file, put them together and write
  them; nothing is checked, linked or formatted;
- ``openpyxl all``: the same with openpyxl alone, read-only to write-only;
- ``template 20``: a template written so many times with openpyxl, to memory.

It prints the CPU seconds of its work, without those of loading the libraries; of the template
those of one.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.data import PARTS, RETURNED


def floor(folder: Path, which: str) -> None:
    """Open and inflate."""
    for name, parts in _facts(folder)[which].items():
        with zipfile.ZipFile(folder / RETURNED / name) as archive:
            for part in parts:
                archive.read(part)


def with_pandas(folder: Path, target: Path, engine: str, scope: str) -> None:
    """Read with an engine, put together sheet by sheet, write."""
    import pandas

    files, sheets = _wanted(folder, scope)
    read: dict[str, list[Any]] = {name: [] for name in sheets}
    for path in files:
        with pandas.ExcelFile(path, engine=engine) as book:
            present = [name for name in sheets if name in book.sheet_names]
            for name, frame in pandas.read_excel(book, sheet_name=present, header=None).items():
                read[name].append(frame.assign(file=path.name))
    with pandas.ExcelWriter(target) as writer:
        for name, frames in read.items():
            pandas.concat(frames).to_excel(writer, sheet_name=name, index=False, header=False)


def with_openpyxl(folder: Path, target: Path, scope: str) -> None:
    """Copy rows from read-only to write-only workbooks, row by row."""
    import openpyxl

    files, sheets = _wanted(folder, scope)
    made = openpyxl.Workbook(write_only=True)
    targets = {name: made.create_sheet(name) for name in sheets}
    for path in files:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for name in sheets:
            if name in book.sheetnames:
                for row in book[name].iter_rows(values_only=True):
                    targets[name].append([path.name, *row])
        book.close()
    made.save(target)


def template(count: int) -> float:
    """Write a template with openpyxl; the seconds of one."""
    from benchmarks.template import YEARS, Copyist, ours, seconds

    copyist = Copyist(ours(YEARS[-1]))
    return seconds(lambda: [copyist.write() for _ in range(count)]) / count


def _facts(folder: Path) -> Any:
    return json.loads((folder / PARTS).read_text("utf-8"))


def _wanted(folder: Path, scope: str) -> tuple[list[Path], list[str]]:
    facts = _facts(folder)
    sheets = [facts["plan"]] if scope == "plan" else facts["sheets"]
    return [folder / RETURNED / name for name in facts["files"]], sheets


def main(folder: Path, target: Path, way: str, *rest: str) -> None:
    """Load the libraries, then work and say how long it took."""
    if way == "pandas":
        __import__("pandas")
        __import__({"calamine": "python_calamine"}.get(rest[0], rest[0]))
    elif way == "openpyxl":
        __import__("openpyxl")
    began = process_time()
    match way:
        case "template":
            print(json.dumps({"each": template(int(rest[0]))}))
            return
        case "floor":
            floor(folder, *rest)
        case "pandas":
            with_pandas(folder, target, *rest)
        case "openpyxl":
            with_openpyxl(folder, target, *rest)
    print(json.dumps({"seconds": process_time() - began}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
