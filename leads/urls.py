"""Addresses of leads, of the rules that assign them, and of web forms, which everybody reaches."""

from django.urls import include, path

from leads.scoring import views as scoring
from leads.views import explain, looking_back, pages, rules, verbs
from leads.web_forms import public_views as public
from leads.web_forms import views as web_forms
from records.merge import queue_views
from records.merge import views as merge_views

LEADS = {"kind": "lead"}
app_name = "leads"

_OURS = [
    path("", pages.listing, name="list"),
    path("new/", pages.create, name="create"),
    path("check/", pages.check, name="check"),
    path("duplicates/", queue_views.queue, LEADS, name="duplicates"),
    path("duplicates/judge/", queue_views.judge, LEADS, name="duplicates_judge"),
    path("duplicates/search/", queue_views.search_now, LEADS, name="duplicates_search"),
    path("<int:pk>/merge/", merge_views.merge_page, LEADS, name="merge"),
    path("<int:pk>/", pages.detail, name="detail"),
    path("<int:pk>/edit/", pages.edit, name="edit"),
    path("<int:pk>/convert/", pages.convert, name="convert"),
    path("<int:pk>/log/", verbs.log, name="log"),
    path("<int:pk>/contact/", verbs.contact, name="contact"),
    path("<int:pk>/qualify/", verbs.qualify, name="qualify"),
    path("<int:pk>/assign/", verbs.assign, name="assign"),
    path("<int:pk>/assign-by-rules/", verbs.assign_by_rules, name="assign_by_rules"),
    path("<int:pk>/rules/", explain.explain, name="explain"),
    path("<int:pk>/lose/", verbs.lose, name="lose"),
    path("<int:pk>/reopen/", verbs.reopen, name="reopen"),
    path("<int:pk>/delete/", verbs.delete, name="delete"),
    path("<int:pk>/tag/", verbs.tag, name="tag"),
    path("<int:pk>/untag/", verbs.untag, name="untag"),
    path("<int:pk>/files/", verbs.upload, name="upload"),
    path("<int:pk>/files/<int:file>/", verbs.download, name="download"),
    path("scoring/", scoring.rules, name="score_rules"),
    path("scoring/limits/", scoring.limits, name="score_limits"),
    path("scoring/new/<slug:fact>/", scoring.create_rule, name="score_rule_create"),
    path("scoring/<int:pk>/", scoring.edit_rule, name="score_rule"),
    path("scoring/<int:pk>/switch/", scoring.switch_rule, name="score_rule_switch"),
    path("scoring/<int:pk>/delete/", scoring.delete_rule, name="score_rule_delete"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/new/", rules.create, name="rule_create"),
    path("rules/order/", rules.order, name="rules_order"),
    path("rules/simulation/", looking_back.simulation, name="rules_simulation"),
    path("rules/fairness/", looking_back.fair, name="rules_fairness"),
    path("rules/dry-run/", rules.dry_run, name="rules_dry_run"),
    path("rules/<int:pk>/", rules.edit, name="rule"),
    path("rules/<int:pk>/switch/", rules.switch, name="rule_switch"),
    path("rules/<int:pk>/copy/", rules.copy, name="rule_copy"),
    path("rules/<int:pk>/delete/", rules.delete, name="rule_delete"),
    path("forms/", web_forms.form_list, name="web_forms"),
    path("forms/new/", web_forms.create, name="web_form_create"),
    path("forms/preview/", web_forms.preview, name="web_form_preview"),
    path("forms/<int:pk>/", web_forms.detail, name="web_form"),
    path("forms/<int:pk>/edit/", web_forms.edit, name="web_form_edit"),
    path("forms/<int:pk>/switch/", web_forms.switch, name="web_form_switch"),
    path("forms/<int:pk>/new-address/", web_forms.renew_key, name="web_form_renew"),
    path("forms/<int:pk>/take-over/", web_forms.take_over, name="web_form_take_over"),
    path("forms/<int:pk>/delete/", web_forms.delete, name="web_form_delete"),
]

urlpatterns = [
    path("leads/", include(_OURS)),
    path("f/<slug:key>/", public.page, name="public_form"),
    path("f/<slug:key>/thanks/", public.thanks, name="public_form_thanks"),
    path("f/<slug:key>/logo/", public.logo, name="public_form_logo"),
]
