"""Widths of columns: they fill the page, keep short things whole, and make the table low."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdcl_xl.document.measure import column_widths, text_height, text_length

SIZE, ROOM, MARGINS = 11.0, 252.0, 2.4


def widths(shares: list[float], rows: list[list[str]]) -> tuple[float, ...]:
    return column_widths(shares, rows, SIZE, ROOM, MARGINS)


@given(
    st.integers(1, 12).flatmap(
        lambda columns: st.tuples(
            st.lists(st.floats(1, 30), min_size=columns, max_size=columns),
            st.lists(
                st.lists(st.text(max_size=50), min_size=columns, max_size=columns),
                min_size=1,
                max_size=4,
            ),
        )
    )
)
def test_columns_fill_the_page_whatever_they_hold(
    given: tuple[list[float], list[list[str]]],
) -> None:
    shares, rows = given
    found = widths(shares, rows)
    assert sum(found) == pytest.approx(ROOM)
    assert min(found) > 0


def test_days_and_long_words_are_not_broken() -> None:
    rows = [["Thời gian", "Công việc", "Ghi chú"], ["Đến 15/12/2026", "việc " * 90, "Photocopy"]]
    found = widths([1, 1, 1], rows)
    for width, text in zip(found, ("Đến 15/12/2026", "việc", "Photocopy"), strict=True):
        assert width - MARGINS > text_length(text, SIZE)


def test_long_texts_get_more_room_and_the_table_is_lower() -> None:
    rows = [["A", "B", "C"], *[["ngắn", "dài lắm " * 40, "ngắn"]] * 5]
    found = widths([1, 1, 1], rows)
    assert found[1] > found[0]

    def height(of: tuple[float, ...]) -> float:
        cells = ((text, width - MARGINS) for text, width in zip(rows[1], of, strict=True))
        return max(text_height(text, width, SIZE) for text, width in cells)

    assert height(found) < height((84, 84, 84)) * 0.8


def test_an_empty_table_has_the_widths_of_the_form() -> None:
    found = widths([1, 2, 5], [["A", "B", "C"]])
    assert found[0] < found[1] < found[2]


def test_a_word_longer_than_the_page_leaves_room_for_the_others() -> None:
    found = widths([1, 1], [["A", "B"], ["x" * 10_000, "một hai"]])
    assert found[1] - MARGINS > text_length("một hai", SIZE)
