"""By what opportunities and products are found."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from records.search.kinds import Searchable, searchables
from records.search.rows import Text, copy, put
from sales.models import Opportunity, OpportunitySearch, Order, OrderSearch, Product, ProductSearch, Quote, QuoteSearch


def add_searchables() -> None:
    searchables.add(
        "opportunity",
        Searchable(
            "opportunity", "sales.Opportunity", "sales.OpportunitySearch", _describe_opportunity,
            ("customer", "stage", "owner"),
        ),
    )  # fmt: skip
    searchables.add(
        "product",
        Searchable("product", "sales.Product", "sales.ProductSearch", _describe_product, walk=("name", "id")),
    )

    for kind, name in (("quote", "Quote"), ("order", "Order")):
        searchables.add(
            kind,
            Searchable(kind, f"sales.{name}", f"sales.{name}Search", _describe_document, ("customer", "owner")),
        )


def index_document(document: Quote | Order) -> None:
    """A number never changes, so a document is indexed once."""
    rows = QuoteSearch if isinstance(document, Quote) else OrderSearch
    theirs = document.their_number if isinstance(document, Order) else ""
    put(rows, [Text(document.pk, (document.number,), tuple(filter(None, (document.number, theirs))))])


def _describe_document(document: Quote | Order) -> tuple[str, str]:
    return document.number, f"{document.customer} · {document.get_state_display()}"


def index_opportunities(ids: Iterable[int]) -> None:
    put(OpportunitySearch, opportunity_texts(ids))


def index_products(ids: Iterable[int]) -> None:
    put(ProductSearch, product_texts(ids))


def copy_opportunities(ids: Iterable[int]) -> None:
    """For a load of new opportunities: COPY, a portion of ids at a time."""
    copy(OpportunitySearch, opportunity_texts(ids))


def copy_orders(ids: Iterable[int]) -> None:
    """For a load of new orders; those from another system are found by their number there, too."""
    rows = Order._base_manager.filter(pk__in=list(ids)).order_by("pk")
    texts = (
        Text(pk, (number,), tuple(filter(None, (number, *others))))
        for pk, number, *others in rows.values_list("pk", "number", "their_number", "external_id")
    )
    copy(OrderSearch, texts)


def opportunity_texts(ids: Iterable[int]) -> Iterator[Text]:
    rows = Opportunity._base_manager.filter(pk__in=list(ids)).order_by("pk")
    for pk, name, number in rows.values_list("pk", "name", "external_id"):
        yield Text(pk, (name,), tuple(filter(None, (f"O-{pk}", number))))


def product_texts(ids: Iterable[int]) -> Iterator[Text]:
    rows = Product._base_manager.filter(pk__in=list(ids)).order_by("pk")
    for pk, name, name_zh, name_ru, *codes in rows.values_list(
        "pk", "name", "name_zh", "name_ru", "code", "external_id"
    ):
        yield Text(pk, tuple(filter(None, (name, name_zh, name_ru))), tuple(filter(None, codes)))


def _describe_opportunity(opportunity: Opportunity) -> tuple[str, str]:
    where = opportunity.stage.label if opportunity.is_open else opportunity.get_state_display()
    customer = str(opportunity.customer) if opportunity.customer else ""
    return opportunity.name, " · ".join(filter(None, (customer, str(where), str(opportunity.owner or _("nobody")))))


def _describe_product(product: Product) -> tuple[str, str]:
    return product.label, product.code
