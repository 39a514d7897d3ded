"""The states of this room's records and the moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomerState(models.TextChoices):
    """Derived: intent when an opportunity is open or an intention is set; buying at the first confirmed order."""

    PROSPECT = "prospect", _("prospect")
    INTENT = "intent", _("with intent")
    BUYING = "buying", _("buying")
    REPEAT = "repeat", _("buying again")


class LifeCycle(models.TextChoices):
    ACQUIRE = "acquire", _("acquire")
    MAINTAIN = "maintain", _("maintain")
    RETAIN = "retain", _("retain")
    LOST = "lost", pgettext_lazy("life cycle", "lost")


class Grade(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class ActivityState(models.TextChoices):
    PLANNED = "planned", _("planned")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


class TaskState(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


class ChurnState(models.TextChoices):
    """A customer that may leave. Confirmed: lost; kept: it bought again, or what opened the case is no more."""

    OPEN = "open", _("open")
    DEFERRED = "deferred", _("deferred")
    CONFIRMED = "confirmed", _("confirmed as lost")
    WON_BACK = "won_back", _("won back")
    KEPT = "kept", _("kept")


# People defer, confirm and win back; the nightly run returns what was deferred and closes what settled itself.
CHURN_MOVES = {
    "defer": ({ChurnState.OPEN}, ChurnState.DEFERRED),
    "confirm": ({ChurnState.OPEN, ChurnState.DEFERRED}, ChurnState.CONFIRMED),
    "win_back": ({ChurnState.CONFIRMED}, ChurnState.WON_BACK),
    "return": ({ChurnState.DEFERRED}, ChurnState.OPEN),
    "keep": ({ChurnState.OPEN, ChurnState.DEFERRED}, ChurnState.KEPT),
}

TASK_MOVES = {
    "done": ({TaskState.OPEN}, TaskState.DONE),
    "cancel": ({TaskState.OPEN}, TaskState.CANCELLED),
    "reopen": ({TaskState.DONE, TaskState.CANCELLED}, TaskState.OPEN),
}

ACTIVITY_MOVES = {
    "done": ({ActivityState.PLANNED}, ActivityState.DONE),
    "cancel": ({ActivityState.PLANNED}, ActivityState.CANCELLED),
}
