"""Customers, two contacts each with phone and e-mail, ten activities each, and the event of their creation.

Of 20 customers in a row one belongs to the owner with very many, six lie in the pools, the others are spread by dice.
"""

from crm.management.seed.filling import Filling, entries, ids_of, run
from crm.management.seed.row_names import COMPANIES, PEOPLE

CONTACTS, ACTIVITIES = 2, 10
_TALKS = [
    "Asked for a quote",
    "Will call back next week",
    "询问价格和交货时间",
    "Обсудили сроки поставки",
    "Sent the brochure",
]


def fill_customers(filling: Filling) -> None:
    _plan(filling)
    region, industry, source = entries("region"), entries("industry"), entries("lead_source")
    filling.insert(
        "customers_customer", "seed_customer", id="i", created_at="created_at", name="name", sort_key="sort_key",
        company_key="company_key", owner_id="owner_id", team_id="team_id", pool_id="pool_id",
        former_owner_id="former_id", assigned_at="assigned_at", entered_pool_at="entered_pool_at", is_valid="true",
        life_cycle="CASE WHEN orders > 0 THEN 'maintain' ELSE 'acquire' END", last_order_on="last_order_on",
        state=f"CASE WHEN orders > 1 THEN 'repeat' WHEN orders = 1 THEN 'buying' WHEN {filling.dice('intent')} < 0.3"
              " THEN 'intent' ELSE 'prospect' END",
        grade=filling.pick("grade", "ABBCCCDDDD"), currency="'EUR'", country="country", language="language",
        city=filling.pick("city", ["Hamburg", "Leeds", "Lyon", "Graz", "上海", "Казань"]),
        employees=f"5 + {filling.whole('employees', 900)}", region_id=filling.pick("region", region),
        industry_id=f"(ARRAY{industry})[1 + floor(power({filling.dice('industry')}, 3) * {len(industry)})::int]",
        source_id=filling.pick("source", source), phone="phone || '01'", email="'c1@firm' || i || '.example'",
        last_contact_at="touched_at",
        next_contact_at=f"CASE WHEN owner_id IS NOT NULL AND {filling.dice('plans')} < 0.6 THEN {filling.moment}"
                        f" + ({filling.dice('next')} * 60 - 20) * interval '1 day' END",
    )  # fmt: skip
    _fill_contacts(filling)
    _fill_points(filling)
    _fill_activities(filling)
    filling.insert(
        "records_event", "seed_customer", at="created_at", verb="'create'", subject_kind="'customer'", subject_id="i",
        customer_id="i", by_id="coalesce(owner_id, former_id)",
        facts="jsonb_strip_nulls(jsonb_build_object('owner', owner_id))",
    )  # fmt: skip


def _plan(filling: Filling) -> None:
    """``seed_customer``: what contacts, activities, opportunities and orders read of their customer."""
    owners = ids_of("SELECT count(*) FROM seed_owner")[0]
    run(f"""
CREATE TEMP TABLE seed_customer ON COMMIT DROP AS
SELECT c.i, c.touched_at, c.created_at, coalesce(o.orders, 0) AS orders, o.last_order_on, n.name || behind AS name,
    n.sort_key || behind AS sort_key, n.company_key || behind AS company_key,
    CASE WHEN NOT is_pooled THEN w.id END AS owner_id, CASE WHEN NOT is_pooled THEN w.team_id END AS team_id,
    CASE WHEN NOT is_pooled THEN created_at END AS assigned_at, CASE WHEN is_pooled THEN w.id END AS former_id,
    CASE WHEN is_pooled THEN p.id END AS pool_id,
    CASE WHEN is_pooled THEN touched_at + interval '30 days' END AS entered_pool_at,
    CASE n.n % 5 WHEN 3 THEN 'zh-hans' WHEN 4 THEN 'ru' ELSE 'en' END AS language,
    CASE n.n % 5 WHEN 3 THEN 'CN' WHEN 4 THEN 'RU' ELSE 'DE' END AS country,
    CASE n.n % 5 WHEN 3 THEN '+8610' WHEN 4 THEN '+7495' ELSE '+4930' END || lpad(c.i::text, 7, '0') AS phone
FROM (
    SELECT *, touched_at - interval '230 days' - {filling.dice("age")} * interval '400 days' AS created_at
    FROM (SELECT i, i % 20 BETWEEN 1 AND 6 AS is_pooled, 1 + (i * 7919::bigint) % {COMPANIES} AS n,
              CASE WHEN i <= {COMPANIES} THEN '' ELSE ' ' || 1 + (i - 1) / {COMPANIES} END AS behind,
              CASE WHEN i % 20 = 0 THEN 1 ELSE 2 + {filling.whole("owner", owners - 1)} END AS own,
              {filling.moment} - interval '1 day' * CASE WHEN i % 20 BETWEEN 1 AND 6
                  THEN 31 + {filling.dice("touched")} * 200 ELSE {filling.dice("touched")} * 90 END AS touched_at
          FROM generate_series(1, {filling.customers}) i) x
) c
JOIN seed_company n ON n.n = c.n JOIN seed_owner w ON w.n = c.own JOIN seed_pool p ON p.n = c.i % 5
LEFT JOIN (SELECT customer_id, count(*) AS orders, max(ordered_on) AS last_order_on FROM seed_order
           WHERE state NOT IN ('draft', 'cancelled') GROUP BY 1) o ON o.customer_id = c.i
ORDER BY c.i""")
    run("CREATE INDEX ON seed_customer (i)")
    run("ANALYZE seed_customer")


