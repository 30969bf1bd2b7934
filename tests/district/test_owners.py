"""Whose a plan is: stamp, typed code, name, kind and list together; answers that are kept."""

from __future__ import annotations

import dataclasses
import itertools
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdcl_xl.checking.check import Checked
from kdcl_xl.district.model.owners import Register, find_owners
from kdcl_xl.district.model.school_names import are_alike, is_close_code, is_one_slip, same_code
from kdcl_xl.schools import School
from kdcl_xl.submission.model import Submission
from kdcl_xl.template.issue import stamp_for
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw
from tests.build import KINDS, SCHOOL, YEARS, good_task, layout_of, make_plan, workbook_bytes
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in

LISTING = (
    "code,name,kind\n00790121,Trường THCS Bình Minh,thcs\n00790342,Trường THCS Sao Mai,thcs\n"
    "00790463,Trường Mầm non Hoa Sen,mam_non\n"
)
MINH, MAI, SEN = "00790121", "00790342", "00790463"
DAY = ("--today", "2026-11-22")


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    path = tmp_path / "truong.csv"
    path.write_text(LISTING, "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "nop"
    made.mkdir()
    return made


def sent(
    path: Path, issued: str, typed: str, name: str, kind: str = "thcs", tasks: int = 1
) -> Path:
    """Write a plan: the code it was issued to (empty: to nobody), and code and name typed."""
    layout = layout_of("2026", KINDS[kind])
    school = dataclasses.replace(SCHOOL, code=typed, name=name, kind=KINDS[kind])
    rows = [good_task(layout, nth) for nth in range(tasks)]
    plan = make_plan(layout, kind=KINDS[kind], school=school, tables={"plan": rows})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook_bytes(plan, dataclasses.replace(school, code=issued)))
    return path


def status(run: Run, folder: Path, listing: Path, *options: object) -> dict[str, Any]:
    said = run("status", folder, "--schools", listing, "--format", "json", *DAY, *options)
    return dict(json.loads(said.stdout))


def states(found: dict[str, Any]) -> dict[str, str]:
    return {school["code"]: school["state"] for school in found["schools"] if school["expected"]}


def flags(out: Path, rule: str = "KD908") -> list[dict[str, object]]:
    return [row for row in table(sheet_in(out, "Cờ")) if row["Quy tắc"] == rule]


def rows(out: Path, sheet: str) -> list[dict[str, object]]:
    return table(sheet_in(out, sheet))


def test_the_stamp_wins_over_a_mistyped_code(
    run: Run, tmp_path: Path, folder: Path, listing: Path
) -> None:
    sent(folder / "minh.xlsx", MINH, MINH, "Trường THCS Bình Minh", tasks=2)
    wrong = sent(folder / "mai.xlsx", MAI, MINH, "Trường THCS Sao Mai", tasks=3)
    out = tmp_path / "so.xlsx"
    assert run("merge", folder, "-o", out, "--schools", listing, *DAY).exit_code == 0
    schools = {str(row["Mã trường"]): row for row in rows(out, "Trường")}
    assert [schools[code]["Tình trạng"] for code in (MINH, MAI)] == ["Đã nộp", "Đã nộp"]
    assert [schools[code]["Số công việc"] for code in (MINH, MAI)] == [2, 3]
    assert "Tệp «mai.xlsx» có thể là của trường này" in str(schools[MINH]["Ghi chú"])
    assert "mẫu được phát cho mã «00790342»" in str(schools[MAI]["Ghi chú"])
    codes = [row["Mã trường"] for row in rows(out, "Kế hoạch")]
    assert codes == [MINH] * 2 + [MAI] * 3
    (flag,) = flags(out)
    assert flag["Mã trường"] == MAI
    assert "ô mã trường ghi «00790121»" in str(flag["Vấn đề"])
    assert f'--assign "{wrong}=MÃ"' in str(flag["Cách xử lý"])
    overview = [str(c.value) for row in sheet_in(out, "Việc cần xử lý") for c in row]
    assert any("Chưa chắc bản nộp «mai.xlsx» của trường nào" in text for text in overview)
    log = {Path(str(row["Tệp"])).name: row for row in rows(out, "Nhật ký")}
    assert log["mai.xlsx"]["Mã trường"] == MINH
    assert log["mai.xlsx"]["Tính cho mã trường"] == MAI


