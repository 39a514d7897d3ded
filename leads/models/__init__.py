from leads.models.activity import LeadActivity
from leads.models.lead import Lead, LeadQuerySet
from leads.models.lead_search import LeadSearch
from leads.models.rule import AssignmentRule, RuleMember
from leads.models.score_rule import ScoreLimits, ScoreRule
from leads.models.submission import LeadConsent, SpamDay, Submission
from leads.models.web_form import ConsentText, WebForm, WebFormField

__all__ = [
    "AssignmentRule",
    "ConsentText",
    "Lead",
    "LeadActivity",
    "LeadConsent",
    "LeadQuerySet",
    "LeadSearch",
    "RuleMember",
    "ScoreLimits",
    "ScoreRule",
    "SpamDay",
    "Submission",
    "WebForm",
    "WebFormField",
]