def _fill_contacts(filling: Filling) -> None:
    slot = "CASE language WHEN 'zh-hans' THEN 3 WHEN 'ru' THEN 4 ELSE 1 END"
    filling.insert(
        "customers_contact",
        f"(SELECT c.*, k, (c.i - 1) * {CONTACTS} + k AS number"
        f" FROM seed_customer c, generate_series(1, {CONTACTS}) k) x"
        f" JOIN seed_person p ON p.n = 5 * {filling.whole('person', PEOPLE // 5, 'number')} + {slot}",
        id="number", created_at="created_at", customer_id="i", customer_owner="owner_id", customer_team="team_id",
        name="p.name", given_name="given", family_name="family", sort_key="p.sort_key", is_main="k = 1",
        position=filling.pick("position", ["Purchasing", "Director", "经理", "Инженер"], "number"),
        language="language", phone="phone || lpad(k::text, 2, '0')", email="'c' || k || '@firm' || i || '.example'",
    )  # fmt: skip


def _fill_points(filling: Filling) -> None:
    filling.insert(
        "customers_contactpoint",
        "(SELECT c.id AS contact, c.customer_id, m.kind, c.is_main,"
        " CASE m.kind WHEN 'email' THEN c.email ELSE c.phone END AS value"
        " FROM customers_contact c, (VALUES ('phone'), ('email')) m (kind) ORDER BY c.id) x",
        kind="kind", value="value", normalised="value", customer_id="customer_id", contact_id="contact",
        is_main="is_main", is_valid="true", consent="'unknown'",
        domain="CASE kind WHEN 'email' THEN split_part(value, '@', 2) ELSE '' END",
    )  # fmt: skip


def _fill_activities(filling: Filling) -> None:
    """The oldest first, as time wrote them: those of one customer do not lie side by side."""
    filling.insert(
        "customers_activity",
        f"(SELECT c.*, k, n * {filling.customers} + c.i AS number, touched_at - k * interval '20 days'"
        f" - CASE WHEN k > 0 THEN {filling.dice('when', f'n * {filling.customers} + c.i')} ELSE 0 END"
        f" * interval '19 days' AS at"
        f" FROM seed_customer c, (SELECT n, {ACTIVITIES - 1} - n AS k FROM generate_series(0, {ACTIVITIES - 1}) n) s"
        " ORDER BY number) x",
        id="number", created_at="at", at="at", customer_id="i", customer_owner="owner_id", customer_team="team_id",
        done_by_id="coalesce(owner_id, former_id)", created_by_id="coalesce(owner_id, former_id)", state="'done'",
        type=filling.pick("type", ["call", "call", "email", "visit", "meeting", "chat"], "number"), direction="'out'",
        content=filling.pick("talk", _TALKS, "number"), minutes=f"1 + {filling.whole('minutes', 40, 'number')}",
        contact_id=f"(i - 1) * {CONTACTS} + 1 + k % {CONTACTS}",
    )  # fmt: skip
