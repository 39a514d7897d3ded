"""By what leads are found."""

from collections.abc import Iterable, Iterator

from leads.models import Lead, LeadSearch
from records.search.kinds import Searchable, searchables
from records.search.rows import Text, copy, put

_CODES = (
    "phone_key", "mobile_key", "email_key", "tax_number", "external_id", "wechat", "whatsapp", "telegram",
)  # fmt: skip


def add_searchable() -> None:
    searchables.add("lead", Searchable("lead", "leads.Lead", "leads.LeadSearch", _describe, ("owner",)))


def index_leads(ids: Iterable[int]) -> None:
    """Brings the search rows of these leads up to date."""
    put(LeadSearch, texts_of(ids))


def copy_leads(ids: Iterable[int]) -> None:
    """For a load of new leads: COPY, a portion of ids at a time."""
    copy(LeadSearch, texts_of(ids))


def texts_of(ids: Iterable[int]) -> Iterator[Text]:
    rows = Lead._base_manager.filter(pk__in=list(ids)).order_by("pk")
    for pk, name, company, *codes in rows.values_list("pk", "name", "company", *_CODES):
        yield Text(pk, tuple(filter(None, (name, company))), tuple(filter(None, codes)))


def _describe(lead: Lead) -> tuple[str, str]:
    company = lead.company if lead.name else ""
    parts = (company, lead.phone or lead.email, lead.get_state_display(), str(lead.owner) if lead.owner else "")
    return lead.title, " · ".join(filter(None, parts))
