"""Write the pages of the documentation about the rules, from the rules themselves.

``python -m kdcl_xl.checking.rule_pages`` writes them into ``docs/rules`` of the current folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kdcl_xl.checking.rulebook import example_parts, facts, without_names
from macros_free_validation.rule import Example, Rule
from macros_free_validation.rules import ALL_RULES, FAMILIES
from workbook_templates.text import Language, Text

FOLDER = "docs/rules"
INDEX = "README.md"

_WHAT = Text("Nội dung phát hiện", "What it finds")
_WHY = Text("Vì sao", "Why")
_WRONG = Text("Ví dụ chưa đúng", "Wrong")
_RIGHT = Text("Ví dụ đúng", "Right")
_REMEDY = Text("Cách xử lý", "How to mend it")
_FACTS = Text("Thông tin thêm", "More")
_BACK = Text("Danh sách quy tắc", "All rules")
_TITLE = Text("Các quy tắc kiểm tra", "The rules")
_INTRO = Text(
    "Mỗi quy tắc có một trang: phát hiện điều gì, vì sao, ví dụ và cách xử lý. Các ví dụ được "
    "thay vào một kế hoạch mẫu không có vấn đề nào của quy tắc đó: trường THCS; mẫu 2018 cho năm "
    "học 2020-2021, ban hành ngày 12/09/2020; mẫu 2026 cho năm học 2026-2027, ban hành ngày "
    "12/09/2026; thời gian thực hiện từ 01/8 đến 31/7.",
    "Every rule has a page: what it finds, why, examples, and how to mend it. The examples are "
    "changes on a plan in which the rule finds nothing: a lower secondary school; on the 2018 "
    "form for 2020-2021, issued on 12/09/2020; on the 2026 form for 2026-2027, issued on "
    "12/09/2026; the period runs from 1 August to 31 July.",
)
_COLUMNS = Text(
    "| Mã | Tên | Mức độ | Nội dung |\n| --- | --- | --- | --- |",
    "| Id | Name | Severity | Title |\n| --- | --- | --- | --- |",
)


def _example(rule: Rule, example: Example, language: Language) -> str:
    return "\n".join(f"- {part.in_(language)}" for part in example_parts(rule, example))


def _blocks(rule: Rule, language: Language) -> Iterator[str]:
    """Yield the paragraphs of a page in one language."""
    yield f"# {rule.id}: {rule.title.in_(language)}"
    yield f"`{rule.name}`"
    yield f"## {_WHAT.in_(language)}"
    yield without_names(rule.message).in_(language)
    yield f"## {_WHY.in_(language)}"
    yield rule.why.in_(language)
    for heading, example in ((_WRONG, rule.wrong), (_RIGHT, rule.right)):
        if example is not None:
            yield f"## {heading.in_(language)}"
            yield _example(rule, example, language)
    yield f"## {_REMEDY.in_(language)}"
    yield without_names(rule.remedy).in_(language)
    yield f"## {_FACTS.in_(language)}"
    yield "\n".join(f"- {k.in_(language)}: {v.in_(language)}" for k, v in facts(rule))
    yield f"[{_BACK.in_(language)}]({INDEX})"


def page(rule: Rule) -> str:
    """Return the page of a rule, Vietnamese first."""
    return "\n\n".join([*_blocks(rule, Language.VI), "---", *_blocks(rule, Language.EN)]) + "\n"


def _line(rule: Rule, language: Language) -> str:
    severity, title = rule.severity.label.in_(language), rule.title.in_(language)
    return f"| [{rule.id}]({rule.id}.md) | `{rule.name}` | {severity} | {title} |"


def _list(language: Language) -> Iterator[str]:
    yield f"# {_TITLE.in_(language)}"
    yield _INTRO.in_(language)
    for family, words in FAMILIES.items():
        yield f"## {words.in_(language)}"
        lines = [_line(rule, language) for rule in ALL_RULES if rule.family == family]
        yield "\n".join([_COLUMNS.in_(language), *lines])


def index() -> str:
    """Return the page that lists every rule, family by family."""
    return "\n\n".join([*_list(Language.VI), "---", *_list(Language.EN)]) + "\n"


def pages() -> dict[str, str]:
    """Return every page by the name of its file."""
    return {INDEX: index(), **{f"{rule.id}.md": page(rule) for rule in ALL_RULES}}


def main() -> None:
    """Write every page."""
    folder = Path(FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
