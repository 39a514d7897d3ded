"""How the lists of this room walk: by the row's own owner and team, and by another's customer."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce

from records.models.record import owned_indexes

LISTED = Q(deleted_at__isnull=True)


def listed_by(sort: str, prefix: str, *extra: str) -> list[models.Index]:
    """The five walks of a list (own, team, all, and by another's customer) in one order; the last two are small."""
    tail = [sort, "-id" if sort.startswith("-") else "id", *extra]
    strange = [("other_owner", "cust_own"), ("other_team", "cust_team")]
    return [
        *owned_indexes(sort, prefix, *extra),
        *(
            models.Index(
                fields=[name, *tail], name=f"{prefix}_{end}", condition=LISTED & Q(**{f"{name}__isnull": False})
            )
            for name, end in strange
        ),
    ]


def other_owner() -> models.GeneratedField:
    """Owner of the customer where that is not the row's own: for nearly all rows nothing, so that the walks by customer
    are short beside those by the row's owner and team."""
    return models.GeneratedField(
        expression=Case(When(~Q(customer_owner=Coalesce(F("owner"), -1)), then=F("customer_owner"))),
        output_field=models.BigIntegerField(), db_persist=True, null=True,
    )  # fmt: skip


def other_team() -> models.GeneratedField:
    """Team of the customer's owner where that is not the row's own; a row without owner is in no team's walk."""
    return models.GeneratedField(
        expression=Case(
            When(Q(owner__isnull=True) | ~Q(customer_team=Coalesce(F("team"), -1)), then=F("customer_team"))
        ),
        output_field=models.BigIntegerField(), db_persist=True, null=True,
    )  # fmt: skip
