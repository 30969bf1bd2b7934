"""Rules on plans: written once, judged in Excel and in Python.

A rule's condition is an expression that writes itself as an Excel formula and
as Python source. This package imports :mod:`workbook_templates` and nothing of
:mod:`kdcl_xl`; it opens no file.
"""
