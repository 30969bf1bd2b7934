"""A letter to a school that returned nothing, or nothing that can be read.

Such a school has no workbook to send back. The letter gives the reason and the way out, as plain
text for an e-mail and as a page to print.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from kdcl_xl.schools import School
from workbook_templates.text import Language, Text, printable


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read: its name, the reason, and the remedy."""

    name: str
    reason: Text
    remedy: Text


_NOTHING = Text("chưa nộp", "nothing returned")
_UNREADABLE = Text("không đọc được {files}", "{files} cannot be read")
_SUBJECT = Text(
    "V/v nộp kế hoạch cải tiến chất lượng giáo dục", "The school's quality-improvement plan"
)
_TO = Text("Kính gửi: {school}", "To: {school}")
_CODE = Text("{name} (mã trường {code})", "{name} (school code {code})")
_CODE_ALONE = Text("Trường có mã {code}", "The school with the code {code}")
_SENDER_OF = Text("Nhà trường đã gửi tệp «{file}»", "The school that sent the file '{file}'")
_US = Text("cơ quan quản lý", "the authority")
_MISSING = Text(
    "Đến ngày {day}, {authority} chưa nhận được tệp kế hoạch cải tiến chất lượng giáo dục{year} "
    "của nhà trường.",
    "By {day}, {authority} had not received the file of the school's quality-improvement "
    "plan{year}.",
)
_YEAR = Text(" năm học {year}", " for {year}")
_NOT_READ = Text(
    "Đến ngày {day}, {authority} đã nhận được tệp của nhà trường nhưng không đọc được kế hoạch "
    "trong tệp, vì lý do sau:",
    "By {day}, {authority} had received the school's file, but the plan in it could not be read, "
    "for this reason:",
)
_FILE = Text("Tệp «{file}»: {reason}", "File '{file}': {reason}")
_REMEDY = Text("Cách khắc phục: {remedy}", "Remedy: {remedy}")
_REQUEST = Text("Kính đề nghị nhà trường:", "The school is kindly asked:")
_FILL_IN = Text(
    "Điền kế hoạch vào tệp mẫu .xlsx đã được phát cho nhà trường. Nếu không còn tệp mẫu, đề nghị "
    "liên hệ {authority} để được phát lại.",
    "to complete the .xlsx template that was issued to the school; if it is lost, {authority} will "
    "issue it again.",
)
_SAVE = Text(
    "Lưu tệp ở dạng .xlsx, đóng tệp, mở lại để kiểm tra rồi gửi chính tệp đó, không gửi ảnh chụp "
    "hay bản in.",
    "to save it as .xlsx, close it, open it once more to look at it, and send the very file, no "
    "picture and no print-out.",
)
_SENT_ALREADY = Text(
    "Nếu đã gửi, đề nghị gửi lại và báo ngày gửi, địa chỉ gửi, để đối chiếu.",
    "to send it again if it was sent before, with the day and the address, so that the matter can "
    "be traced.",
)
_SEND_AGAIN = Text(
    "Khắc phục theo hướng dẫn trên, rồi gửi lại tệp. Những nội dung đã điền trong tệp của nhà "
    "trường không bị thay đổi.",
    "to follow the remedy above and to send the file again. Nothing in the school's own file was "
    "changed.",
)
_THANKS = Text(
    "Trân trọng cảm ơn sự phối hợp của nhà trường.", "Thank you for the school's co-operation."
)
_DATED = Text("Ngày {day}", "{day}")


@dataclass(frozen=True)
class Letter:
    """A letter to a school, on a day; ``refused`` is empty where nothing came at all.

    ``authority`` is the name of the office that writes; empty where it is not known.
    """

    school: School
    refused: tuple[Refused, ...]
    authority: str
    day: date

    @property
    def file_words(self) -> tuple[str, ...]:
        """The words that name its file: code and name of the school, else the file that came."""
        words = tuple(filter(None, (self.school.code, self.school.name)))
        return words or tuple(entry.name for entry in self.refused)

    @property
    def reason(self) -> Text:
        """The reason of the letter in a few words."""
        files = ", ".join(f"«{entry.name}»" for entry in self.refused)
        return _UNREADABLE.format(files=files) if self.refused else _NOTHING

    def plain(self, language: Language) -> str:
        """Return the letter as text."""
        body = "\n\n".join(self._body(language))
        head = [line for line in (self.authority, self._dated(language)) if line]
        subject = _SUBJECT.in_(language)
        sender = [self.authority] if self.authority else []
        parts = ["\n".join(head), subject, body, *sender]
        return printable("\n\n".join(parts)) + "\n"

    def html(self, language: Language) -> str:
        """Return the letter as a page that prints on A4 and loads nothing."""
        body = "\n".join(f"<p>{escape(line)}</p>" for line in self._body(language))
        sender = escape(self.authority)
        subject = escape(_SUBJECT.in_(language))
        return printable(
            f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
            f"<title>{subject}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
            f'<p class="office">{sender}</p>\n<p class="day">{escape(self._dated(language))}</p>\n'
            f"<h1>{subject}</h1>\n{body}\n"
            f'<p class="sender">{sender}</p>\n</body>\n</html>\n'
        )

    def _dated(self, language: Language) -> str:
        return _DATED.format(day=f"{self.day:%d/%m/%Y}").in_(language)

    def _body(self, language: Language) -> Iterator[str]:
        return (text.in_(language) for text in self._paragraphs())

    def _paragraphs(self) -> Iterator[Text]:
        sender = Text(self.authority, self.authority) if self.authority else _US
        words = {"day": f"{self.day:%d/%m/%Y}", "authority": sender}
        year = self.school.school_year
        yield _TO.format(school=self._addressee())
        if self.refused:
            yield _NOT_READ.format(**words)
            for entry in self.refused:
                yield _FILE.format(file=entry.name, reason=entry.reason)
                yield _REMEDY.format(remedy=entry.remedy)
            wishes: tuple[Text, ...] = (_SEND_AGAIN, _SAVE)
        else:
            said = _YEAR.format(year=year) if year else Text("", "")
            yield _MISSING.format(year=said, **words)
            wishes = (_FILL_IN.format(authority=sender), _SAVE, _SENT_ALREADY)
        yield _REQUEST
        for number, wish in enumerate(wishes, start=1):
            yield Text(f"{number}. {wish.vi}", f"{number}. {wish.en}")
        yield _THANKS

    def _addressee(self) -> Text:
        code, name = self.school.code, self.school.name
        if not (code or name):
            return _SENDER_OF.format(file=self.refused[0].name)
        if not name:
            return _CODE_ALONE.format(code=code)
        return _CODE.format(name=name, code=code) if code else Text(name, name)


_STYLE = """\
@page { size: A4; margin: 20mm 15mm 20mm 30mm; }
body { max-width: 165mm; margin: 2em auto; padding: 0 1em; color: #000; background: #fff;
  font: 14pt/1.4 "Times New Roman", "Liberation Serif", serif; }
h1 { font-size: 14pt; text-align: center; margin: 1.5em 0; }
p { margin: 0 0 .6em; text-align: justify; }
.office { font-weight: bold; text-transform: uppercase; }
.day { font-style: italic; text-align: right; }
.sender { font-weight: bold; text-align: right; margin-top: 2em; }
@media print { body { max-width: none; margin: 0; padding: 0; } }
"""
