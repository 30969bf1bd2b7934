"""The conditions on one cell, or on two cells of a row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from macros_free_validation import values as v
from macros_free_validation.expression.excel_half import (
    LONGEST_TEXT,
    date_excel,
    filled_excel,
    listed_excel,
    number_excel,
    own_row,
    quote,
    squashed_excel,
    tidy_excel,
    without_wildcards,
    words_excel,
    written_day_excel,
)
from macros_free_validation.expression.operands import CellValue, Field, LevelNumber
from macros_free_validation.expression.operators import (
    Condition,
    Less,
    Not,
    Number,
    ReadsText,
    Value,
)
from macros_free_validation.expression.place import UNIT_KEY, Place
from workbook_templates.characters import UNUSUAL, Characters
from workbook_templates.declare import Lists, Type
from workbook_templates.school_year import LONGEST_PERIOD
from workbook_templates.vocabulary import LEVEL_WORD


@dataclass(frozen=True, eq=False)
class RowUsed(Condition):
    """The condition that some input cell of the row is filled.

    Spelling: ``RowUsed()``
    Excel: ``INDEX($R:$R,ROW())``
    """

    def excel(self, at: Place) -> str:
        return own_row(at.sheet, at.used_letter)

    def python(self, at: Place) -> str:
        return "used"


@dataclass(frozen=True, eq=False)
class Filled(Condition):
    """The condition that the cell holds something visible; ``blank(a)`` is its opposite.

    Spelling: ``Filled(Field("lead"))``
    Excel: ``IF(ISERROR(lead),TRUE,LEN(SUBSTITUTE(lead,...))>0)``
    """

    value: Value

    def excel(self, at: Place) -> str:
        return filled_excel(self.value.excel(at))

    def python(self, at: Place) -> str:
        return f"filled({self.value.python(at)})"


def blank(value: Value) -> Condition:
    """Return the condition that the cell holds nothing visible."""
    return Not(Filled(value))


@dataclass(frozen=True, eq=False)
class IsNumber(Condition):
    """The condition that the cell holds a number; a date is one too.

    Spelling: ``IsNumber(Field("budget"))``
    Excel: ``IF(ISLOGICAL(budget),FALSE,ISNUMBER(budget))``
    """

    value: CellValue

    def excel(self, at: Place) -> str:
        return self.value.number_excel(at)

    def python(self, at: Place) -> str:
        return f"is_number({self.value.python(at)})"


@dataclass(frozen=True, eq=False)
class IsDate(Condition):
    """The condition that the cell holds a number that is a day of this century.

    Spelling: ``IsDate(Field("deadline"))``
    Excel: ``IF(ISNUMBER(deadline),AND(deadline>=36526,deadline<73051),FALSE)``
    """

    value: CellValue

    def excel(self, at: Place) -> str:
        return DayWithin(self.value, v.FIRST_SERIAL, v.LAST_SERIAL).excel(at)

    def python(self, at: Place) -> str:
        return f"is_date({self.value.python(at)})"


@dataclass(frozen=True, eq=False)
class DayWithin(Condition):
    """The condition that the cell holds a day from ``first`` up to the day before ``until``.

    Both are serial numbers of days of this century.

    Spelling: ``DayWithin(Single("issue_date"), 45682, 46210)``
    Excel: ``IF(ISNUMBER(issue_date),AND(issue_date>=45682,issue_date<46210),FALSE)``
    """

    value: CellValue
    first: float
    until: float

    def excel(self, at: Place) -> str:
        day = self.value.figure_excel(at)
        within = f"AND({day}>={self.first:.0f},{day}<{self.until:.0f})"
        return f"IF({self.value.number_excel(at)},{within},FALSE)"

    def python(self, at: Place) -> str:
        x = self.value.python(at)
        return f"(is_date({x}) and {self.first!r} <= as_day({x}) < {self.until!r})"


@dataclass(frozen=True, eq=False)
class HasCharacter(Condition):
    """The condition that the cell holds a text with a character of one kind.

    Spelling: ``HasCharacter(Field("lead"), UNUSUAL)``
    Excel: ``IF(ISTEXT(lead),SUMPRODUCT(LEN(lead)-LEN(SUBSTITUTE(lead,signs,"")))>0,FALSE)``
    """

    value: Value
    characters: Characters

    def compared_words(self, at: Place) -> tuple[str, ...]:
        return tuple(self.characters)

    def excel(self, at: Place) -> str:
        x, signs = self.value.excel(at), words_excel(self.compared_words(at))
        # SUBSTITUTE compares codes in every program; FIND of a range is one cell in some.
        found = f'SUMPRODUCT(LEN({x})-LEN(SUBSTITUTE({x},{signs},"")))>0'
        return f"IF(ISTEXT({x}),{found},FALSE)"

    def python(self, at: Place) -> str:
        signs = at.constant(frozenset(self.characters))
        return f"has_character({self.value.python(at)}, {signs})"


@dataclass(frozen=True, eq=False)
class Unusual(Condition):
    """The condition that the cell holds a text with characters that programs compare differently.

    Spelling: ``Unusual(Field("lead"))``
    Excel: ``IF(ISTEXT(lead),SUMPRODUCT(LEN(lead)-LEN(SUBSTITUTE(lead,signs,"")))>0,FALSE)``
    """

    value: Value

    def excel(self, at: Place) -> str:
        return HasCharacter(self.value, UNUSUAL).excel(at)

    def compared_words(self, at: Place) -> tuple[str, ...]:
        return tuple(UNUSUAL)

    def python(self, at: Place) -> str:
        return f"(not is_plain({self.value.python(at)}))"


@dataclass(frozen=True, eq=False)
class AnyUnusual(Condition):
    """The condition that at least one of some cells is :class:`Unusual`.

    Spelling: ``AnyUnusual((Field("lead"), Field("task")))``
    Excel: ``IF(IFERROR(SUMPRODUCT(LEN(lead&task)-...)>0,TRUE),OR(unusual,unusual),FALSE)``
    """

    values: tuple[Value, ...]

    def excel(self, at: Place) -> str:
        # Hardly any row has such a character, and all its texts together are searched once.
        # Together they may be longer than a text can be, hence IFERROR.
        cells = [value.excel(at) for value in self.values]
        row = "&".join(f'IF(ISTEXT({x}),{x},"")' for x in cells)
        signs = words_excel(tuple(UNUSUAL))
        found = f'IFERROR(SUMPRODUCT(LEN({row})-LEN(SUBSTITUTE({row},{signs},"")))>0,TRUE)'
        each = ",".join(Unusual(value).excel(at) for value in self.values)
        return f"IF({found},OR({each}),FALSE)"

    def compared_words(self, at: Place) -> tuple[str, ...]:
        return tuple(UNUSUAL)

    def python(self, at: Place) -> str:
        each = " and ".join(f"is_plain({value.python(at)})" for value in self.values)
        return f"(not ({each}))"


@dataclass(frozen=True, eq=False)
class Plain(Condition):
    """The condition that the cell is not :class:`Unusual`, as the rule on such cells found it.

    Every rule that compares the text of a cell gets this condition by itself.

    Spelling: ``Plain(Field("lead"))``
    Excel: ``ISERROR(FIND("«Chủ trì»",finding of the rule on such cells))``
    """

    value: Value

    def excel(self, at: Place) -> str:
        found = at.plain_excel(self.value.name) if isinstance(self.value, Field) else ""
        return found or f"NOT({Unusual(self.value).excel(at)})"

    def python(self, at: Place) -> str:
        return f"is_plain({self.value.python(at)})"


@dataclass(frozen=True, eq=False)
class IsSchoolYear(ReadsText, Condition):
    """The condition that the cell holds two years of a period, such as 2026-2027.

    Spelling: ``IsSchoolYear(Single("school_year"))``
    Excel: ``AND(LEN(year)=9,MID(year,5,1)="-",RIGHT(year,4)-LEFT(year,4)>=1)``
    """

    value: Value

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        text = f'SUBSTITUTE({tidy_excel(x)}," ","")'
        for dash in ("\u2013", "\u2014"):
            text = f'SUBSTITUTE({text},"{dash}","-")'
        digits = f'SUMPRODUCT(--ISNUMBER(FIND(MID({text},{{1,2,3,4,6,7,8,9}},1),"0123456789")))=8'
        span = f"RIGHT({text},4)-LEFT({text},4)"
        whole = f'AND(LEN({text})=9,MID({text},5,1)="-",{digits})'
        years = f"AND({span}>=1,{span}<={LONGEST_PERIOD})"
        return f"IF(ISTEXT({x}),IF({whole},{years},FALSE),FALSE)"

    def python(self, at: Place) -> str:
        return f"is_school_year({self.value.python(at)}, {LONGEST_PERIOD})"


@dataclass(frozen=True, eq=False)
class IsAny(ReadsText, Condition):
    """The condition that the cell holds one of the texts, case and spaces aside.

    Spelling: ``IsAny(Field("progress_state"), ("Hoàn thành",))``
    Excel: ``IF(ISTEXT(state),SUMPRODUCT(--("Hoàn thành"=TRIM(state)))>0,FALSE)``
    """

    value: Value
    texts: tuple[str, ...]

    def compared_words(self, at: Place) -> tuple[str, ...]:
        return self.texts

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        texts = words_excel(self.compared_words(at))
        return f"IF(ISTEXT({x}),SUMPRODUCT(--({texts}={tidy_excel(x)}))>0,FALSE)"

    def python(self, at: Place) -> str:
        keys = frozenset(v.key(text) for text in self.texts)
        return f"(key({self.value.python(at)}) in {at.constant(keys)})"


@dataclass(frozen=True, eq=False)
class HasWord(ReadsText, Condition):
    """The condition that the cell holds a text with one of the words in it, case aside.

    A line break in the cell counts as a semicolon, so that no word has to hold one.

    Spelling: ``HasWord(Field("lead"), ("UBND", "Sở"))``
    Excel: ``IF(ISTEXT(lead),SUMPRODUCT(--ISNUMBER(SEARCH(words,lead)))>0,FALSE)``
    """

    value: Value
    words: tuple[str, ...]

    def compared_words(self, at: Place) -> tuple[str, ...]:
        return tuple(map(without_wildcards, self.words))

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        words = words_excel(self.compared_words(at))
        text = f'SUBSTITUTE({x},CHAR(10),";")'
        return f"IF(ISTEXT({x}),SUMPRODUCT(--ISNUMBER(SEARCH({words},{text})))>0,FALSE)"

    def python(self, at: Place) -> str:
        words = tuple(word.lower() for word in self.words)
        return f"has_word(in_one_line({self.value.python(at)}), {at.constant(words)})"


@dataclass(frozen=True, eq=False)
class InList(ReadsText, Condition):
    """The condition that the cell holds a text of a list on the lists sheet, or a level of it.

    Spelling: ``InList(Field("lead"), Lists.UNITS)``
    Excel: ``IF(ISTEXT(lead),SUMPRODUCT(--(k_lists_unit_text=TRIM(lead)))>0,FALSE)``
    """

    value: Value
    choices: Lists

    def compared_words(self, at: Place) -> tuple[str, ...]:
        is_level = self.choices is Lists.LEVELS
        return LevelNumber(self.value).compared_words(at) if is_level else ()

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        if self.choices is Lists.UNITS:  # typed by the school, so tidied on both sides
            found = f"SUMPRODUCT(--({UNIT_KEY.name}={tidy_excel(x)}))>0"
            return f"IF({filled_excel(x)},IF(ISTEXT({x}),{found},FALSE),FALSE)"
        if self.choices is Lists.LEVELS:
            level = f'"{LEVEL_WORD}"&{LevelNumber(self.value).excel(at)}'
            return f"SUMPRODUCT(--(dm_levels={level}))>0"
        return listed_excel(x, self.choices)

    def python(self, at: Place) -> str:
        if self.choices is Lists.UNITS:
            return f"(key({self.value.python(at)}) in units)"
        if self.choices is Lists.LEVELS:
            levels = frozenset(map(float, at.layout.regulation.levels))
            return f"({LevelNumber(self.value).python(at)} in {at.constant(levels)})"
        keys = frozenset(v.key(text) for text in at.layout.values(self.choices))
        return f"(key({self.value.python(at)}) in {at.constant(keys)})"


class KindGroup(StrEnum):
    """A group of the kinds of school that a regulation governs."""

    ALL = "all"
    OPEN = "open"
    """Kinds of several levels that the school has yet to name."""
    SEVERAL_LEVELS = "several_levels"
    """Kinds of several known levels."""


@dataclass(frozen=True, eq=False)
class KindOfRegulation(ReadsText, Condition):
    """The condition that the cell holds a kind of school that the regulation governs.

    Spelling: ``KindOfRegulation(Single("school_kind"))``, or only a group of these kinds
    Excel: ``IF(ISTEXT(school_kind),SUMPRODUCT(--(kinds=TRIM(school_kind)))>0,FALSE)``
    """

    value: Value
    group: KindGroup = KindGroup.ALL

    def compared_words(self, at: Place) -> tuple[str, ...]:
        kinds = at.layout.regulation.kinds
        match self.group:
            case KindGroup.OPEN:
                kinds = tuple(k for k in kinds if k.is_open)
            case KindGroup.SEVERAL_LEVELS:
                kinds = tuple(k for k in kinds if k.has_several_levels and not k.is_open)
        return tuple(kind.label.vi for kind in kinds)

    def excel(self, at: Place) -> str:
        return _any_of(self.value, self.compared_words(at)).excel(at)

    def python(self, at: Place) -> str:
        return _any_of(self.value, self.compared_words(at)).python(at)


def _any_of(value: Value, texts: tuple[str, ...]) -> Condition:
    """Return the condition that the cell holds one of the texts; of no text it never holds."""
    return IsAny(value, texts) if texts else Less(Number(1), Number(0))


@dataclass(frozen=True, eq=False)
class LevelDefined(ReadsText, Condition):
    """The condition that the regulation defines a level for a criterion.

    Spelling: ``LevelDefined(Field("criterion_label"), Field("target_level"))``
    Excel: ``SUMPRODUCT((dm_level_key=criterion)*(LEFT(dm_level_of,5)="Mức "&level))>0``
    """

    criterion: Value
    level: Value

    def excel(self, at: Place) -> str:
        x, n = self.criterion.excel(at), LevelNumber(self.level).excel(at)
        words = f"LEFT(dm_level_of,{len(LEVEL_WORD) + 1})"
        both = f'SUMPRODUCT((dm_level_key={tidy_excel(x)})*({words}="{LEVEL_WORD}"&{n}))>0'
        return f"IF(ISTEXT({x}),{both},FALSE)"

    def compared_words(self, at: Place) -> tuple[str, ...]:
        return LevelNumber(self.level).compared_words(at)

    def python(self, at: Place) -> str:
        criteria = at.layout.regulation.criteria
        pairs = frozenset((v.key(c.label), float(n)) for c in criteria for n in c.levels)
        criterion, level = self.criterion.python(at), LevelNumber(self.level).python(at)
        return f"((key({criterion}), {level}) in {at.constant(pairs)})"


@dataclass(frozen=True, eq=False)
class CriterionOfStandard(ReadsText, Condition):
    """The condition that a criterion belongs to a standard.

    Spelling: ``CriterionOfStandard(Field("criterion_label"), Field("standard"))``
    Excel: ``SUMPRODUCT((dm_criteria=TRIM(criterion))*(dm_standard_of=TRIM(standard)))>0``
    """

    criterion: Value
    standard: Value

    def excel(self, at: Place) -> str:
        x, y = self.criterion.excel(at), self.standard.excel(at)
        both = f"SUMPRODUCT((dm_criteria={tidy_excel(x)})*(dm_standard_of={tidy_excel(y)}))>0"
        return f"IF(ISTEXT({x}),IF(ISTEXT({y}),{both},FALSE),FALSE)"

    def python(self, at: Place) -> str:
        regulation = at.layout.regulation
        pairs = frozenset(
            (v.key(c.label), v.key(regulation.standard_of(c))) for c in regulation.criteria
        )
        criterion, standard = self.criterion.python(at), self.standard.python(at)
        return f"((key({criterion}), key({standard})) in {at.constant(pairs)})"


@dataclass(frozen=True, eq=False)
class RepeatsTitle(ReadsText, Condition):
    """The condition that the text only repeats the title of the criterion.

    Spelling: ``RepeatsTitle(Field("expected_result"), Field("criterion_label"))``
    Excel: ``LOWER(expected_result)=LOWER(MID(criterion,FIND(" ",criterion)+1,32767))``
    """

    value: Value
    criterion: Value

    def excel(self, at: Place) -> str:
        x, y = self.value.excel(at), self.criterion.excel(at)
        label = tidy_excel(y)
        title = f'MID({label},FIND(" ",{label}&" ")+1,{LONGEST_TEXT})'
        same = f"{squashed_excel(tidy_excel(x))}={squashed_excel(title)}"
        return f"IF(ISTEXT({x}),IF(ISTEXT({y}),{same},FALSE),FALSE)"

    def python(self, at: Place) -> str:
        return f"repeats_title({self.value.python(at)}, {self.criterion.python(at)})"


@dataclass(frozen=True, eq=False)
class MalformedCode(ReadsText, Condition):
    """The condition that the cell holds a text that tries to give an evidence code and fails.

    Both official spellings of a code are accepted, and several codes in a cell. A text
    without any code is accepted too. See :func:`values.malformed_code`.

    Spelling: ``MalformedCode(Field("evidence"))``
    Excel: ``IF(ISTEXT(evidence),SUMPRODUCT(--ISNUMBER(FIND(signs,"^"&...)))>0,FALSE)``
    """

    value: Value

    def compared_words(self, at: Place) -> tuple[str, ...]:
        return v.CODE_ATTEMPTS

    def excel(self, at: Place) -> str:
        x = self.value.excel(at)
        text = tidy_excel(x)
        for old, new in v.CODE_STEPS:
            text = f"SUBSTITUTE({text},{quote(old)},{quote(new)})"
        signs = words_excel(self.compared_words(at))
        found = f'SUMPRODUCT(--ISNUMBER(FIND({signs},"{v.CODE_START}"&{text})))>0'
        return f"IF(ISTEXT({x}),{found},FALSE)"

    def python(self, at: Place) -> str:
        return f"malformed_code({self.value.python(at)})"


def show_excel(value: Value, at: Place, kind: Type) -> str:
    """Return the Excel half of :func:`values.show`: a value as a message repeats it."""
    x = value.excel(at)
    text = tidy_excel(x)
    shown = f'IF(LEN({text})>{v.LONGEST_SHOWN},LEFT({text},{v.LONGEST_SHOWN})&"…",{text})'
    whole = f"ROUND(ROUND({x},{v.DECIMALS_OF_SHOWN}),0)"
    # 0 is added because a number rounded up to nothing may keep its minus sign.
    number = f'IF(ABS({whole})<{v.TOO_LONG:.0f},TEXT({whole}+0,"0"),"…")'
    if kind is Type.DATE:
        number = f"IF({date_excel(x)},{written_day_excel(x)},{number})"
    other = f'IF(ISLOGICAL({x}),IF({x},"TRUE","FALSE"),"")'
    return f"IF(ISTEXT({x}),{shown},IF({number_excel(x)},{number},{other}))"
