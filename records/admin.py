"""Staff tools: the dictionary, and the log of events without any value."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.admin import StaffAdmin
from records.models import DictionaryEntry, Event, JobRun, Tag


@admin.register(DictionaryEntry)
class DictionaryEntryAdmin(StaffAdmin):
    list_display = ("__str__", "list", "code", "order", "is_active")
    list_filter = ("list", "is_active")
    list_editable = ("order", "is_active")
    search_fields = ("code", "name", "name_zh", "name_ru")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("list", "code") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Tag)
class TagAdmin(StaffAdmin):
    search_fields = ("name",)


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Who, when, verb, kind, number: never a value. No count: the log has millions of rows."""

    list_display = ("at", "by", "verb", "subject_kind", "subject_id", "batch_id")
    list_display_links = None
    list_select_related = ("by",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-id",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and request.user.is_staff


@admin.register(JobRun)
class JobRunAdmin(admin.ModelAdmin):
    """What the clock did, and when: to read only."""

    list_display = ("started_at", "name", "state", "moved", "finished_at", "by_beat", "worker")
    list_filter = ("name", "state", "by_beat")
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "name", "state", "scheduled_for", "started_at", "finished_at", "by_beat", "moved", "batch_id", "report",
        "error", "worker",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("report"))
    def report(self, run: JobRun) -> str:
        return "\n".join(run.lines) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.allows(request.user, "view", "job")
