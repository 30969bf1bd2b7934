"""Any Excel workbook in and out; this room knows no form."""
