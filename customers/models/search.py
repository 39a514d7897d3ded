from records.models import SearchRow


class CustomerSearch(SearchRow):
    """The search rows of customers; ``record_id`` is the customer's."""

    class Meta(SearchRow.Meta):
        abstract = False


class ContactSearch(SearchRow):
    """The search rows of contacts."""

    class Meta(SearchRow.Meta):
        abstract = False
