from django.urls import path

from sales.views import lines, opportunities, opportunity_verbs

ONE = "opportunities/<int:pk>/"
urlpatterns = [
    path("opportunities/", opportunities.all_of_them, name="opportunity_list"),
    path("opportunities/new/", opportunities.create, name="opportunity_create"),
    path(ONE, opportunities.detail, name="opportunity_detail"),
    path(f"{ONE}edit/", opportunities.edit, name="opportunity_edit"),
    path(f"{ONE}menu/", opportunity_verbs.card_menu, name="opportunity_menu"),
    path(f"{ONE}move/", opportunity_verbs.move, name="opportunity_move"),
    path(f"{ONE}win/", opportunity_verbs.win, name="opportunity_win"),
    path(f"{ONE}lose/", opportunity_verbs.lose, name="opportunity_lose"),
    path(f"{ONE}reopen/", opportunity_verbs.reopen, name="opportunity_reopen"),
    path(f"{ONE}assign/", opportunity_verbs.assign, name="opportunity_assign"),
    path(f"{ONE}delete/", opportunity_verbs.delete, name="opportunity_delete"),
    path(f"{ONE}restore/", opportunity_verbs.restore, name="opportunity_restore"),
    path(f"{ONE}products/add/", lines.add, name="line_add"),
    path(f"{ONE}products/<int:line_pk>/", lines.change, name="line_change"),
    path(f"{ONE}products/<int:line_pk>/remove/", lines.remove, name="line_remove"),
]
