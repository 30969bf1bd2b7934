"""The rules that rest on the law: what they claim, and the cases in which it was wrong before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from macros_free_validation.judge import judge
from macros_free_validation.rule import Finding
from macros_free_validation.rules import ALL_RULES, BY_ID
from tests.build import TODAY, Value, good_task, layout_of, make_plan
from workbook_templates.recognition import RecognitionState, recognition_state, register_by
from workbook_templates.vocabulary import Confidence

_CLAIMS = re.compile(
    r"quy định|thông tư|\bluật\b|biểu 2|mẫu 2018|mẫu 2026|\bđiều \d", re.IGNORECASE
)
"""Words with which a text says that the law or an official form asks for something."""

Rows = Sequence[Mapping[str, Value]]


def test_every_claim_of_law_names_an_article() -> None:
    bare = [
        rule.id
        for rule in ALL_RULES
        if any(_CLAIMS.search(text.vi) for text in (rule.title, rule.message, rule.why))
        and not rule.law
    ]
    assert bare == []
    for rule in ALL_RULES:
        for provision in rule.law:
            assert provision.regulation, rule.id
            assert re.search(r"Điều \d|Phụ lục|Chương|Biểu", provision.article), rule.id
            assert provision.confidence in Confidence
            assert provision.seen_in.vi, rule.id
            assert provision.seen_in.en, rule.id


def judged(
    form: str = "2026",
    cover: Mapping[str, Value] | None = None,
    cells: Mapping[str, Mapping[str, Value]] | None = None,
    today: date = TODAY,
    **tables: Rows,
) -> list[Finding]:
    layout = layout_of(form)
    given = {"plan": [good_task(layout)], **tables}
    return list(judge(make_plan(layout, cover=cover, cells=cells, tables=given), today))


def of(found: Sequence[Finding], *rules: str) -> list[str]:
    return [f.rule for f in found if f.rule in rules]


@pytest.mark.parametrize(
    ("ground", "is_found"),
    [
        ("Báo cáo tự đánh giá năm học 2025-2026 theo Thông tư 18/2018/TT-BGDĐT", False),
        ("Báo cáo tự đánh giá năm học 2026-2027 theo Thông tư 18/2018/TT-BGDĐT", True),
        ("Quyết định số 12/QĐ-SGDĐT ngày 05/6/2024 công nhận Cấp độ 2 (18/2018/TT-BGDĐT)", False),
        ("Giấy chứng nhận cấp ngày 5 tháng 6 năm 2024 theo Thông tư 18/2018/TT-BGDĐT", False),
        ("Báo cáo đánh giá ngoài theo Thông tư số 18/2018/TT-BGDĐT ngày 22/8/2018", False),
        ("Thông tư số 18/2018/TT-BGDĐT ngày 22/8/2018 của Bộ trưởng Bộ GDĐT", True),
        ("Thông tư số 18/2018/TT-BGDĐT ban hành Quy định về kiểm định và công nhận", True),
        ("Thông tư 18/2018/TT-BGDĐT và báo cáo tự đánh giá năm học 2025-2026", True),
        ("Báo cáo tự đánh giá năm học 2025-2026; Thông tư 18/2018/TT-BGDĐT", True),
        ("Báo cáo tự đánh giá năm 2017 theo Thông tư 18/2018/TT-BGDĐT", True),
        ("Báo cáo tự đánh giá theo Thông tư 22/2024/TT-BGDĐT, năm học 2024-2025", False),
        ("Báo cáo ngày 99/99/2026 theo Thông tư 18/2018/TT-BGDĐT", False),
    ],
)
def test_papers_of_their_own_time_may_be_cited(ground: str, is_found: bool) -> None:
    found = [f for f in judged(cover={"legal_bases": ground}) if f.rule == "KD108"]
    assert bool(found) is is_found
    assert all(str(f.severity) == "note" for f in found)


@pytest.mark.parametrize(
    ("planned", "problems", "said"),
    [
        (12, 0, ""),
        (13, 0, "13 trong 15"),
        (12, 1, "13 trong 15"),
        (14, 0, "14 trong 15"),
        (15, 0, "15"),
    ],
)
def test_many_criteria_are_a_note_with_their_number(planned: int, problems: int, said: str) -> None:
    layout = layout_of("2026")
    criteria = layout.regulation.criteria
    plan = [{**good_task(layout, n), "criterion": criteria[n].label} for n in range(planned)]
    more = [
        {"standard": layout.regulation.standard_of(c), "criterion": c.label, "weakness": "Còn yếu"}
        for c in criteria[planned - 1 : planned + problems]
    ]
    found = [f for f in judged(plan=plan, problems=more) if f.rule == "KD605"]
    assert len(found) == bool(said)
    for finding in found:
        assert str(finding.severity) == "note"
        assert said in finding.message.vi
        assert said.split()[0] in finding.message.en
    assert str(BY_ID["KD605"].stage) == "submit"


def assessment(failed: Sequence[str] = (), met_2: Sequence[str] | None = None) -> Rows:
    """Return verdicts: level 1 met but for ``failed``, level 2 met for ``met_2`` or not told."""
    rows = []
    for criterion in layout_of("2026").regulation.criteria:
        row: dict[str, Value] = {
            "result_1": "Không đạt" if criterion.code in failed else "Đạt",
        }
        if met_2 is not None and criterion.code not in failed:
            row["result_2"] = "Đạt" if criterion.code in met_2 else "Không đạt"
        rows.append(row)
    return rows


CRITERIA = layout_of("2026").regulation.criteria
MANDATORY = [c.code for c in CRITERIA if c.mandatory]
OTHERS = [c.code for c in CRITERIA if not c.mandatory]


@pytest.mark.parametrize(
    ("failed", "met_2", "expected"),
    [
        (MANDATORY[:1], None, ["KD603"]),
        (OTHERS[1:2], None, ["KD609"]),
        (OTHERS[1:3], None, ["KD609"] * 2),
        (OTHERS[1:4], None, ["KD603"] * 3),  # only 4 of 7 are left: no level 1
        (OTHERS[1:2], MANDATORY + OTHERS[:1] + OTHERS[2:], ["KD603"]),  # level 2 but for this one
        (OTHERS[1:2], MANDATORY + OTHERS[3:], ["KD609"]),  # no level 2 anyway
    ],
)
def test_a_failed_criterion_weighs_by_what_it_costs(
    failed: Sequence[str], met_2: Sequence[str] | None, expected: list[str]
) -> None:
    found = judged(self_assessment=assessment(failed, met_2))
    assert of(found, "KD603", "KD609") == expected
    assert {str(f.severity) for f in found if f.rule == "KD609"} <= {"note"}


@pytest.mark.parametrize("failed", [MANDATORY[0], OTHERS[1]])
def test_a_row_of_problems_answers_a_failed_criterion(failed: str) -> None:
    regulation = layout_of("2026").regulation
    criterion = next(c for c in regulation.criteria if c.code == failed)
    row = {"standard": regulation.standard_of(criterion), "criterion": criterion.label}
    found = judged(self_assessment=assessment([failed]), problems=[row])
    assert of(found, "KD603", "KD609") == []


@pytest.mark.parametrize(
    ("others_at_2", "is_reached"), [(5, True), (4, False), (7, True), (0, False)]
)
def test_level_2_needs_five_of_the_others(others_at_2: int, is_reached: bool) -> None:
    rows = assessment(met_2=MANDATORY + OTHERS[:others_at_2])
    found = judged(cover={"claimed_level": "Mức 2"}, self_assessment=rows)
    assert (of(found, "KD606") == []) is is_reached
    low = judged(cover={"claimed_level": "Mức 1"}, self_assessment=rows)
    assert (of(low, "KD607") == ["KD607"]) is is_reached


@pytest.mark.parametrize(
    ("level_1", "vi", "en"),
    [
        (None, "chưa ghi kết quả Mức 1", "has no verdict"),
        ("Không đạt", "Mức 1 chưa đạt", "not level 1"),
        ("Không đánh giá", "Mức 1 chưa đạt", "not level 1"),
    ],
)
@pytest.mark.parametrize("form", ["2018", "2026"])
def test_a_blank_level_is_not_a_failed_one(form: str, level_1: Value, vi: str, en: str) -> None:
    found = judged(form, self_assessment=[{"result_1": level_1, "result_2": "Đạt"}])
    (one,) = [f for f in found if f.rule == "KD608"]
    assert vi in one.message.vi
    assert en in one.message.en


@pytest.mark.parametrize(
    ("form", "codes"), [("2018", "[H1-1.1-01]"), ("2026", "(MC.1.1.01, MC.1.1.02)")]
)
def test_the_remedy_shows_the_codes_of_the_form(form: str, codes: str) -> None:
    row = {"progress_state": "Hoàn thành", "evidence": "[H1.1.01]"}
    found = judged(form, self_assessment=[{"evidence": "(MC 1.1.01)"}], progress=[row])
    remedies = [f.remedy for f in found if f.rule in ("KD220", "KD709")]
    assert len(remedies) == 2
    assert all(codes in remedy.vi and codes in remedy.en for remedy in remedies)
    fine = judged(form, self_assessment=[{"evidence": "(MC.1.1.01, MC.1.1.02)"}])
    assert of(fine, "KD220") == []


def test_a_plan_of_several_years_on_the_form_of_one() -> None:
    assert of(judged(cover={"school_year": "2026-2029"}), "KD118") == ["KD118"]
    for year in ("2026-2027", "2026 \u2013 2027", "hai năm"):
        assert of(judged(cover={"school_year": year}), "KD118") == []
    assert of(judged("2018", cover={"school_year": "2020-2023"}), "KD118") == []


@pytest.mark.parametrize(
    ("reviews", "today", "expected"),
    [
        ({}, date(2026, 11, 22), []),
        ({}, date(2027, 1, 31), []),
        ({}, date(2027, 2, 1), ["KD711"]),
        ({}, date(2027, 7, 1), ["KD711", "KD711"]),
        ({}, date(2027, 8, 1), []),  # the plan is over
        ({"review_content_term_1": "Tiến độ"}, date(2027, 2, 1), ["KD711"]),
        (
            {"review_content_term_1": "Tiến độ", "review_result_term_1": "Đạt 6/9"},
            date(2027, 2, 1),
            [],
        ),
        ({"review_result_term_1": "Đạt 6/9"}, date(2026, 12, 14), ["KD713"]),
        ({"review_result_term_1": "Đạt 6/9"}, date(2026, 12, 15), []),
        ({"review_result_year_end": "Đạt 9/9"}, date(2027, 4, 30), ["KD711", "KD713"]),
        ({"review_result_term_1": "  "}, date(2026, 11, 22), []),
        ({"review_result_term_1": 5.0}, date(2026, 11, 22), ["KD713"]),
    ],
)
def test_what_the_reviews_say(
    reviews: Mapping[str, Value], today: date, expected: list[str]
) -> None:
    found = judged(cells={"progress": reviews}, today=today)
    assert sorted(of(found, "KD711", "KD712", "KD713")) == expected


def test_the_same_text_in_two_reviews() -> None:
    twice = {
        "review_result_term_1": "Cơ bản  hoàn thành",
        "review_result_year_end": "cơ bản hoàn thành",
    }
    copied = {"review_content_term_1": "Tiến độ", "review_result_term_1": "Tiến độ"}
    for cells, field in ((twice, "review_result_year_end"), (copied, "review_result_term_1")):
        (one,) = [f for f in judged(cells={"progress": cells}) if f.rule == "KD712"]
        assert one.field == field


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        ({}, []),
        ({"accreditation": "Cấp độ 2", "recognised_until": date(2029, 5, 20)}, []),
        ({"accreditation": "Mức 2", "recognised_until": date(2029, 5, 20)}, ["KD121"]),
        ({"national_standard": "Cấp độ 1", "recognised_until": date(2029, 5, 20)}, ["KD121"]),
        ({"accreditation": "Cấp độ 2"}, ["KD122"]),
        ({"recognised_until": "cuối 2029"}, ["KD122"]),
        (
            {"recognised_on": date(2024, 5, 20), "recognised_until": date(2024, 5, 20)},
            ["KD122", "KD124"],
        ),
        ({"recognised_on": date(2024, 2, 29), "recognised_until": date(2029, 3, 1)}, []),
        ({"recognised_on": date(2024, 5, 20), "recognised_until": date(2030, 5, 20)}, ["KD122"]),
        ({"recognised_until": date(2027, 12, 31)}, ["KD123"]),
        ({"recognised_until": date(2028, 1, 2)}, []),
        ({"recognised_until": date(2027, 4, 22)}, ["KD123"]),
        ({"recognised_until": date(2027, 4, 21)}, ["KD123", "KD124"]),
        ({"recognised_until": date(2026, 3, 1)}, ["KD124"]),
    ],
)
def test_the_recognition_that_a_school_holds(
    cover: Mapping[str, Value], expected: list[str]
) -> None:
    found = judged(cover=cover)
    assert sorted(of(found, "KD121", "KD122", "KD123", "KD124")) == expected


def test_five_months_before_the_end() -> None:
    assert register_by(date(2027, 4, 22)) == date(2026, 11, 22)
    assert register_by(date(2027, 5, 31)) == date(2026, 12, 31)
    assert register_by(date(2027, 7, 31)) == date(2027, 2, 28)
    assert register_by(date(2028, 7, 30)) == date(2028, 2, 29)
    today = date(2026, 11, 22)
    states = [
        recognition_state(day, today)
        for day in (
            date(2026, 11, 21),
            date(2027, 4, 21),
            date(2027, 4, 22),
            date(2028, 4, 22),
            date(2028, 4, 23),
        )
    ]
    assert states == [
        RecognitionState.EXPIRED,
        RecognitionState.LATE,
        RecognitionState.SOON,
        RecognitionState.SOON,
        RecognitionState.LATER,
    ]


def test_ownership_is_a_field_of_the_2026_form() -> None:
    assert of(judged(cover={"ownership": None}), "KD117") == ["KD117"]
    assert of(judged(cover={"ownership": "CL"}), "KD116", "KD117") == ["KD116"]
    assert of(judged(), "KD116", "KD117") == []
    assert not layout_of("2018").sheet("cover").has_cell("ownership")
