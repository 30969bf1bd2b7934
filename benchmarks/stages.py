"""Measure the stages of a merge one by one; a run is a process of its own.

``python -m benchmarks.stages FOLDER TARGET WAY`` prints the CPU seconds, without start-up, of

- ``all``: every stage of ``kdcl-xl merge --jobs 1``;
- ``files``: the stages of a file alone;
- ``check``: reading and judging, with the packed records kept as a merge keeps them;
- ``previous``: reading the authority workbook at the target as the next merge would;
- ``decide``: nothing; it types a decision into every other flag of that workbook.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import process_time

from benchmarks.data import LISTING, RETURNED
from kdcl_xl.checking.check import judged
from kdcl_xl.checking.many import check_all
from kdcl_xl.checking.record import pack, unpack
from kdcl_xl.checking.settings import Settings
from kdcl_xl.checking.task import Task
from kdcl_xl.demo.run import DEMO_DAY
from kdcl_xl.district.decisions.decision import Choice, DecisionMemory
from kdcl_xl.district.decisions.levels import gather
from kdcl_xl.district.hidden.read_previous import read_previous
from kdcl_xl.district.model.build import build_district
from kdcl_xl.district.sheets.flags import SHEET as FLAG_SHEET
from kdcl_xl.district.sheets.flags import TYPED_HEADERS
from kdcl_xl.district.workbook import render_district
from kdcl_xl.files import write_whole
from kdcl_xl.school_list.read import read_schools
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.xlsx.package import UnreadableError, read_contents
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.rule import Stage
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.text import Language

STAGES = ("guard", "read", "judge", "pack", "unpack", "build", "write")
"""In the order of a merge; reading opens the guarded file itself, so that it includes guarding."""


def files(folder: Path, _target: Path) -> dict[str, float]:
    """Time the stages of each file, one file after the other as in a merge."""
    return _files(folder)[1]


def _files(folder: Path) -> tuple[list[bytes], dict[str, float]]:
    catalogue, spent, records = builtin_catalogue(), dict.fromkeys(STAGES[:4], 0.0), []
    for path in find_inputs([folder / RETURNED]):
        at = [process_time()]
        with suppress(UnreadableError):  # what it costs to refuse a file counts too
            open_workbook(read_contents(path).data)
        at.append(process_time())
        submission = read_submission(path, catalogue)
        at.append(process_time())
        checked = judged(submission, DEMO_DAY)
        at.append(process_time())
        records.append(pack(checked))
        at.append(process_time())
        for stage, (began, ended) in zip(spent, pairwise(at), strict=True):
            spent[stage] += ended - began
    return records, {**spent, "files": len(records)}


def all_stages(folder: Path, target: Path) -> dict[str, float]:
    """Run every stage of a merge in one process."""
    records, spent = _files(folder)
    catalogue = builtin_catalogue()
    schools = read_schools(folder / LISTING, catalogue).schools
    at = [process_time()]
    entries = [unpack(record, catalogue) for record in records]
    at.append(process_time())
    district = build_district(entries, schools, "", DEMO_DAY, Settings(Stage.DISTRICT))
    lines = [flag.line for flag in district.flags]
    memory = gather(DecisionMemory(), (), lines, DEMO_DAY, district.present)
    district = district.with_memory(memory)
    at.append(process_time())
    write_whole(target, render_district(district, Language.VI))
    at.append(process_time())
    for stage, (began, ended) in zip(STAGES[4:], pairwise(at), strict=True):
        spent[stage] = ended - began
    return spent


def check(folder: Path, _target: Path) -> dict[str, float]:
    """Read and judge as a merge does in one process, and keep the same records."""
    began = process_time()
    records = check_all(find_inputs([folder / RETURNED]), Task(builtin_catalogue(), DEMO_DAY))
    return {"seconds": process_time() - began, "kept": sum(map(len, records)) / len(records)}


def previous(_folder: Path, target: Path) -> dict[str, float]:
    """Read an earlier authority workbook."""
    began = process_time()
    memory = read_previous(target, DEMO_DAY)
    typed = sum(1 for line in memory.lines if line.typed)
    return {"seconds": process_time() - began, "lines": len(memory.lines), "decided": typed}


def decide(_folder: Path, target: Path) -> dict[str, float]:
    """Decide on every other flag, as an auditor whose program is openpyxl."""
    import openpyxl

    book = openpyxl.load_workbook(target)
    flags = book[FLAG_SHEET.name.vi]
    values: tuple[str | date, ...] = (
        Choice.ACCEPT.label.vi,
        "Đã trao đổi với nhà trường",
        "Chuyên viên",
        date(2026, 12, 1),
    )
    header = next(row for row in flags.iter_rows() if row[0].value and row[1].value)
    places = {str(cell.value): nth for nth, cell in enumerate(header)}
    rows = list(flags.iter_rows((header[0].row or 0) + 1))[::2]
    for row in rows:
        for name, value in zip(TYPED_HEADERS, values, strict=True):
            row[places[name.vi]].value = value
    book.save(target)
    return {"decided": len(rows)}


_WAYS = {"all": all_stages, "files": files, "check": check, "previous": previous, "decide": decide}

if __name__ == "__main__":
    print(json.dumps(_WAYS[sys.argv[3]](Path(sys.argv[1]), Path(sys.argv[2]))))
