"""Merges of merges: a district workbook among the inputs stands for its schools."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kdcl_xl.check import Checked, check_file
from kdcl_xl.district import sources as stored
from kdcl_xl.district.below import Below, seen_from_above
from kdcl_xl.district.build import build_district
from kdcl_xl.district.decision import Memory
from kdcl_xl.district.model import District, InputState, State
from kdcl_xl.files import base_name
from kdcl_xl.merge import expected_by
from kdcl_xl.record import NewerRecordError, RecordError
from kdcl_xl.schools import School
from kdcl_xl.settings import Settings, Waiver
from kdcl_xl.submission import Submission
from macros_free_validation.rule import Severity, Stage, finding
from macros_free_validation.rules import workbook as rules
from tests.build import SCHOOL, TODAY, Value, good_task, layout_of, make_plan, write_workbook
from workbook_templates.layout import Limits
from workbook_templates.regulation import Catalogue, builtin_catalogue
from workbook_templates.vocabulary import SchoolKind

CATALOGUE = builtin_catalogue()
LAYOUT = layout_of("2026")
LONG = (
    "Tổ chức cho giáo viên toàn trường dự giờ chéo mỗi tuần một tiết rồi họp tổ rút kinh nghiệm",
    "Rà soát sách, thiết bị của thư viện theo danh mục, lập dự toán mua bổ sung trình duyệt",
    "Phối hợp với cha mẹ học sinh vận động trẻ bỏ học trở lại lớp, theo dõi sĩ số từng ngày",
)
KIND = SchoolKind.THCS


def rows(*changes: Mapping[str, Value]) -> list[dict[str, Value]]:
    return [{**good_task(LAYOUT, n), **change} for n, change in enumerate(changes)]


COPIED = [{"task": text} for text in LONG]
PLANS: Mapping[str, tuple[str, Sequence[Mapping[str, Value]]]] = {
    "001.xlsx": ("001", COPIED),
    "002.xlsx": ("002", [{"lead": "UBND xã"}, {}]),
    "003.xlsx": ("003", [*COPIED, {"deadline": date(2026, 10, 1)}]),
    "004_a.xlsx": ("004", [{}, {"lead": None}]),
    "004_b.xlsx": ("004", [{}]),
    "005.xlsx": ("", [{"task": "Trường quên ghi mã"}]),
    "0006.xlsx": ("6", [{"budget": "nhiều"}]),
}
"""Files by name: the code of the school, and what is changed on good rows."""
EXPECTED = tuple(
    School(code, f"Trường {code}", KIND) for code in ("001", "002", "003", "004", "0006", "007")
)


class Returned(tuple[Checked, ...]):
    """Checked files that Hypothesis need not print."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{len(self)} files"


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Returned:
    """Everything that several districts were sent, read once."""
    folder = tmp_path_factory.mktemp("tỉnh") / "nop"
    folder.mkdir()
    for age, (name, (code, changes)) in enumerate(PLANS.items()):
        school = replace(SCHOOL, code=code, name=f"Trường {code}")
        path = write_workbook(
            folder / name,
            make_plan(LAYOUT, school=school, tables={"plan": rows(*changes)}),
            school,
        )
        os.utime(path, (1_790_000_000 + age, 1_790_000_000 + age))
    (folder / "001 bản sao.xlsx").write_bytes((folder / "001.xlsx").read_bytes())
    (folder / "007_hong.xlsx").write_bytes(b"%PDF-1.7\n")
    (folder / "la.xlsx").write_bytes(b"PK\x03\x04 half a zip")
    paths = sorted(folder.iterdir())
    return Returned(check_file(path, CATALOGUE, TODAY) for path in paths)


def above(district: District, path: Path, today: date, limits: Limits) -> Below:
    """What the level above makes of a district, by way of the text in its workbook."""
    cells = stored.store(district.sources)
    assert max(map(len, cells)) <= 32_000
    sources = stored.restore(cells, CATALOGUE, limits, 10**9)
    return Below(seen_from_above(sources, district.authority, path, today), Memory())


def merged(
    parts: Sequence[Checked | Below],
    expected: Sequence[School],
    chosen: Settings,
    preferred: frozenset[str] = frozenset(),
    authority: str = "Tỉnh",
    today: date = TODAY,
) -> District:
    checked: list[Checked] = []
    below: dict[str, Below] = {}
    for part in parts:
        if isinstance(part, Below):
            path = Path(f"{part.sources.authority}.xlsx")
            found = (finding(rules.DISTRICT_WORKBOOK),)
            checked.append(Checked(Submission(path, part.digest, None, None, None, found), found))
            below[str(path)] = part
            checked += part.sources.checked
        else:
            checked.append(part)
    known = expected_by(expected, below.values())
    return build_district(
        checked, known, authority, today, chosen, preferred=preferred, below=below
    )


def without_levels(district: District) -> dict[str, object]:
    """All that a district says, but for the names of the workbooks that files came in."""

    def name(text: str) -> str:
        return base_name(text) if text.endswith(".xlsx") else text

    inputs = [i for i in district.inputs if i.state is not InputState.TAKEN_IN]
    folders = {i.path.removesuffix(base_name(i.path)) for i in inputs}

    def plain(text: str) -> str:
        for folder in sorted(folders, key=len, reverse=True):
            text = text.replace(folder, "")
        return text

    return {
        "inputs": [replace(i, path=name(i.path), under=(), reason=plain(i.reason)) for i in inputs],
        "schools": [
            replace(
                line,
                school=replace(line.school, under=()),
                paths=tuple(map(name, line.paths)),
                standings=tuple(replace(s, path=name(s.path)) for s in line.standings),
                under=(),
            )
            for line in district.schools
        ],
        "tasks": [
            replace(t, path=name(t.path), standing=replace(t.standing, path=name(t.standing.path)))
            for t in district.tasks
        ],
        "flags": [replace(f, path=name(f.path)) for f in district.flags],
    }


