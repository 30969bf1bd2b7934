"""The auditor's loop, stateful: whatever is edited, nothing typed is lost or goes astray.

Plans, files and the authority workbook are edited at random and merged again and again.
Each merge goes through the bytes: the workbook is written, taken apart into cells, edited,
written by another program, and read back. Every text is typed once in the world, so that
it can be looked for.
"""

from __future__ import annotations

import dataclasses
import io
import random
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kdcl_xl.checking.check import Checked
from kdcl_xl.checking.settings import Settings
from kdcl_xl.district.decisions.decision import DecisionMemory, Ending
from kdcl_xl.district.decisions.several import Previous, reconcile
from kdcl_xl.district.hidden.read_previous import read_previous
from kdcl_xl.district.model.build import build_district
from kdcl_xl.district.model.model import District
from kdcl_xl.district.sheets import closed, flags, notes, waiting
from kdcl_xl.district.sheets.order import SHEETS
from kdcl_xl.district.workbook import render_district
from kdcl_xl.submission.model import Submission
from kdcl_xl.template.stamp import DISTRICT_PROPERTY
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.judge import judge
from macros_free_validation.rule import Stage
from macros_free_validation.values import Raw
from tests.build import SCHOOL, TODAY, good_task, layout_of, make_plan

STEPS = 2_000
"""The least number of steps in the suite."""
FATES = ("kept", "closed", "to be reviewed", "waiting", "below a group", "assigned from above")
SEEN = 25
"""The least number of times that each fate of a decision is checked."""
LAYOUT = layout_of("2026", rows=10)
OTHER_SHEETS = tuple(s.name.vi for s in SHEETS if s not in (flags.SHEET, notes.SHEET))
"""The sheets without input columns, except the notes."""
MOST_JOBS = 6
HEADER_ROW = 3
LEADS = ("Ban Giám hiệu", "UBND xã", "UBND phường", "Sở GDĐT")
DEADLINES = (date(2027, 5, 31), "tháng năm", "tháng sau", date(2027, 9, 30))
"""The first value of each list is right; each other one is different evidence."""
RULES = {"KD303": "lead", "KD402": "deadline", "KD404": "deadline"}
"""Rules that judge one field that the machine changes, and no other such field."""

Grid = dict[tuple[int, int], Raw]


@dataclasses.dataclass
class Job:
    """A task of a school, identified by its text."""

    uid: str
    lead: int = 0
    deadline: int = 0

    def value(self, field: str) -> object:
        return LEADS[self.lead] if field == "lead" else DEADLINES[self.deadline]


@dataclasses.dataclass
class Typing:
    """The text typed on a finding, and the finding that it belongs to."""

    token: str
    school: str
    rule: str
    uid: str
    value: object


def grid_of(content: bytes) -> dict[str, Grid]:
    workbook = open_workbook(content)
    return {
        name: {
            (row, column): value
            for row, cells in workbook.rows(name)
            for column, value in cells.items()
        }
        for name in workbook.sheets
    }


