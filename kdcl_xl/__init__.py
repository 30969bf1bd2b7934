"""What is done: write templates, read them back, check, merge, report; the command line."""

__version__ = "0.1.0"
