from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_person(self, user: Any) -> Self:
        """A person's own, newest first. Nobody reads another's."""
        return self.filter(user_id=user.pk).order_by("-id")

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def mark_read(self) -> int:
        return self.unread().update(read_at=timezone.now())


class Notice(models.Model):
    """Something a person should know, told once: in words of her language when she reads it.

    ``kind`` names the words (messaging.notices.notice_kinds), ``facts`` are their codes and numbers.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=32)
    # What was told, so that it is told once: "alerts:2026-11-22".
    key = models.CharField(max_length=120)
    count = models.PositiveIntegerField(default=1)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    # The run that told it; its undo takes unread notices back.
    batch = models.ForeignKey("records.Batch", models.SET_NULL, null=True, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_told_once")]
        indexes = [
            # The list of notices, newest first.
            models.Index(fields=["user", "-id"], name="notice_of_person"),
            # The number at the bell.
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
