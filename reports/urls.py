from django.urls import path

from reports import views

app_name = "reports"
PREFIX = "reports/"

urlpatterns = [
    path("", views.report_list, name="list"),
    path("month/", views.month, name="month"),
    path("<slug:name>/", views.report, name="report"),
    path("<slug:name>/export/", views.export, name="export"),
]
