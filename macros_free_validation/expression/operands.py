"""The values that a condition can ask: cells, limits, and figures of the regulation."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Literal

from macros_free_validation import values as v
from macros_free_validation.expression.excel_half import (
    LONGEST_TEXT,
    day_excel,
    fifteen_excel,
    number_excel,
    other_row,
    quote,
    single_cell,
    tidy_excel,
    words_excel,
)
from macros_free_validation.expression.operators import (
    TEXT,
    AlwaysNumber,
    Condition,
    NumberOrEmpty,
    ReadsText,
    Value,
    if_numbers,
)
from macros_free_validation.expression.place import Place
from workbook_templates.declare import Cell, Column, Type
from workbook_templates.layout import UNDERSTOOD, Layout, Limits
from workbook_templates.text import Text
from workbook_templates.vocabulary import level_spellings

LEVELS = (1, 2, 3, 4)
"""Every level that a regulation may define."""
NEVER = 2_958_465.0
"""31 December 9999, the last day that Excel can represent."""


class CellValue(Value):
    """The value of a cell; a date counts as its day, whatever its time."""

    name: str

    @abstractmethod
    def declared(self, at: Place) -> Column | Cell:
        """Return the form's declaration of the cell."""

    def kind(self, at: Place) -> Type:
        """Return the type that the form declares for the cell."""
        return self.declared(at).type

    def is_locked(self, at: Place) -> bool:
        """Return whether the workbook fills the cell in by itself."""
        return self.declared(at).locked

    def is_meaning(self, at: Place) -> bool:
        """Return whether the cell holds what a text means: a whole day, an amount, or a text.

        A formula computes it, which gives neither a boolean nor a time of day.
        """
        return self.declared(at).derived == UNDERSTOOD

    def is_whole(self, at: Place) -> bool:
        # A typed number may have more than 15 digits, whatever the form declares it to be.
        return self.kind(at) is Type.DATE and self.is_meaning(at)

    def number_excel(self, at: Place) -> str:
        x = self.excel(at)
        return f"ISNUMBER({x})" if self.is_meaning(at) else number_excel(x)

    def figure_excel(self, at: Place) -> str:
        if self.kind(at) is not Type.DATE:
            return super().figure_excel(at)
        x = self.excel(at)
        return x if self.is_meaning(at) else day_excel(fifteen_excel(x))

    def figure_python(self, at: Place) -> str:
        source = self.python(at)
        return f"as_day({source})" if self.kind(at) is Type.DATE else source


@dataclass(frozen=True, eq=False)
class Field(CellValue):
    """The cell of a field in the row that is judged.

    Spelling: ``Field("deadline")``
    Excel: ``INDEX($I:$I,ROW())``
    """

    name: str

    def declared(self, at: Place) -> Column:
        return at.sheet.column(self.name).column

    def excel(self, at: Place) -> str:
        return at.own_cell(self.name)

    def python(self, at: Place) -> str:
        return f"r[{at.sheet.column(self.name).index}]"


@dataclass(frozen=True, eq=False)
class Single(CellValue):
    """A single cell, on the cover unless another sheet is named.

    Spelling: ``Single("issue_date")``
    Excel: ``INDEX(tt_cover_c,12)``
    """

    name: str
    sheet: str = "cover"

    def declared(self, at: Place) -> Cell:
        return at.layout.sheet(self.sheet).cell(self.name).cell

    def excel(self, at: Place) -> str:
        return single_cell(at.layout.sheet(self.sheet), self.name)

    def python(self, at: Place) -> str:
        at.layout.sheet(self.sheet).cell(self.name)
        return f"cells[{self.sheet!r}].get({self.name!r})"


@dataclass(frozen=True, eq=False)
class PlanField(CellValue):
    """The cell of a field in the plan row that a progress row reports on.

    Spelling: ``PlanField("start")``
    Excel: ``INDEX(cot_plan_start,ROW()+0)``
    """

    name: str

    def declared(self, at: Place) -> Column:
        return at.layout.sheet("plan").column(self.name).column

    def excel(self, at: Place) -> str:
        plan = at.layout.sheet("plan")
        return other_row(plan, self.name, f"ROW(){plan.first_row - at.sheet.first_row:+d}")

    def python(self, at: Place) -> str:
        plan = at.layout.sheet("plan")
        offset = plan.first_row - at.sheet.first_row
        index = plan.column(self.name).index
        # Plan and progress rows match by position, but their tables may start at other rows.
        return f"plan_value(plan_rows, record.row + {offset}, {index})"


