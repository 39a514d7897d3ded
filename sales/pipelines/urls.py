"""Addresses of pipelines, part of the room's namespace."""

from django.urls import path

from sales.pipelines import gate_views, views

ONE, STAGE = "pipelines/<int:pk>/", "stages/<int:pk>/"

urlpatterns = [
    path("pipelines/", views.pipelines, name="pipelines"),
    path("pipelines/new/", views.create, name="pipeline_create"),
    path("pipelines/order/", views.order, name="pipelines_order"),
    path(ONE, views.pipeline, name="pipeline"),
    path(f"{ONE}edit/", views.edit, name="pipeline_edit"),
    path(f"{ONE}delete/", views.delete, name="pipeline_delete"),
    path(f"{ONE}order/", views.order_stages, name="stages_order"),
    path(f"{ONE}stages/new/", views.add_stage, name="stage_create"),
    path(STAGE, views.edit_stage, name="stage"),
    path(f"{STAGE}retire/", views.retire, name="stage_retire"),
    path(f"{STAGE}return/", views.return_stage, name="stage_return"),
    path(f"{STAGE}delete/", views.delete_stage, name="stage_delete"),
    path(f"{STAGE}from/<int:source>/", gate_views.gate, name="stage_gate"),
]
