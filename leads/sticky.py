"""Sticky: a lead of a customer that we know goes to the owner of that customer.

The customer is found by the strong signals of duplicates, tax number before e-mail before phone; only where none of
them finds one, by the name of the company. A signal that hits more than twenty other records is none (PRODUCT §3).
When that owner does not take part in the rule, or cannot take the lead now, the second way of the rule chooses. What an
owner gets in this way counts as her turn.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from leads.duplicates import MOST
from leads.strategies import HOW, Given, Seat, Strategy, Turn, Waiting, strategies

SIGNALS = ("tax", "email", "phone", "company")
Known = tuple[tuple[int, str], ...]


class Sticky:
    def __init__(self, seats: Sequence[Seat], rule: Any) -> None:
        self._by_user = {seat.user_id: seat for seat in seats}
        self._then = strategies[rule.second_strategy].turn(seats, rule)

    def step(self, seat: Seat) -> Decimal:
        return self._then.step(seat)

    def give(self, lead: Waiting) -> Given:
        for owner, signal in lead.known:
            seat = self._by_user.get(owner)
            if seat is not None and lead.may_go_to(seat):
                seat.take(self.step(seat))
                return seat, f"owner_{signal}"
        return self._then.give(lead)


def sticky(seats: Sequence[Seat], rule: Any) -> Turn:
    return Sticky(seats, rule)


def known_owners(leads: Sequence[int]) -> dict[int, Known]:
    """Lead → owners of the customers it matches with the signal, the best match first; one statement for all."""
    with connection.cursor() as cursor:
        cursor.execute(_MATCH, {"leads": list(leads), "most": MOST})
        rows = cursor.fetchall()
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for lead, owner, signal in rows:
        # Rows come best first: the name of the company counts only where nothing stronger was found.
        if signal != "company" or not found[lead] or found[lead][0][1] == "company":
            found[lead].append((owner, signal))
    return {lead: tuple(owners) for lead, owners in found.items() if owners}


# One equality per key and index. What each key hits is counted up to one more than a signal may hit; a lead that waits
# hits itself. A customer may have one number several times, hence the longer look at contact points.
_MATCH = """
WITH w AS MATERIALIZED (
    SELECT id, customer_id, phone_key, mobile_key, email_key, tax_key, company_key FROM leads_lead
    WHERE id = ANY(%(leads)s)
), said AS MATERIALIZED (
    SELECT id, 'phone' AS signal, phone_key AS key FROM w WHERE phone_key <> ''
    UNION SELECT id, 'phone', mobile_key FROM w WHERE mobile_key <> ''
    UNION SELECT id, 'email', email_key FROM w WHERE email_key <> ''
    UNION SELECT id, 'tax', tax_key FROM w WHERE tax_key <> ''
    UNION SELECT id, 'company', company_key FROM w WHERE company_key <> ''
), asked AS MATERIALIZED (
    SELECT DISTINCT signal, key FROM said
), customers AS MATERIALIZED (
    SELECT a.signal, a.key, c.id, c.owner_id FROM asked a
    CROSS JOIN LATERAL (SELECT customer_id FROM customers_contactpoint WHERE normalised = a.key LIMIT 100) p
    JOIN customers_customer c ON c.id = p.customer_id AND c.deleted_at IS NULL
    WHERE a.signal IN ('phone', 'email')
    UNION
    SELECT a.signal, a.key, c.id, c.owner_id FROM asked a
    CROSS JOIN LATERAL (SELECT id, owner_id FROM customers_customer WHERE tax_number = upper(a.key)
                        AND tax_number <> '' AND deleted_at IS NULL LIMIT %(most)s + 1) c
    WHERE a.signal = 'tax'
    UNION
    SELECT a.signal, a.key, c.id, c.owner_id FROM asked a
    CROSS JOIN LATERAL (SELECT id, owner_id FROM customers_customer WHERE company_key = a.key
                        AND company_key <> '' AND deleted_at IS NULL LIMIT %(most)s + 1) c
    WHERE a.signal = 'company'
), leads AS MATERIALIZED (
    SELECT DISTINCT h.signal, h.key, h.id FROM (SELECT DISTINCT signal, key FROM customers) a
    CROSS JOIN LATERAL (
        (SELECT a.signal, a.key, id FROM leads_lead WHERE a.signal = 'phone' AND phone_key = a.key
         AND phone_key <> '' AND deleted_at IS NULL AND state <> 'converted' LIMIT %(most)s + 2)
        UNION ALL
        (SELECT a.signal, a.key, id FROM leads_lead WHERE a.signal = 'phone' AND mobile_key = a.key
         AND mobile_key <> '' AND deleted_at IS NULL AND state <> 'converted' LIMIT %(most)s + 2)
        UNION ALL
        (SELECT a.signal, a.key, id FROM leads_lead WHERE a.signal = 'email' AND email_key = a.key
         AND email_key <> '' AND deleted_at IS NULL AND state <> 'converted' LIMIT %(most)s + 2)
        UNION ALL
        (SELECT a.signal, a.key, id FROM leads_lead WHERE a.signal = 'tax' AND tax_key = a.key
         AND tax_key <> '' AND deleted_at IS NULL AND state <> 'converted' LIMIT %(most)s + 2)
        UNION ALL
        (SELECT a.signal, a.key, id FROM leads_lead WHERE a.signal = 'company' AND company_key = a.key
         AND company_key <> '' AND deleted_at IS NULL AND state <> 'converted' LIMIT %(most)s + 2)
    ) h
), few AS MATERIALIZED (
    SELECT signal, key FROM (
        SELECT signal, key, count(*) AS hits FROM customers GROUP BY 1, 2
        UNION ALL SELECT signal, key, count(*) - 1 FROM leads GROUP BY 1, 2
    ) counted GROUP BY 1, 2 HAVING sum(hits) <= %(most)s
)
SELECT DISTINCT ON (s.id, place, c.id) s.id, c.owner_id, s.signal
FROM said s JOIN w ON w.id = s.id JOIN few USING (signal, key) JOIN customers c USING (signal, key)
CROSS JOIN LATERAL (SELECT array_position(ARRAY['tax', 'email', 'phone', 'company'], s.signal)) ranked(place)
WHERE c.owner_id IS NOT NULL AND c.id IS DISTINCT FROM w.customer_id ORDER BY s.id, place, c.id
"""


HOW["owner_tax"] = _("owns the customer with the same tax number")
HOW["owner_email"] = _("owns the customer with the same e-mail")
HOW["owner_phone"] = _("owns the customer with the same phone")
HOW["owner_company"] = _("owns the customer of the same name")
strategies.add("sticky", Strategy(_("The owner of the customer it belongs to"), sticky, needs_match=True))
