"""Several submissions of one school: the newest valid one counts, and the reason is given."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdcl_xl.district.model.choose import choose, moment_of, remarks
from kdcl_xl.errors import UserError
from kdcl_xl.submission.model import Reading, Submission
from kdcl_xl.submission.reading import read_submission
from kdcl_xl.template.stamp import Stamp
from tests.build import SCHOOL, TODAY, good_plan, good_task, layout_of, make_plan, workbook_bytes
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in
from workbook_templates.regulation import builtin_catalogue

CATALOGUE = builtin_catalogue()
COVER = Reading(only_cover=True)
CORE = "docProps/core.xml"


def saved(content: bytes, modified: str | None) -> bytes:
    """Return the workbook with another time inside, or with none."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == CORE:
                element = (
                    "" if modified is None else f"<dcterms:modified>{modified}</dcterms:modified>"
                )
                data = re.sub(rb"<dcterms:modified.*?</dcterms:modified>", element.encode(), data)
            new.writestr(name, data)
    return target.getvalue()


def written(path: Path, modified: str | None, tasks: int = 1, mtime: float = 1e9) -> Path:
    layout = layout_of("2026")
    plan = make_plan(layout, tables={"plan": [good_task(layout, i) for i in range(tasks)]})
    path.write_bytes(saved(workbook_bytes(plan), modified))
    os.utime(path, (mtime, mtime))
    return path


