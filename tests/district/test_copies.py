"""Copied tasks: only several long ones, each reported once with both positions."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kdcl_xl.district.model.copied_text import MOST_SOURCES, copied_tasks
from kdcl_xl.submission.model import Submission
from macros_free_validation import likeness as module
from macros_free_validation.likeness import (
    MOST_COMPARED,
    Originals,
    Vocabulary,
    likeness,
    words_of,
)
from macros_free_validation.rule import Finding
from tests.build import SCHOOL, TODAY, good_task, layout_of, make_plan, write_workbook
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in
from workbook_templates.layout import Limits

LONG = (
    (
        "Tổ chức ba buổi sinh hoạt chuyên môn theo nghiên cứu bài học ở tổ Khoa học tự nhiên, "
        "ghi hình một tiết để cùng phân tích"
    ),
    (
        "Lập hồ sơ theo dõi riêng cho từng học sinh đọc chưa trôi chảy, hai tuần một lần gặp cha "
        "mẹ để thống nhất cách kèm"
    ),
    (
        "Sửa lại hệ thống thoát nước sau dãy phòng học phía đông trước mùa mưa và mời đơn vị "
        "chuyên môn kiểm tra độ an toàn"
    ),
    (
        "Mở kho sách dùng chung cho bốn lớp đầu cấp, giao lớp trưởng ghi sổ mượn trả và tổng kết "
        "vào sáng thứ hai đầu tháng"
    ),
)
FORMULAIC = ("Tổ chức kiểm tra định kỳ", "Dự giờ, thăm lớp", "Bồi dưỡng thường xuyên cho giáo viên")


def plan_of(code: str, tasks: Sequence[str], day: int = 1) -> Submission:
    layout = layout_of("2026", rows=30)
    school = dataclasses.replace(SCHOOL, code=code, name=f"Trường {code}")
    rows = [{**good_task(layout, n), "task": text} for n, text in enumerate(tasks)]
    plan = make_plan(layout, school=school, tables={"plan": rows})
    saved = datetime(2026, 9, day, tzinfo=UTC)
    return Submission(Path(f"{code}.xlsx"), code, None, None, plan, (), saved)


def found(*submissions: Submission, limits: Limits = ()) -> dict[str, list[Finding]]:
    return dict(copied_tasks(submissions, limits, TODAY))


def test_the_later_plan_is_held_against_the_earlier_one() -> None:
    later = plan_of("001", ["Việc riêng của trường Một", *LONG], day=9)
    earlier = plan_of("002", [*LONG[:2], "Việc riêng của trường Hai", *LONG[2:]], day=3)
    (path, findings), = found(later, earlier).items()  # fmt: skip
    assert path == "001.xlsx"
    sheet = layout_of("2026", rows=30).sheet("plan")
    first = sheet.first_row
    assert [f.row for f in findings] == [first + n for n in (1, 2, 3, 4)]
    assert [f.cell for f in findings] == [sheet.ref("task", first + n) for n in (1, 2, 3, 4)]
    assert findings[2].message.vi == (
        f"Công việc giống 100% với dòng {first + 3}, trang «Kế hoạch» của Trường 002 (mã 002, tệp "
        "002.xlsx); hai kế hoạch có 4 công việc như vậy."
    )


def test_a_copy_with_a_name_a_number_and_accents_changed_is_a_copy() -> None:
    changed = [
        LONG[0].replace("ba buổi", "04 buổi").upper(),
        LONG[1].replace("hai tuần", "Hai  tuần,").replace("kèm", "giúp"),
        LONG[2].replace("phía đông", "phía tây").replace("hòa", "hoà"),
    ]
    (findings,) = found(plan_of("001", LONG), plan_of("002", changed, day=2)).values()
    assert len(findings) == 3
    assert all("gi" in f.message.vi and "100%" not in f.message.vi for f in findings[:2])


@pytest.mark.parametrize(
    "tasks",
    [FORMULAIC * 3, LONG[:2], [*LONG[:2], *FORMULAIC]],
    ids=["short", "two", "two and short ones"],
)
def test_customary_sentences_are_no_copies(tasks: Sequence[str]) -> None:
    assert not found(plan_of("001", tasks), plan_of("002", tasks), plan_of("003", tasks))


def test_words_of_the_template_are_nobodys() -> None:
    layout = layout_of("2026")
    own = [layout.sheet("plan").column(f).column.help.vi for f in ("task", "lead", "start")]
    own.append(layout.sheet("plan").sheet.intro.vi)
    own += sorted((c.title for c in layout.regulation.criteria), key=len)[-3:]
    assert sum(len(words_of(text)) >= 15 for text in own) >= 3
    assert not found(plan_of("001", own), plan_of("002", own))


def test_what_many_copied_is_held_against_the_earliest_once_a_row() -> None:
    plans = [plan_of(f"{n:03}", LONG, day=n) for n in range(1, MOST_SOURCES + 8)]
    reported = found(*reversed(plans))
    assert set(reported) == {p.shown_path for p in plans[1:]}
    for findings in reported.values():
        assert len(findings) == len(LONG)
        assert all("001.xlsx" in f.message.vi for f in findings)


def test_limits_are_asked() -> None:
    two = plan_of("001", LONG[:2]), plan_of("002", LONG[:2], day=2)
    assert len(found(*two, limits=(("copied_tasks", 2),))["002.xlsx"]) == 2
    assert not found(*two, limits=(("copied_tasks", 2), ("copied_words", 60)))
    near = plan_of("003", [text.replace(" một ", " hai ") for text in LONG[:2]], day=3)
    strict: Limits = (("copied_tasks", 1), ("copied_likeness", 100))
    assert not found(two[0], near, limits=strict)


def test_the_finding_stands_among_the_flags_and_can_be_ignored(run: Run, tmp_path: Path) -> None:
    layout = layout_of("2026")
    folder = tmp_path / "nop"
    folder.mkdir()
    for code in ("001", "002"):
        school = dataclasses.replace(SCHOOL, code=code, name=f"Trường {code}")
        rows = [{**good_task(layout, n), "task": text} for n, text in enumerate(LONG)]
        plan = make_plan(layout, school=school, tables={"plan": rows})
        write_workbook(folder / f"{code}.xlsx", plan, school)
    out = tmp_path / "t.xlsx"
    assert run("merge", folder, "-o", out).exit_code == 0
    flags = [r for r in table(sheet_in(out, "Cờ")) if r["Quy tắc"] == "KD906"]
    assert flags.pop(0)["Vấn đề"] == "4 trường hợp: Công việc giống kế hoạch của trường khác"
    assert [(r["Mã trường"], r["Mức độ"]) for r in flags] == [("002", "Cảnh báo")] * 4
    assert run("merge", folder, "-o", out, "--ignore", "KD906").exit_code == 0
    assert not [r for r in table(sheet_in(out, "Cờ")) if r["Quy tắc"] == "KD906"]


WORDS = [
    f"{a}{b}" for a in "bcdghklmnprstvx" for b in ("a", "e", "i", "o", "u", "an", "inh", "uong")
]


def random_texts(count: int, seed: int = 1) -> list[tuple[str, ...]]:
    source = random.Random(seed)
    return [tuple(source.choices(WORDS, k=source.randint(15, 40))) for _ in range(count)]


VOCABULARY = Vocabulary()
coded = VOCABULARY.coded_words


@cache
def known_texts() -> tuple[list[tuple[str, ...]], Originals]:
    texts, originals = random_texts(200), Originals(0.85)
    assert [originals.place(coded(text)) for text in texts] == list(range(200))
    return texts, originals


@given(st.integers(0, 199), st.data())
@settings(max_examples=60, deadline=None)
def test_every_near_copy_is_found(which: int, data: st.DataObject) -> None:
    """Replace one word in ten: the filter before the comparison loses no copy."""
    texts, originals = known_texts()
    text = list(texts[which])
    spots = data.draw(st.sets(st.integers(0, len(text) - 1), max_size=len(text) // 10))
    for spot in spots:
        text[spot] = data.draw(st.sampled_from(WORDS))
    assert originals.place(coded(text)) == which


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(tuple))
def test_likeness_is_of_equals_1(words: tuple[str, ...]) -> None:
    assert likeness(words, words) == 1
    assert words_of(" ".join(words)) == words
    assert VOCABULARY.coded(" ".join(words)) == coded(words)
    assert likeness(coded(words), coded(words)) == 1


def test_the_work_grows_with_the_number_of_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    whole = module.most_like

    def counted(words: str, texts: Sequence[str], least: float) -> int | None:
        nonlocal compared
        compared += len(texts)
        return whole(words, texts, least)

    monkeypatch.setattr(module, "most_like", counted)
    spent = []
    for count in (500, 2000):
        compared = 0
        originals = Originals(0.85)
        for text in random_texts(count):
            originals.place(coded(text))
            originals.place(coded((*text[1:], "moi")))
        spent.append(compared)
    assert spent[0] >= 500
    assert spent[1] <= 2 * 2000 * MOST_COMPARED
    assert spent[1] / spent[0] < 8, spent
