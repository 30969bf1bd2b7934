"""Tests of reading and writing any workbook."""
