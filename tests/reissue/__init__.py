"""Tests of feedback and migration."""
