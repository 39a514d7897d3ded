from django.urls import path

from records import batch_views as batches
from records.handover import views as handover
from records.imports import views as imports
from records.search.views import search
from records.settings import urls as settings
from records.trash import views as trash

app_name = "records"
PREFIX = ""

urlpatterns = [
    path("search/", search, name="search"),
    path("import/", imports.start, name="import_start"),
    path("import/<int:pk>/", imports.show, name="import"),
    path("import/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("import/<int:pk>/progress/", imports.progress, name="import_progress"),
    path("import/<int:pk>/run/", imports.run, name="import_run"),
    path("import/<int:pk>/stop/", imports.stop, name="import_stop"),
    path("import/<int:pk>/discard/", imports.discard, name="import_discard"),
    path("import/<int:pk>/refused.<str:format>", imports.refused, name="import_refused"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/undo/", batches.undo, name="batch_undo"),
    path("handover/", handover.choose, name="handover_choose"),
    path("handover/<int:pk>/", handover.plan, name="handover"),
    path("handover/<int:pk>/start/", handover.start, name="handover_start"),
    path("batches/<int:pk>/handover/", handover.progress, name="handover_progress"),
    path("trash/", trash.trash, name="trash"),
    path("trash/<slug:kind>/", trash.trash, name="trash_of"),
    path("trash/<slug:kind>/<int:pk>/restore/", trash.restore, name="restore"),
    *settings.urlpatterns,
]