@dataclass(frozen=True, eq=False)
class Limit(AlwaysNumber):
    """A whole number that an authority may set; ``about`` says what it bounds, and in what unit.

    The rule's own number, ``default``, counts where the layout names no other.

    Spelling: ``MOST_DUE = Limit("most_due", 10, 1, 1000, Text(...))``
    Excel: ``10``
    """

    name: str
    default: int
    least: int
    most: int
    about: Text

    def of(self, layout: Layout) -> int:
        """Return the number in a layout, within its bounds."""
        return self.among(layout.limits)

    def among(self, limits: Limits) -> int:
        """Return the number among those that an authority set, within its bounds."""
        found = dict(limits).get(self.name, self.default)
        return min(max(found, self.least), self.most)

    def shown(self, layout: Layout) -> str:
        """Return the number as a message shows it."""
        return v.show(float(self.of(layout)), as_date=False)

    def excel(self, at: Place) -> str:
        return str(self.of(at.layout))

    def python(self, at: Place) -> str:
        return repr(float(self.of(at.layout)))


@dataclass(frozen=True, eq=False)
class Percent(NumberOrEmpty):
    """One number as percent of another, to a tenth; an empty text where the whole is 0.

    Spelling: ``Percent(verdicts(Verdict.MET, 1), CriteriaTotal(1))``
    Excel: ``IF(28=0,"",ROUND(100*SUMPRODUCT((k_self_assessment_result_1_text="Đạt")*1)/28,1))``
    """

    part: Value
    whole: Value

    def excel(self, at: Place) -> str:
        part, whole = self.part.excel(at), self.whole.excel(at)
        share = f'IF({whole}=0,"",ROUND(100*{part}/{whole},1))'
        return if_numbers(at, (self.part, self.whole), share, '""')

    def python(self, at: Place) -> str:
        return f"percent({self.part.python(at)}, {self.whole.python(at)})"


@dataclass(frozen=True, eq=False)
class CriteriaTotal(AlwaysNumber):
    """The number of criteria of the regulation, or of those that have a level.

    Spelling: ``CriteriaTotal(1)``
    Excel: ``28``
    """

    level: int | None = None

    def _total(self, at: Place) -> int:
        regulation = at.layout.regulation
        return len(regulation.criteria_at(self.level) if self.level else regulation.criteria)

    def excel(self, at: Place) -> str:
        return str(self._total(at))

    def python(self, at: Place) -> str:
        return repr(float(self._total(at)))


@dataclass(frozen=True, eq=False)
class LevelNumber(ReadsText, AlwaysNumber):
    """The number of a level: 2 for ``Mức 2``, ``Mức 2 (hai)``, ``2`` and the number 2; else 0.

    Spelling: ``LevelNumber(Field("target_level"))``
    Excel: ``IF(OR(ISERROR(x),ISLOGICAL(x)),0,SUMPRODUCT(--(levels=TRIM(x))))``
    """

    value: Value

    def compared_words(self, at: Place) -> tuple[str, ...]:
        # Level n is n times among the words, so that counting it gives its number.
        return tuple(text for n in LEVELS for text in level_spellings(n) for _ in range(n))

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        # A number is compared as a text too. Whole ones are written alike in every region.
        same = f"--({words_excel(self.compared_words(at))}={tidy_excel(x)})"
        return f"IF(OR(ISERROR({x}),ISLOGICAL({x})),0,SUMPRODUCT({same}))"

    def python(self, at: Place) -> str:
        levels = {v.key(text): float(n) for n in LEVELS for text in level_spellings(n)}
        return f"level_number({self.value.python(at)}, {at.constant(levels)})"


