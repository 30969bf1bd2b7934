"""The facts and numbers of the overview, independent of its cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kdcl_xl import __version__
from kdcl_xl.checking.rulebook import STAGES
from kdcl_xl.district.model.model import District, InputState, SchoolLine, authority_path
from kdcl_xl.district.sheets import money
from kdcl_xl.district.sheets.declare import Listing
from kdcl_xl.xlsx.bounds import SAFE
from macros_free_validation.rule import Severity
from macros_free_validation.rules import ALL_RULES, BY_ID, FAMILIES
from macros_free_validation.values import Raw, to_serial
from workbook_templates.regulation import Regulation
from workbook_templates.text import Language, Text


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value and its style."""

    label: Text
    value: Text | Raw
    style: str = "cell"


def _same(text: str) -> Text:
    return Text(text, text)


_NONE = Text("không", "none")


def facts_of(district: District) -> Iterator[Fact]:
    """Yield the facts of the merge: authority, day, number of files, tool."""
    inputs = Counter(entry.state for entry in district.inputs)
    states = [(state.label, inputs[state]) for state in InputState if inputs[state]]
    yield Fact(Text("Cơ quan quản lý", "Authority"), district.authority or None)
    yield Fact(Text("Ngày tổng hợp", "Merged on"), to_serial(district.made_on), "fact_date")
    yield Fact(Text("Số tệp đầu vào", "Input files"), float(len(district.inputs)), "fact_number")
    yield Fact(
        Text("Trong đó", "Of these"),
        Text(
            "; ".join(f"{count} {label.vi.lower()}" for label, count in states),
            "; ".join(f"{count} {label.en.lower()}" for label, count in states),
        ),
    )
    yield Fact(Text("Công cụ", "Tool"), f"kdcl-xl {__version__}")


def rule_set_of(district: District) -> Iterator[Fact]:
    """Yield the rules in force and the settings that differ from the defaults."""
    settings = district.settings
    stage = STAGES[settings.stage]
    speaking = sum(map(settings.speaks, ALL_RULES))
    yield Fact(
        Text("Giai đoạn", "Stage"),
        Text(f"{settings.stage} ({stage.vi})", f"{settings.stage} ({stage.en})"),
    )
    yield Fact(
        Text("Số quy tắc được xét", "Rules in force"),
        Text(f"{speaking} trên {len(ALL_RULES)}", f"{speaking} of {len(ALL_RULES)}"),
    )
    yield Fact(
        Text("Chỉ chọn (select)", "Selected"),
        _same(", ".join(sorted(settings.select))) if settings.select else Text("tất cả", "all"),
    )
    yield Fact(
        Text("Bỏ qua (ignore)", "Ignored"),
        _same(", ".join(sorted(settings.ignore))) if settings.ignore else _NONE,
    )
    changed = sorted(settings.severities.items())
    yield Fact(
        Text("Mức độ đã đổi (severity)", "Severities changed"),
        Text(
            ", ".join(f"{rule}: {severity.label.vi}" for rule, severity in changed),
            ", ".join(f"{rule}: {severity.label.en}" for rule, severity in changed),
        )
        if changed
        else _NONE,
    )
    limits = dict(settings.limits)
    yield Fact(
        Text("Ngưỡng đã đổi (limits)", "Limits changed"),
        _same(", ".join(f"{name} = {number}" for name, number in limits.items()))
        if limits
        else _NONE,
    )
    bounds = asdict(settings.reading.bounds)
    own = [f"{name} = {n}" for name, n in bounds.items() if n != getattr(SAFE, name)]
    if own:
        yield Fact(Text("Giới hạn tệp đã đổi (bounds)", "Bounds changed"), _same(", ".join(own)))
    expired = sum(1 for waiver in settings.waivers if waiver.until < district.made_on)
    waived = sum(1 for flag in district.flags if flag.finding.waived)
    yield Fact(
        Text("Nội dung miễn (waivers)", "Waivers"),
        Text(
            f"{len(settings.waivers)} (hết hạn: {expired}); số vấn đề được miễn: {waived}",
            f"{len(settings.waivers)} ({expired} expired); findings waived: {waived}",
        ),
    )
    plans = Counter(summary.regulation.id for _, summary in district.summaries)
    for regulation in district.regulations:
        yield Fact(
            Text("Quy định áp dụng", "Regulation"),
            Text(
                f"{regulation.title}: {plans[regulation.id]} bản nộp",
                f"{regulation.title}: {plans[regulation.id]} submissions",
            ),
        )


