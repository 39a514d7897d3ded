from django.urls import path

from crm.lists.respond import page_of
from messaging import views
from messaging.inbound import views as inbound
from messaging.inbound.lists import mail_list
from messaging.mailboxes import views as mailboxes

app_name = "messaging"
PREFIX = ""

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/latest/", views.latest, name="latest"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/read/", views.read, name="read"),
    path("mail/", page_of(mail_list), name="tray"),
    path("mail/<int:pk>/", inbound.mail, name="mail"),
    path("mail/<int:pk>/join/", inbound.join, name="mail_join"),
    path("mail/<int:pk>/make-lead/", inbound.make_lead, name="mail_make_lead"),
    path("mail/<int:pk>/dismiss/", inbound.dismiss, name="mail_dismiss"),
    path("mail/<int:pk>/take-up/", inbound.take_up, name="mail_take_up"),
    path("mail/<int:pk>/files/<int:file>/", inbound.file, name="mail_file"),
    path("settings/mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("settings/mailboxes/new/", mailboxes.create, name="mailbox_create"),
    path("settings/mailboxes/<int:pk>/", mailboxes.edit, name="mailbox"),
    path("settings/mailboxes/<int:pk>/check/", mailboxes.check_now, name="mailbox_check"),
    path("settings/mailboxes/<int:pk>/delete/", mailboxes.delete, name="mailbox_delete"),
]
