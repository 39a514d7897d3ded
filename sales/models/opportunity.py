import datetime
from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from crm.money import AmountField, CurrencyField
from customers.derived import derive, lock_customers
from customers.models.follower import FollowsCustomer
from messaging.given import tell_given
from records.models import Event, OwnedRecord, RecordQuerySet, dictionary_key
from records.moves import move, refuse
from records.refusals import Refused
from sales.business_day import today_of_company
from sales.gates import pass_gates
from sales.models.pipeline import Stage
from sales.models.rate import in_company_currency
from sales.models.stage_stay import StageStay
from sales.models.walks import LISTED, listed_by, other_owner, other_team
from sales.sharing import end_share, share_customer
from sales.states import OPPORTUNITY_MOVES, OpportunityState

_OPEN = Q(deleted_at__isnull=True, state="open")


class OpportunityQuerySet(RecordQuerySet):
    def open(self) -> Self:
        return self.live().filter(state=OpportunityState.OPEN)

    def closing(self, until: datetime.date) -> Self:
        """Open ones whose expected close lies before ``until``, the most overdue first."""
        return self.open().filter(close_on__lt=until).order_by("close_on", "id")


class Opportunity(FollowsCustomer, OwnedRecord):
    """A possible sale on its way through a pipeline. May lack a customer until it is won.

    ``opened_on``, ``close_on`` (expected) and ``closed_on`` are business dates, which reports count by; none of the
    first: counted apart. The stages reached are all up to ``furthest_stage``. Owner and team at the close stand on the
    row, because figures stay with whoever closed it.
    """

    kind = "opportunity"
    access = Path("opportunity", parent="customer", parent_owner="other_owner", parent_team="other_team")
    MOVES = OPPORTUNITY_MOVES
    EDITABLE = (
        "name", "customer", "contact", "amount", "currency", "probability", "opened_on", "close_on", "source",
        "competitor", "next_step", "description", "external_id", "external_system",
    )  # fmt: skip

    name = models.CharField(_("name"), max_length=255)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="opportunities", db_index=False,
        verbose_name=_("customer"),
    )  # fmt: skip
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="opportunities",
        verbose_name=_("contact"),
    )  # fmt: skip
    pipeline = models.ForeignKey(
        "sales.Pipeline", models.PROTECT, related_name="opportunities", db_index=False, editable=False,
        db_constraint=False, verbose_name=_("pipeline"),
    )  # fmt: skip
    # Composite foreign keys of the migration hold stage and furthest stage to the pipeline.
    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="opportunities", db_index=False, editable=False, db_constraint=False,
        verbose_name=_("stage"),
    )  # fmt: skip
    stage_since = models.DateTimeField(_("in this stage since"), default=timezone.now, editable=False)
    furthest_stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="+", db_index=False, editable=False, db_constraint=False,
        verbose_name=_("furthest stage"),
    )  # fmt: skip
    state = models.CharField(
        _("state"), max_length=4, choices=OpportunityState.choices, default=OpportunityState.OPEN, editable=False
    )
    amount = AmountField(_("amount"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = CurrencyField(_("currency"))
    # At the rate of its own date; empty without an amount or a rate.
    amount_company = AmountField(_("amount in the company's currency"), null=True, editable=False)
    probability = models.PositiveSmallIntegerField(_("probability, %"), validators=[MaxValueValidator(100)])

    opened_on = models.DateField(_("opened"), null=True, blank=True)
    close_on = models.DateField(_("expected close"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, editable=False)
    won_at = models.DateTimeField(_("won"), null=True, editable=False)
    lost_reason = dictionary_key("opportunity_lost_reason", verbose_name=_("reason of the loss"), editable=False)
    lost_note = models.CharField(_("note on the loss"), max_length=500, blank=True, editable=False)
    owner_at_close = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("closed by"),
    )  # fmt: skip
    team_at_close = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("closed in team"),
    )  # fmt: skip

    source = dictionary_key("lead_source", verbose_name=_("source"))
    competitor = models.CharField(_("competitor"), max_length=200, blank=True)
    next_step = models.CharField(_("next step"), max_length=255, blank=True)
    description = models.TextField(_("description"), blank=True)
    external_id = models.CharField(_("number in another system"), max_length=120, blank=True)
    external_system = models.CharField(_("other system"), max_length=60, blank=True)

    other_owner = other_owner()
    other_team = other_team()
    # Derived by the database. The list sorts by the close, past or expected.
    ends_on = models.GeneratedField(
        expression=Coalesce(F("closed_on"), F("close_on")), output_field=models.DateField(), db_persist=True,
        null=True, verbose_name=_("close"),
    )  # fmt: skip
    cycle_days = models.GeneratedField(
        expression=Func(F("closed_on"), F("opened_on"), template="(%(expressions)s)", arg_joiner=" - "),
        output_field=models.IntegerField(), db_persist=True, null=True, verbose_name=_("days to close"),
    )  # fmt: skip

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["-id"]
        indexes = [
            # The opportunities list in its three orders.
            *listed_by("-created_at", "opportunity_new", "state", "stage"),
            *listed_by("ends_on", "opportunity_ends", "state", "stage"),
            *listed_by("-amount_company", "opportunity_amount", "state", "stage"),
            # The board: a column's cards, latest moved first; and the columns' sums without the table.
            models.Index(
                fields=["owner", "stage", "-stage_since", "-id"], include=["amount_company"],
                name="opportunity_board_own", condition=_OPEN,
            ),
            models.Index(
                fields=["team", "stage", "-stage_since", "-id"], include=["amount_company", "owner"],
                name="opportunity_board_team", condition=_OPEN,
            ),
            models.Index(
                fields=["stage", "-stage_since", "-id"], include=["amount_company"], name="opportunity_board_all",
                condition=_OPEN,
            ),
            # Today: what closes soon, and a team's overdue ones, past which all that was ever closed would be read.
            models.Index(fields=["owner", "ends_on", "id"], name="opportunity_due_own", condition=_OPEN),
            models.Index(fields=["team", "ends_on", "id", "owner"], name="opportunity_due_team", condition=_OPEN),
            # A customer's opportunities on its page; "has an open one", "won last on" as conditions.
            models.Index(fields=["customer", "state", "-id"], name="opportunity_of_customer", condition=LISTED),
            # Reports: the cohort of a period, and what closed in it.
            models.Index(
                fields=["opened_on"], include=["pipeline", "furthest_stage", "state", "amount_company", "id"],
                name="opportunity_opened", condition=LISTED,
            ),
            models.Index(
                fields=["closed_on", "state"], include=["amount_company", "owner_at_close", "customer", "cycle_days"],
                name="opportunity_closed", condition=LISTED & Q(closed_on__isnull=False),
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True, won_at__isnull=True, lost_reason__isnull=True)
                | Q(state="won", closed_on__isnull=False, customer__isnull=False, lost_reason__isnull=True)
                | Q(state="lost", closed_on__isnull=False, won_at__isnull=True, lost_reason__isnull=False),
                name="opportunity_state_has_its_facts",
                violation_error_message=_(
                    "A won opportunity has a customer and a date, a lost one a reason and a date, an open one neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="opportunity_amount_not_negative",
                violation_error_message=_("An amount is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(probability__lte=100), name="opportunity_probability_is_a_percentage",
                violation_error_message=_("A probability is between 0 and 100."),
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"], condition=~Q(external_id=""),
                name="opportunity_external_id_once",
                violation_error_message=_("This number of the other system exists already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        return f"O-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == OpportunityState.OPEN

    def days_in_stage(self, now: datetime.datetime) -> int:
        return (now - self.stage_since).days

    def is_rotting(self, now: datetime.datetime) -> bool:
        """Whether it stands in its stage longer than the stage allows."""
        limit = self.stage.rot_days
        return self.is_open and limit is not None and self.days_in_stage(now) > limit

    @transaction.atomic
    def move(self, stage: Stage, *, by: Any, seen: int | None = None, now: Any = None, batch: Any = None) -> Event:
        """Puts it into another stage, forwards or back. ``seen``: the stage in which the person saw it."""
        self.lock()
        if self.is_deleted or not self.is_open:
            refuse(self, "move")
        self._refuse_stale(stage, seen)
        now, came_from = now or timezone.now(), self.stage_id
        stage.refuse_if_retired()
        pass_gates(self, stage, by=by, now=now)
        facts = {"stage": [came_from, stage.pk], "days": self.days_in_stage(now), "amount": self.amount}
        event = move(
            self, "move", by=by, batch=batch, facts=facts, stage=stage, pipeline_id=stage.pipeline_id,
            stage_since=now, probability=stage.probability, furthest_stage=self._furthest(stage),
        )  # fmt: skip
        StageStay.objects.pass_on(self, now)
        return event

    def _refuse_stale(self, stage: Stage, seen: int | None) -> None:
        if (seen is not None and self.stage_id != seen) or self.stage_id == stage.pk:
            raise Refused(
                _("Somebody was faster: “%(name)s” stands in “%(stage)s” now.")
                % {"name": self.name, "stage": self.stage},
                reason="stale", stage=self.stage_id,
            )  # fmt: skip

    def _furthest(self, stage: Stage) -> Stage:
        if self.furthest_stage.pipeline_id != stage.pipeline_id or stage.order > self.furthest_stage.order:
            return stage
        return self.furthest_stage

    @transaction.atomic
    def win(self, *, by: Any, on: datetime.date | None = None, now: Any = None, batch: Any = None) -> Event:
        self._lock_below()
        if self.is_open and self.customer_id is None:
            raise Refused(_("Choose the customer first: only a customer can buy."), reason="customer", state=self.state)
        now = now or timezone.now()
        return self._close("win", by, on, now, batch, won_at=now, probability=100)

    @transaction.atomic
    def lose(
        self, reason: Any, *, by: Any, note: str = "", competitor: str = "", on: datetime.date | None = None,
        now: Any = None, batch: Any = None,
    ) -> Event:  # fmt: skip
        """``reason``: an entry of the dictionary ``opportunity_lost_reason``."""
        self._lock_below()
        stamps = {"lost_reason": reason, "lost_note": note, "probability": 0}
        if competitor:
            stamps["competitor"] = competitor
        return self._close("lose", by, on, now or timezone.now(), batch, facts={"reason": reason.code}, **stamps)

    def _close(
        self, name: str, by: Any, on: datetime.date | None, now: datetime.datetime, batch: Any,
        facts: dict | None = None, **stamps: Any,
    ) -> Event:  # fmt: skip
        closed_on = on or today_of_company(now)
        facts = {"amount": self.amount, "currency": self.currency, "stage": self.stage_id, **(facts or {})}
        event = move(
            self, name, by=by, batch=batch, facts={**facts, "owner": self.owner_id, "team": self.team_id},
            closed_on=closed_on, owner_at_close_id=self.owner_id, team_at_close_id=self.team_id,
            amount_company=in_company_currency(self.amount, self.currency, on=closed_on), **stamps,
        )  # fmt: skip
        StageStay.objects.leave(self, now)
        end_share(self)
        derive([self.customer_id])
        return event

    @transaction.atomic
    def reopen(self, *, by: Any, now: Any = None, batch: Any = None) -> Event:
        """Back to the stage it stood in when it was closed, or to where a retired one goes on."""
        self._lock_below()
        now, stage = now or timezone.now(), self.stage.standing_in
        event = move(
            self, "reopen", by=by, batch=batch, facts={"closed_on": self.closed_on}, closed_on=None, won_at=None,
            lost_reason=None, lost_note="", owner_at_close=None, team_at_close=None, stage_since=now,
            stage=stage, furthest_stage=self._furthest(stage), probability=stage.probability,
        )  # fmt: skip
        self.amount_company = self.converted()
        self.save(update_fields=["amount_company"])
        StageStay.objects.enter(self, now)
        share_customer(self, by=by)
        derive([self.customer_id])
        return event

    @transaction.atomic
    def assign(self, owner: Any, *, by: Any, batch: Any = None) -> Event:
        event = self.give_to(owner, by=by, batch=batch)
        tell_given("opportunity", {owner.pk: [self.pk]}, by=by, batch=batch, key=str(event.pk))
        end_share(self)
        share_customer(self, by=by)
        return event

    @transaction.atomic
    def edit(self, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
        chosen = values.get("customer")
        before = self._lock_below(chosen.pk if chosen else None).customer_id
        self._refuse_edit(values)
        event = super().edit(values, by=by, **how)
        changed = set(event.facts["fields"]) if event else set()
        if "customer" in changed:
            end_share(self)
            share_customer(self, by=by)
            derive([before, self.customer_id])
        if changed & {"name", "external_id"}:
            self._index()
        return event

    def _index(self) -> None:
        from sales.search import index_opportunities  # reads this model

        index_opportunities([self.pk])

    def _refuse_edit(self, values: dict[str, Any]) -> None:
        if self.state == OpportunityState.WON and "customer" in values and values["customer"] is None:
            raise Refused(_("A won opportunity keeps a customer."), reason="state", state=self.state)
        priced = {"amount": self.amount, "currency": self.currency}
        differs = [name for name, held in priced.items() if name in values and values[name] != held]
        if differs and self.lines.priced().exists():
            raise Refused(_("The amount is the sum of the products. Change it there."), reason="lines")
        contact = values.get("contact", self.contact)
        customer = values.get("customer", self.customer)
        if contact is not None and contact.customer_id != (customer.pk if customer else None):
            raise Refused(_("This contact belongs to another customer."), reason="contact")

    def derived(self, changed: set[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "customer" in changed:
            self.copy_hints()
            found |= {"customer_owner": self.customer_owner, "customer_team": self.customer_team}
        if changed & {"amount", "currency", "opened_on"}:
            found["amount_company"] = self.converted()
        return found

    def converted(self) -> Decimal | None:
        """The amount in the company's currency at the rate of its own date."""
        day = self.closed_on or self.opened_on or today_of_company(self.created_at)
        return in_company_currency(self.amount, self.currency, on=day)

    @transaction.atomic
    def trash(self, *, by: Any, batch: Any = None) -> Event:
        self._lock_below()
        if self.state == OpportunityState.WON:
            raise Refused(_("A won opportunity counts in the figures. Reopen it first."), reason="state", state="won")
        event = super().trash(by=by, batch=batch)
        end_share(self)
        derive([self.customer_id])
        return event

    @transaction.atomic
    def restore(self, *, by: Any, batch: Any = None) -> Event:
        self._lock_below()
        event = super().restore(by=by, batch=batch)
        share_customer(self, by=by)
        derive([self.customer_id])
        return event

    def _lock_below(self, *others: int | None) -> Self:
        """Its customer first, and ``others``: their state follows what happens here."""
        lock_customers([self.customer_id, *others])
        return self.lock()
