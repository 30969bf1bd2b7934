"""Dates and amounts as people type them: what each text means, in Python and in formulas."""

from __future__ import annotations

from datetime import date

import pytest

from kdcl_xl.template.issue import template_bytes
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.derive import complete_plan
from macros_free_validation.live import live_sheet
from macros_free_validation.plan import Plan
from macros_free_validation.understood import NO_PERIOD, Period, reader_of
from macros_free_validation.understood.examples import AMOUNTS, DATES, NO_AMOUNTS, NO_DATES
from macros_free_validation.values import CellError, Raw, to_serial
from tests.build import SCHOOL, YEARS, Value, fresh_workbook_bytes, layout_of, make_plan
from tests.proof.compare import compare
from tests.proof.expected import Kind, expected
from tests.proof.judges import IronCalc
from workbook_templates.declare import MEANINGS, Column, Edge, Type
from workbook_templates.text import Text

NOTHING = Text("", "")
PERIOD = Period(to_serial(date(2026, 8, 1)), to_serial(date(2027, 7, 31)))

# A text, and the days that it means as a start, as a deadline, and where a whole date is asked.
MEANT: tuple[tuple[str, date | None, date | None, date | None], ...] = (
    ("31/05/2027", *(date(2027, 5, 31),) * 3),
    ("31/5/27", *(date(2027, 5, 31),) * 3),
    ("31.05.2027", *(date(2027, 5, 31),) * 3),
    ("31-5-2027", *(date(2027, 5, 31),) * 3),
    (" 31 / 5 / 2027. ", *(date(2027, 5, 31),) * 3),
    ("2027-05-31", *(date(2027, 5, 31),) * 3),
    ("10/11/2026", *(date(2026, 11, 10),) * 3),
    ("ngày 5 tháng 9 năm 2026", *(date(2026, 9, 5),) * 3),
    ("29/2/2028", *(date(2028, 2, 29),) * 3),
    ("5/2027", date(2027, 5, 1), date(2027, 5, 31), None),
    ("Tháng 2/2028", date(2028, 2, 1), date(2028, 2, 29), None),
    ("tháng 6 năm 2020", date(2020, 6, 1), date(2020, 6, 30), None),
    ("tháng 12/2026", date(2026, 12, 1), date(2026, 12, 31), None),
    ("T9/2026", date(2026, 9, 1), date(2026, 9, 30), None),
    ("quý I/2027", date(2027, 1, 1), date(2027, 3, 31), None),
    ("quý II/2027", date(2027, 4, 1), date(2027, 6, 30), None),
    ("QUÝ III NĂM 2027", date(2027, 7, 1), date(2027, 9, 30), None),
    ("quý 4/2026", date(2026, 10, 1), date(2026, 12, 31), None),
    ("năm 2027", date(2027, 1, 1), date(2027, 12, 31), None),
    ("năm học", date(2026, 8, 1), date(2027, 7, 31), None),
    ("Hết năm học 2026-2027", date(2027, 7, 31), date(2027, 7, 31), None),
    ("cuối tháng 5/2027", date(2027, 5, 31), date(2027, 5, 31), None),
    ("đầu tháng 9/2026", date(2026, 9, 1), date(2026, 9, 1), None),
    ("Đến 31/5/2027", date(2027, 5, 31), date(2027, 5, 31), None),
    ("Từ tháng 8/2020", date(2020, 8, 1), date(2020, 8, 31), None),
    ("từ 1/9/2026 đến hết tháng 5/2027", date(2026, 9, 1), date(2027, 5, 31), None),
    ("trước 15/6/2027", date(2027, 6, 14), date(2027, 6, 14), None),
    ("trước tháng 6/2027", date(2027, 5, 31), date(2027, 5, 31), None),
    *(
        (text, None, None, None)
        for text in (
            *("31/02/2027", "5/13/2027", "0/5/2027", "13/2027", "5/27", "5/9", "31/5", "1/1/1999"),
            *("1/1/2100", "tháng 5", "tháng năm 2027", "đầu năm", "quý V/2027", "quý 0/2027"),
            *("giữa tháng 5/2027", "hết học kỳ I", "năm học 2025-2026", "năm học 2026", "2027"),
            *("1 2/2026", "30/4-1/5/2027", "15h ngày 5/9/2026", "thường xuyên", "Q", "//", "N"),
        )
    ),
)
# A text, its amount in đồng, and the time after which it comes again.
WORTH: tuple[tuple[str, float | None, str], ...] = (
    ("81000000", 81e6, ""),
    ("81.000.000", 81e6, ""),
    ("81,000,000", 81e6, ""),
    ("81 000 000", 81e6, ""),
    ("81 triệu", 81e6, ""),
    ("81 TRIỆU ĐỒNG", 81e6, ""),
    ("1,5 tỷ", 1.5e9, ""),
    ("0.25 tỉ", 2.5e8, ""),
    ("1.500 triệu", 1.5e9, ""),
    ("494.510.000 đồng", 494_510_000.0, ""),
    ("494.510.000đ (Bốn trăm chín mươi bốn triệu)", 494_510_000.0, ""),
    ("494,510,000.00 VNĐ", 494_510_000.0, ""),
    ("Dự kiến 500 nghìn", 5e5, ""),
    ("1 triệu/tháng", 1e6, "tháng"),
    ("1.000.000 đồng mỗi học kỳ", 1e6, "học kỳ"),
    ("200.000đ/ lần", 2e5, "lần"),
    ("1.234", 1234.0, ""),
    ("Không", 0.0, ""),
    ("không cần kinh phí", 0.0, ""),
    ("-", 0.0, ""),
    ("0", 0.0, ""),
    *(
        (text, None, "")
        for text in (
            *("81.5", "81,5", "1,234 triệu", "81.00.000", "81.000,000", "1 tỷ 200 triệu", "triệu"),
            *("(81 triệu)", "-5.000.000", "50.000đ/học sinh", "1/234", "1234567890123456", "5 T M"),
        )
    ),
)