@pytest.mark.parametrize(
    ("modified", "read"),
    [
        ("2026-11-20T01:15:00Z", datetime(2026, 11, 20, 1, 15, tzinfo=UTC)),
        ("2026-11-20T08:15:00+07:00", datetime(2026, 11, 20, 1, 15, tzinfo=UTC)),
        ("2026-11-20T08:15:00", datetime(2026, 11, 20, 8, 15, tzinfo=UTC)),
        ("hôm qua", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2026-13-01T00:00:00Z", None),
        ("", None),
        (None, None),
    ],
)
def test_the_time_inside(tmp_path: Path, modified: str | None, read: datetime | None) -> None:
    path = written(tmp_path / "a.xlsx", modified)
    submission = read_submission(path, CATALOGUE, COVER)
    assert submission.saved == read
    moment = moment_of(submission, TODAY)
    assert (moment.doubt is None) == (read is not None)
    if read is None:
        assert moment.at == submission.modified
        assert "không ghi thời điểm lưu" in moment.text.vi


def test_a_time_in_the_future_is_not_believed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", "2031-01-01T00:00:00Z")
    moment = moment_of(read_submission(path, CATALOGUE), TODAY)
    assert moment.at == datetime.fromtimestamp(1e9, UTC)
    assert "sau ngày tổng hợp" in moment.text.vi
    assert "01/01/2031" in moment.text.vi


def test_the_cover_alone_tells_whose_file_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", None)
    whole, cover = (
        read_submission(path, CATALOGUE, Reading(only_cover=only)) for only in (False, True)
    )
    for field in ("code", "name", "kind", "school_year", "digest", "stamp", "saved"):
        assert getattr(whole, field) == getattr(cover, field)
    assert cover.plan is not None
    assert cover.plan.rows("plan") == ()


def outcome(book: Path, path: Path) -> tuple[str, str]:
    rows = table(sheet_in(book, "Nhật ký"))
    (row,) = [r for r in rows if str(r["Tệp"]).endswith(path.name)]
    return str(row["Kết quả"]), str(row["Lý do"])


def test_the_newest_counts_and_the_others_are_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "nop"
    folder.mkdir()
    new = written(folder / "a-moi.xlsx", "2026-11-20T01:15:00Z", tasks=3, mtime=1e9)
    old = written(folder / "z-ban cuoi cung.xlsx", "2026-10-01T01:15:00Z", tasks=2, mtime=1.7e9)
    out = tmp_path / "t.xlsx"
    assert run("merge", folder, "-o", out, "--today", "2026-11-22").exit_code == 0
    book = openpyxl.load_workbook(out)
    assert len(table(book["Kế hoạch"])) == 3
    (flag,) = [r for r in table(book["Cờ"]) if r["Quy tắc"] == "KD901"]
    assert "đã lấy tệp «a-moi.xlsx» (lưu lúc 20/11/2026 08:15" in str(flag["Vấn đề"])
    assert "z-ban cuoi cung.xlsx" in str(flag["Vấn đề"])
    assert outcome(out, new)[0] == "Đã tổng hợp"
    state, reason = outcome(out, old)
    assert state == "Có bản khác được chọn, bỏ qua"
    assert "lưu lúc 01/10/2026 08:15" in reason
    assert "a-moi.xlsx" in reason
    (school,) = table(book["Trường"])
    assert (school["Tình trạng"], school["Số công việc"]) == ("Nộp nhiều bản", 3)


def test_prefer_goes_before_everything(run: Run, tmp_path: Path) -> None:
    new = written(tmp_path / "a.xlsx", "2026-11-20T01:15:00Z", tasks=3)
    old = written(tmp_path / "b.xlsx", "2026-10-01T01:15:00Z", tasks=2)
    out = tmp_path / "ra" / "t.xlsx"
    given_day = ("--today", "2026-11-22")
    assert run("merge", new, old, "-o", out, "--prefer", old, *given_day).exit_code == 0
    assert len(table(sheet_in(out, "Kế hoạch"))) == 2
    assert "--prefer" in outcome(out, old)[1]
    both = run("merge", new, old, "-o", out, "--prefer", old, "--prefer", new, *given_day)
    assert both.exit_code == 2
    assert "cùng một trường" in both.stderr
    none = run("merge", new, "-o", out, "--prefer", old, *given_day)
    assert none.exit_code == 2
    assert "không có trong các tệp đầu vào" in none.stderr
    (tmp_path / "hong.xlsx").write_bytes(b"PK")
    bad = run("merge", tmp_path, "-o", out, "--prefer", tmp_path / "hong.xlsx", *given_day)
    assert bad.exit_code == 2
    assert "hong.xlsx" in bad.stderr


def test_the_preferred_of_identical_files_stays(run: Run, tmp_path: Path) -> None:
    first = written(tmp_path / "a.xlsx", None)
    twin = tmp_path / "b.xlsx"
    twin.write_bytes(first.read_bytes())
    out = tmp_path / "ra" / "t.xlsx"
    assert run("merge", first, twin, "-o", out, "--prefer", twin).exit_code == 0
    assert outcome(out, twin)[0] == "Đã tổng hợp"
    assert outcome(out, first)[0] == "Trùng tệp khác, bỏ qua"


STAMP = Stamp("2026", "tt57-2026-pho-thong", "thcs", "2026-2027", 12, "001", "0" * 12)
PLAN = good_plan()
times = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
submissions = st.builds(
    Submission,
    path=st.integers(0, 10**6).map(lambda n: Path(f"{n}.xlsx")),
    digest=st.text(min_size=1, max_size=3),
    modified=times,
    stamp=st.builds(
        dataclasses.replace,
        st.just(STAMP),
        school_year=st.sampled_from(["2026-2027", "2025-2026"]),
        school_code=st.sampled_from(["001", "002", ""]),
    ),
    plan=st.just(PLAN),
    found=st.just(()),
    saved=times,
)


@pytest.mark.slow
@given(st.lists(submissions, min_size=2, max_size=6, unique_by=lambda s: s.path), st.randoms())
def test_choice_is_of_one_and_order_does_not_matter(same: list[Submission], random: object) -> None:
    choice = choose(same, "001", "2026-2027", frozenset(), TODAY)
    assert sorted(s.path for s in (choice.chosen, *choice.others)) == sorted(s.path for s in same)
    random.shuffle(same)  # type: ignore[attr-defined]
    assert choose(same, "001", "2026-2027", frozenset(), TODAY) == choice
    assert set(remarks(choice, TODAY)) == {s.shown_path for s in same}

    def stamp_of(submission: Submission) -> Stamp:
        assert submission.stamp is not None
        return submission.stamp

    of_year = [s for s in same if stamp_of(s).school_year == "2026-2027"]
    if of_year:
        assert choice.chosen in of_year
    own = [s for s in of_year or same if stamp_of(s).school_code in ("001", "")]
    if own:
        assert choice.chosen in own
    soon = TODAY + timedelta(days=1)
    timed = [s for s in own or of_year or same if s.saved and s.saved.date() <= soon]
    if len(timed) == len(own or of_year or same):
        assert choice.chosen.saved == max(s.saved for s in timed if s.saved)


def test_two_preferred_files_of_a_school_are_refused() -> None:
    two = [Submission(Path(n), n, None, STAMP, PLAN, ()) for n in ("a", "b")]
    with pytest.raises(UserError):
        choose(two, "001", "2026-2027", frozenset("ab"), date(2026, 1, 1))


def test_another_schools_template_does_not_take_its_place(run: Run, tmp_path: Path) -> None:
    """Check that a school which typed the code of another one is not taken for it."""
    layout = layout_of("2026")
    own = dataclasses.replace(SCHOOL, code="001")
    other = dataclasses.replace(SCHOOL, code="002")
    tasks = {"plan": [good_task(layout)]}
    plan = make_plan(layout, school=own, tables=tasks)
    (tmp_path / "own.xlsx").write_bytes(saved(workbook_bytes(plan, own), "2026-10-01T00:00:00Z"))
    wrong = make_plan(layout, school=own, tables=tasks)
    later = saved(workbook_bytes(wrong, other), "2026-11-01T00:00:00Z")
    (tmp_path / "other.xlsx").write_bytes(later)
    out = tmp_path / "ra" / "t.xlsx"
    assert run("merge", tmp_path, "-o", out, "--today", "2026-11-22").exit_code == 0
    assert outcome(out, tmp_path / "own.xlsx")[0] == "Đã tổng hợp"
    assert outcome(out, tmp_path / "other.xlsx")[0] == "Đã tổng hợp"
    assert "mẫu được phát cho mã «002»" in str(outcome(out, tmp_path / "other.xlsx")[1])


def test_tasks_that_are_only_in_the_other_copy_are_told(run: Run, tmp_path: Path) -> None:
    folder, out = tmp_path / "nop", tmp_path / "so.xlsx"
    folder.mkdir()
    written(folder / "nua-dau.xlsx", "2026-10-01T00:00:00Z", tasks=5)
    written(folder / "nua-sau.xlsx", "2026-11-01T00:00:00Z", tasks=2)
    assert run("merge", folder, "-o", out, "--today", TODAY).exit_code == 0
    words = "3 việc chỉ có ở tệp «nua-dau.xlsx», không được tính"
    _, reason = outcome(out, folder / "nua-sau.xlsx")
    assert words in reason
    _, reason = outcome(out, folder / "nua-dau.xlsx")
    assert words in reason
    book = openpyxl.load_workbook(out)
    (flag,) = [r for r in table(book["Cờ"]) if r["Quy tắc"] == "KD901"]
    assert words in str(flag["Vấn đề"])


def test_copies_with_the_same_tasks_say_nothing_of_tasks(run: Run, tmp_path: Path) -> None:
    folder, out = tmp_path / "nop", tmp_path / "so.xlsx"
    folder.mkdir()
    written(folder / "cu.xlsx", "2026-10-01T00:00:00Z", tasks=2)
    written(folder / "moi.xlsx", "2026-11-01T00:00:00Z", tasks=5)
    assert run("merge", folder, "-o", out, "--today", TODAY).exit_code == 0
    assert "việc chỉ có" not in outcome(out, folder / "moi.xlsx")[1]
