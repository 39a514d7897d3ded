"""Addresses of customers and what hangs on them."""

from django.urls import path

from crm.lists.respond import page_of
from customers.lists import customer_list

PREFIX = "customers/"
app_name = "customers"

urlpatterns = [
    path("", page_of(customer_list), name="list"),
]
