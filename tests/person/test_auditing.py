"""An auditor works through two hundred flags at the desk; the next merge has every decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

from kdcl_xl.demo.run import DEMO_YEAR
from kdcl_xl.demo.synthetic.district import AUTHORITY, RETURNED, SCHOOLS_FILE, make_district
from kdcl_xl.district.hidden.read_previous import read_previous
from kdcl_xl.district.model.desk import DeskKind
from kdcl_xl.district.sheets.flags import DECISION, RULE
from kdcl_xl.district.sheets.links import TASKS
from tests.conftest import run_command
from tests.person.auditor import CHOICES, Auditor, Line
from tests.person.calc import Calc, Region
from tests.person.conftest import MEASURED
from tests.person.screen import Screen

pytestmark = [pytest.mark.libreoffice, pytest.mark.person]

SCHOOLS, LEAST = 24, 200
RETURNED_ON, DAY = date(2027, 1, 15), date(2027, 3, 5)
"""The plans wait for some weeks, so that each has tasks that are overdue."""
REVIEWS = "KD711"
"""A rule that is found once in nearly every school: decided on by filter, in one go."""
NOTE, TEAM = "Đề nghị nêu rõ lý do và hạn mới.", "Tổ 2"
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a district whose authority workbook, ``so.xlsx``, has two hundred flags."""
    made = tmp_path_factory.mktemp("huyen")
    make_district(made, SCHOOLS, DEMO_YEAR, RETURNED_ON)
    merge(made, "so.xlsx")
    return made


def merge(folder: Path, name: str, *more: str) -> str:
    """Merge the files of the district, and return what the command says."""
    done = run_command(
        *("merge", str(folder / RETURNED), "-o", str(folder / name), "--today", DAY.isoformat()),
        *("--schools", str(folder / SCHOOLS_FILE), "--authority", AUTHORITY, *more),
    )
    assert done.exit_code == 0, done.output
    return str(done.output)


@pytest.fixture
def auditor(screen: Screen, folder: Path) -> Iterator[Auditor]:
    with Calc(screen, folder / "so.xlsx", Region.VIETNAM) as calc:
        yield Auditor.at(calc)


def test_two_hundred_flags_are_decided_on(
    auditor: Auditor, folder: Path, record_property: Record
) -> None:
    calc, screen = auditor.calc, auditor.calc.screen
    flags = [line for line in auditor.lines if line.kind is DeskKind.FLAG]
    assert len(flags) >= LEAST
    before, busy = screen.effort, calc.processor_seconds()
    decided: dict[str, tuple[str, str, str]] = {}

    def decides(line: Line, choice: str, note: str = "", assignee: str = "") -> None:
        for flag in auditor.below(line):
            own = decided.get(flag.key, (choice, note, ""))
            decided[flag.key] = (*own[:2], own[2] or assignee)

    # A flag below the line of a rule has a decision of its own.
    groups = [line for line in auditor.open_lines if line.kind is DeskKind.RULE]
    own = auditor.below(groups[0])[1]
    auditor.look_at(DECISION, groups[0])
    calc.open_outline()
    auditor.click(DECISION, own)
    auditor.decide(CHOICES[2], note="Đã có minh chứng.")
    decides(own, CHOICES[2], "Đã có minh chứng.")
    auditor.look_at(DECISION, groups[0])
    calc.close_outline()

    # The task of a flag is read on its own sheet.
    linked = next(line for line in auditor.open_lines if line.target == TASKS.vi)
    assert auditor.follow(linked)
    assert auditor.come_back() == str(linked.number)

    # Down the list: line by line, those of rules once for all flags below.
    lines = auditor.open_lines
    auditor.click(DECISION, lines[0])
    choices, taken = cycle(CHOICES), 1
    for nth, line in enumerate(lines):
        if line.kind is DeskKind.SCHOOL or line.rule == REVIEWS:
            calc.press("Down")
            continue
        taken += 1
        choice = next(choices)
        note = NOTE if nth % 9 == 1 else ""
        assignee = TEAM if nth % 6 == 1 else ""
        auditor.decide(choice, note=note, assignee=assignee)
        decides(line, choice, note, assignee)

    # One rule over all schools: filtered, selected, typed once.
    screen.press("ctrl+shift+l")
    auditor.filter(RULE, REVIEWS)
    reviews = [line for line in flags if line.rule == REVIEWS]
    auditor.click(DECISION, reviews[0])
    screen.press(*["shift+Down"] * (len(reviews) - 1))
    calc.fill(CHOICES[0])
    taken += 1
    for line in reviews:
        decides(line, CHOICES[0])
    effort, seconds = screen.effort - before, calc.processor_seconds() - busy
    calc.save()
    calc.close()

    record_property(
        MEASURED,
        f"{len(flags)} flags by {taken} decisions: {effort}; "
        f"{effort.keystrokes / len(flags):.1f} keystrokes and {effort.clicks / len(flags):.2f} "
        f"clicks a flag; {seconds / taken:.2f} s of the program a decision",
    )
    assert set(decided) == {line.key for line in flags}
    said = merge(folder, "so-2.xlsx", "--previous", str(calc.path))
    assert f"{len(flags)} đã kết luận" in said
    found = {
        line.key: (line.typed.decision, line.typed.note or "", line.assignee or "")
        for line in read_previous(folder / "so-2.xlsx", DAY).lines
    }
    assert {key: found[key] for key in decided} == decided