STRICT = Settings(
    Stage.DISTRICT,
    ignore=frozenset({"KD504"}),
    severities={"KD303": Severity.NOTE},
    waivers=(Waiver("004", "KD301", None, "lý do", "Chuyên viên", date(2027, 6, 30), "x:1"),),
)


@dataclass
class Split:
    """How files fall to districts (0 to 2, or 3: to nobody), and what these made of them."""

    of_file: list[int]
    of_school: list[int]
    is_nested: bool
    day: date
    limits: Limits
    preferred: set[int]
    chosen: Settings


splits = st.builds(
    Split,
    st.lists(st.integers(0, 3), min_size=10, max_size=10),
    st.lists(st.integers(0, 3), min_size=len(EXPECTED), max_size=len(EXPECTED)),
    st.booleans(),
    st.sampled_from((TODAY, date(2026, 9, 30))),
    st.sampled_from(((), (("copied_words", 40), ("most_due", 1)))),
    st.just(set()) | st.sampled_from(({4}, {5})),
    st.sampled_from((Settings(Stage.DISTRICT), STRICT)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(split=splits)
def test_districts_merged_are_their_schools_merged(returned: Returned, split: Split) -> None:
    """Whatever day, limits and settings each district merged with."""
    own = Settings(Stage.DRAFT, select=frozenset({"KD301"}))
    assert len(returned) == len(split.of_file)
    parts: list[Checked | Below] = []
    order: list[Checked] = []
    listed: list[School] = [s for s, at in zip(EXPECTED, split.of_school, strict=True) if at == 3]
    named = frozenset(
        returned[n].submission.shown_path for n in split.preferred if split.of_file[n] != 3
    )
    for at in range(3):
        files = [c for c, place in zip(returned, split.of_file, strict=True) if place == at]
        schools = [s for s, place in zip(EXPECTED, split.of_school, strict=True) if place == at]
        paths = {c.submission.shown_path for c in files}
        district = merged(files, schools, own, named & paths, f"Xã {at}", split.day)
        below = above(district, Path(f"Xã {at}.xlsx"), TODAY, split.chosen.limits)
        if split.is_nested and at == 2:
            district = merged([below], (), own, frozenset(), "Liên xã", split.day)
            below = above(district, Path("Liên xã.xlsx"), TODAY, split.chosen.limits)
        parts.append(below)
        order += files
        listed += schools
    direct = [c for c, place in zip(returned, split.of_file, strict=True) if place == 3]
    top = [s for s, at in zip(EXPECTED, split.of_school, strict=True) if at == 3]
    found = merged([*parts, *direct], top, split.chosen)
    at_once = merged([*order, *direct], listed, split.chosen, named)
    assert without_levels(found) == without_levels(at_once)


def test_the_files_show_what_must_be_found_across_districts(
    returned: Returned,
) -> None:
    """The property above is not empty: rules across schools speak at the level above."""
    at = {"001.xlsx": 0, "001 bản sao.xlsx": 1, "004_b.xlsx": 1}
    parts = [[c for c in returned if at.get(c.submission.path.name, 2) == n] for n in range(3)]
    districts = [
        merged(files, EXPECTED[:1] if n == 0 else (), Settings(Stage.DISTRICT), authority=f"Xã {n}")
        for n, files in enumerate(parts)
    ]
    found = [{f.finding.rule for f in district.flags} for district in districts]
    assert not any({"KD906", "KD901"} & ids for ids in found)
    below = [
        above(district, Path(f"Xã {n}.xlsx"), TODAY, ()) for n, district in enumerate(districts)
    ]
    province = merged(below, EXPECTED, Settings(Stage.DISTRICT))
    assert {"KD906", "KD901"} <= {f.finding.rule for f in province.flags}
    states = {i.path: i.state for i in province.inputs}
    assert list(states.values()).count(InputState.TAKEN_IN) == 3
    assert InputState.SAME in states.values()
    assert InputState.PASSED_OVER in states.values()
    assert {line.school.code: line.state for line in province.schools}["007"] is State.UNREADABLE
    assert {line.under for line in province.schools} == {("Xã 0",), ("Xã 1",), ("Xã 2",)}


def test_damaged_sources_are_refused(returned: Returned) -> None:
    cells = stored.store(merged(returned, EXPECTED, Settings(Stage.DISTRICT)).sources)

    def restore(changed: Sequence[str], largest: int = 10**9) -> stored.Sources:
        return stored.restore(changed, CATALOGUE, (), largest)

    assert restore(cells).expected == EXPECTED
    head, packed = cells[0], "".join(cells[1:])
    wrongs: list[list[str]] = [[], [""], [head], [head, packed[:-400]], [head, packed[4:]]]
    wrongs += [[head, "x" + packed[1:]], [head.replace('"size": ', '"size": 1'), packed]]
    wrongs += [["[]", packed], ["{}", packed], [head, "á" + packed]]
    for wrong in wrongs:
        with pytest.raises(RecordError):
            restore(wrong)
    with pytest.raises(RecordError, match="byte"):
        restore(cells, 1000)
    with pytest.raises(NewerRecordError):
        restore([head.replace('"format": 1', '"format": 2'), packed])
    other = restore(cells)
    unread = stored.restore(cells, Catalogue(()), (), 10**9)
    assert len(unread.checked) == len(other.checked)
    assert not any(c.submission.is_read for c in unread.checked)
    assert {c.findings[0].rule for c in unread.checked} == {"KD001", "KD007", "KD006"}
