"""Tests of the official document as a Word file."""
