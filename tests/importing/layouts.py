"""Documents in the layouts and words of real plans, made with python-docx from synthetic plans."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.importing.tasks import Plan, Task

Doc = Any
"""A document of python-docx, whose types are not complete."""
LAYOUTS: dict[str, tuple[str, Callable[[Plan], bytes]]] = {}
"""The layouts by name: the form that they are for, and the function that makes the document."""


def layout(form: str) -> Callable[[Callable[[Plan], bytes]], Callable[[Plan], bytes]]:
    """Register a layout for a form."""

    def add(make: Callable[[Plan], bytes]) -> Callable[[Plan], bytes]:
        LAYOUTS[make.__name__] = (form, make)
        return make

    return add


# ---- parts ------------------------------------------------------------------------------


def head(plan: Plan, *, title_year: bool = True) -> Doc:
    """Return a document with letterhead, title, grounds and purpose."""
    document = docx.Document()
    cover = plan.cover
    table = document.add_table(2, 2)
    table.cell(0, 0).text = f"{cover['parent_body'].upper()}\n{plan.school.upper()}"
    table.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    table.cell(1, 0).text = f"Số: {cover['plan_number']}"
    year = plan.year[:4]
    table.cell(1, 1).text = f"{cover['place']}, ngày 12 tháng 9 năm {year}"
    for line in ("KẾ HOẠCH", "CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC"):
        document.add_paragraph(line)
    if title_year:
        document.add_paragraph(f"Năm học {plan.year.replace('-', ' – ')}")
    document.add_paragraph("I. MỤC ĐÍCH, YÊU CẦU")
    document.add_paragraph("1. Mục đích")
    document.add_paragraph(cover["purpose"])
    document.add_paragraph("2. Yêu cầu")
    document.add_paragraph(cover["requirements"])
    document.add_paragraph("II. CĂN CỨ XÂY DỰNG KẾ HOẠCH")
    document.add_paragraph(f"Thông tư số {plan.circular} của Bộ Giáo dục và Đào tạo.")
    return document


def tail(document: Doc, plan: Plan) -> bytes:
    """Add organisation, recipients and signature, and return the bytes."""
    cover = plan.cover
    number = "VI" if plan.form == "2018" else "VII"
    document.add_paragraph(f"{number}. TỔ CHỨC THỰC HIỆN")
    document.add_paragraph("1. Hiệu trưởng - Chủ tịch Hội đồng tự đánh giá")
    document.add_paragraph(cover["organisation_principal"])
    document.add_paragraph("2. Các thành viên của Hội đồng tự đánh giá")
    document.add_paragraph(cover["organisation_council"])
    document.add_paragraph("3. Cán bộ, giáo viên, nhân viên của trường")
    document.add_paragraph(cover["organisation_staff"])
    document.add_paragraph(
        f"Trên đây là kế hoạch cải tiến chất lượng năm học {plan.year} của {plan.school}./."
    )
    table = document.add_table(1, 2)
    table.cell(0, 0).text = f"Nơi nhận:\n{cover['recipients']}"
    table.cell(0, 1).text = "HIỆU TRƯỞNG"
    return saved(document)


def saved(document: Doc) -> bytes:
    """Return the bytes of a document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def grid(document: Doc, headings: str) -> Doc:
    """Add a table with a row of headings, which are parted by bars."""
    texts = headings.split(" | ")
    table = document.add_table(1, len(texts))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, texts, strict=True):
        cell.text = text
    return table


def add_row(table: Doc, texts: Sequence[str]) -> Doc:
    """Add a row, a paragraph for each line of its texts."""
    row = table.add_row()
    for cell, text in zip(row.cells, texts, strict=True):
        first, *more = text.split("\n")
        cell.text = first
        for line in more:
            cell.add_paragraph(line)
    return row


def across(table: Doc, text: str, first: str | None = None) -> None:
    """Add a row across the table; with ``first`` its first cell stays apart."""
    row = table.add_row()
    start = 0 if first is None else 1
    if first is not None:
        row.cells[0].text = first
    row.cells[start].merge(row.cells[-1]).text = text