def test_an_answer_is_kept_for_the_next_merge(
    run: Run, tmp_path: Path, folder: Path, listing: Path
) -> None:
    with zipfile.ZipFile(folder / "thư.zip", "w") as archive:
        plan = sent(tmp_path / "x.xlsx", MAI, MINH, "Trường THCS Sao Mai").read_bytes()
        archive.writestr("Trường A/ban cuoi.xlsx", plan)
    out = tmp_path / "so.xlsx"
    merge = ("merge", folder, "-o", out, "--schools", listing, *DAY)
    assert run(*merge).exit_code == 0
    assert len(flags(out)) == 1
    (entry,) = [r for r in rows(out, "Nhật ký") if str(r["Tệp"]).endswith("ban cuoi.xlsx")]
    assert run(*merge, "--assign", f"{entry['Tệp']}={MINH}").exit_code == 0
    for previous in ((), ("--previous", tmp_path / "trước.xlsx")):
        assert flags(out) == []
        schools = {row["Mã trường"]: row["Tình trạng"] for row in rows(out, "Trường")}
        assert schools == {MINH: "Đã nộp", MAI: "Chưa nộp", SEN: "Chưa nộp"}
        (entry,) = [r for r in rows(out, "Nhật ký") if str(r["Tệp"]).endswith("ban cuoi.xlsx")]
        assert entry["Tính cho mã trường"] == MINH
        assert "--assign" in str(entry["Lý do"])
        (tmp_path / "trước.xlsx").write_bytes(out.read_bytes())
        assert run(*merge, *previous).exit_code == 0
    # The same file by another way, then another version under the same name, then other evidence.
    (folder / "thư.zip").unlink()
    (folder / "gửi lại.xlsx").write_bytes(plan)
    assert run(*merge).exit_code == 0
    assert flags(out) == []
    (folder / "gửi lại.xlsx").unlink()
    again = sent(folder / "ban cuoi.xlsx", MAI, MINH, "Trường THCS Sao Mai", tasks=4)
    assert run(*merge).exit_code == 0
    assert flags(out) == []
    sent(again, MAI, SEN, "Trường THCS Sao Mai")
    assert run(*merge).exit_code == 0
    assert len(flags(out)) == 1
    assert run(*merge, "--no-previous").exit_code == 0
    assert len(flags(out)) == 1


def test_decisions_follow_the_answer(run: Run, tmp_path: Path, folder: Path, listing: Path) -> None:
    path = sent(folder / "mai.xlsx", MAI, MINH, "Trường THCS Sao Mai")
    sent(folder / "sen.xlsx", SEN, MAI, "Trường Mầm non Hoa Sen", "mam_non")
    out = tmp_path / "so.xlsx"
    merge = ("merge", folder, "-o", out, "--schools", listing, *DAY)
    assert run(*merge).exit_code == 0
    book = openpyxl.load_workbook(out)
    heads = [cell.value for cell in book["Cờ"][3]]
    changed = [row for row in book["Cờ"].iter_rows(min_row=4) if row[3].value == "KD803"]
    for row in changed:
        row[heads.index("Kết luận")].value = "Chấp nhận"
        row[heads.index("Ý kiến rà soát")].value = f"ý kiến {row[heads.index('Mã trường')].value}"
    assert len(changed) == 2
    book.save(out)
    assert run(*merge, "--assign", f"{path}={MINH}").exit_code == 0
    decided = {row["Mã trường"]: row["Ý kiến rà soát"] for row in flags(out, "KD803")}
    assert decided == {MINH: f"ý kiến {MAI}", SEN: f"ý kiến {SEN}"}
    assert rows(out, "Đã khép lại") == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("lạ.xlsx=00790121", "không có trong các bản nộp"),
        ("a.xlsx=99999999", "không có trường nào có mã «99999999»"),
        ("a.xlsx", "TỆP=MÃ"),
        ("a.xlsx=", "TỆP=MÃ"),
        ("trùng.xlsx=00790121", "có thể là nhiều tệp"),
    ],
)
def test_an_answer_that_means_nothing_is_refused(
    run: Run, tmp_path: Path, folder: Path, listing: Path, answer: str, words: str
) -> None:
    sent(folder / "a.xlsx", MINH, MINH, "Trường THCS Bình Minh")
    for nth in (1, 2):
        sent(folder / f"{nth}" / "trùng.xlsx", MAI, MAI, "Trường THCS Sao Mai", tasks=nth)
    out = tmp_path / "so.xlsx"
    said = run("merge", folder, "-o", out, "--schools", listing, "--assign", answer)
    assert said.exit_code == 2
    assert words in said.stderr
    assert said.stderr.count("\n") == 1
    assert not out.exists()


