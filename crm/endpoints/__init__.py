"""The machine behind /api/v1/: each room declares its collections (crm.endpoints.collection), this makes the routes."""

from crm.endpoints.collection import Collection, ManyVerb, Verb, collections
from crm.endpoints.schemas import Model, Money

__all__ = ["Collection", "ManyVerb", "Model", "Money", "Verb", "collections"]