def merged(table: Doc, column: int, first: int, last: int) -> None:
    """Merge the cells of a column downwards; the text of the first stays."""
    if last > first:
        text = table.cell(first, column).text
        for row in range(first + 1, last + 1):
            table.cell(row, column).text = ""
        table.cell(first, column).merge(table.cell(last, column)).text = text


def by_standard(plan: Plan) -> Iterator[tuple[str, list[Task]]]:
    """Yield the tasks of each standard, with its label."""
    regulation = plan.draft.layout.regulation
    for label, tasks in groupby(
        plan.tasks, key=lambda task: regulation.standard_of(task.criterion)
    ):
        yield label, list(tasks)


def says(task: Task, *names: str) -> list[str]:
    """Return the words of some fields of a task."""
    return [task.says.get(name, "") for name in names]


_NINE = (
    "TT | Tiêu chuẩn, tiêu chí | Kết quả cần đạt (so với hiện trạng) | Công việc/giải "
    "pháp cần thực hiện | Chủ trì và phối hợp thực hiện | Thời gian thực hiện và hoàn "
    "thành | Dự kiến kinh phí | Điều kiện hỗ trợ khác | Ghi chú"
)
_OF_NINE = ("expected_result", "task", "who", "when", "money", "support_conditions")


# ---- layouts of the form of 2018 --------------------------------------------------------


@layout("2018")
def nine_columns(plan: Plan) -> bytes:
    """The printed form: bands and standards as rows across the table."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC")
    table = grid(document, _NINE)
    across(table, "MỨC 1, 2, 3")
    for nth, (label, tasks) in enumerate(by_standard(plan), start=1):
        across(table, label, str(nth))
        for task in tasks:
            code, title = task.criterion.code, task.criterion.title
            add_row(table, ["", f"Tiêu chí {code}. {title}", *says(task, *_OF_NINE), ""])
    return tail(document, plan)


@layout("2018")
def eight_columns_merged(plan: Plan) -> bytes:
    """No notes; the criterion's cell is merged over its tasks; numbers per row."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG KẾ HOẠCH")
    table = grid(document, _NINE.removesuffix(" | Ghi chú"))
    nth = 0
    for _, group in groupby(plan.tasks, key=lambda task: task.criterion.code):
        tasks = list(group)
        first = len(table.rows)
        for task in tasks:
            nth += 1
            add_row(table, [str(nth), f"TC {task.criterion.code}", *says(task, *_OF_NINE)])
        merged(table, 1, first, first + len(tasks) - 1)
    return tail(document, plan)


@layout("2018")
def ten_columns_two_headings(plan: Plan) -> bytes:
    """Lead and coordination in columns of their own under one heading."""
    document = head(plan)
    document.add_paragraph("III. Nội dung cải tiến")
    names = (
        "STT | Tiêu chí | Mục tiêu | Giải pháp thực hiện | Tổ chức thực hiện |  | Thời "
        "gian | Kinh phí dự kiến | Điều kiện hỗ trợ | Ghi chú"
    )
    table = grid(document, names)
    second = table.add_row()
    table.cell(0, 4).merge(table.cell(0, 5)).text = "Tổ chức thực hiện"
    second.cells[4].text, second.cells[5].text = "Chủ trì", "Phối hợp"
    for column in (0, 1, 2, 3, 6, 7, 8, 9):
        text = table.cell(0, column).text
        table.cell(0, column).merge(table.cell(1, column)).text = text
    for nth, task in enumerate(plan.tasks, start=1):
        lead, help_ = str(task.truth["lead"]), str(task.truth.get("coordination", ""))
        expected, what, when, money, support = says(
            task, "expected_result", "task", "when", "money", "support_conditions"
        )
        add_row(
            table,
            [str(nth), task.criterion.code, expected, what, lead, help_, when, money, support, ""],
        )
    return tail(document, plan)


