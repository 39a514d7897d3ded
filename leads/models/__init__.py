from leads.models.activity import LeadActivity
from leads.models.lead import Lead, LeadQuerySet
from leads.models.lead_search import LeadSearch
from leads.models.rule import AssignmentRule, RuleMember

__all__ = ["AssignmentRule", "Lead", "LeadActivity", "LeadQuerySet", "LeadSearch", "RuleMember"]
