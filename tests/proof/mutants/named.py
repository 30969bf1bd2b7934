"""Mutants written by hand, where no operator reaches: tidying steps, patterns, whole cases.

Each replaces a text that occurs once in its file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.proof.mutants.mutant import Half, Mutant, source_of
from tests.proof.mutants.operators import Change, change_of

_P, _F = Half.PYTHON, Half.FORMULA


class Named(NamedTuple):
    """A mutant by hand: the old text of a function, and the new one."""

    half: Half
    path: str
    where: str
    old: str
    new: str


_EXCEL = "expression/excel_half.py"
_CONDITIONS = "expression/conditions.py"
_OPERATORS = "expression/operators.py"
_PLACE = "expression/place.py"
_VALUES = "values.py"
_OPERANDS, _JUDGES = "expression/operands.py", "expression/python_half.py"
_SHOWN = 'f\'SUBSTITUTE({_spaced_excel(x)}," ","")\''
_CHARS = '("CHAR(10)", "CHAR(9)", "CHAR(13)")'

NAMED = (
    # Tidying steps.
    Named(_F, _EXCEL, "_spaced_excel", _CHARS, '("CHAR(10)", "CHAR(9)")'),
    Named(_F, _EXCEL, "_spaced_excel", _CHARS, '("CHAR(10)", "CHAR(13)")'),
    Named(_F, _EXCEL, "_spaced_excel", _CHARS, '("CHAR(9)", "CHAR(13)")'),
    Named(_F, _EXCEL, "_spaced_excel", 'return f\'SUBSTITUTE({x},"{NBSP}"," ")\'', "return x"),
    Named(_F, _EXCEL, "filled_excel", _SHOWN, "x"),
    Named(_F, _EXCEL, "filled_excel", _SHOWN, 'f"TRIM({x})"'),
    Named(_F, _EXCEL, "filled_excel", _SHOWN, 'f"CLEAN({x})"'),
    Named(_F, _EXCEL, "squashed_excel", '" và ",", "', '" va ",", "'),
    Named(_F, _EXCEL, "squashed_excel", '".",""', '"",""'),
    Named(_F, _EXCEL, "without_wildcards", '"~*?"', '"*?~"'),
    Named(_F, _EXCEL, "without_wildcards", '"~*?"', '"~*"'),
    Named(_F, _EXCEL, "without_wildcards", '"~*?"', '"~?"'),
    Named(_F, _EXCEL, "fifteen_excel", 'f"ROUND({x},MAX(', 'f"ROUNDDOWN({x},MAX('),
    Named(_F, _EXCEL, "fifteen_excel", "INT(LOG10(", "TRUNC(LOG10("),
    Named(_F, _EXCEL, "day_excel", 'f"INT(ROUND({x},{v.DECIMALS_OF_A_DAY}))"', 'f"INT({x})"'),
    Named(_F, _EXCEL, "written_day_excel", '"/"&TEXT(MONTH', '"-"&TEXT(MONTH'),
    Named(_F, _EXCEL, "written_day_excel", 'TEXT(DAY({day}),"00")', 'TEXT(DAY({day}),"0")'),
    Named(
        _F,
        _EXCEL,
        "own_row",
        '"INDEX(${letter}:${letter},ROW())"',
        '"INDEX(${letter}:${letter},ROW()+1)"',
    ),
    Named(_P, _VALUES, "_SPACES", '" \\u00a0\\n\\t\\r"', '" \\u00a0\\n\\t"'),
    Named(_P, _VALUES, "_SPACES", '" \\u00a0\\n\\t\\r"', '" \\u00a0\\n\\r"'),
    Named(_P, _VALUES, "_SPACES", '" \\u00a0\\n\\t\\r"', '" \\u00a0\\t\\r"'),
    Named(_P, _VALUES, "_SPACES", '" \\u00a0\\n\\t\\r"', '" \\n\\t\\r"'),
    Named(_P, _VALUES, "_SPACES", '" \\u00a0\\n\\t\\r"', '" \\u00a0\\n\\t\\r\\u2003"'),
    Named(_P, _VALUES, "filled", ".strip(_SPACES)", ".strip()"),
    Named(_P, _VALUES, "tidy", '.replace("\\t", " ")', ""),
    Named(_P, _VALUES, "tidy", '.replace("\\r", " ")', ""),
    Named(_P, _VALUES, "tidy", '.replace("\\u00a0", " ")', ""),
    Named(_P, _VALUES, "tidy", 'value.replace("\\u00a0", " ")', '" ".join(value.split())'),
    Named(_P, _VALUES, "tidy", 'while "  " in text:', 'if "  " in text:'),
    Named(_P, _VALUES, "key", "tidy(value).lower()", "tidy(value).casefold()"),
    Named(_P, _VALUES, "key", "tidy(value).lower()", "tidy(value).upper()"),
    Named(_P, _VALUES, "squashed", '" và "', '"và"'),
    Named(_P, _VALUES, "title_of", "partition", "rpartition"),
    Named(_P, _VALUES, "title_of", "[2]", "[2][:255]"),
    Named(_P, _VALUES, "show", "ROUND_HALF_UP)", '"ROUND_HALF_EVEN")'),
    Named(_P, _VALUES, "show", '"%d/%m/%Y"', '"%m/%d/%Y"'),
    Named(_P, _VALUES, "show", "str(whole) if abs", "format(number, '.0f') if abs"),
    Named(_P, _VALUES, "_YEARS", "([0-9]{4})-", "(\\d{4})-"),
    Named(_P, _VALUES, "_YEARS", "([0-9]{4})-", "([0-9]{3,4})-"),
    Named(_P, _VALUES, "is_school_year", "fullmatch", "match"),
    # Comparisons: what Python takes for a number, and the digits compared.
    Named(_P, _VALUES, "less", "type(a) is float", "isinstance(a, int | float)"),
    Named(_P, _VALUES, "at_most", "type(a) is float", "isinstance(a, int | float)"),
    Named(_P, _VALUES, "is_number", "type(value) is float", "isinstance(value, int | float)"),
    Named(_P, _VALUES, "is_date", "type(value) is float", "isinstance(value, int | float)"),
    Named(_P, _VALUES, "whole_day", "round(serial, DECIMALS_OF_A_DAY)", "serial"),
    Named(_P, _VALUES, "less", " and not same_number(a, b)", ""),
    Named(
        _P,
        _JUDGES,
        "percent",
        "floor(1000 * part / whole + 0.5)",
        "round(1000 * part / whole)",
    ),
    Named(
        _P,
        _JUDGES,
        "total",
        "v.fifteen_digits(v.fifteen_digits(a) + v.fifteen_digits(b))",
        "a + b",
    ),
    Named(_F, _OPERATORS, "_Computed.figure_excel", "fifteen_excel(result)", "result"),
    Named(_F, _OPERATORS, "Value.figure_excel", "fifteen_excel(x)", "x"),
    Named(_F, _OPERATORS, "_Equality.excel", 'AND({tidy_x}<>"",{tidy_y}<>"",', "AND("),
    Named(_F, _OPERANDS, "CellValue.figure_excel", "else day_excel(fifteen_excel(x))", "else x"),
    Named(_F, _OPERANDS, "CellValue.number_excel", "else number_excel(x)", 'else f"ISNUMBER({x})"'),
    Named(_P, _OPERANDS, "CellValue.figure_python", 'f"as_day({source})"', "source"),
    Named(_F, _OPERANDS, "Percent.excel", "/{whole},1))", "/{whole},2))"),
    # Conditions on texts.
    Named(_F, _CONDITIONS, "IsSchoolYear.excel", '("\\u2013", "\\u2014")', '("\\u2013",)'),
    Named(_F, _CONDITIONS, "IsSchoolYear.excel", '("\\u2013", "\\u2014")', '("\\u2014",)'),
    Named(
        _F,
        _CONDITIONS,
        "IsSchoolYear.excel",
        'f\'SUBSTITUTE({tidy_excel(x)}," ","")\'',
        "tidy_excel(x)",
    ),
    Named(_F, _CONDITIONS, "IsSchoolYear.excel", "<={LONGEST_PERIOD}", "<={LONGEST_PERIOD + 1}"),
    Named(_F, _CONDITIONS, "IsSchoolYear.excel", "<={LONGEST_PERIOD}", "<{LONGEST_PERIOD}"),
    Named(_F, _CONDITIONS, "IsSchoolYear.excel", "0123456789", "012345678"),
    Named(_F, _CONDITIONS, "HasWord.excel", "f'SUBSTITUTE({x},CHAR(10),\";\")'", "x"),
    Named(
        _F, _CONDITIONS, "InList.excel", "{UNIT_KEY.name}={tidy_excel(x)}", "{UNIT_KEY.name}={x}"
    ),
    Named(_F, _CONDITIONS, "RepeatsTitle.excel", "{LONGEST_TEXT})'", "255)'"),
    Named(_F, _CONDITIONS, "RepeatsTitle.excel", "MID({label},FIND(", "MID({y},FIND("),
    Named(_F, _CONDITIONS, "show_excel", "ROUND(ROUND({x},{v.DECIMALS_OF_SHOWN}),0)", "INT({x})"),
    Named(_F, _CONDITIONS, "show_excel", 'TEXT({whole}+0,"0")', 'TEXT({x},"0")'),
    Named(_F, _CONDITIONS, "show_excel", '&"…",{text})', ",{text})"),
    Named(_F, _PLACE, "Key.excel", "text = tidy_excel(x)", "text = x"),
    Named(_F, _PLACE, "Key.excel", "f'IF(ISTEXT({x}),{text},\"\")'", "text"),
    Named(_F, _PLACE, "Key.excel", "YEAR({day})*12+MONTH({day})", "MONTH({day})"),
    Named(_P, _PLACE, "Key.result", "v.tidy(value) if", "value if"),
    Named(_P, _PLACE, "Key.result", " and is_plain(value)", ""),
    Named(_P, _PLACE, "Key.of_all", 'v.plain_key(value) or ""', 'v.key(value) or ""'),
    Named(
        _P, "plan.py", "Plan.units", "if filled(name) and (k := plain_key(name))", "if (k := name)"
    ),
)


def named_mutants() -> Iterator[Mutant]:
    """Yield the mutants written by hand.

    Raises:
        LookupError: an old text is not in its function.
    """
    for half, path, where, old, new in NAMED:
        source = source_of(path)
        name = where.split(".")[-1]
        begin = max(source.find(f"{kind}{name}".encode()) for kind in ("def ", "\n"))
        if "." in where:
            owner = source.find(f"class {where.split('.')[0]}".encode())
            begin = source.find(f"def {name}(".encode(), owner)
        start = source.find(old.encode(), begin)
        if begin < 0 or start < 0:
            raise LookupError(f"{path}, {where}: {old} is not there")
        yield change_of(half, path, where, Change(start, start + len(old.encode()), new.encode()))
