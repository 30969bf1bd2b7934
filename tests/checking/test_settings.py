"""The district's settings: which rules speak, how gravely, what is waived, and wrong files."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kdcl_xl.checking.check import Checked, check_file
from kdcl_xl.checking.settings import Settings, Waiver, read_settings
from kdcl_xl.checking.waivers import apply
from kdcl_xl.errors import UserError
from macros_free_validation.rule import Severity, Stage
from macros_free_validation.rules import ALL_RULES, BY_ID
from tests.build import SCHOOL, TODAY, good_plan, good_task, layout_of, make_plan, write_workbook
from tests.checking.test_check import FINDING_KEYS
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in
from workbook_templates.regulation import builtin_catalogue

SHEET = layout_of("2026").sheet("plan")
LATE, OUTSIDE, NO_AMOUNT = "KD406", "KD303", "KD504"
"""An error, a warning and a note: what is wrong with the rows of ``faulty``, in this order."""
FIRST_ROW = SHEET.first_row


def faulty(path: Path, code: str = SCHOOL.code) -> Path:
    layout = layout_of("2026")
    school = dataclasses.replace(SCHOOL, code=code)
    rows = [
        {**good_task(layout, 0), "deadline": date(2027, 8, 1)},
        {**good_task(layout, 1), "lead": "UBND xã"},
        {**good_task(layout, 2), "budget": None},
    ]
    return write_workbook(path, make_plan(layout, school=school, tables={"plan": rows}), school)


@pytest.fixture(autouse=True)
def _at_submission(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three rules speak from submission on, whatever stage they are given one day."""
    for rule in (LATE, OUTSIDE, NO_AMOUNT):
        monkeypatch.setitem(BY_ID, rule, dataclasses.replace(BY_ID[rule], stage=Stage.SUBMIT))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return faulty(tmp_path / "a.xlsx")


@pytest.fixture
def config(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "huyện.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def waiver(**changes: Any) -> str:
    """A waiver in TOML; None leaves a key out."""
    values: dict[str, str | None] = {
        "school": f'"{SCHOOL.code}"',
        "rule": f'"{LATE}"',
        "reason": '"Sửa mái nhà vào dịp hè"',
        "by": '"Phó Chủ tịch UBND xã"',
        "until": "2027-05-31",
        **changes,
    }
    lines = [f"{key} = {value}" for key, value in values.items() if value is not None]
    return "\n".join(["[[waivers]]", *lines]) + "\n"


def findings(run: Run, *args: object) -> list[dict[str, Any]]:
    result = run("check", *args, "--format", "json", "--today", "2026-11-22")
    files = json.loads(result.output)["files"]
    return [finding for entry in files for finding in entry["findings"]]


def rules(run: Run, *args: object) -> list[str]:
    return [finding["rule"] for finding in findings(run, *args)]


# ---- which rules speak -------------------------------------------------------------------


def test_without_settings_everything_speaks(run: Run, book: Path) -> None:
    assert rules(run, book) == [LATE, OUTSIDE, NO_AMOUNT]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("KD406", [LATE]),
        ("kd4", [LATE]),
        ("time", [LATE]),
        ("leads.outside_body", [OUTSIDE]),
        ("KD4,leads", [LATE, OUTSIDE]),
        ("KD", [LATE, OUTSIDE, NO_AMOUNT]),
        ("", [LATE, OUTSIDE, NO_AMOUNT]),
        ("cover", []),
    ],
)
def test_select(run: Run, book: Path, words: str, left: list[str]) -> None:
    assert rules(run, book, "--select", words) == left


def test_ignore_goes_before_select(run: Run, book: Path) -> None:
    assert rules(run, book, "--ignore", "time", "--ignore", "KD504") == [OUTSIDE]
    assert rules(run, book, "--select", "KD4,KD3", "--ignore", "KD406") == [OUTSIDE]


