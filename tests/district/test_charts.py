"""Charts of the overview leave room for their labels, and end where their numbers can."""

from __future__ import annotations

import pytest

from kdcl_xl.district.sheets.blocks import Block, Unit, picture_of
from workbook_templates.text import Language, Text

SHORT, LONG = "Ngắn", "A label that is much longer in English"


@pytest.mark.parametrize(("language", "label"), [(Language.VI, SHORT), (Language.EN, LONG)])
def test_bars_leave_room_for_the_labels_of_their_language(language: Language, label: str) -> None:
    block = Block(Text("a", "b"), (Text("c", "d"),), [(Text(SHORT, LONG), [3.0])], chart=(1,))
    assert picture_of(block, "e", 0, language).longest == len(label)


@pytest.mark.parametrize(("unit", "end"), [(Unit.PERCENT, 100.0), (Unit.COUNT, None)])
def test_an_axis_of_percent_ends_at_a_hundred(unit: Unit, end: float | None) -> None:
    lines = [(Text(SHORT, LONG), [97.0])]
    block = Block(Text("a", "b"), (Text("c", "d"),), lines, (unit,), chart=(1,))
    assert picture_of(block, "e", 0, Language.VI).end == end
