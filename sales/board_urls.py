from django.urls import path

from sales.views import board

urlpatterns = [
    path("pipeline/", board.board, name="board"),
    path("pipeline/sums/", board.sums, name="board_sums"),
    path("pipeline/column/", board.column, name="board_column"),
]