def test_two_answers_for_a_file_are_refused(run: Run, folder: Path, listing: Path) -> None:
    path = sent(folder / "a.xlsx", MINH, MINH, "Trường THCS Bình Minh")
    answers = [x for code in (MINH, MAI) for x in ("--assign", f"{path}={code}")]
    said = run("status", folder, "--schools", listing, *answers)
    assert said.exit_code == 2
    assert "hai mã khác nhau" in said.stderr


WITHOUT_STAMP = [
    # typed code, typed name, kind, the school it counts for (None: by itself), whether it asks
    (MINH, "Trường THCS Bình Minh", "thcs", MINH, False),
    ("790121", "Trường THCS Bình Minh", "thcs", MINH, False),
    ("00790122", "Trường THCS Bình Minh", "thcs", MINH, True),
    ("00790211", "THCS Bình Minh", "thcs", MINH, True),
    ("0079012", "Trường Trung học cơ sở Bình Minh", "thcs", MINH, True),
    ("790122", "", "thcs", MINH, True),
    ("", "trường thcs sao mai", "thcs", MAI, True),
    ("TB-7", "Trường THCS Sao Mai", "thcs", MAI, True),
    (MINH, "Trường Mầm non Hoa Sen", "mam_non", SEN, True),
    (MINH, "Trường THCS Sao Mai", "thcs", None, True),
    (MINH, "Trường THCS Sao Mái", "thcs", None, True),
    (MINH, "Trường THCS Rạng Đông", "thcs", MINH, False),
    ("00790122", "Trường THCS Rạng Đông", "thcs", None, False),
    ("", "", "thcs", None, False),
]


@pytest.mark.parametrize(("typed", "name", "kind", "owner", "asks"), WITHOUT_STAMP)
def test_without_a_stamp_all_evidence_counts(
    run: Run,
    folder: Path,
    listing: Path,
    typed: str,
    name: str,
    kind: str,
    owner: str | None,
    asks: bool,
) -> None:
    sent(folder / "a.xlsx", "", typed, name, kind)
    found = status(run, folder, listing)
    returned = {code for code, state in states(found).items() if state == "returned"}
    assert returned == ({owner} if owner else set())
    (file,) = found["files"]
    assert file["state"] == "counts"
    assert file["school_code"] == (owner or (typed if not asks and typed else None))
    assert ("Chưa chắc bản nộp" in str(file["reason"])) == asks
    if asks and owner is None:
        rows = [s for s in found["schools"] if s["may_have"] == [file["path"]]]
        assert {s["code"] for s in rows} == {MINH, MAI}


