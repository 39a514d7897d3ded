"""Parent and subsidiaries: a customer is never below itself."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from records.refusals import Refused

_ABOVE = """
WITH RECURSIVE above AS (
    SELECT id, parent_id FROM customers_customer WHERE id = %s
    UNION SELECT c.id, c.parent_id FROM customers_customer c JOIN above ON c.id = above.parent_id
) SELECT id FROM above
"""
# Two people who each put the other's company below theirs at the same moment must not both succeed.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('customers.family'))"


def refuse_cycle(customer: Customer) -> None:
    """Raises Refused when the parent of ``customer`` is itself or one of those below it. Within a transaction."""
    if customer.parent_id is None or customer.pk is None:
        return
    hold_family()
    if customer.pk in all_above(customer.parent_id):
        raise Refused(_("A customer cannot be its own subsidiary."), reason="cycle")


def hold_family() -> None:
    """Until the transaction ends nobody else changes who is below whom."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def all_above(pk: int) -> set[int]:
    """The customer itself, its parent, and so on to the top."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [pk])
        return {found for (found,) in cursor.fetchall()}
