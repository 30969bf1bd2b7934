"""The pictures of the documentation know every sheet; making them is another matter."""

from __future__ import annotations

from docs.make_pictures import DISTRICT, PROVINCE, UNSEEN, YEARS_APART
from kdcl_xl.district.sheets.order import SHEETS


def test_every_sheet_of_the_authority_workbook_has_a_picture() -> None:
    shown = {view.sheet for view in (*DISTRICT, *PROVINCE, *YEARS_APART)}
    assert not shown & set(UNSEEN)
    assert shown | set(UNSEEN) == {sheet.name.vi for sheet in SHEETS}