@pytest.mark.parametrize("with_list", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_two_schools_under_one_code_replace_each_other_never(
    run: Run, tmp_path: Path, folder: Path, listing: Path, with_list: bool, first: bool
) -> None:
    """Different by name, by stamp or by kind, whichever was read or saved first."""
    own, others = ("a", "bcd") if first else ("z", "bcd")
    sent(folder / f"{own}.xlsx", MINH, MINH, "Trường THCS Bình Minh")
    sent(folder / f"{others[0]}.xlsx", MINH, MINH, "Trường THCS Rạng Đông")
    sent(folder / f"{others[1]}.xlsx", MAI, MINH, "Trường THCS Bình Minh")
    sent(folder / f"{others[2]}.xlsx", "", MINH, "", "mam_non")
    out = tmp_path / "so.xlsx"
    listed = ("--schools", listing) if with_list else ()
    assert run("merge", folder, "-o", out, *listed, *DAY).exit_code == 0
    log = rows(out, "Nhật ký")
    assert [row["Kết quả"] for row in log] == ["Đã tổng hợp"] * 4
    assert len(rows(out, "Kế hoạch")) == 4
    assert len(flags(out)) >= 3
    owners = {Path(str(row["Tệp"])).stem: row["Tính cho mã trường"] for row in log}
    if with_list:
        assert owners == {own: MINH, "b": None, "c": MAI, "d": None}


def test_versions_of_one_school_still_replace_each_other(
    run: Run, folder: Path, listing: Path
) -> None:
    sent(folder / "1.xlsx", MINH, MINH, "Trường THCS Bình Minh")
    sent(folder / "2.xlsx", MINH, "790121", "THCS Bình Minh", tasks=2)
    sent(folder / "3.xlsx", "", MINH, "", tasks=3)
    found = status(run, folder, listing)
    assert states(found)[MINH] == "double"
    assert sorted(file["state"] for file in found["files"]) == [
        "counts", "passed_over", "passed_over"
    ]  # fmt: skip


def test_a_new_code_of_the_list_counts(run: Run, folder: Path, listing: Path) -> None:
    """A template issued before the school got its code of today."""
    sent(folder / "1.xlsx", "00791111", MINH, "Trường THCS Bình Minh")
    found = status(run, folder, listing)
    assert states(found)[MINH] == "returned"
    assert "00791111" in found["files"][0]["reason"]


def test_an_unreadable_file_can_be_assigned(run: Run, folder: Path, listing: Path) -> None:
    (folder / "ảnh chụp.xlsx").write_bytes(b"PK\x03\x04 hong")
    before = status(run, folder, listing)
    assert "unreadable" not in states(before).values()
    after = status(run, folder, listing, "--assign", f"ảnh chụp.xlsx={SEN}")
    assert states(after)[SEN] == "unreadable"


SLIPS: Sequence[tuple[str, str, bool]] = [
    ("00790121", "00790121", True),
    ("00790121", "00790122", True),
    ("00790121", "00790211", True),
    ("00790121", "0079012", True),
    ("00790121", "007901211", True),
    ("00790121", "00791021", True),
    ("00790121", "00790132", False),
    ("00790121", "0079", False),
    ("ab", "ba", True),
    ("", "a", True),
    ("abcd", "dbca", False),
]


@pytest.mark.parametrize(("one", "other", "close"), SLIPS)
def test_one_slip(one: str, other: str, close: bool) -> None:
    assert is_one_slip(one, other) is is_one_slip(other, one) is close


def test_one_slip_is_what_its_definition_makes() -> None:
    """Against all texts that one slip makes of a short text."""
    texts = ["".join(t) for n in range(4) for t in itertools.product("ab", repeat=n)]
    for text in texts:
        made = {text}
        for at in range(len(text) + 1):
            made |= {text[:at] + c + text[at:] for c in "ab"}
            if at < len(text):
                made |= {text[:at] + text[at + 1 :]}
                made |= {text[:at] + c + text[at + 1 :] for c in "ab"}
            if at + 1 < len(text):
                made |= {text[:at] + text[at + 1] + text[at] + text[at + 2 :]}
        assert {t for t in texts if is_one_slip(text, t)} == made & set(texts)


def test_names_and_codes() -> None:
    assert same_code("00790121", "790121")
    assert not same_code("00790121", "790122")
    assert is_close_code("00790121", "790122")
    assert are_alike("Trường THCS Bình Minh", "Trung học cơ sở Bình Minh (điểm chính)")
    assert are_alike("Trường T.H.C.S Bình Mnih", "THCS Bình Minh")
    assert not are_alike("Trường Mầm non 1", "Trường Mầm non 2")
    assert not are_alike("Trường THCS Bình Minh", "Trường THCS Sao Mai")


NAMES = ("Bình Minh", "Sao Mai", "Rạng Đông", "Hoa Sen", "Tân An", "Phú Lộc")
LISTED = [
    School(f"0079{nth:02}{nth * 37 % 100:02}", f"Trường THCS {name}", KINDS["thcs"])
    for nth, name in enumerate(NAMES)
]
CLOSE = [dataclasses.replace(school, code=f"0079012{n}") for n, school in enumerate(LISTED)]
"""The same schools with codes one slip apart each from each, as lists number them."""


def plan_sent(nth: int, issued: str, typed: str, name: str) -> Checked:
    layout = layout_of("2026")
    school = dataclasses.replace(SCHOOL, code=issued)
    stamp = stamp_for(layout, KINDS["thcs"], YEARS["2026"], school)
    cover: dict[str, Raw] = {"school_code": typed, "school_name": name}
    plan = Plan(layout, {"cover": cover}, {})
    path = Path(f"{nth}.xlsx")
    return Checked(Submission(path, f"{nth:064}", None, stamp, plan, ()), ())


@st.composite
def slips(draw: st.DrawFn, code: str) -> str:
    at = draw(st.integers(0, len(code) - 1))
    digit = draw(st.sampled_from("0123456789"))
    return draw(
        st.sampled_from(
            [
                code,
                code.lstrip("0"),
                code[:at] + digit + code[at + 1 :],
                code[:at] + code[at + 1 :],
                code[:at] + digit + code[at:],
                code[:at] + code[at + 1 : at + 2] + code[at] + code[at + 2 :],
            ]
        )
    )


@st.composite
def returned(draw: st.DrawFn, listed: Sequence[School]) -> list[tuple[School, Checked]]:
    """Plans of some schools; each with its code, a slip, another school's code, or none."""
    made = []
    for nth in range(draw(st.integers(1, 8))):
        school, other = draw(st.sampled_from(listed)), draw(st.sampled_from(listed))
        typed = draw(st.one_of(slips(school.code), st.just(other.code), st.just("")))
        issued = draw(st.sampled_from([school.code, ""]))
        name = draw(st.sampled_from([school.name, school.name.replace("Trường ", "")]))
        made.append((school, plan_sent(nth, issued, typed, name)))
    return made


@pytest.mark.parametrize("listed", [LISTED, CLOSE], ids=["codes apart", "codes close"])
@given(data=st.data())
def test_no_typing_error_drops_a_plan(listed: Sequence[School], data: st.DataObject) -> None:
    """Plans that replace each other are of one school, whatever happened to their codes.

    A plan that counts for a listed school is its own; the order of the files changes nothing.
    """
    plans = data.draw(returned(listed))
    schools = {entry.submission.shown_path: school for school, entry in plans}
    entries = [entry for _, entry in plans]
    for register in (Register(listed), Register(())):
        found = find_owners(entries, register, {}, lambda _submission, _key: True)
        groups: dict[str, set[str]] = {}
        for entry in found.entries:
            submission = entry.submission
            assert submission.owner is not None
            own = schools[submission.shown_path]
            if submission.owner.code:
                groups.setdefault(submission.owner.key, set()).add(own.code)
            if submission.owner.key in register.schools:
                assert submission.owner.code == own.code
        assert all(len(codes) == 1 for codes in groups.values())
        again = find_owners(entries[::-1], register, {}, lambda _submission, _key: True)
        assert sorted(again.entries, key=_path) == sorted(found.entries, key=_path)


def _path(entry: Checked) -> str:
    return entry.submission.shown_path