def column(kind: Type, edge: Edge = Edge.DAY) -> Column:
    return Column("x", NOTHING, NOTHING, 1, kind, edge=edge)


def meant(text: Raw, kind: Type, edge: Edge = Edge.DAY, period: Period = PERIOD) -> Raw:
    return reader_of(column(kind, edge)).meaning(text, period)[0]


@pytest.mark.parametrize(("text", "start", "deadline", "day"), MEANT)
def test_dates(text: str, start: date | None, deadline: date | None, day: date | None) -> None:
    found = [meant(text, Type.DATE, edge) for edge in (Edge.FIRST, Edge.LAST, Edge.DAY)]
    assert found == [to_serial(d) if d else "?" for d in (start, deadline, day)]


@pytest.mark.parametrize(("text", "amount", "per"), WORTH)
def test_amounts(text: str, amount: float | None, per: str) -> None:
    assert reader_of(column(Type.MONEY)).meaning(text, PERIOD) == (
        "?" if amount is None else amount,
        per,
    )


@pytest.mark.parametrize("kind", MEANINGS)
def test_other_values(kind: Type) -> None:
    assert meant(None, kind) == meant(" \n", kind) == ""
    assert meant(True, kind) == meant(CellError("#N/A"), kind) == "?"
    real = to_serial(date(2027, 5, 31))
    assert meant(real, kind) == real


def test_a_real_date_counts_without_its_time_and_only_in_this_century() -> None:
    assert meant(46538.75, Type.DATE) == 46538.0
    assert meant(5.0, Type.DATE) == meant(1e6, Type.DATE) == "?"


