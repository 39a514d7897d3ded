from django.urls import path

from crm.lists.respond import page_of
from sales.lists import product_list
from sales.views import products

urlpatterns = [
    path("products/", page_of(product_list), name="product_list"),
    path("products/new/", products.create, name="product_create"),
    path("products/<int:pk>/", products.detail, name="product_detail"),
    path("products/<int:pk>/edit/", products.edit, name="product_edit"),
    path("products/<int:pk>/delete/", products.delete, name="product_delete"),
    path("products/<int:pk>/restore/", products.restore, name="product_restore"),
]
