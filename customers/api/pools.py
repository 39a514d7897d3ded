"""``/api/v1/pools``: those whose customers the person sees. Limits and rules are set on their pages."""

from crm.endpoints import Collection, collections
from crm.endpoints.fields import out, shower
from customers.models import Pool

SHOWN = ("name", "is_default", "is_open", "holding_cap", "claims_per_day", "claim_interval", "cooldown_days",
         "freeze_hours")  # fmt: skip

collections.add(
    "pools",
    Collection(
        name="pools",
        kind="pool",
        model=Pool,
        out=out("Pool", Pool, SHOWN),
        show=shower(Pool, SHOWN),
        sorts={"name": "name", "id": "id"},
        default_sort="name",
        rows=lambda user: Pool.objects.visible_to(user),
    ),
)
