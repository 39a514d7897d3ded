"""Addresses of the form machine."""

from django.urls import path

from crm.forms import views

app_name = "forms"

urlpatterns = [
    path("<slug:name>/", views.suggest, name="lookup"),
]
