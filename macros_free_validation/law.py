"""The provisions of law and of official forms that rules rest on, each in one place.

None of them was compared with the official gazette (Công báo). ``confidence`` says how
sure article and point are, and ``seen_in`` where they were read.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook_templates.text import Text
from workbook_templates.vocabulary import Confidence


@dataclass(frozen=True, slots=True)
class Provision:
    """An article, or a part of an official form, that a rule rests on.

    ``article`` is never empty: a claim that names no article cannot be looked up. ``point``
    is the place within it, and may be empty.
    """

    regulation: str
    article: str
    point: str
    confidence: Confidence
    seen_in: Text

    def __post_init__(self) -> None:
        """Refuse a provision that nobody can look up.

        Raises:
            ValueError: no regulation or no article.
        """
        if not self.regulation or not self.article:
            raise ValueError(f"a provision needs a regulation and an article: {self}")

    @property
    def place(self) -> str:
        """The provision as a Vietnamese text cites it: ``khoản 3 Điều 5 Thông tư 57/2026…``."""
        return " ".join(filter(None, (self.point, self.article, self.regulation)))

    @property
    def words(self) -> Text:
        """The citation, and how sure it is."""
        sure = self.confidence.label
        return Text(
            f"{self.place} (độ tin cậy: {sure.vi}; {self.seen_in.vi})",
            f"{self.place} (confidence: {sure.en}; {self.seen_in.en})",
        )


TT57 = "Thông tư 57/2026/TT-BGDĐT"
TT2018 = "Quy định kèm theo Thông tư 17, 18, 19/2018/TT-BGDĐT"
_BIEU_2 = "Biểu 2 Phụ lục V"

_TRANSLATION = Text(
    "đối chiếu với bản dịch đã công bố, chưa đối chiếu với Công báo",
    "compared with published translations, not with the gazette",
)
_PROGRAMS = Text(
    "hai bộ dữ liệu công khai ghi giống nhau, chưa đối chiếu với Công báo",
    "two public data sets agree; not compared with the gazette",
)
_PRINTED = Text(
    "theo biểu mẫu mà phần mềm của một trường in ra, chưa đối chiếu với Công báo",
    "as a school's own program prints the form; not compared with the gazette",
)
_ANSWER = Text(
    "theo bài hỏi đáp pháp luật đã công bố về Thông tư 17, Điều 34 và 35 của Thông tư 19 ghi như "
    "vậy; chưa đối chiếu với Công báo",
    "a published answer on circular 17, and a published summary of circular 19; not compared "
    "with the gazette",
)
_INFERRED = Text(
    "suy ra từ nội dung của điều, số khoản cần đối chiếu với Công báo",
    "inferred from what the article is about; its number has to be compared with the gazette",
)

LEVELS_2018 = Provision(TT2018, "Điều 6", "", Confidence.HIGH, _TRANSLATION)
"""A criterion's level n is that of Mục n, and holds when every indicator does."""
LEVEL_4_2018 = Provision(TT2018, "Điều 22", "", Confidence.HIGH, _TRANSLATION)
"""Level 4: level 3 and the requirements listed there."""
LEVEL_ORDER_2018 = Provision(TT2018, "Điều 6", "khoản 1", Confidence.MEDIUM, _INFERRED)
"""A higher level has the requirements of the lower ones."""
LEVELS_2026 = Provision(TT57, "Điều 5", "khoản 3", Confidence.HIGH, _PROGRAMS)
"""Level 1: all 8 mandatory criteria and 5 of the others; level 2 in the same way, the rest at 1."""
CRITERIA_2018 = Provision(TT2018, "Chương II", "Mục 1-4", Confidence.HIGH, _TRANSLATION)
"""Standards, criteria and their levels under the circulars of 2018."""
CRITERIA_2026 = Provision(TT57, "Phụ lục I, II, III", "", Confidence.HIGH, _PROGRAMS)
"""Standards and criteria for preschools, schools, and centres of continuing education."""
COUNCIL_2026 = Provision(TT57, "Điều 10", "khoản 3", Confidence.MEDIUM, _PRINTED)
"""The self-assessment council follows and reviews the plan."""
TRANSITION_2026 = Provision(TT57, "Điều 27", "khoản 2", Confidence.HIGH, _PROGRAMS)
"""Certificates and recognitions issued before stay valid to their own end."""
IN_FORCE_2026 = Provision(TT57, "Điều 27", "khoản 1", Confidence.LOW, _INFERRED)
"""In force from 07/7/2026, in place of the circulars of 2018."""
IN_FORCE = Provision(
    "Luật Ban hành văn bản quy phạm pháp luật 64/2025/QH15",
    "Điều 53",
    "khoản 1",
    Confidence.MEDIUM,
    Text("theo bản đã công bố trên mạng", "as published on the web"),
)
"""A regulation counts from the day on which it comes into force."""
RECOGNITION_TERM = Provision(TT2018, "Điều 35", "khoản 2", Confidence.MEDIUM, _ANSWER)
"""A certificate is valid for 5 years; assess and ask again at least 5 months before its end."""
DOCUMENT_PARTS = Provision(
    "Nghị định 30/2020/NĐ-CP",
    "Điều 8",
    "khoản 2",
    Confidence.MEDIUM,
    Text(
        "các thành phần thể thức của văn bản hành chính; chưa đối chiếu với Công báo",
        "the parts of an administrative document; not compared with the gazette",
    ),
)
"""A document has a number, a place and date, and the position and name of its signer."""
OWNERSHIP = Provision(
    "Luật Giáo dục 2019",
    "Điều 47",
    "",
    Confidence.HIGH,
    Text(
        "đối chiếu với bản sao của Bộ pháp điển", "compared with a copy of the law's codification"
    ),
)
"""Sorts of schools by ownership: công lập, dân lập, tư thục."""


def of_form_2026(part: str) -> Provision:
    """Return a part of Biểu 2, the form of the plan under circular 57/2026."""
    return Provision(TT57, _BIEU_2, part, Confidence.MEDIUM, _PRINTED)


PLAN_OF_2018 = Text(
    "thông lệ của các kế hoạch đã công bố theo mẫu 2018; chưa thấy văn bản bắt buộc",
    "practice of the published plans on the 2018 form; no text that requires it was seen",
)
"""The custom of the published plans on the form with nine columns."""
RECEIVERS_2026 = Text(
    "Thông tư 45/2026/TT-BGDĐT về nơi nhận kế hoạch, theo một bản sao công khai; chưa rõ số điều",
    "circular 45/2026 on who receives plans, in a public copy; the article is not known",
)
"""The authority that receives a plan depends on the highest level that the school teaches."""
STANDARD_3_2024 = Text(
    "Thông tư 22/2024/TT-BGDĐT sửa tiêu chuẩn 3; mới thấy phần đầu, chưa thấy nội dung và số điều",
    "circular 22/2024 rewrites standard 3; only its opening was seen, no text and no article",
)
"""Standard 3 of the circulars of 2018, for plans from 25/01/2025 to 06/7/2026."""
