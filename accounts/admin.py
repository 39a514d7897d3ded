"""Staff tools for people, teams, roles and the company. Who may: the right to administer the system, nothing else."""

from typing import Any

import pghistory
from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.confirm import confirm_address, is_confirmed
from accounts.directory import is_last_administrator, refuse_last_administrator
from accounts.leaving import leave, left_behind
from accounts.mail import send_invitation, tell_rights_changed
from accounts.models import ApiToken, Company, Right, Role, Team, User, UserRole


class StaffAdmin(admin.ModelAdmin):
    """Every change is written into the history with the person who made it."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with pghistory.context(user=request.user.pk):
            return super().changeform_view(request, *args, **kwargs)


class GuardedAdmin(StaffAdmin):
    """Opens only after the password was shown once more, and tells all administrators of a change."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_confirmed(request):
            return HttpResponseRedirect(confirm_address(request))
        return super().changeform_view(request, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        if any(formset.has_changed() for formset in formsets or ()):
            tell_rights_changed(str(form.instance), by=request.user)
        return super().construct_change_message(request, form, formsets, add)


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("username", "name", "email", "phone", "team", "language", "time_zone", "is_active", "is_on_duty")

    def clean_is_active(self) -> bool:
        active = self.cleaned_data["is_active"]
        if not active and self.instance.pk:
            refuse_last_administrator(self.instance)
        return active


class LabelledInline(admin.TabularInline):
    """Django writes the fields' names only into the head of the table; a screen reader does not tie them together."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            getattr(field.widget, "widget", field.widget).attrs["aria-label"] = capfirst(str(field.label))
        return field


class UserRoleInline(LabelledInline):
    model = UserRole
    extra = 0

    def _may(self, request: HttpRequest, obj: User | None) -> bool:
        """Nobody changes his own roles while another administrator exists."""
        return obj is None or obj.pk != request.user.pk or is_last_administrator(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


@admin.register(User)
class UserAdmin(GuardedAdmin):
    form = UserForm
    inlines = (UserRoleInline,)
    list_display = ("username", "name", "team", "role_names", "is_active", "is_on_duty")
    list_filter = ("is_active", "team", "roles")
    list_select_related = ("team",)
    search_fields = ("username", "name", "email")
    actions = ("invite",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Beside the form: what she would leave behind, and who can hand it over."""
        person = self.get_object(request, object_id)
        hints = [text for hint in left_behind if person and (text := hint(person, request.user))]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "left_behind": hints})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            leave(obj, by=request.user)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("roles")

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, user: User) -> str:
        return ", ".join(str(role) for role in user.roles.all())

    @admin.action(description=gettext_lazy("Send an invitation to choose a password"))
    def invite(self, request: HttpRequest, users: models.QuerySet) -> None:
        reachable = [user for user in users if user.email and user.is_active]
        for user in reachable:
            send_invitation(user, by=request.user)
        self.message_user(request, _("%(count)d invitations are on their way.") % {"count": len(reachable)})
        if len(reachable) < len(users):
            text = _("%(count)d people have no e-mail address or are not active.")
            self.message_user(request, text % {"count": len(users) - len(reachable)}, messages.WARNING)


class RightInline(LabelledInline):
    model = Right
    extra = 0


@admin.register(Role)
class RoleAdmin(GuardedAdmin):
    fields = ("code", "name")
    inlines = (RightInline,)
    list_display = ("__str__", "code", "is_built_in", "people")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).annotate(people_count=models.Count("user_roles"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj and obj.is_built_in else ()

    @admin.display(description=gettext_lazy("people"))
    def people(self, role: Any) -> int:
        return role.people_count


@admin.register(Team)
class TeamAdmin(StaffAdmin):
    list_display = ("name", "parent", "supervisor")
    list_select_related = ("parent", "supervisor")
    search_fields = ("name",)


@admin.register(Company)
class CompanyAdmin(StaffAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(StaffAdmin):
    """Shows and withdraws tokens; a new one is issued by ``manage.py api_token``, which alone can show it."""

    list_display = ("user", "name", "scope", "created_at", "last_used_on")
    list_select_related = ("user",)
    search_fields = ("user__username", "name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