@dataclass(frozen=True, eq=False)
class CriterionMeant(ReadsText, Value):
    """The label of the criterion that a cell means; an empty text where it means none.

    A cell may hold the label, the code, either behind «Tiêu chí», or the label as an amendment
    words it. A number such as 1.4 means its code, unless 1.40 is a code with another meaning:
    of 1.10 and 1.1 a number keeps only the value.

    Spelling: ``CriterionMeant(Field("criterion"))``
    Excel: ``IF(SUMPRODUCT(--(dm_spellings=TRIM(x)))>0,INDEX(dm_spelt,MATCH(...)),"")``
    """

    value: Value

    sorts = (TEXT,)

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        text = f'IF(ISTEXT({x}),{tidy_excel(x)},IF({number_excel(x)},{_code_excel(x)},""))'
        found = f'IFERROR(INDEX(dm_spelt,MATCH({text},dm_spellings,0)),"")'
        return f'IF(SUMPRODUCT(--(dm_spellings={text}))>0,{found},"")'

    def python(self, at: Place) -> str:
        labels = {text: c.label for text, c in at.layout.criteria_by_spelling.items()}
        return f"criterion_meant({self.value.python(at)}, {at.constant(labels)})"


def _code_excel(x: str) -> str:
    """Return the Excel half of :func:`python_half.code_of_number` for a number."""
    tenths = f"ROUND(10*{x},0)"
    code = f'INT({tenths}/10)&"."&MOD({tenths},10)'
    is_code = f"IF({x}>=1,IF({x}<10,ABS(10*{x}-{tenths})<10^-6,FALSE),FALSE)"
    ambiguous = f'SUMPRODUCT(--(dm_spellings={code}&"0"))>0'
    return f'IF({is_code},IF({ambiguous},"",{code}),"")'


@dataclass(frozen=True, eq=False)
class RegulationDay(AlwaysNumber):
    """The first day on which the regulation is in force, or the day of its repeal.

    Spelling: ``RegulationDay("from")``
    Excel: ``46210``
    """

    which: Literal["from", "until"]

    def _serial(self, at: Place) -> float:
        regulation = at.layout.regulation
        if self.which == "from":
            return v.to_serial(regulation.in_force_from)
        return v.to_serial(regulation.repealed_on) if regulation.repealed_on else NEVER

    def excel(self, at: Place) -> str:
        return f"{self._serial(at):.0f}"

    def python(self, at: Place) -> str:
        return repr(self._serial(at))


@dataclass(frozen=True, eq=False)
class EachOf(Value):
    """The texts beside all conditions that hold, parted by commas.

    Spelling: ``EachOf(((Filled(Field("lead")), "a"), (Filled(Field("task")), "b")))``
    Excel: ``MID(IF(lead<>"",", a","")&IF(task<>"",", b",""),3,32767)``
    """

    choices: tuple[tuple[Condition, str | Text], ...]
    """A text in two languages is Vietnamese in the sheet, and both in a finding."""

    sorts = (TEXT,)

    def excel(self, at: Place) -> str:
        parts = (
            f'IF({condition.excel(at)},{quote(f", {_in_sheet(text)}")},"")'
            for condition, text in self.choices
        )
        return f"MID({'&'.join(parts)},3,{LONGEST_TEXT})"

    def python(self, at: Place) -> str:
        pairs = (f"({c.python(at)}, {_as_source(text, at)})" for c, text in self.choices)
        return f"each_of({', '.join(pairs)})"


def _in_sheet(text: str | Text) -> str:
    return text if isinstance(text, str) else text.vi


def _as_source(text: str | Text, at: Place) -> str:
    return repr(text) if isinstance(text, str) else at.constant(text)


@dataclass(frozen=True, eq=False)
class FirstOf(Value):
    """The text beside the first condition that holds, or another text where none does.

    Spelling: ``FirstOf(((Filled(Field("lead")), "a"), (Filled(Field("task")), "b")))``
    Excel: ``IF(lead<>"","a",IF(task<>"","b",""))``
    """

    choices: tuple[tuple[Condition, str | Text], ...]
    """A text in two languages is Vietnamese in the sheet, and both in a finding."""
    otherwise: str | Text = ""
    """The text where no condition holds."""

    sorts = (TEXT,)

    def excel(self, at: Place) -> str:
        result = quote(_in_sheet(self.otherwise))
        for condition, text in reversed(self.choices):
            result = f"IF({condition.excel(at)},{quote(_in_sheet(text))},{result})"
        return result

    def python(self, at: Place) -> str:
        result = _as_source(self.otherwise, at)
        for condition, text in reversed(self.choices):
            result = f"({_as_source(text, at)} if {condition.python(at)} else {result})"
        return result
