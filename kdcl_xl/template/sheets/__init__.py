"""The sheets of the locked workbook, one module a sheet."""
