"""200 people in 20 teams: the eight of the demo, and 192 account managers without a password."""

from accounts.models import Role, Team
from crm.management.seed.filling import Filling, run
from crm.management.seed.people import make_people
from customers.models import Pool, PoolMember

TEAMS, OTHERS, POOLS = 20, 192, 5


def fill_people(filling: Filling) -> None:
    """Leaves temporary tables: ``seed_owner``, whose first is the one with very many customers, and ``seed_pool``."""
    people = make_people()
    sales = people["alice"].team.parent
    for number in range(3, TEAMS + 1):
        Team.objects.create(name=f"Team {number:02}", parent=sales)
    filling.insert(
        "accounts_user",
        f"generate_series(1, {OTHERS}) i JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM accounts_team"
        f" WHERE parent_id = {sales.pk}) t ON t.n = (i - 1) % {TEAMS}",
        username="'person' || lpad(i::text, 3, '0')", name="'Person ' || i", password="'!'", language="'en'",
        theme="'auto'", team_id="t.id", is_active="true", is_on_duty="true", version="1", created_at=filling.moment,
    )  # fmt: skip
    role = Role.objects.get(code="account_manager")
    filling.insert(
        "accounts_userrole", "accounts_user WHERE username LIKE 'person%'", user_id="id", role_id=str(role.pk)
    )
    run(f"""CREATE TEMP TABLE seed_owner ON COMMIT DROP AS
        SELECT row_number() OVER (ORDER BY u.username <> 'person001', u.id) AS n, u.id, u.team_id
        FROM accounts_user u JOIN accounts_userrole r ON r.user_id = u.id AND r.role_id = {role.pk}""")
    _make_pools([people[name] for name in ("alice", "bob", "charlie", "tess")])


def _make_pools(members: list) -> None:
    pools = [Pool.default(), *(Pool.objects.create(name=f"Pool {number}") for number in range(2, POOLS + 1))]
    PoolMember.objects.bulk_create([PoolMember(pool=pool, user=user) for pool in pools for user in members])
    listed = ", ".join(f"({number}, {pool.pk})" for number, pool in enumerate(pools))
    run(f"CREATE TEMP TABLE seed_pool ON COMMIT DROP AS SELECT * FROM (VALUES {listed}) v (n, id)")
