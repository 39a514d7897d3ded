"""The machine's own addresses: one set for all lists."""

from django.urls import path

from crm.lists import bulk_views, export_views, saved_views, views

app_name = "lists"

urlpatterns = [
    path("<slug:name>/filters/", views.filters, name="filters"),
    path("<slug:name>/count/", views.count, name="count"),
    path("<slug:name>/columns/", views.columns, name="columns"),
    path("<slug:name>/views/", saved_views.views, name="views"),
    path("<slug:name>/views/opening/", saved_views.opening, name="opening"),
    path("<slug:name>/views/<int:pk>/save/", saved_views.save, name="view_save"),
    path("<slug:name>/views/<int:pk>/delete/", saved_views.delete, name="view_delete"),
    path("<slug:name>/do/<slug:action>/", bulk_views.bulk, name="bulk"),
    path("<slug:name>/batches/<int:pk>/", bulk_views.batch, name="batch"),
    path("<slug:name>/batches/<int:pk>/undo/", bulk_views.undo, name="undo"),
    path("<slug:name>/batches/<int:pk>/file/", export_views.download, name="download"),
    path("<slug:name>/export/", export_views.export, name="export"),
]
