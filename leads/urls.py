"""Addresses of leads and of the rules that assign them."""

from django.urls import path

from leads.views import pages, rules, verbs

PREFIX = "leads/"
app_name = "leads"

urlpatterns = [
    path("", pages.listing, name="list"),
    path("new/", pages.create, name="create"),
    path("check/", pages.check, name="check"),
    path("<int:pk>/", pages.detail, name="detail"),
    path("<int:pk>/edit/", pages.edit, name="edit"),
    path("<int:pk>/convert/", pages.convert, name="convert"),
    path("<int:pk>/log/", verbs.log, name="log"),
    path("<int:pk>/contact/", verbs.contact, name="contact"),
    path("<int:pk>/qualify/", verbs.qualify, name="qualify"),
    path("<int:pk>/assign/", verbs.assign, name="assign"),
    path("<int:pk>/assign-by-rules/", verbs.assign_by_rules, name="assign_by_rules"),
    path("<int:pk>/lose/", verbs.lose, name="lose"),
    path("<int:pk>/reopen/", verbs.reopen, name="reopen"),
    path("<int:pk>/delete/", verbs.delete, name="delete"),
    path("<int:pk>/tag/", verbs.tag, name="tag"),
    path("<int:pk>/untag/", verbs.untag, name="untag"),
    path("<int:pk>/files/", verbs.upload, name="upload"),
    path("<int:pk>/files/<int:file>/", verbs.download, name="download"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/new/", rules.create, name="rule_create"),
    path("rules/dry-run/", rules.dry_run, name="rules_dry_run"),
    path("rules/<int:pk>/", rules.edit, name="rule"),
    path("rules/<int:pk>/switch/", rules.switch, name="rule_switch"),
    path("rules/<int:pk>/move/", rules.move, name="rule_move"),
    path("rules/<int:pk>/delete/", rules.delete, name="rule_delete"),
]
