"""The hidden records of a district workbook, and reading an earlier workbook back."""
