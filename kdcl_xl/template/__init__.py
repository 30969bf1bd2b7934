"""Writing the school workbook: a plan becomes a locked, macro-free template."""

from kdcl_xl.template.writer import render_workbook

__all__ = ["render_workbook"]
