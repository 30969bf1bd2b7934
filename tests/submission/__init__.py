"""Tests of reading returned workbooks."""
