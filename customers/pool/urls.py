"""Addresses of the pool, part of the room's namespace."""

from django.urls import path

from customers.pool import rule_views, simulation_views, views

urlpatterns = [
    path("pool/", views.pool, name="pool"),
    path("pool/claim/", views.claim_many, name="claim_many"),
    path("pool/assign/", views.assign_many, name="assign_many"),
    path("<int:pk>/claim/", views.claim_one, name="claim"),
    path("<int:pk>/release/", views.release_one, name="release"),
    path("<int:pk>/assign/", views.assign_one, name="assign"),
    path("pool/rules/", rule_views.rules, name="pool_rules"),
    path("pool/rules/alerts/", rule_views.alert_limits, name="alert_limits"),
    path("pool/rules/protection/", rule_views.protection_limits, name="protection_limits"),
    path("pool/rules/new/", rule_views.create_rule, name="recycle_rule_create"),
    path("pool/rules/order/", rule_views.order_rules, name="recycle_rules_order"),
    path("pool/rules/<int:pk>/", rule_views.edit_rule, name="recycle_rule"),
    path("pool/rules/<int:pk>/switch/", rule_views.switch_rule, name="recycle_rule_switch"),
    path("pool/rules/<int:pk>/delete/", rule_views.delete_rule, name="recycle_rule_delete"),
    path("pool/rules/<int:pk>/simulate/", simulation_views.simulate_rule, name="recycle_rule_simulate"),
    path("pool/rules/<int:pk>/simulated/", simulation_views.simulated, name="recycle_rule_simulated"),
    path("pool/pools/new/", rule_views.create_pool, name="pool_create"),
    path("pool/pools/<int:pk>/", rule_views.edit_pool, name="pool_edit"),
    path("pool/run/", rule_views.run_now, name="pool_run"),
]
