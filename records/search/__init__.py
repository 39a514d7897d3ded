"""Search over every kind of record within reach: rows.py builds what it reads, find.py asks, views.py shows."""

from records.search.find import Group, Hit, find
from records.search.kinds import Searchable, searchables
from records.search.rows import Text, put, remove

__all__ = ["Group", "Hit", "Searchable", "Text", "find", "put", "remove", "searchables"]