@layout("2018")
def eleven_columns(plan: Plan) -> bytes:
    """The standard apart and merged, start and deadline apart, amounts in a column of millions."""
    document = head(plan)
    document.add_paragraph("B. NỘI DUNG KẾ HOẠCH")
    names = (
        "TT | Tiêu chuẩn | Tiêu chí | Kết quả cần đạt | Biện pháp cải tiến | Người phụ "
        "trách | Bắt đầu | Hoàn thành | Kinh phí | Điều kiện thực hiện | Ghi chú"
    )
    table = grid(document, names)
    nth = 0
    for label, tasks in by_standard(plan):
        first = len(table.rows)
        for task in tasks:
            nth += 1
            expected, what, who, money, support = says(
                task, "expected_result", "task", "who", "money", "support_conditions"
            )
            start, end = _days(task)
            title = f"{task.criterion.code} {task.criterion.title}"
            add_row(
                table, [str(nth), label, title, expected, what, who, start, end, money, support, ""]
            )
        merged(table, 1, first, first + len(tasks) - 1)
    return tail(document, plan)


def _days(task: Task) -> tuple[str, str]:
    """Return start and deadline as a plan with two columns has them."""
    shown = []
    for name in ("start", "deadline"):
        value = task.truth.get(name)
        shown.append(value.strftime("%d/%m/%Y") if isinstance(value, date) else "")
    return shown[0], shown[1]


@layout("2018")
def other_order(plan: Plan) -> bytes:
    """Columns in another order, under other names, without the expected result's usual place."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG, GIẢI PHÁP")
    names = (
        "STT | Tên tiêu chí | Nội dung công việc | Thời gian thực hiện | Người thực "
        "hiện | Chỉ tiêu phấn đấu | Kinh phí (nguồn) | Điều kiện đảm bảo"
    )
    table = grid(document, names)
    for nth, task in enumerate(plan.tasks, start=1):
        fields = ("task", "when", "who", "expected_result", "money", "support_conditions")
        title = f"Tiêu chí {task.criterion.code}: {task.criterion.title}"
        add_row(table, [f"{nth}.", title, *says(task, *fields)])
    return tail(document, plan)


@layout("2018")
def weaknesses_and_measures(plan: Plan) -> bytes:
    """Weakness, measure, person, time: the table of a self-assessment report."""
    document = head(plan)
    document.add_paragraph("III. KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG")
    names = (
        "TT | Tiêu chí | Điểm yếu | Biện pháp khắc phục | Bộ phận thực hiện | Thời gian"
        " hoàn thành | Kinh phí | Kết quả mong đợi"
    )
    table = grid(document, names)
    for nth, task in enumerate(plan.tasks, start=1):
        what, who, when, money, expected = says(
            task, "task", "who", "when", "money", "expected_result"
        )
        code = task.criterion.code
        weak = f"Còn hạn chế thứ {nth} cần khắc phục"
        add_row(table, [str(nth), f"Tiêu chí {code}", weak, what, who, when, money, expected])
    return tail(document, plan)


@layout("2018")
def table_for_each_standard(plan: Plan) -> bytes:
    """A table for each standard below its heading, each with its own headings."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC")
    names = (
        "TT | Tiêu chí | Kết quả cần đạt | Công việc, giải pháp | Phân công thực hiện |"
        " Thời gian | Dự kiến kinh phí"
    )
    for label, tasks in by_standard(plan):
        document.add_paragraph(label)
        table = grid(document, names)
        for nth, task in enumerate(tasks, start=1):
            fields = ("expected_result", "task", "who", "when", "money")
            add_row(table, [str(nth), f"Tiêu chí {task.criterion.code}", *says(task, *fields)])
        document.add_paragraph()
    return tail(document, plan)


@layout("2018")
def broken_over_pages(plan: Plan) -> bytes:
    """A table cut in pieces without headings, as a PDF that was turned into Word."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC")
    table = grid(document, _NINE)
    across(table, "MỨC 1, 2, 3")
    for nth, task in enumerate(plan.tasks, start=1):
        if nth % 5 == 0:
            document.add_paragraph()
            table = document.add_table(0, 9)
        add_row(table, [str(nth), f"Tiêu chí {task.criterion.code}", *says(task, *_OF_NINE), ""])
    return tail(document, plan)


@layout("2018")
def nested(plan: Plan) -> bytes:
    """The plan's table inside the only cell of another table; headings repeated."""
    document = head(plan)
    outer = document.add_table(1, 1)
    cell = outer.cell(0, 0)
    cell.text = "III. NỘI DUNG KẾ HOẠCH"
    inner = cell.add_table(1, 9)
    for head_cell, text in zip(inner.rows[0].cells, _NINE.split(" | "), strict=True):
        head_cell.text = text
    add_row(inner, [f"({n})" for n in range(1, 10)])
    for nth, task in enumerate(plan.tasks, start=1):
        if nth == 6:
            add_row(inner, _NINE.split(" | "))
        code = task.criterion.code.replace(".", ". ")
        add_row(inner, [str(nth), f"Tiêu chí {code}", *says(task, *_OF_NINE), ""])
    return tail(document, plan)


