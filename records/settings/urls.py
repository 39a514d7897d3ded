"""Addresses of the settings that belong to no business room."""

from django.urls import path

from records.settings import calendar_views as calendar
from records.settings import dictionary_views as dictionary
from records.settings import views

LIST = "settings/dictionary/<slug:of>/"

urlpatterns = [
    path("settings/", views.hub, name="settings"),
    path("settings/company/", views.company, name="company"),
    path("settings/company/<slug:which>/", views.company_image, name="company_image"),
    path("settings/company/<slug:which>/set/", views.set_company_image, name="company_image_set"),
    path("settings/calendar/", calendar.calendar, name="calendar"),
    path("settings/calendar/add/", calendar.add_days, name="calendar_add"),
    path("settings/calendar/remove/", calendar.remove_day, name="calendar_remove"),
    path("settings/dictionary/", dictionary.lists, name="dictionary"),
    path(LIST, dictionary.one_list, name="dictionary_list"),
    path(f"{LIST}new/", dictionary.add, name="dictionary_add"),
    path(f"{LIST}order/", dictionary.order, name="dictionary_order"),
    path(f"{LIST}<int:pk>/", dictionary.edit, name="dictionary_entry"),
]