def test_a_school_year_means_nothing_without_a_period() -> None:
    assert meant("hết năm học", Type.DATE, Edge.LAST, NO_PERIOD) == "?"
    assert meant("hết năm học", Type.DATE, Edge.LAST, Period("?", PERIOD.last)) == "?"


def test_the_examples_of_the_page_are_what_it_says() -> None:
    assert all(isinstance(meant(t, Type.DATE, Edge.LAST), float) for t in DATES)
    assert all(meant(t, Type.DATE, Edge.LAST) == "?" for t in NO_DATES)
    assert all(isinstance(meant(t, Type.MONEY), float) for t in AMOUNTS)
    assert all(meant(t, Type.MONEY) == "?" for t in NO_AMOUNTS)


@pytest.mark.slow
def test_formulas_understand_the_same_texts() -> None:
    layout = layout_of("2026", rows=max(len(MEANT), len(WORTH)))
    dates, amounts = [text for text, *_ in MEANT], [text for text, *_ in WORTH]
    rows: list[dict[str, Value]] = [
        {
            "task": "x",
            "start": dates[n % len(dates)],
            "deadline": dates[n % len(dates)],
            "budget": amounts[n % len(amounts)],
        }
        for n in range(layout.rows)
    ]
    cover = {"issue_date": "ngày 12 tháng 9 năm 2026", "recognised_until": "tháng 5/2029"}
    plan = make_plan(layout, cover=cover, tables={"plan": rows}, school=SCHOOL)
    workbook = fresh_workbook_bytes(plan)
    with IronCalc() as judge:
        tally = compare(plan, expected(workbook, layout), judge.recalculate(workbook), "texts")
    assert tally.cells[Kind.MEANING] > 10 * layout.rows
    assert not tally.differences, list(map(str, tally.differences[:20]))


def _completed(row: dict[str, Value]) -> tuple[Plan, bytes]:
    plan = make_plan(layout_of("2026"), tables={"plan": [row]})
    return plan, fresh_workbook_bytes(plan)


def test_the_row_says_how_it_was_understood() -> None:
    row: dict[str, Value] = {
        "task": "x",
        "start": "tháng 9/2026",
        "deadline": "31/05/2027",
        "budget": "1 triệu/tháng",
    }
    plan, workbook = _completed(row)
    sheet = plan.layout.sheet("plan")
    check = open_workbook(workbook).sheet(sheet.name).results
    said = check[sheet.first_row][sheet.column("check").index]
    assert isinstance(said, str)
    assert said.endswith("Hiểu là: từ 01/09/2026, 1.000.000 đồng/tháng.")
    plain, workbook = _completed(row | {"start": date(2026, 9, 1), "budget": 81_000_000})
    check = open_workbook(workbook).sheet(sheet.name).results
    assert "Hiểu là" not in str(check[sheet.first_row][sheet.column("check").index])
    (record,) = plain.rows("plan")
    assert plain.meant("plan", record, "budget") == 81e6


@pytest.mark.parametrize("form", ["2018", "2026"])
def test_cells_for_dates_and_amounts_are_text_and_refuse_nothing(form: str) -> None:
    layout = layout_of(form)
    kind = layout.regulation.kinds[0]
    content = template_bytes(layout, SCHOOL, YEARS[form])
    assert kind is not None
    book = open_workbook(content)
    for sheet in layout.sheets:
        for meaning in sheet.meanings:
            placed = meaning.input
            assert meaning.declared.type in MEANINGS
            live = next(m for m in live_sheet(layout, sheet.key).meanings if m.meaning == meaning)
            assert len(set(live.indexes)) == len(live.indexes)
            assert placed.index not in live.indexes
    assert book.sheets


def test_a_completed_plan_completes_to_itself() -> None:
    plan, _ = _completed({"task": "x", "deadline": "quý II/2027", "budget": "81 triệu"})
    rows = {key: [(r.row, r.values) for r in found] for key, found in plan.tables.items()}
    assert complete_plan(plan.layout, plan.cells, rows) == plan
