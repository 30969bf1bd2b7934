"""The lists of a district as tables for analysts: Parquet, CSV, SQLite."""
