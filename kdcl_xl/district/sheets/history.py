"""The sheet of the history (Các lần tổng hợp): the numbers of each merge, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kdcl_xl.district.decisions.decision import Round
from kdcl_xl.district.model.history import MEASURES, rounds_of
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet
from kdcl_xl.district.sheets.links import Links
from macros_free_validation.values import Raw, to_serial
from workbook_templates.text import Text


def _columns(_rounds: Sequence[Round], _links: Links) -> tuple[ListColumn[Round], ...]:
    def number(name: str) -> Callable[[Round], Raw]:
        return lambda entry: entry.numbers.get(name)

    return (
        ListColumn(Text("Ngày tổng hợp", "Merged on"), 13, lambda r: to_serial(r.day), "cell_date"),
        *(
            ListColumn[Round](
                measure.heading,
                18 if measure.name == "budget" else 12,
                number(measure.name),
                "cell_number",
            )
            for measure in MEASURES
        ),
    )


SHEET = ListSheet(
    Text("Các lần tổng hợp", "Rounds"),
    Text("SỐ LIỆU QUA CÁC LẦN TỔNG HỢP", "FIGURES OF EACH ROUND"),
    lambda district: rounds_of(district)[::-1],
    _columns,
    frozen_columns=1,
)
