"""The machine's own addresses: one set for all lists."""

from django.urls import path

from crm.lists import views

app_name = "lists"

urlpatterns = [
    path("<slug:name>/filters/", views.filters, name="filters"),
    path("<slug:name>/count/", views.count, name="count"),
    path("<slug:name>/columns/", views.columns, name="columns"),
]