def test_the_command_line_goes_before_the_file(
    run: Run, book: Path, config: Callable[[str], Path]
) -> None:
    path = config('select = ["leads", "time"]\nignore = ["KD406"]\n')
    assert rules(run, book, "--config", path) == [OUTSIDE]
    assert rules(run, book, "--config", path, "--select", "money") == [NO_AMOUNT]
    assert rules(run, book, "--config", path, "--ignore", "KD303") == [LATE]
    assert rules(run, book, "--config", path, "--ignore", "") == [LATE, OUTSIDE]
    everything = rules(run, book, "--config", path, "--ignore", "", "--select", "")
    assert everything == [LATE, OUTSIDE, NO_AMOUNT]


def test_the_file_of_the_working_folder(
    run: Run, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "nơi khác"
    folder.mkdir()
    (folder / "kdcl-xl.toml").write_text('select = ["leads"]\n', "utf-8-sig")
    own = tmp_path / "own.toml"
    own.write_text('select = ["money"]\n', "utf-8")
    assert rules(run, book) == [LATE, OUTSIDE, NO_AMOUNT]
    monkeypatch.chdir(folder)
    assert rules(run, book) == [OUTSIDE]
    assert rules(run, book, "--config", own) == [NO_AMOUNT]


def test_stages(
    run: Run, book: Path, config: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for rule, stage in ((LATE, Stage.DRAFT), (OUTSIDE, Stage.SUBMIT), (NO_AMOUNT, Stage.DISTRICT)):
        monkeypatch.setitem(BY_ID, rule, dataclasses.replace(BY_ID[rule], stage=stage))
    assert rules(run, book) == [LATE, OUTSIDE]
    assert rules(run, book, "--stage", "draft") == [LATE]
    assert rules(run, book, "--stage", "district") == [LATE, OUTSIDE, NO_AMOUNT]
    path = config('stage = "draft"\n')
    assert rules(run, book, "--config", path) == [LATE]
    assert rules(run, book, "--config", path, "--stage", "submit") == [LATE, OUTSIDE]
    assert rules(run, book, "--stage", "district", "--select", "KD3,KD5") == [OUTSIDE, NO_AMOUNT]


def test_a_merge_looks_with_the_eyes_of_the_district(
    run: Run, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = dataclasses.replace(BY_ID[LATE], stage=Stage.DISTRICT)
    monkeypatch.setitem(BY_ID, LATE, late)
    assert LATE not in rules(run, book)
    assert LATE in {row["Quy tắc"] for row in flags(run, tmp_path, book)}
    assert LATE not in {row["Quy tắc"] for row in flags(run, tmp_path, book, "--stage", "submit")}


# ---- how gravely -------------------------------------------------------------------------


def test_a_changed_severity_changes_the_exit_code(
    run: Run, book: Path, config: Callable[[str], Path]
) -> None:
    mild = config('[severity]\nKD406 = "warning"\n')
    assert run("check", book).exit_code == 1
    assert run("check", book, "--config", mild).exit_code == 0
    summary = json.loads(run("check", book, "--config", mild, "--format", "json").output)["summary"]
    assert (summary["errors"], summary["warnings"], summary["notes"]) == (0, 2, 1)
    grave = config('[severity]\nKD504 = "error"\n')
    assert run("check", book, "--config", grave, "--ignore", "KD406").exit_code == 1


def test_the_narrower_word_decides(run: Run, book: Path, config: Callable[[str], Path]) -> None:
    path = config(
        "[severity]\n"
        'KD406 = "note"\n"leads.outside_body" = "error"\nmoney.source_without_amount = "warning"\n'
        'time = "warning"\nleads = "note"\nKD = "error"\n'
    )
    found = {f["rule"]: f["severity"] for f in findings(run, book, "--config", path)}
    assert found == {LATE: "note", OUTSIDE: "error", NO_AMOUNT: "warning"}


def test_a_rule_on_trial_is_a_warning_at_most(
    run: Run, book: Path, config: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for rule in (LATE, NO_AMOUNT):
        monkeypatch.setitem(BY_ID, rule, dataclasses.replace(BY_ID[rule], preview="9.0.0"))
    path = config('[severity]\nKD406 = "error"\n')
    for args in ((), ("--config", path)):
        found = {f["rule"]: f["severity"] for f in findings(run, book, *args)}
        assert found == {LATE: "warning", OUTSIDE: "warning", NO_AMOUNT: "note"}


# ---- files that cannot be read -----------------------------------------------------------


def test_unreadable_files_are_never_silenced(
    run: Run, book: Path, tmp_path: Path, config: Callable[[str], Path]
) -> None:
    bad = tmp_path / "b.xlsx"
    bad.write_bytes(b"x")
    path = config('select = ["leads"]\nignore = ["KD"]\n[severity]\nKD = "note"\n')
    (found,) = findings(run, book, bad, "--config", path, "--stage", "draft")
    assert (found["rule"], found["severity"]) == ("KD001", "error")
    assert run("check", book, bad, "--config", path).exit_code == 1
    assert run("check", bad, "--config", path).exit_code == 3
    assert run("merge", bad, "-o", tmp_path / "o.xlsx", "--config", path).exit_code == 3


@pytest.mark.parametrize(
    "text",
    [
        'ignore = ["KD001"]',
        'ignore = ["file"]',
        '[severity]\nfile = "note"',
        waiver(rule='"KD007"'),
    ],
)
def test_nobody_can_ask_for_it(
    run: Run, book: Path, config: Callable[[str], Path], text: str
) -> None:
    result = run("check", book, "--config", config(text))
    assert result.exit_code == 2
    assert "luôn được giữ nguyên" in result.stderr


# ---- waivers -----------------------------------------------------------------------------


def test_a_waived_finding_stays_visible(
    run: Run, book: Path, config: Callable[[str], Path]
) -> None:
    path = config(waiver(row=FIRST_ROW))
    assert run("check", book).exit_code == 1
    assert run("check", book, "--config", path).exit_code == 0
    found = {f["rule"]: f for f in findings(run, book, "--config", path)}
    assert set(found) == {LATE, OUTSIDE, NO_AMOUNT}
    late = found[LATE]
    assert set(late) == FINDING_KEYS | {"waived"}
    assert late["severity"] == "note"
    assert late["waived"] == "Sửa mái nhà vào dịp hè"
    assert late["cell"] == SHEET.ref("deadline", FIRST_ROW)
    for words in ("31/05/2027", "Phó Chủ tịch UBND xã", "Sửa mái nhà vào dịp hè"):
        assert words in late["message"]
    assert set(found[OUTSIDE]) == FINDING_KEYS
    said = run("check", book, "--config", path).output
    (line,) = [line for line in said.splitlines() if LATE in line]
    assert "[Lưu ý]" in line
    assert "Đã được miễn đến hết ngày 31/05/2027 theo ý kiến của Phó Chủ tịch UBND xã" in line
    english = run("--lang", "en", "check", book, "--config", path).output
    assert "Waived up to 31/05/2027 by Phó Chủ tịch UBND xã" in english


def test_the_row_of_a_waiver(run: Run, book: Path, config: Callable[[str], Path]) -> None:
    other = config(waiver(row=FIRST_ROW + 1))
    assert rules(run, book, "--config", other) == ["KD806", LATE, OUTSIDE, NO_AMOUNT]
    every = config(waiver())
    assert rules(run, book, "--config", every) == [LATE, OUTSIDE, NO_AMOUNT]
    by_name = config(waiver(rule='"time.deadline_outside_period"'))
    assert run("check", book, "--config", by_name).exit_code == 0


def test_a_waiver_lasts_to_the_end_of_its_day(
    run: Run, book: Path, config: Callable[[str], Path]
) -> None:
    path = config(waiver())
    assert run("check", book, "--config", path, "--today", "2027-05-31").exit_code == 0
    result = run("check", book, "--config", path, "--today", "2027-06-01")
    assert result.exit_code == 1
    (expired,) = [line for line in result.output.splitlines() if "KD807" in line]
    assert expired.startswith(f"{book}: KD807 [Cảnh báo]")
    assert "huyện.toml:1" in expired
    assert "31/05/2027" in expired
    assert "KD806" not in result.output


def test_a_waiver_nothing_answers_to(
    run: Run, tmp_path: Path, config: Callable[[str], Path]
) -> None:
    good = write_workbook(tmp_path / "tốt.xlsx", good_plan())
    path = config('stage = "submit"\n' + waiver(row=12))
    (unused,) = findings(run, good, "--config", path)
    assert (unused["rule"], unused["severity"]) == ("KD806", "note")
    assert unused["sheet"] is None
    for words in ("huyện.toml:2", LATE, "dòng 12"):
        assert words in unused["message"]
    assert run("check", good, "--config", path).output.count("KD806") == 1
    assert rules(run, good, "--config", path, "--ignore", "KD806") == []


def test_a_waiver_of_another_school_stays_out_of_it(
    run: Run, book: Path, tmp_path: Path, config: Callable[[str], Path]
) -> None:
    other = '"00790999"'
    path = config(waiver(school=other, rule='"KD501"') + waiver(school=other, until="2020-01-01"))
    assert rules(run, book, "--config", path) == [LATE, OUTSIDE, NO_AMOUNT]
    assert run("check", book, "--config", path).exit_code == 1
    theirs = faulty(tmp_path / "b.xlsx", "00790999")
    assert rules(run, theirs, "--config", path, "--select", "workbook") == ["KD806", "KD807"]


def test_a_rule_that_is_not_looked_at_still_needs_its_waiver(
    run: Run, book: Path, config: Callable[[str], Path]
) -> None:
    path = config(waiver())
    assert rules(run, book, "--config", path, "--ignore", LATE) == [OUTSIDE, NO_AMOUNT]


def test_told_once_for_two_files_of_one_school(tmp_path: Path) -> None:
    first = faulty(tmp_path / "a.xlsx")
    second = write_workbook(tmp_path / "b.xlsx", good_plan())
    checked = [check_file(p, builtin_catalogue(), TODAY) for p in (second, first)]
    used = Waiver(SCHOOL.code, LATE, None, "x", "y", TODAY, "t:1")
    expired = dataclasses.replace(used, until=date(2026, 11, 21))
    unused = dataclasses.replace(used, rule="KD501")
    found = apply(Settings(waivers=(used, expired, unused)), checked, TODAY)
    assert [f.rule for f in found[0].findings] == ["KD807", "KD806"]
    assert [f.rule for f in found[1].findings] == [LATE, OUTSIDE, NO_AMOUNT]
    assert found[1].findings[0].waived is not None
    assert found[1].findings[0].severity is Severity.NOTE


def test_applying_changes_nothing_it_was_given(book: Path) -> None:
    checked = check_file(book, builtin_catalogue(), TODAY)
    before = Checked(checked.submission, tuple(checked.findings))
    assert apply(Settings(), [checked], TODAY) == (checked,)
    apply(Settings(ignore=frozenset([LATE]), severities={OUTSIDE: Severity.NOTE}), [checked], TODAY)
    assert checked == before


# ---- merging -----------------------------------------------------------------------------


def flags(run: Run, tmp_path: Path, *args: object) -> list[dict[str, object]]:
    out = tmp_path / "tong-hop.xlsx"
    result = run("merge", *args, "-o", out, "--today", "2026-11-22")
    assert result.exit_code == 0, result.output
    return [row for row in table(sheet_in(out, "Cờ")) if row["Quy tắc"]]


def test_waivers_in_the_district_workbook(
    run: Run, tmp_path: Path, config: Callable[[str], Path]
) -> None:
    folder = tmp_path / "nộp"
    folder.mkdir()
    faulty(folder / "1.xlsx", "001")
    faulty(folder / "2.xlsx", "002")
    path = config(
        waiver(school='"001"')
        + waiver(school='"002"', rule='"KD501"')
        + waiver(school='"002"', until="2026-11-21")
        + waiver(school='"003"')
    )
    rows = flags(run, tmp_path, folder, "--config", path)
    found = {(row["Quy tắc"], row["Mã trường"]): row for row in rows}
    assert len(found) == len(rows)
    assert found[LATE, "001"]["Mức độ"] == "Lưu ý"
    assert "Sửa mái nhà vào dịp hè" in str(found[LATE, "001"]["Vấn đề"])
    assert "31/05/2027" in str(found[LATE, "001"]["Vấn đề"])
    assert found[LATE, "002"]["Mức độ"] == "Lỗi"
    assert found["KD806", "002"]["Mức độ"] == "Lưu ý"
    assert found["KD807", "002"]["Mức độ"] == "Cảnh báo"
    assert {code for rule, code in found if rule in ("KD806", "KD807")} == {"002"}
    book = openpyxl.load_workbook(tmp_path / "tong-hop.xlsx")
    errors = {row["Mã trường"]: row["Lỗi"] for row in table(book["Trường"])}
    assert errors == {"001": 0, "002": 1}


def test_a_merge_selects_too(run: Run, book: Path, tmp_path: Path) -> None:
    (row,) = flags(run, tmp_path, book, "--select", "leads")
    assert row["Quy tắc"] == OUTSIDE
    (task,) = [row for row in table(sheet_in(tmp_path / "tong-hop.xlsx", "Kế hoạch")) if row["Cờ"]]
    assert str(task["Cờ"]).split()[0] == OUTSIDE


def test_findings_across_schools_can_be_waived(
    run: Run, tmp_path: Path, book: Path, config: Callable[[str], Path]
) -> None:
    listing = tmp_path / "schools.csv"
    listing.write_text("code,name,kind\n001,Trường Một,thcs\n", "utf-8")
    path = config(waiver(rule='"across.not_expected"') + waiver(rule='"KD903"'))
    rows = flags(run, tmp_path, book, "--schools", listing, "--config", path)
    found = {row["Quy tắc"]: row for row in rows}
    assert found["KD902"]["Mức độ"] == "Lưu ý"
    assert "KD903" in str(found["KD806"]["Vấn đề"])
    # One file alone cannot tell whether such a waiver is of use.
    assert "KD806" not in rules(run, book, "--config", path)


# ---- wrong settings ----------------------------------------------------------------------

WRONG = {
    "syntax": ('select = ["KD4"\nstage = 3\n', 2, "TOML"),
    "nested without end": ("a = " + "[" * 100_000, 1, "lồng nhau"),
    "unknown key": ('stage = "draft"\nselct = ["KD4"]\n', 2, "selct"),
    "unknown table": ('stage = "draft"\n\n[waiver]\nschool = "1"\n', 3, "waiver"),
    "unknown stage": ('ignore = []\nstage = "later"\n', 2, "draft, submit, district"),
    "unknown rule": ('select = ["KD4", "KD399"]\n', 1, "KD301"),
    "unknown rule in a long list": ('select = [\n  "KD4",\n  "laeds",\n]\n', 3, "leads"),
    "not a list": ('stage = "draft"\nselect = "KD4"\n', 2, "danh sách"),
    "not texts": ("\nignore = [4]\n", 2, "danh sách chữ"),
    "unknown severity": ('[severity]\nKD303 = "error"\nKD4 = "grave"\n', 3, "warning"),
    "severity of nothing": ('[severity]\n\n"leads.mising" = "note"\n', 3, "leads.missing"),
    "severity is no table": ('severity = "error"\n', 1, "bảng"),
    "unknown limit": ("\n[limits]\nmost_du = 3\n", 3, "most_due"),
    "limit out of bounds": ("[limits]\nmost_due = 0\n", 2, "từ 1 đến 1000"),
    "limit with decimals": ("[limits]\nmost_due = 2.5\n", 2, "số nguyên"),
    "unknown bound": ("[bounds]\nlargest = 1\n", 2, "largest_file"),
    "bound of nothing": ("[bounds]\nmost_parts = 0\n", 2, "từ 1"),
    "limits are no table": ("limits = 3\n", 1, "bảng"),
    "waiver without reason": ("\n" + waiver(reason=None), 2, "reason"),
    "waiver without role": (waiver() + waiver(by=None), 7, "by"),
    "waiver without end": (waiver(until=None), 1, "until"),
    "waiver without school": (waiver(school=None), 1, "school"),
    "blank reason": (waiver(reason='"  "'), 4, "để trống"),
    "end in quotes": (waiver(until='"2027-05-31"'), 6, "ngày"),
    "end with time": (waiver(until="2027-05-31T10:00:00"), 6, "ngày"),
    "row in quotes": (waiver(row='"12"'), 7, "số nguyên"),
    "row 0": (waiver(row=0), 7, "dòng"),
    "waiver of an unknown rule": (waiver(rule='"KD4O6"'), 3, "KD406"),
    "waiver of a family": (waiver(rule='"time"'), 3, "một quy tắc"),
    "waiver with an unknown key": (waiver(rows=12), 7, "rows"),
    "one waiver without list": ("[waivers]\nrow = 1\n", 1, "[[...]]"),
    "a word of half a megabyte": (f'select = ["{"x" * 500_000}"]\n', 1, "xxx…"),
    "a key of half a megabyte": (f"{'k' * 500_000} = 1\n", 1, "kkk…"),
    "a severity of an empty table": ("[severity]\nKD303 = {}\n", 2, "warning"),
    "a severity of many digits": (f"[severity]\nKD303 = 0x{'f' * 50_000}\n", 2, "warning"),
    "severities of many digits": (f"[severity]\nKD303 = [0x{'f' * 9_999}]\n", 2, "warning"),
    "a row of many digits": (waiver(row=f"0x{'f' * 50_000}"), 7, "quá lớn"),
    "a stage of many digits": (f"stage = 0x{'f' * 50_000}\n", 1, "stage"),
    "a reason longer than a cell": (waiver(reason=f'"{"x" * 40_000}"'), 4, "1000"),
    "waivers inline": ('stage = "draft"\nwaivers = [{ school = "1" }]\n', 2, "rule"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_settings_are_one_line(
    run: Run, book: Path, config: Callable[[str], Path], case: str
) -> None:
    text, line, words = WRONG[case]
    path = config(text)
    result = run("check", book, "--config", path)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert f"{path}:{line}:" in result.stderr
    assert words in result.stderr
    assert len(result.stderr) < 1_000
    english = run("--lang", "en", "check", book, "--config", path)
    assert f"Settings {path}:{line}:" in english.stderr


def test_settings_that_cannot_be_read(run: Run, book: Path, tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'stage = "draft"\n# \xe9\n')
    assert f"{latin}:2:" in run("check", book, "--config", latin).stderr
    for path in (tmp_path / "không có.toml", tmp_path):
        result = run("merge", book, "-o", tmp_path / "o.xlsx", "--config", path)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert str(path) in result.stderr
    assert not (tmp_path / "o.xlsx").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--select", "KD4,laeds"), "--select: không có quy tắc hoặc nhóm quy tắc «laeds»"),
        (("--ignore", "KD399"), "--ignore: không có"),
        (("--ignore", "KD001"), "luôn được giữ nguyên"),
        (("--stage", "later"), "draft, submit, district"),
    ],
)
def test_wrong_options(run: Run, book: Path, args: tuple[str, ...], words: str) -> None:
    result = run("check", book, *args)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


def test_an_empty_file_changes_nothing(config: Callable[[str], Path]) -> None:
    base = Settings(Stage.DISTRICT)
    assert read_settings(config(""), base) == base
    assert read_settings(config("# chỉ có ghi chú\n"), base) == base
    with pytest.raises(UserError):
        read_settings(config("x"), base)


def test_the_whole_example(config: Callable[[str], Path]) -> None:
    text = (
        'stage = "submit"\nselect = ["KD4", "leads"]\nignore = ["KD504"]\n'
        '[severity]\nKD303 = "error"\n' + waiver(row=12)
    )
    found = read_settings(config(text), Settings(Stage.DISTRICT))
    families = {rule.id for rule in ALL_RULES if rule.family in ("time", "leads")}
    place = "huyện.toml:6"
    reason, role = "Sửa mái nhà vào dịp hè", "Phó Chủ tịch UBND xã"
    assert found == Settings(
        Stage.SUBMIT,
        frozenset(families),
        frozenset(["KD504"]),
        {"KD303": Severity.ERROR},
        (Waiver(SCHOOL.code, LATE, 12, reason, role, date(2027, 5, 31), place),),
    )
