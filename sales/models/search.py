from records.models import SearchRow


class OpportunitySearch(SearchRow):
    """The search rows of opportunities; ``record_id`` is the opportunity's."""

    class Meta(SearchRow.Meta):
        abstract = False


class ProductSearch(SearchRow):
    """The search rows of products."""

    class Meta(SearchRow.Meta):
        abstract = False


class QuoteSearch(SearchRow):
    """The search rows of quotes."""

    class Meta(SearchRow.Meta):
        abstract = False


class OrderSearch(SearchRow):
    """The search rows of orders."""

    class Meta(SearchRow.Meta):
        abstract = False
