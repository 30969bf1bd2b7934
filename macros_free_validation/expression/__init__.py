"""The condition language of rules: typed nodes with two halves.

Every node writes itself as an Excel formula and as Python source. Every node is
*total*: it has a value, never an error, whatever the cells hold. No comparison holds
where a cell is empty, holds an error, or one side is a number and the other a text.
"""

# ruff: noqa: I001 - isort would write one statement for each «as»; mypy needs «as» to export.
from macros_free_validation.expression.conditions import (
    AnyUnusual as AnyUnusual,
    CriterionOfStandard as CriterionOfStandard,
    DayWithin as DayWithin,
    Filled as Filled,
    HasCharacter as HasCharacter,
    HasWord as HasWord,
    InList as InList,
    IsAny as IsAny,
    IsDate as IsDate,
    IsNumber as IsNumber,
    IsSchoolYear as IsSchoolYear,
    KindGroup as KindGroup,
    KindOfRegulation as KindOfRegulation,
    LevelDefined as LevelDefined,
    MalformedCode as MalformedCode,
    Plain as Plain,
    RepeatsTitle as RepeatsTitle,
    RowUsed as RowUsed,
    Unusual as Unusual,
    blank as blank,
    show_excel as show_excel,
)
from macros_free_validation.expression.counts import (
    SCHOOL_LEVEL as SCHOOL_LEVEL,
    TASKS_OF_CRITERION as TASKS_OF_CRITERION,
    Count as Count,
    CountAmong as CountAmong,
    CriteriaPlanned as CriteriaPlanned,
    EveryCriterionAssessed as EveryCriterionAssessed,
    Greatest as Greatest,
    LevelReached as LevelReached,
    LevelShown as LevelShown,
    LevelUnsettled as LevelUnsettled,
    Match as Match,
    Steps as Steps,
    RowsInUse as RowsInUse,
    verdicts as verdicts,
)
from macros_free_validation.expression.excel_half import (
    LONGEST_FORMULA as LONGEST_FORMULA,
    LONGEST_TEXT as LONGEST_TEXT,
    LONGEST_LITERAL as LONGEST_LITERAL,
    NBSP as NBSP,
    above_name as above_name,
    column_name as column_name,
    last_above_figures as last_above_figures,
    date_excel as date_excel,
    day_excel as day_excel,
    fifteen_excel as fifteen_excel,
    filled_excel as filled_excel,
    other_row as other_row,
    own_row as own_row,
    quote as quote,
    single_cell as single_cell,
    single_name as single_name,
    tidy_excel as tidy_excel,
    words_name as words_name,
    written_day_excel as written_day_excel,
)
from macros_free_validation.expression.operands import (
    LEVELS as LEVELS,
    CellValue as CellValue,
    CriteriaTotal as CriteriaTotal,
    CriterionMeant as CriterionMeant,
    EachOf as EachOf,
    Field as Field,
    FirstOf as FirstOf,
    LevelNumber as LevelNumber,
    Limit as Limit,
    Percent as Percent,
    PlanField as PlanField,
    RegulationDay as RegulationDay,
    Single as Single,
)
from macros_free_validation.expression.operators import (
    All as All,
    AlwaysNumber as AlwaysNumber,
    Any_ as Any_,
    AtMost as AtMost,
    Condition as Condition,
    Difference as Difference,
    Different as Different,
    Equal as Equal,
    Less as Less,
    Not as Not,
    Number as Number,
    Sum as Sum,
    Value as Value,
    Word as Word,
)
from macros_free_validation.expression.place import (
    UNIT_KEY as UNIT_KEY,
    Key as Key,
    KeyKind as KeyKind,
    Place as Place,
)
from macros_free_validation.expression.python_half import (
    PYTHON_NAMES as PYTHON_NAMES,
)
from macros_free_validation.expression.walk import (
    Entry as Entry,
    counting_nodes as counting_nodes,
    entries as entries,
    limits_in as limits_in,
    nodes as nodes,
    nodes_in as nodes_in,
    texts_in as texts_in,
)
