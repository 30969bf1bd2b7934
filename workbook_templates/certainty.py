"""The certainty of each item of a regulation file, as the file itself declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook_templates.text import Text
from workbook_templates.toml_lines import TomlReader, text_in
from workbook_templates.vocabulary import Confidence, Labelled


class Item(Labelled):
    """An item of a regulation file that has a certainty of its own."""

    DATES = "dates", "Ngày ban hành, ngày hiệu lực", "Dates"
    CRITERIA = "criteria", "Số tiêu chí, mã và mức của tiêu chí", "Criteria, codes and levels"
    TITLES = "titles", "Câu chữ của tên tiêu chuẩn, tiêu chí", "Wording of the titles"
    LEVEL_RULE = "level_rule", "Cách xác định mức của nhà trường", "Rule of the school's level"
    FORM = "form", "Mẫu kế hoạch", "Form of the plan"
    KINDS = "kinds", "Loại cơ sở áp dụng, nơi nhận kế hoạch", "School kinds and who receives"


@dataclass(frozen=True, slots=True)
class Certainty:
    """The confidence in one item, its source, and whether it was compared with the gazette."""

    item: Item
    confidence: Confidence
    source: Text
    note: Text
    is_compared: bool = False

    @property
    def gazette(self) -> Text:
        """The words on the comparison with the gazette (Công báo)."""
        if self.is_compared:
            return Text("đã đối chiếu với Công báo", "compared with the gazette")
        return Text("chưa đối chiếu với Công báo", "not compared with the gazette")


_RANK = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


def lowest(entries: Sequence[Certainty]) -> Confidence:
    """Return the lowest confidence of some items."""
    return min((entry.confidence for entry in entries), key=_RANK.index)


class CertaintyReader(TomlReader):
    """A reader of the tables ``[[certainty]]``."""

    def certainty(
        self, data: Mapping[str, Any], table: str, first: int, of: str, nth: int
    ) -> tuple[Certainty, ...]:
        """Return the certainty of every item.

        An item without a table of its own has the confidence, source and note of ``data``, which
        is the nth table ``of``. ``first`` counts the tables of that name before these.
        """
        given: dict[Item, Certainty] = {}
        for number, entry in enumerate(data.get("certainty", []), start=first):
            own = self.take(entry, _CERTAINTY, table, number)
            item = self.member(Item, own["of"], self.line(table, number, "of"), "of")
            given[item] = Certainty(
                item,
                self.confidence(own["confidence"], table, number),
                text_in(own, "source"),
                text_in(own, "note"),
                own.get("gazette", False),
            )
        missing = [item for item in Item if item not in given]
        if missing and "confidence" not in data:
            raise self.fail(
                self.line(of, nth),
                f"thiếu khóa «confidence», hoặc bảng [[{table}]] cho: {', '.join(missing)}",
                f"missing key 'confidence', or tables [[{table}]] for: {', '.join(missing)}",
            )
        for item in missing:
            confidence = self.confidence(data["confidence"], of, nth)
            source, note = text_in(data, "source"), text_in(data, "confidence_note")
            given[item] = Certainty(item, confidence, source, note)
        return tuple(given[item] for item in Item)

    def confidence(self, word: str, table: str, nth: int) -> Confidence:
        """Return a confidence; table and number give the line of a fault."""
        return self.member(Confidence, word, self.line(table, nth, "confidence"), "confidence")


_CERTAINTY = {
    "of": (str, True),
    "confidence": (str, True),
    "source": (str, False),
    "source_vi": (str, False),
    "note": (str, False),
    "note_vi": (str, False),
    "gazette": (bool, False),
}
