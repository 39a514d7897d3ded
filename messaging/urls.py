from django.urls import path

from messaging import views

app_name = "messaging"
PREFIX = "notices/"

urlpatterns = [
    path("", views.notices, name="notices"),
    path("bell/", views.bell, name="bell"),
    path("latest/", views.latest, name="latest"),
    path("read/", views.read_all, name="read_all"),
    path("<int:pk>/read/", views.read, name="read"),
]
