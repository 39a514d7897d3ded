"""Addresses of churn, part of the room's namespace."""

from django.urls import path

from crm.lists.respond import page_of
from customers.churn import rule_views, views
from customers.churn.lists import churn_list

urlpatterns = [
    path("churn/", page_of(churn_list), name="churn"),
    path("churn/<int:pk>/", views.case, name="churn_case"),
    path("churn/<int:pk>/defer/", views.defer, name="churn_defer"),
    path("churn/<int:pk>/confirm/", views.confirm, name="churn_confirm"),
    path("churn/<int:pk>/win-back/", views.win_back, name="churn_win_back"),
    path("<int:pk>/churn/", views.open_case, name="churn_open"),
    path("churn/rules/", rule_views.rules, name="churn_rules"),
    path("churn/rules/new/", rule_views.create_rule, name="churn_rule_create"),
    path("churn/rules/order/", rule_views.order_rules, name="churn_rules_order"),
    path("churn/rules/<int:pk>/", rule_views.edit_rule, name="churn_rule"),
    path("churn/rules/<int:pk>/switch/", rule_views.switch_rule, name="churn_rule_switch"),
    path("churn/rules/<int:pk>/delete/", rule_views.delete_rule, name="churn_rule_delete"),
]
