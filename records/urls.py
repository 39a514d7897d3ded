from django.urls import path

from records.search.views import search
from records.trash import views as trash

app_name = "records"
PREFIX = ""

urlpatterns = [
    path("search/", search, name="search"),
    path("trash/", trash.trash, name="trash"),
    path("trash/<slug:kind>/", trash.trash, name="trash_of"),
    path("trash/<slug:kind>/<int:pk>/restore/", trash.restore, name="restore"),
]
