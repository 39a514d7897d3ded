"""The tables whose rows follow a customer and carry copies of its owner and team for their lists.

A higher room adds its own (opportunities, quotes, orders); ``customers.ownership`` keeps the copies up.
"""

from django.apps import apps
from django.db import models

from crm.register import Register

# kind → "app.Model" with the columns customer_id, customer_owner and customer_team
followers: Register[str] = Register("follower of a customer")


def follower_models() -> list[type[models.Model]]:
    return [apps.get_model(name) for name in followers]