_LONG_LIST = Text("Danh sách «{name}»", "List '{name}'")
_GOES_ON = Text(
    "{count} dòng, nhiều hơn số dòng của một trang; tiếp tục ở: {names}. Mỗi trang lọc và sắp xếp "
    "riêng; dòng tổng tính cả các trang.",
    "{count} rows, more than a sheet takes; continues on: {names}. Each sheet is filtered and "
    "sorted by itself; the totals are of all of them.",
)


def continued_lists(lists: Iterable[Listing[Any]]) -> Iterator[Fact]:
    """Yield a fact for each list that is longer than a sheet, with its further sheets."""
    for listing in lists:
        name, *others = [part.name for part in listing.parts]
        if others:
            vi, en = (", ".join(f"«{n.in_(language)}»" for n in others) for language in Language)
            value = _GOES_ON.format(count=len(listing.entries), names=Text(vi, en))
            yield Fact(_LONG_LIST.format(name=name), value)


def findings_of(district: District) -> tuple[tuple[Text, Mapping[Severity, int]], ...]:
    """Count the findings by family and severity; families without findings are left out."""
    found: dict[str, Counter[Severity]] = defaultdict(Counter)
    for flag in district.flags:
        found[BY_ID[flag.finding.rule].family][flag.finding.severity] += 1
    return tuple((words, found[name]) for name, words in FAMILIES.items() if name in found)


def aftermath_of(district: District) -> Iterator[Fact]:
    """Yield the numbers of closed decisions and of notes from earlier merges."""
    yield Fact(
        Text("Đã khép lại (xem trang Đã khép lại)", "Closed (see the sheet of that name)"),
        float(len(district.closed)),
        "fact_number",
    )
    yield Fact(
        Text("Ghi chú khác (xem trang Ghi chú khác)", "Other notes (see the sheet of that name)"),
        float(len(district.notes)),
        "fact_number",
    )


@dataclass(frozen=True, slots=True)
class StandardLine:
    """The tasks of all schools under one standard; ``standard`` is empty for no criterion."""

    regulation: Regulation
    standard: str
    tasks: int
    budget: float


def standards_of(district: District) -> tuple[StandardLine, ...]:
    """Return tasks and money by standard; every standard of a regulation in use has a line."""
    tasks: Counter[tuple[str, str]] = Counter()
    budgets: dict[tuple[str, str], float] = defaultdict(float)
    for task in district.tasks:
        key = task.summary.regulation.id, task.standard
        tasks[key] += 1
        budgets[key] += task.budget
    lines = []
    for regulation in district.regulations:
        names = {standard.label for standard in regulation.standards}
        names |= {standard for owner, standard in tasks if owner == regulation.id}
        for name in sorted(names, key=lambda n: (money.rank_of_standard(regulation, n), n)):
            key = regulation.id, name
            lines.append(StandardLine(regulation, name, tasks[key], budgets[key]))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class AuthorityLine:
    """The schools of one authority below this one; an empty name for schools without one."""

    name: str
    schools: int
    returned: int
    tasks: int
    errors: int


def authorities_of(district: District) -> tuple[AuthorityLine, ...]:
    """Return a line for each authority, in the order of the schools; none for only one."""
    if not district.has_lower_authorities:
        return ()
    groups: dict[str, list[SchoolLine]] = defaultdict(list)
    for line in district.schools:
        groups[authority_path(line.under)].append(line)
    return tuple(
        AuthorityLine(
            name,
            len(lines),
            sum(1 for line in lines if line.state.is_returned),
            sum(line.tasks for line in lines),
            sum(line.counts.get(Severity.ERROR, 0) for line in lines),
        )
        for name, lines in groups.items()
    )
