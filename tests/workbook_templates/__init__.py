"""Tests of regulations and forms."""
