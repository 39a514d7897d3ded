"""The product's addresses, and one for the floors."""

from django.urls import path

from crm.management.bench.floors import floor_page
from crm.urls import urlpatterns as of_the_product

urlpatterns = [path("floor/<int:number>/", floor_page, name="floor"), *of_the_product]
