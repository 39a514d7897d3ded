from customers.models.activity import Activity, ActivityType, Direction
from customers.models.alert_limits import AlertLimits
from customers.models.churn import ChurnCase, ChurnRule
from customers.models.contact import Contact
from customers.models.contact_point import Consent, ContactPoint, PointKind
from customers.models.customer import Customer, CustomerQuerySet, TaxKind
from customers.models.follower import FollowsCustomer
from customers.models.pool import Pool, PoolClaim, PoolMember
from customers.models.protection_limits import ProtectionLimits
from customers.models.recycle_rule import RecycleRule
from customers.models.rule_simulation import RuleSimulation
from customers.models.search import ContactSearch, CustomerSearch
from customers.models.task import Priority, Task

__all__ = [
    "Activity",
    "ActivityType",
    "AlertLimits",
    "ChurnCase",
    "ChurnRule",
    "Consent",
    "Contact",
    "ContactPoint",
    "ContactSearch",
    "Customer",
    "CustomerQuerySet",
    "CustomerSearch",
    "Direction",
    "FollowsCustomer",
    "PointKind",
    "Pool",
    "PoolClaim",
    "PoolMember",
    "Priority",
    "ProtectionLimits",
    "RecycleRule",
    "RuleSimulation",
    "Task",
    "TaxKind",
]
