"""Staff tools of this room: the rule for quotes and how documents are numbered."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import StaffAdmin
from sales.models import NumberSeries, QuotePolicy


@admin.register(QuotePolicy)
class QuotePolicyAdmin(StaffAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not QuotePolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(NumberSeries)
class NumberSeriesAdmin(StaffAdmin):
    list_display = ("code", "pattern")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()