def saved(grids: dict[str, Grid]) -> bytes:
    """Return the cells as another program saves them: values only."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_custom_property(DISTRICT_PROPERTY, "1")
    for name, grid in grids.items():
        ws = book.add_worksheet(name)
        for (row, column), value in grid.items():
            if isinstance(value, str):
                ws.write_string(row - 1, column, value)
            elif isinstance(value, float):
                ws.write_number(row - 1, column, value)
    book.close()
    return buffer.getvalue()


class Loop(RuleBasedStateMachine):
    """The district, its schools, and the auditor at the workbook."""

    steps: ClassVar[int] = 0
    merges: ClassVar[int] = 0
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "so.xlsx")
        self.schools: dict[str, list[Job]] = {}
        self.files: dict[str, str] = {}
        self.grids: dict[str, Grid] = {}
        self.district: District | None = None
        self.tokens: set[str] = set()
        self.typings: dict[str, Typing] = {}
        self.repeated: set[str] = set()
        """Tasks that were there twice: their decisions cannot be assigned."""
        self.count = 0
        self.today = TODAY
        self.flags_name = "Cờ"
        self.away: dict[str, list[Job]] = {}
        """Schools whose files are not given for some time, with their tasks."""
        self.written: dict[str, Grid] = {}
        """The cells as the last merge wrote them."""

    def teardown(self) -> None:
        self.folder.cleanup()

    @initialize(jobs=st.integers(1, 3))
    def begin(self, jobs: int) -> None:
        self.add_school()
        for _ in range(jobs):
            self.add_job(0, 1, 1)
        self.merge()

    # What happens at the schools

    def fresh(self, kind: str) -> str:
        self.count += 1
        return f"{kind}·{self.count}·"

    def pick_school(self, at: int) -> str:
        return sorted(self.schools)[at % len(self.schools)]

    def pick_job(self, at: int) -> Job | None:
        """Return a task, more often than not one with a decision."""
        jobs = [job for jobs in self.schools.values() for job in jobs]
        decided = {typing.uid for typing in self.typings.values()}
        if at % 4:
            jobs = [job for job in jobs if job.uid in decided] or jobs
        return jobs[at % len(jobs)] if jobs else None

    @precondition(lambda self: len(self.schools) < 3)
    @rule()
    def add_school(self) -> None:
        Loop.steps += 1
        self.count += 1
        code = f"7900{self.count:04d}"
        self.schools[code] = []
        self.files[code] = f"{code}.xlsx"
        for _ in range(2):
            self.add_job(len(self.schools) - 1, self.count % 4, self.count % 3)

    @precondition(lambda self: len(self.schools) > 1)
    @rule(at=st.integers(0, 9))
    def remove_school(self, at: int) -> None:
        """Leave out the file of a school: its faults are not mended by that."""
        Loop.steps += 1
        code = self.pick_school(at)
        self.away[code] = self.schools.pop(code)

    @precondition(lambda self: self.away)
    @rule(at=st.integers(0, 9))
    def return_school(self, at: int) -> None:
        Loop.steps += 1
        code = sorted(self.away)[at % len(self.away)]
        self.schools[code] = self.away.pop(code)

    @rule(at=st.integers(0, 9))
    def rename_file(self, at: int) -> None:
        Loop.steps += 1
        self.files[self.pick_school(at)] = self.fresh("tep") + ".xlsx"

    @rule(at=st.integers(0, 9), lead=st.integers(0, 3), deadline=st.integers(0, 3))
    def add_job(self, at: int, lead: int, deadline: int) -> None:
        """Insert a task above all others, so that every row moves."""
        Loop.steps += 1
        jobs = self.schools[self.pick_school(at)]
        if len(jobs) < MOST_JOBS:
            jobs.insert(0, Job(self.fresh("viec"), lead, deadline))

    @rule(at=st.integers(0, 99))
    def remove_job(self, at: int) -> None:
        Loop.steps += 1
        job = self.pick_job(at)
        for jobs in self.schools.values():
            jobs[:] = [j for j in jobs if j is not job]

    @rule(at=st.integers(0, 99))
    def repeat_job(self, at: int) -> None:
        Loop.steps += 1
        job = self.pick_job(at)
        for jobs in self.schools.values():
            if any(j is job for j in jobs) and len(jobs) < MOST_JOBS and job:
                jobs.append(dataclasses.replace(job))
                self.repeated.add(job.uid)

    @rule(at=st.integers(0, 99), mix=st.integers(0, 99))
    def shuffle_jobs(self, at: int, mix: int) -> None:
        Loop.steps += 1
        random.Random(mix).shuffle(self.schools[self.pick_school(at)])

    @rule(at=st.integers(0, 99), lead=st.integers(0, 3), deadline=st.integers(0, 3))
    def change_job(self, at: int, lead: int, deadline: int) -> None:
        Loop.steps += 1
        job = self.pick_job(at)
        if job:
            job.lead, job.deadline = lead, deadline

    @rule(at=st.integers(0, 99))
    def reword_job(self, at: int) -> None:
        Loop.steps += 1
        job = self.pick_job(at)
        if job:
            job.uid = self.fresh("viec")

    # What happens in the workbook

    @property
    def flags_grid(self) -> Grid:
        return self.grids[self.flags_name]

    def columns(self) -> dict[str, int]:
        grid = self.flags_grid
        return {str(v): c for (r, c), v in grid.items() if r == HEADER_ROW}

    def keyed_rows(self) -> dict[int, str]:
        """Return the rows of the flag sheet now, with their keys."""
        column = self.columns().get("Mã dòng (không sửa)")
        grid = self.flags_grid
        return {r: str(v) for (r, c), v in grid.items() if c == column and r > HEADER_ROW}

    def flag_rows(self) -> dict[int, str]:
        """Return the rows that are one flag each, with their keys."""
        return {r: key for r, key in self.keyed_rows().items() if key[:2] == "KD" and key[5] == "-"}

    def group_rows(self) -> dict[int, str]:
        """Return the rows of a rule many times in a school, with their keys."""
        return {r: key for r, key in self.keyed_rows().items() if key[5] == "+"}

    def place(self, row: int, column: int, token: str) -> None:
        """Type over a cell; a text that the auditor types over is not lost by the tool."""
        before = self.flags_grid.get((row, column))
        if isinstance(before, str):
            self.forget(before)
        self.flags_grid[row, column] = token
        self.tokens.add(token)

    def choose(self, row: int, word: str) -> None:
        place = (row, self.columns()["Kết luận"])
        self.forget(str(self.flags_grid.get(place)))
        self.flags_grid[place] = word

    def forget(self, token: str) -> None:
        self.tokens.discard(token)
        self.typings.pop(token, None)

    @rule(at=st.integers(0, 99), word=st.sampled_from(["Chấp nhận", "Miễn", "", "lạ"]))
    def decide(self, at: int, word: str) -> None:
        Loop.steps += 1
        rows, columns = sorted(self.flag_rows().items()), self.columns()
        if not rows or self.district is None:
            return
        if at % 4:
            rows = [(r, key) for r, key in rows if key[:5] in RULES] or rows
        row, key = rows[at % len(rows)]
        flag = next((f for f in self.district.flags if f.line.key == key), None)
        assert flag is not None
        token = self.fresh("ykien")
        self.place(row, columns["Ý kiến rà soát"], token)
        if word == "lạ":
            self.place(row, columns["Kết luận"], self.fresh("kl"))
        elif word:
            self.choose(row, word)
        if flag.finding.rule in RULES and flag.task is not None:
            task = self.district.tasks[flag.task]
            uid = str(task.value("task"))
            self.typings[token] = Typing(
                token, flag.school_code, flag.finding.rule, uid, flag.finding.value
            )

    @precondition(lambda self: self.group_rows())
    @rule(at=st.integers(0, 99), word=st.sampled_from(["Chấp nhận", "Miễn", "", "lạ"]))
    def decide_group(self, at: int, word: str) -> None:
        """Decide on the line of a rule: it holds for every flag below without a decision."""
        Loop.steps += 1
        rows, columns = sorted(self.group_rows()), self.columns()
        row = rows[at % len(rows)]
        self.place(row, columns["Ý kiến rà soát"], self.fresh("nhom"))
        if word == "lạ":
            self.place(row, columns["Kết luận"], self.fresh("kl"))
        elif word:
            self.choose(row, word)
        Loop.seen["decided by group"] += 1

    @rule(at=st.integers(0, 99))
    def assign(self, at: int) -> None:
        """Assign a school, a rule in a school, or one flag."""
        Loop.steps += 1
        rows = sorted(self.keyed_rows())
        if rows:
            self.place(rows[at % len(rows)], self.columns()["Phân công"], self.fresh("giao"))

    @rule(at=st.integers(0, 99), where=st.sampled_from(["below", "beside", "above", "far"]))
    def scribble(self, at: int, where: str) -> None:
        """Type text outside the input columns of the sheet of flags."""
        Loop.steps += 1
        last = max((r for r, _ in self.flags_grid), default=HEADER_ROW)
        wide = max(c for _, c in self.flags_grid)
        columns = self.columns()
        place = {
            "below": (last + 2, columns["Ý kiến rà soát"]),
            "beside": (HEADER_ROW + 1 + at % max(1, last - HEADER_ROW), wide + 2),
            "above": (2, at % 10),
            "far": (200_000 + at, 700 + at),
        }[where]
        self.place(*place, self.fresh("vutvat"))

    @rule(at=st.integers(0, 99), word=st.sampled_from(["Chấp nhận", "Yêu cầu sửa"]))
    def delete_key(self, at: int, word: str) -> None:
        Loop.steps += 1
        rows, columns = sorted(self.flag_rows()), self.columns()
        if not rows:
            return
        row = rows[at % len(rows)]
        del self.flags_grid[row, columns["Mã dòng (không sửa)"]]
        self.place(row, columns["Ý kiến rà soát"], self.fresh("mokhoa"))
        self.choose(row, word)

    @rule(at=st.integers(0, 99))
    def delete_row(self, at: int) -> None:
        """Delete a row: the text typed in it since the last merge is gone."""
        Loop.steps += 1
        rows = sorted(self.keyed_rows())
        if not rows or self.district is None:
            return
        row = rows[at % len(rows)]
        key = self.keyed_rows()[row]
        grid = self.written["Cờ"]
        own = {r for (r, _), value in grid.items() if value == key}
        kept = {value for (r, _), value in grid.items() if r in own}
        for place in [p for p in self.flags_grid if p[0] == row]:
            value = self.flags_grid.pop(place)
            if value not in kept:
                self.forget(str(value))
        for line in (f.line for f in self.district.flags if f.line.key == key and f.line.earlier):
            assert line.earlier
            self.tokens |= {v for v in line.earlier.typed.cells if isinstance(v, str) and "·" in v}

    @rule(mix=st.integers(0, 999))
    def sort_rows(self, mix: int) -> None:
        Loop.steps += 1
        rows = sorted({r for r, _ in self.flags_grid if HEADER_ROW < r < 100_000})
        mixed = list(rows)
        random.Random(mix).shuffle(mixed)
        to = dict(zip(rows, mixed, strict=True))
        self.grids[self.flags_name] = {
            (to.get(r, r), c): v for (r, c), v in self.flags_grid.items()
        }

    @rule(at=st.integers(0, 12), heading=st.booleans())
    def insert_column(self, at: int, heading: bool) -> None:
        Loop.steps += 1
        moved = {(r, c + (c >= at)): v for (r, c), v in self.flags_grid.items()}
        self.grids[self.flags_name] = moved
        if heading:
            self.place(HEADER_ROW, at, self.fresh("cot"))
        self.place(HEADER_ROW + 1, at, self.fresh("cotmoi"))

    @rule()
    def rename_sheet(self) -> None:
        Loop.steps += 1
        name = self.fresh("Sheet").replace("·", "-")
        self.grids = {name if n == self.flags_name else n: g for n, g in self.grids.items()}
        self.flags_name = name

    @rule(name=st.sampled_from(OTHER_SHEETS))
    def write_elsewhere(self, name: str) -> None:
        Loop.steps += 1
        token = self.fresh("noikhac")
        self.grids[name][30 + self.count, 3] = token
        self.tokens.add(token)

    @rule()
    def add_sheet(self) -> None:
        Loop.steps += 1
        token = self.fresh("sheetrieng")
        self.grids[self.fresh("Rieng").replace("·", "-")] = {(2, 2): token, (2, 3): 5.0}
        self.tokens.add(token)

    # The merge

    def checked(self) -> list[Checked]:
        found: list[Checked] = []
        for code, jobs in sorted(self.schools.items(), key=lambda pair: self.files[pair[0]]):
            school = dataclasses.replace(SCHOOL, code=code, name=f"Trường {code}")
            rows = [
                {
                    **good_task(LAYOUT, 0),
                    "task": job.uid,
                    "lead": job.value("lead"),
                    "deadline": job.value("deadline"),
                }
                for job in jobs
            ]
            plan = make_plan(LAYOUT, school=school, tables={"plan": rows})  # type: ignore[dict-item]
            path = Path(self.files[code])
            submission = Submission(path, f"{code}{len(found)}", None, None, plan, ())
            found.append(Checked(submission, judge(plan, TODAY)))
        return found

    @rule(
        at=st.integers(0, 99), then=st.sampled_from(["move", "change", "remove", "return", "away"])
    )
    def decide_and_merge(self, at: int, then: str) -> None:
        """Run the usual course: decide, merge, and then change the task."""
        self.decide(at | 1, "Chấp nhận")
        self.merge()
        decided = {typing.uid for typing in self.typings.values()}
        if then == "move":
            self.add_job(at, 0, 0)
        elif then == "change":
            self.change_job(at | 1, 1 + at % 3, 1 + at % 2)
        elif then == "away" and len(self.schools) > 1:
            schools = {typing.school for typing in self.typings.values()} & self.schools.keys()
            for code in sorted(schools)[:1]:
                self.away[code] = self.schools.pop(code)
        else:
            taken = {code: list(jobs) for code, jobs in self.schools.items()}
            for jobs in self.schools.values():
                jobs[:] = [job for job in jobs if job.uid not in decided]
            if then == "return":
                self.merge()
                self.schools = taken
        self.merge()

    @rule(copies=st.sampled_from([1, 1, 2]))
    def merge(self, copies: int = 1) -> None:
        """Merge again; with two copies, one is from before the last edits."""
        Loop.steps += 1
        Loop.merges += 1
        earlier = []
        for nth, grids in enumerate([self.grids, self.written][:copies] if self.grids else []):
            self.path.write_bytes(saved(grids))
            earlier.append(Previous(f"so-{nth}.xlsx", read_previous(self.path, self.today)))
        if earlier:
            self.lines_above_are_heard(earlier[0].memory)
        self.today += timedelta(days=1)
        district = build_district(self.checked(), (), "", TODAY, Settings(Stage.DISTRICT))
        lines = [flag.line for flag in district.flags]
        memory = reconcile(earlier, lines, self.today, district.present)
        self.district = district.with_memory(memory)
        self.grids = grid_of(render_district(self.district).read())
        self.written = {name: dict(grid) for name, grid in self.grids.items()}
        self.flags_name = "Cờ"
        self.nothing_is_lost()
        self.everything_is_where_it_belongs()

    def lines_above_are_heard(self, before: DecisionMemory) -> None:
        """Check what the memory says of each flag below a line that a person filled in."""
        columns, grid = self.columns(), self.flags_grid
        lines = {line.key: line for line in before.lines}
        group, school = columns.get("Nhóm (không sửa)"), columns.get("Tên trường")
        places = [columns[h] for h in ("Kết luận", "Ý kiến rà soát", "Phân công")]
        rows = {row: [grid.get((row, column)) for column in places] for row in self.keyed_rows()}
        by_group = {grid.get((r, group)): cells for r, cells in rows.items()}  # type: ignore[arg-type]
        for row, key in self.flag_rows().items():
            number = grid.get((row, group))  # type: ignore[arg-type]
            own = rows[row]
            above = by_group.get(-number) if isinstance(number, float) and number else None
            if above is None:
                continue
            if own[0] is None:
                wanted = [mine or theirs for mine, theirs in zip(own[:2], above, strict=False)]
            else:
                wanted = own[:2]
            assert [lines[key].typed.decision, lines[key].typed.note] == wanted
            Loop.seen["below a group"] += any(above)
            name = grid.get((row, school))  # type: ignore[arg-type]
            tops = [
                cells[2]
                for r, cells in rows.items()
                if (r, group) not in grid and grid.get((r, school)) == name  # type: ignore[arg-type]
            ]
            if len(tops) == 1:
                assert lines[key].assignee == (own[2] or above[2] or tops[0])
                Loop.seen["assigned from above"] += any((above[2], tops[0]))

    def nothing_is_lost(self) -> None:
        shown = "\n".join(
            str(value)
            for sheet in (flags.SHEET, closed.SHEET, waiting.SHEET, notes.SHEET)
            for value in self.grids[sheet.name.vi].values()
        )
        lost = {token for token in self.tokens if token not in shown}
        assert not lost

    def everything_is_where_it_belongs(self) -> None:
        assert self.district is not None
        jobs = {
            (code, job.uid): [j for j in entries if j.uid == job.uid]
            for code, entries in self.schools.items()
            for job in entries
        }
        texts = Counter(
            (flag.line.key, value)
            for flag in self.district.flags
            for value in flag.line.typed.cells
            if isinstance(value, str)
        )
        key_of = {value: key for key, value in texts}
        flags = {flag.line.key: flag for flag in self.district.flags}
        closed = {v for entry in self.district.closed for v in entry.decision.typed.cells}
        replaced = {
            value
            for entry in self.district.closed
            if entry.ending is Ending.REPLACED
            for value in entry.decision.typed.cells
        }
        noted = "\n".join(note.text for note in self.district.notes)
        waits = {
            value
            for entry in self.district.closed
            if entry.ending is Ending.WAITING
            for value in entry.decision.typed.cells
        }
        for typing in list(self.typings.values()):
            here = jobs.get((typing.school, typing.uid), [])
            key = key_of.get(typing.token)
            if key is not None:
                Loop.seen["kept"] += 1
                flag = flags[key]
                assert (flag.school_code, flag.finding.rule) == (typing.school, typing.rule)
                assert flag.finding.value == typing.value
                assert flag.task is not None
                assert self.district.tasks[flag.task].value("task") == typing.uid
            elif typing.token in noted:
                Loop.seen["noted"] += 1
            elif typing.school in self.away:
                Loop.seen["waiting"] += typing.token in waits
                assert typing.token in closed, "a removed file is no mended fault"
            elif typing.token in closed:
                Loop.seen["closed"] += 1
            else:
                Loop.seen["to be reviewed"] += 1
            assert typing.school in self.away or typing.token not in waits
            same = [j for j in here if as_raw(j.value(RULES[typing.rule])) == typing.value]
            is_alone = len(here) == len(same) == 1 and typing.uid not in self.repeated
            if key is None and is_alone:
                # the finding is unchanged: only a newer decision may be in it
                flag = next(
                    f
                    for f in self.district.flags
                    if (f.school_code, f.finding.rule) == (typing.school, typing.rule)
                    and f.task is not None
                    and self.district.tasks[f.task].value("task") == typing.uid
                )
                newer = flag.line.typed or (flag.line.earlier and typing.token in replaced)
                assert newer or typing.token in noted


def as_raw(value: object) -> object:
    return float((value - date(1899, 12, 30)).days) if isinstance(value, date) else value


def rarest() -> int:
    """Return the number of times that the rarest fate of a decision was checked."""
    return min(Loop.seen[kind] for kind in FATES)


@pytest.mark.slow
def test_nothing_typed_is_lost_in_any_sequence() -> None:
    Loop.steps = Loop.merges = 0
    Loop.seen.clear()
    few = settings(
        max_examples=4,
        stateful_step_count=50,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a failure is printed as found: shrinking takes minutes
        suppress_health_check=list(HealthCheck),
    )
    batches = 0
    while (Loop.steps < STEPS or rarest() < SEEN) and batches < 40:
        batches += 1
        run_state_machine_as_test(seed(batches)(Loop), settings=few)
    assert Loop.steps >= STEPS
    assert Loop.merges >= STEPS // 40
    assert rarest() >= SEEN
