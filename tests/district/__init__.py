"""Tests of the district workbook and its decisions."""