@layout("2018")
def criterion_across(plan: Plan) -> bytes:
    """The criterion in a row across the table, its tasks below."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG KẾ HOẠCH")
    names = (
        "TT | Công việc/giải pháp | Mục tiêu cần đạt | Người chịu trách nhiệm | Tiến độ"
        " | Dự toán kinh phí | Điều kiện"
    )
    table = grid(document, names)
    for label, tasks in by_standard(plan):
        across(table, label.upper())
        for criterion, group in groupby(tasks, key=lambda task: task.criterion):
            across(table, f"Tiêu chí {criterion.code}: {criterion.title}")
            for nth, task in enumerate(group, start=1):
                fields = ("task", "expected_result", "who", "when", "money", "support_conditions")
                add_row(table, [str(nth), *says(task, *fields)])
    return tail(document, plan)


@layout("2018")
def narrative(plan: Plan) -> bytes:
    """No table: a heading for each criterion, and labels before the texts."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG CẢI TIẾN")
    for nth, task in enumerate(plan.tasks, start=1):
        code, title = task.criterion.code, task.criterion.title
        document.add_paragraph(f"{nth}. Tiêu chí {code}: {title}")
        expected, what, who, when, money = says(
            task, "expected_result", "task", "who", "when", "money"
        )
        document.add_paragraph(f"- Mục tiêu: {expected}")
        document.add_paragraph("- Biện pháp thực hiện:")
        document.add_paragraph(f"+ {what}")
        document.add_paragraph("- Người phụ trách: " + who.replace("\n", "; "))
        document.add_paragraph(f"- Thời gian thực hiện: {when}")
        if money:
            document.add_paragraph(f"- Kinh phí: {money}")
    return tail(document, plan)


@layout("2018")
def cards(plan: Plan) -> bytes:
    """A small table of labels and texts for each task."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG KẾ HOẠCH")
    for task in plan.tasks:
        table = document.add_table(0, 2)
        expected, what, who, when, money = says(
            task, "expected_result", "task", "who", "when", "money"
        )
        labels = "Tiêu chí | Kết quả cần đạt | Giải pháp | Người thực hiện | Thời gian | Kinh phí"
        texts = (task.criterion.label, expected, what, who, when, money)
        for label, text in zip(labels.split(" | "), texts, strict=True):
            add_row(table, [label, text])
        document.add_paragraph()
    return tail(document, plan)


@layout("2018")
def decomposed_with_lists(plan: Plan) -> bytes:
    """Decomposed letters, and numbers that Word itself puts before the paragraphs of a cell."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG KẾ HOẠCH")
    table = grid(document, _decomposed(_NINE))
    for nth, task in enumerate(plan.tasks, start=1):
        texts = [str(nth), f"Tiêu chí {task.criterion.code}", *says(task, *_OF_NINE), ""]
        row = add_row(table, [_decomposed(text) for text in texts])
        row.cells[1].paragraphs[0].style = document.styles["Normal"]
    return tail(document, plan)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@layout("2018")
def tracked_changes(plan: Plan) -> bytes:
    """Insertions and deletions that nobody accepted, footnotes' neighbours, a text box."""
    document = head(plan)
    document.add_paragraph("III. NỘI DUNG KẾ HOẠCH")
    document.sections[0].header.paragraphs[0].text = "Kế hoạch nội bộ, đầu trang"
    table = grid(document, _NINE)
    for nth, task in enumerate(plan.tasks, start=1):
        row = add_row(
            table, [str(nth), f"Tiêu chí {task.criterion.code}", *says(task, *_OF_NINE), ""]
        )
        paragraph = row.cells[3].paragraphs[0]
        _wrapped(paragraph, "w:ins")
        _deleted(paragraph, f"việc cũ số {nth}")
    return tail(document, plan)


