"""Issue, check, merge and return the quality-improvement plans of schools."""

__version__ = "0.2.0"
