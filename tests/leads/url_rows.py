"""Who gets what at the addresses of leads: the lead is alice's, tess supervises her; rules are tess's and olga's."""

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Company
from records.dictionary import entry_by_code
from records.models import Attachment, Tag, Tagging
from tests.guards.url_matrix import row
from tests.leads import makers
from tests.records.merge.url_rows import merge_rows

OUT = {"bob": 404, "charlie": 404, "ada": 404, "finn": 404, "nobody": 404}
# Who reads without the right is told so; who does not reach it is not told that it exists.
WORK = {**OUT, "everybody": 302, "erin": 403, "olga": 403}
CHANGE = {**OUT, "everybody": 302, "erin": 403}
ASSIGN = {**OUT, "everybody": 302, "erin": 403, "alice": 403}
RULES = {"everybody": 403, "tess": 200, "olga": 200}
# Scores are the whole company's.
SCORES = {"everybody": 403, "olga": 200}
SCORE_VERB = {"everybody": 403, "olga": 302}
RULE_VERB = {"everybody": 403, "tess": 302, "olga": 302}


def lead(people):
    return {"pk": makers.lead(owner=people["alice"]).pk}


def lost(people):
    reason = entry_by_code("lead_lost_reason", "spam")
    fields = {"state": "lost", "lost_reason": reason, "lost_at": timezone.now()}
    return {"pk": makers.lead(owner=people["alice"], **fields).pk}


def waiting(people):
    return {"pk": makers.lead(team=people["tess"].team).pk}


def tagged(people):
    pk = lead(people)["pk"]
    Tagging.objects.create(tag=Tag.objects.get_or_create(name="fair")[0], subject_kind="lead", subject_id=pk)
    return {"pk": pk}


def attached(people):
    pk = lead(people)["pk"]
    row_ = Attachment(subject_kind="lead", subject_id=pk, name="a.txt", size=1, content_type="text/plain")
    row_.file.save("a.txt", ContentFile(b"a"), save=True)
    return {"pk": pk, "file": row_.pk}


def rule(people):
    return {"pk": makers.rule(people["alice"], team=people["tess"].team).pk}


def score_rule(people):
    return {"pk": makers.score_rule("company", 5).pk}


def to_bob(people):
    return {"owner": people["bob"].pk}


def web_form(people):
    return {"pk": makers.web_form(people["tess"], team=people["tess"].team).pk}


def left_web_form(people):
    """Of an author who has lost her rights, for tess and olga to take over."""
    return {"pk": makers.web_form(people["nobody"], team=people["tess"].team).pk}


def public_form(people):
    return {"key": makers.web_form(people["tess"], team=people["tess"].team).key}


def branded_form(people):
    company = Company.get()
    company.logo.save("logo.png", ContentFile(b"\x89PNG"), save=True)
    return public_form(people)


PUBLIC = {"everybody": 200, "anonymous": 200}

ROWS = [
    row("leads:list", ada=403, finn=403, nobody=403),
    row("leads:create", erin=403, ada=403, finn=403, nobody=403),
    row("leads:check", method="post", data={"name": "x"}, erin=403, ada=403, finn=403, nobody=403),
    row("leads:detail", lead, **OUT),
    row("leads:edit", lead, **{**OUT, "erin": 403}),
    row("leads:convert", lead, **{**OUT, "erin": 403, "olga": 403}),
    row("leads:log", lead, method="post", data={"type": "call"}, **WORK),
    row("leads:contact", lead, method="post", **WORK),
    row("leads:qualify", lead, method="post", **WORK),
    row("leads:assign", lead, method="post", data=to_bob, **ASSIGN),
    row("leads:assign_by_rules", waiting, method="post", **{**ASSIGN, "alice": 404}),
    row("leads:explain", lead, **{**OUT, "erin": 403, "alice": 403}),
    row("leads:lose", lead, method="post", data={"reason": "spam"}, **WORK),
    row("leads:reopen", lost, method="post", **WORK),
    row("leads:delete", lead, method="post", **CHANGE),
    row("leads:tag", lead, method="post", data={"tags": "fair"}, **CHANGE),
    row("leads:untag", tagged, method="post", data={"tag": "1"}, **CHANGE),
    row("leads:upload", lead, method="post", **CHANGE),
    row("leads:download", attached, **OUT),
    row("leads:score_rules", **SCORES),
    row("leads:score_limits", **SCORES),
    row("leads:score_rule_create", lambda people: {"fact": "company"}, **SCORES),
    row("leads:score_rule", score_rule, **SCORES),
    row("leads:score_rule_switch", score_rule, method="post", **SCORE_VERB),
    row("leads:score_rule_delete", score_rule, method="post", **SCORE_VERB),
    row("leads:rules", **RULES),
    row("leads:rule_create", **RULES),
    row("leads:rules_dry_run", **RULES),
    row("leads:rules_simulation", **RULES),
    row("leads:rules_fairness", **RULES),
    row("leads:rule", rule, **RULES),
    row("leads:rule_switch", rule, method="post", data={"on": "1"}, **RULE_VERB),
    row("leads:rules_order", method="post", data={"seen": "", "move": ""}, **RULE_VERB),
    row("leads:rule_copy", rule, method="post", **RULE_VERB),
    row("leads:rule_delete", rule, method="post", **RULE_VERB),
    row("leads:web_forms", **RULES),
    row("leads:web_form_create", **RULES),
    row("leads:web_form_preview", method="post", **RULES),
    row("leads:web_form", web_form, **RULES),
    row("leads:web_form_edit", web_form, **RULES),
    row("leads:web_form_switch", web_form, method="post", data={"on": "1"}, **RULE_VERB),
    row("leads:web_form_renew", web_form, method="post", **RULE_VERB),
    row("leads:web_form_take_over", left_web_form, method="post", **RULE_VERB),
    row("leads:web_form_delete", web_form, method="post", **RULE_VERB),
    row("leads:public_form", public_form, **PUBLIC),
    row("leads:public_form_thanks", public_form, **PUBLIC),
    row("leads:public_form_logo", branded_form, **PUBLIC),
    *merge_rows("leads", lead),
]
