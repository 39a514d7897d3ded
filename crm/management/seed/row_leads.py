"""Two leads for each customer, in every state; every tenth waits for an owner."""

from crm.management.seed.filling import Filling, entries
from crm.management.seed.row_names import COMPANIES, PEOPLE

LEADS = 2
_STATES = "new assigned assigned contacted contacted contacted qualified converted converted lost".split()


def fill_leads(filling: Filling) -> None:
    many = filling.customers * LEADS
    source = f"""(
        SELECT i, {filling.pick("lead state", _STATES)} AS state, 1 + {filling.whole("lead person", PEOPLE)} AS person,
            1 + {filling.whole("lead company", COMPANIES)} AS company,
            1 + {filling.whole("lead owner", "(SELECT count(*) FROM seed_owner)")} AS own,
            {filling.moment} - {filling.dice("lead age")} * interval '700 days' AS at
        FROM generate_series(1, {many}) i) x
        JOIN seed_person p ON p.n = x.person JOIN seed_company c ON c.n = x.company JOIN seed_owner w ON w.n = x.own
        ORDER BY i"""
    phone = "'+4940' || lpad(i::text, 8, '0')"
    email = "'lead' || i || '@firm' || i % 9973 || '.example'"
    reasons = entries("lead_lost_reason")
    limit = f"(1 + {filling.whole('lead limit', 47)})"
    filling.insert(
        "leads_lead", source, id="i", created_at="at", name="p.name", company="c.name", sort_key="p.sort_key",
        company_key="c.company_key", phone=phone, phone_key=phone, email=email, email_key=email,
        domain_key="'firm' || i % 9973 || '.example'", state="state", currency="'EUR'", language="'en'",
        owner_id="CASE WHEN state <> 'new' THEN w.id END", team_id="CASE WHEN state <> 'new' THEN w.team_id END",
        assigned_at="CASE WHEN state <> 'new' THEN at + interval '1 hour' END",
        contacted_at="CASE WHEN state IN ('contacted', 'qualified', 'converted') THEN at + interval '1 day' END",
        contact_limit_at=f"CASE WHEN state <> 'new' THEN at + {limit} * interval '1 hour' END",
        contact_minutes="CASE WHEN state IN ('contacted', 'qualified', 'converted') THEN 1440 END",
        contact_working_minutes="CASE WHEN state IN ('contacted', 'qualified', 'converted') THEN 540 END",
        last_contact_at="CASE WHEN state IN ('contacted', 'qualified', 'converted') THEN at + interval '1 day' END",
        qualified_at="CASE WHEN state IN ('qualified', 'converted') THEN at + interval '5 days' END",
        converted_at="CASE WHEN state = 'converted' THEN at + interval '9 days' END",
        customer_id=f"CASE WHEN state = 'converted' THEN 1 + {filling.whole('lead customer', filling.customers)} END",
        lost_at="CASE WHEN state = 'lost' THEN at + interval '20 days' END",
        lost_reason_id=f"CASE WHEN state = 'lost' THEN {filling.pick('lost', reasons)} END",
        rating=filling.pick("rating", ["hot", "warm", "cold", ""]),
        source_id=filling.pick("from", entries("lead_source")),
        industry_id=filling.pick("lead industry", entries("industry")),
        region_id=filling.pick("lead region", entries("region")), score=filling.whole("score", 100),
    )  # fmt: skip