def _wrapped(paragraph: Doc, tag: str) -> None:
    change = OxmlElement(tag)
    change.set(qn("w:author"), "x")
    change.set(qn("w:id"), "1")
    for run in list(paragraph._p.findall(qn("w:r"))):
        change.append(run)
    paragraph._p.append(change)


def _deleted(paragraph: Doc, text: str) -> None:
    change, run, said = OxmlElement("w:del"), OxmlElement("w:r"), OxmlElement("w:delText")
    change.set(qn("w:author"), "x")
    change.set(qn("w:id"), "2")
    said.text = text
    run.append(said)
    change.append(run)
    paragraph._p.append(change)


# ---- layouts of the form of 2026 --------------------------------------------------------


_TEN = (
    "TT | Nội dung cải tiến | Mục tiêu cải tiến | Hoạt động/giải pháp | Chỉ số đánh giá "
    "kết quả | Thời gian thực hiện | Đơn vị/cá nhân phụ trách | Nguồn lực bảo đảm | Thông"
    " tin, dữ liệu hoặc minh chứng dự kiến | Mức độ thực hiện"
)


def _problems(document: Doc, plan: Plan) -> None:
    document.add_paragraph("IV. TÓM TẮT CÁC VẤN ĐỀ TRỌNG TÂM CẦN CẢI TIẾN")
    names = (
        "TT | Tiêu chuẩn | Tiêu chí liên quan (nếu có) | Đánh giá hiện trạng | Điểm hạn"
        " chế | Nguyên nhân của hạn chế"
    )
    table = grid(document, names)
    for nth, row in enumerate(plan.problems, start=1):
        fields = ("standard", "criterion", "current_state", "weakness", "cause")
        add_row(table, [str(nth), *(row.get(name, "") for name in fields)])


@layout("2026")
def form_2026(plan: Plan) -> bytes:
    """Biểu 2 with its ten columns; the criterion is named in the content of improvement."""
    document = head(plan)
    _problems(document, plan)
    document.add_paragraph("V. KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG")
    table = grid(document, _TEN)
    add_row(table, [f"({n})" for n in range(1, 11)])
    for nth, task in enumerate(plan.tasks, start=1):
        content = f"{task.says['improvement_content']}\nTiêu chí {task.criterion.label}"
        expected, what, index, when, who, money, support, proof = says(
            task, "expected_result", "task", "indicator", "when", "who", "money",
            "support_conditions", "planned_evidence",
        )  # fmt: skip
        resources = "\n".join(part for part in (money, support) if part)
        add_row(table, [str(nth), content, expected, what, index, when, who, resources, proof, ""])
    return tail(document, plan)


@layout("2026")
def other_words_2026(plan: Plan) -> bytes:
    """The form of 2026 with a column for the criterion and with other headings."""
    document = head(plan)
    _problems(document, plan)
    document.add_paragraph("V. NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG")
    names = (
        "STT | Tiêu chí liên quan | Vấn đề cần cải tiến | Mục tiêu | Các giải pháp | "
        "Chỉ số đo lường | Lộ trình thực hiện | Đơn vị chủ trì | Đơn vị phối hợp | Kinh"
        " phí thực hiện | Minh chứng"
    )
    table = grid(document, names)
    for nth, task in enumerate(plan.tasks, start=1):
        lead, help_ = str(task.truth["lead"]), str(task.truth.get("coordination", ""))
        content, expected, what, index, when, money, proof = says(
            task, "improvement_content", "expected_result", "task", "indicator", "when", "money",
            "planned_evidence",
        )  # fmt: skip
        code = f"{task.criterion.code}. {task.criterion.title}"
        add_row(
            table, [str(nth), code, content, expected, what, index, when, lead, help_, money, proof]
        )
    return tail(document, plan)


NOT_SAID: Mapping[str, frozenset[str]] = {
    "ten_columns_two_headings": frozenset(),
    "eleven_columns": frozenset(("recurrence",)),
    "weaknesses_and_measures": frozenset(("support_conditions",)),
    "table_for_each_standard": frozenset(("support_conditions",)),
    "narrative": frozenset(("support_conditions",)),
    "cards": frozenset(("support_conditions",)),
    "other_words_2026": frozenset(("support_conditions",)),
}
"""The fields that a layout does not print."""
