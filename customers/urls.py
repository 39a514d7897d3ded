"""Addresses of customers and what hangs on them, of tasks, and of the page that everybody sees first."""

from django.urls import include, path

from crm.lists.respond import page_of
from customers.churn.urls import urlpatterns as churn_urls
from customers.contact_list import contact_list
from customers.lists import customer_list
from customers.pool.urls import urlpatterns as pool_urls
from customers.task_list import task_list
from customers.views import customer_forms, duplicates, files, page, points, tasks, today, verbs
from records.merge import queue_views
from records.merge import views as merge_views

PREFIX = ""
CUSTOMERS = {"kind": "customer"}
app_name = "customers"

urlpatterns = [
    path("", today.today, name="today"),
    path("customers/", page_of(customer_list), name="list"),
    path("customers/new/", customer_forms.create, name="create"),
    path("customers/similar/", duplicates.similar, name="similar"),
    path("customers/duplicates/", queue_views.queue, CUSTOMERS, name="duplicates"),
    path("customers/duplicates/judge/", queue_views.judge, CUSTOMERS, name="duplicates_judge"),
    path("customers/duplicates/search/", queue_views.search_now, CUSTOMERS, name="duplicates_search"),
    path("customers/<int:pk>/merge/", merge_views.merge_page, CUSTOMERS, name="merge"),
    path("customers/contacts/", page_of(contact_list), name="contacts"),
    path("customers/<int:pk>/", page.detail, name="detail"),
    path("customers/<int:pk>/timeline/", page.older, name="timeline"),
    path("customers/<int:pk>/details/", page.details, name="details"),
    path("customers/<int:pk>/files/", page.files, name="files"),
    path("customers/<int:pk>/history/", page.history, name="history"),
    path("customers/<int:pk>/edit/", customer_forms.edit, name="edit"),
    path("customers/<int:pk>/delete/", verbs.delete, name="delete"),
    path("customers/<int:pk>/invalid/", verbs.mark_invalid, name="mark_invalid"),
    path("customers/<int:pk>/valid/", verbs.mark_valid, name="mark_valid"),
    path("customers/<int:pk>/protect/", verbs.protect, name="protect"),
    path("customers/<int:pk>/next-contact/", verbs.plan_contact, name="plan_contact"),
    path("customers/<int:pk>/tag/", verbs.tag, name="tag"),
    path("customers/<int:pk>/untag/", verbs.untag, name="untag"),
    path("customers/<int:pk>/share/", verbs.share, name="share"),
    path("customers/<int:pk>/share/<int:collaborator>/end/", verbs.unshare, name="unshare"),
    path("customers/<int:pk>/files/upload/", files.upload, name="upload"),
    path("customers/<int:pk>/files/<int:file>/", files.download, name="file"),
    path("customers/<int:pk>/files/<int:file>/remove/", files.remove, name="file_remove"),
    path("customers/<int:pk>/points/", points.add, name="point_add"),
    path("customers/<int:pk>/points/<int:point>/<slug:name>/", points.verb, name="point_verb"),
    path("customers/<int:pk>/contacts/new/", customer_forms.contact_create, name="contact_create"),
    path("customers/<int:pk>/contacts/<int:contact>/", customer_forms.contact_edit, name="contact_edit"),
    path("customers/<int:pk>/contacts/<int:contact>/delete/", customer_forms.contact_delete, name="contact_delete"),
    path("customers/<int:pk>/contacts/<int:contact>/points/", points.add_to_contact, name="contact_point_add"),
    path("customers/<int:pk>/log/", customer_forms.log, name="log"),
    path("customers/<int:pk>/activities/<int:activity>/", customer_forms.activity_edit, name="activity_edit"),
    path(
        "customers/<int:pk>/activities/<int:activity>/<slug:name>/", customer_forms.activity_verb, name="activity_verb"
    ),
    path("tasks/", page_of(task_list), name="tasks"),
    path("tasks/new/", tasks.create, name="task_create"),
    path("tasks/<int:pk>/", tasks.detail, name="task"),
    path("tasks/<int:pk>/edit/", tasks.edit, name="task_edit"),
    path("tasks/<int:pk>/<slug:name>/", tasks.verb, name="task_verb"),
    path("customers/", include(pool_urls)),
    path("customers/", include(churn_urls)),
]
