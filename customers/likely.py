"""Which customers may be the same, for the review queue: what the signals of PRODUCT §3 read of a customer."""

from customers.models.contact_point import DIALLED
from records.merge.pairs import Keyed, keyed

_POINTS = """SELECT p.customer_id AS id, p.{column} AS key FROM customers_contactpoint p
    JOIN customers_customer c ON c.id = p.customer_id
    WHERE {kinds} AND p.{column} <> '' AND c.deleted_at IS NULL"""
_OWN = "SELECT c.id, c.{column} AS key FROM customers_customer c WHERE c.{column} <> '' AND c.deleted_at IS NULL"
_DIALLED = ", ".join(f"'{kind}'" for kind in DIALLED)


def add_signals() -> None:
    for signal, sql in (
        ("tax", _OWN.format(column="tax_number")),
        ("email", _POINTS.format(column="normalised", kinds="p.kind = 'email'")),
        ("phone", _POINTS.format(column="normalised", kinds=f"p.kind IN ({_DIALLED})")),
        ("name", _OWN.format(column="company_key")),
        ("domain", _POINTS.format(column="domain", kinds="p.kind = 'email'")),
    ):
        keyed.add(f"customer.{signal}", Keyed("customer", signal, sql))
