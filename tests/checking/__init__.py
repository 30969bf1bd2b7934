"""Tests of judging files."""
