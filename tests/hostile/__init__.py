"""Hostile inputs of every kind, built from fresh templates, and a harness that measures them."""
