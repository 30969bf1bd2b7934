"""Tests of the project itself: structure, packaging, documents, amount of work."""
