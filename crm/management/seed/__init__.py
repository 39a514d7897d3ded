"""Data to look at and to measure on: a small company in words (demo), or rows by the million (rows)."""
