"""Addresses of prices, rates and document rules, part of the room's namespace."""

from django.urls import path

from sales.pricing import rule_views, views

ONE, PRICE = "price-lists/<int:pk>/", "prices/<int:pk>/"

urlpatterns = [
    path("price-lists/", views.price_lists, name="price_lists"),
    path("price-lists/new/", views.create, name="price_list_create"),
    path(ONE, views.price_list, name="price_list"),
    path(f"{ONE}edit/", views.edit, name="price_list_edit"),
    path(f"{ONE}prices/new/", views.add_line, name="price_create"),
    path(PRICE, views.edit_line, name="price"),
    path(f"{PRICE}delete/", views.delete_line, name="price_delete"),
    path("rates/", rule_views.rates, name="rates"),
    path("rates/<int:pk>/delete/", rule_views.rate_delete, name="rate_delete"),
    path("rules/quotes/", rule_views.quote_policy, name="quote_policy"),
    path("numbers/", rule_views.numbers, name="numbers"),
    path("numbers/<slug:code>/", rule_views.number_series, name="number_series"),
]
