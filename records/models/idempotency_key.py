from typing import ClassVar

from django.db import models


class IdempotencyKey(models.Model):
    """The answer to a request that a client marked with a key: the same key gives the same answer and does nothing.

    The row is written in the transaction of what the request did, so that a repeat waits for the first to end.
    Kept for a day (records.purge).
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    # What was asked: method, path and body. Another request under the same key is a mistake of the client.
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects: ClassVar[models.Manager["IdempotencyKey"]] = models.Manager()

    class Meta:
        verbose_name = "idempotency key"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_user")]

    def __str__(self) -> str:
        return self.key
