"""Tests of the locked workbook."""
