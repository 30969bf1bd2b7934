"""Tests that drive the real LibreOffice."""
