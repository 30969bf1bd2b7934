"""Decisions of auditors: their values, and how an earlier one finds its finding again."""
