from records.models import SearchRow


class LeadSearch(SearchRow):
    """What the search reads of leads."""
