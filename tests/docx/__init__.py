"""Tests of writing Word documents."""
