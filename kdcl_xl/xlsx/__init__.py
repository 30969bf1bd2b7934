"""Read and write any Excel workbook; this room knows no form.

Reading: :func:`workbook.open_workbook` opens a :class:`workbook.Workbook`, whose sheets are
read into :class:`cells.SheetCells` when asked for. Behind it are :mod:`package` (parts and
relationships of the zip), :mod:`sheet_xml` with its fast path :mod:`plain_rows`,
:mod:`formulas`, :mod:`strings` and :mod:`annotations` (notes, drawings, day formats).
:mod:`hazards` finds macros and outside content. Writing: :mod:`writer`, :mod:`long_rows`,
:mod:`shared_formulas`, and :mod:`xlsxwriter_private` for XlsxWriter's private parts.

The reader is our own, for reasons that were measured:

- calamine returns an empty text for ``#DIV/0!`` and ``#N/A`` and does not read formulas
  together with values. A check needs both: an error value is a finding, and a changed
  formula is tampering.
- openpyxl is 3 to 45 times slower, depending on the file.
- lxml in place of the patterns for plain rows is 4 times slower.

Long lists are written by :mod:`long_rows`, 4.5 times as fast as XlsxWriter. openpyxl is used
where speed does not matter: to move the references of a shared formula.
"""
