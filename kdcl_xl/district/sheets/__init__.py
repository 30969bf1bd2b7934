"""The visible sheets of the district workbook, one module a sheet or a kind of sheet."""
