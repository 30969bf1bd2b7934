"""Styles in one place: colours, cell styles and print set-up.

Style properties use the names of the XlsxWriter format options. The contrast of
text with its background is at least 4.5:1 everywhere; a test computes it.
"""

from __future__ import annotations

from collections.abc import Mapping

Style = Mapping[str, object]

FONT = "Times New Roman"
INK = "#1A1A1A"
PAPER = "#FFFFFF"
BRAND = "#1F4E78"
BRAND_PALE = "#DCE6F1"
INPUT = "#FFF8DC"
LOCKED = "#EFEFEF"
FAULT = "#FFC7CE"
MISSING = "#FCE4D6"
FAULT_INK = "#8A0011"
RIGHT_INK = "#1E6B2E"
WARNING = "#FFE699"
NOTE = "#E2EFDA"
LINE = "#9AA5B1"
LINK = "#0B5394"

BASE: Style = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "top"}
_BOXED: Style = {"border": 1, "border_color": LINE}

STYLES: Mapping[str, Style] = {
    "heading": {"font_size": 15, "bold": True, "font_color": BRAND, "valign": "vcenter"},
    "intro": {"text_wrap": True, "italic": True},
    "header": {
        **_BOXED,
        "bold": True,
        "font_color": PAPER,
        "bg_color": BRAND,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "label": {**_BOXED, "bold": True, "bg_color": BRAND_PALE, "text_wrap": True},
    "input": {
        **_BOXED,
        "bg_color": INPUT,
        "text_wrap": True,
        "locked": False,
        "num_format": "@",
    },
    "input_choice": {**_BOXED, "bg_color": INPUT, "text_wrap": True, "locked": False},
    "input_date": {
        **_BOXED,
        "bg_color": INPUT,
        "locked": False,
        "num_format": "dd/mm/yyyy",
        "align": "center",
        "text_wrap": True,
    },
    # In text format no program turns what is typed into a date or a number of its own region.
    "input_date_text": {
        **_BOXED,
        "bg_color": INPUT,
        "locked": False,
        "num_format": "@",
        "align": "center",
        "text_wrap": True,
    },
    "input_date_text_left": {
        **_BOXED,
        "bg_color": INPUT,
        "locked": False,
        "num_format": "@",
        "align": "left",
        "text_wrap": True,
    },
    "input_money": {
        **_BOXED,
        "bg_color": INPUT,
        "locked": False,
        "num_format": "@",
        "align": "right",
        "text_wrap": True,
    },
    "input_number": {
        **_BOXED,
        "bg_color": INPUT,
        "locked": False,
        "num_format": "#,##0",
        "text_wrap": True,
    },
    "locked": {**_BOXED, "bg_color": LOCKED, "text_wrap": True},
    "locked_line": {**_BOXED, "bg_color": LOCKED},
    "locked_number": {**_BOXED, "bg_color": LOCKED, "align": "center"},
    "locked_percent": {**_BOXED, "bg_color": LOCKED, "num_format": "0.0", "align": "center"},
    "locked_strong": {**_BOXED, "bg_color": LOCKED, "bold": True},
    "locked_date": {
        **_BOXED,
        "bg_color": LOCKED,
        "num_format": "dd/mm/yyyy",
        "align": "center",
    },
    "closed": {**_BOXED, "bg_color": "#BFBFBF", "pattern": 14, "fg_color": "#D9D9D9"},
    "check": {"text_wrap": True, "font_color": FAULT_INK, "font_size": 10},
    "status": {**_BOXED, "text_wrap": True, "font_color": FAULT_INK, "font_size": 10},
    "text": {"text_wrap": True},
    "strong": {"bold": True, "text_wrap": True},
    "cell": {**_BOXED, "text_wrap": True},
    "cell_center": {**_BOXED, "text_wrap": True, "align": "center"},
    "cell_date": {**_BOXED, "num_format": "dd/mm/yyyy", "align": "center"},
    "cell_day": {**_BOXED, "num_format": "dd/mm/yyyy", "align": "left"},
    "cell_number": {**_BOXED, "num_format": "#,##0"},
    "cell_time": {**_BOXED, "num_format": "dd/mm/yyyy hh:mm", "align": "center"},
    "cell_percent": {**_BOXED, "num_format": "0%"},
    "cell_count": {**_BOXED, "num_format": "#,##0", "align": "center"},
    "fact_date": {**_BOXED, "num_format": "dd/mm/yyyy", "align": "left"},
    "fact_number": {**_BOXED, "num_format": "#,##0", "align": "left"},
    "remark": {"italic": True, "font_size": 10},
    "total_label": {"bold": True},
    "total": {**_BOXED, "bold": True, "bg_color": BRAND_PALE, "num_format": "#,##0"},
    "total_center": {
        **_BOXED,
        "bold": True,
        "bg_color": BRAND_PALE,
        "num_format": "#,##0",
        "align": "center",
    },
    "cell_sum": {**_BOXED, "bold": True, "num_format": "#,##0;-#,##0;"},
    "header_rotated": {
        **_BOXED,
        "bold": True,
        "bg_color": BRAND_PALE,
        "rotation": 90,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "header_link": {
        **_BOXED,
        "bold": True,
        "font_color": LINK,
        "underline": 1,
        "bg_color": BRAND_PALE,
        "rotation": 90,
        "align": "center",
        "valign": "bottom",
        "text_wrap": True,
    },
    "link": {**_BOXED, "font_color": LINK, "underline": 1, "text_wrap": True},
    "print_flag": {"font_size": 6, "font_color": PAPER, "num_format": '"x";;'},
    "print_notice": {"font_size": 10, "bold": True, "font_color": FAULT_INK},
    "print_middle": {"font_size": 13, "align": "center", "shrink": True},
    "print_middle_bold": {"font_size": 13, "align": "center", "bold": True, "shrink": True},
    "print_middle_italic": {"font_size": 13, "align": "center", "italic": True, "shrink": True},
    "print_title": {"font_size": 15, "align": "center", "bold": True},
    "print_section": {"font_size": 13, "bold": True, "valign": "vcenter"},
    "print_band": {"bold": True, "valign": "vcenter"},
    "print_measure": {"font_color": LINE, "text_wrap": True, "num_format": ";;;@"},
    "print_line": {"font_size": 13},
    "print_recipients": {"text_wrap": True, "valign": "top"},
    "print_signer": {
        "font_size": 13,
        "align": "center",
        "valign": "top",
        "bold": True,
        "text_wrap": True,
    },
    "print_header": {
        "border": 1,
        "bold": True,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "print_cell": {"text_wrap": True},
    "print_cell_centre": {"text_wrap": True, "align": "center"},
    "print_cell_boxed": {"border": 1, "text_wrap": True},
    "plain_link": {"font_color": LINK, "underline": 1},
}
"""Every cell style by name, on top of ``BASE``."""

RIGHT_STYLE: Style = {"bold": True, "font_color": RIGHT_INK}
MISSING_STYLE: Style = {"bg_color": MISSING}
"""A cell that is empty and should not stay so: less than a fault, for the row may be begun."""
UNREAD = ("print_flag", "print_measure")
"""Styles of cells that serve a filter or a row's height and are not to be read or printed."""
FAULT_STYLE: Style = {"bg_color": FAULT, "font_color": FAULT_INK, "bold": True}
WARNING_STYLE: Style = {"bg_color": WARNING, "font_color": INK, "bold": True}
NOTE_STYLE: Style = {"bg_color": NOTE, "font_color": INK}
SEVERITY_STYLES: Mapping[str, Style] = {
    "error": FAULT_STYLE,
    "warning": WARNING_STYLE,
    "note": NOTE_STYLE,
}
"""Highlights by code word of the severity."""
LINE_STYLES: tuple[Style, Style] = (
    {"bg_color": BRAND_PALE, "font_color": BRAND, "bold": True},
    {"bold": True, "font_color": INK},
)
"""Highlights of the lines of a list above others: of a school, of a rule in it."""

LEVEL_STYLES: Mapping[int, Style] = {
    0: {"bg_color": FAULT, "font_color": FAULT_INK},
    1: {"bg_color": "#FFF2CC", "font_color": INK},
    2: {"bg_color": "#E2EFDA", "font_color": INK},
    3: {"bg_color": "#A9D08E", "font_color": INK},
    4: {"bg_color": "#70AD47", "font_color": INK},
}
"""Highlights by level reached, 0 where not even the first is."""
FAULT_COUNT_STYLES: Mapping[int, Style] = {
    6: {"bg_color": "#F4B084", "font_color": INK},
    3: {"bg_color": "#F8CBAD", "font_color": INK},
    1: {"bg_color": "#FCE4D6", "font_color": INK},
}
"""Highlights by the least number of faults."""
TASK_COUNT_STYLES: Mapping[int, Style] = {
    10: {"bg_color": "#9BC2E6", "font_color": INK},
    5: {"bg_color": "#BDD7EE", "font_color": INK},
    1: {"bg_color": "#DDEBF7", "font_color": INK},
}
"""Highlights by the least number of tasks."""
SERIES_COLOURS: Mapping[str, str] = {
    "error": "#C00000",
    "warning": "#E0A800",
    "note": "#70AD47",
}
"""Colours of a chart's bars by code word of the severity."""

TAB_COLOURS: Mapping[str, str] = {
    "guide": "#7F7F7F",
    "cover": "#C65911",
    "self_assessment": "#C65911",
    "problems": "#C65911",
    "plan": "#C65911",
    "progress": "#548235",
    "print": "#1F4E78",
    "lists": "#7F7F7F",
    "checks": "#C00000",
    "left_behind": "#7030A0",
    "sent_back": "#C00000",
    "to_review": "#BF8F00",
}
"""Orange sheets are for the school, green ones for the supervision team, blue ones for print."""
