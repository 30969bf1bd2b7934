"""The page in the browser: its sources, and the script that builds it."""
