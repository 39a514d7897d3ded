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
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_ABOVE, [customer.parent_id])
        if any(pk == customer.pk for (pk,) in cursor.fetchall()):
            raise Refused(_("A customer cannot be its own subsidiary."), reason="cycle")
