from datetime import datetime
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from accounts.models import Company, User
from crm.money import AmountField, CurrencyField
from leads.first_contact import waited
from leads.keys import SOURCES, keys_of
from leads.rating_by_hand import held_until
from leads.states import MOVES, OPEN, LeadState, WayStep
from messaging.given import tell_given
from records.models import Event, OwnedRecord, RecordQuerySet, dictionary_key
from records.models.record import owned_indexes
from records.moves import move
from records.refusals import Refused

QUEUE = Q(deleted_at__isnull=True, owner__isnull=True)


class LeadQuerySet(RecordQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def waiting(self) -> Self:
        """Without owner: the queue that rules and supervisors empty."""
        return self.live().filter(state=LeadState.NEW, owner__isnull=True)

    def not_contacted_in_time(self, now: datetime) -> Self:
        return self.live().filter(state=LeadState.ASSIGNED, first_contact_due_at__lte=now)


class Lead(OwnedRecord):
    """A person or a company not yet qualified."""

    class Rating(models.TextChoices):
        HOT = "hot", _("hot")
        WARM = "warm", _("warm")
        COLD = "cold", _("cold")

    kind = "lead"
    access = Path("lead", queue=True)
    MOVES = MOVES
    EDITABLE = (
        "name", "company", "position", "phone", "mobile", "email", "wechat", "whatsapp", "telegram", "website",
        "country", "region", "city", "language", "industry", "tax_number", "source", "campaign", "need",
        "estimated_value", "currency", "rating_by_hand", "rating_until", "referred_by", "external_id",
        "external_system",
    )  # fmt: skip

    name = models.CharField(_("name"), max_length=200, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    mobile = models.CharField(_("mobile phone"), max_length=60, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=80, blank=True)
    whatsapp = models.CharField("WhatsApp", max_length=80, blank=True)
    telegram = models.CharField("Telegram", max_length=80, blank=True)
    website = models.CharField(_("web site"), max_length=300, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = dictionary_key("region", verbose_name=_("region"))
    city = models.CharField(_("city"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    industry = dictionary_key("industry", verbose_name=_("industry"))
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True)
    source = dictionary_key("lead_source", verbose_name=_("source"))
    campaign = models.CharField(_("campaign"), max_length=120, blank=True)
    need = models.TextField(_("need"), blank=True)
    estimated_value = AmountField(_("estimated value"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    # Both follow from the score rules and raise no version (leads.scoring); a rating set by hand holds until its date.
    score = models.SmallIntegerField(_("score"), default=0, editable=False)
    rating = models.CharField(_("rating"), max_length=4, choices=Rating.choices, blank=True, editable=False)
    rating_by_hand = models.CharField(_("rating by hand"), max_length=4, choices=Rating.choices, blank=True)
    rating_until = models.DateField(_("rating holds until"), null=True, blank=True)
    referred_by = models.ForeignKey(
        "customers.Customer", models.SET_NULL, null=True, blank=True, related_name="referred_leads", db_index=False,
        verbose_name=_("referred by"),
    )  # fmt: skip
    external_id = models.CharField(_("number in another system"), max_length=120, blank=True)
    external_system = models.CharField(_("other system"), max_length=60, blank=True)

    state = models.CharField(_("state"), max_length=9, choices=LeadState.choices, default=LeadState.NEW, editable=False)
    contacted_at = models.DateTimeField(_("first contact"), null=True, editable=False)
    # How long that took (leads.first_contact); unknown for what came from elsewhere as contacted.
    contact_minutes = models.PositiveIntegerField(_("minutes to the first contact"), null=True, editable=False)
    contact_working_minutes = models.PositiveIntegerField(null=True, editable=False)
    qualified_at = models.DateTimeField(_("qualified"), null=True, editable=False)
    converted_at = models.DateTimeField(_("converted"), null=True, editable=False)
    lost_at = models.DateTimeField(_("lost"), null=True, editable=False)
    lost_reason = dictionary_key("lead_lost_reason", verbose_name=_("reason"), editable=False)
    lost_note = models.CharField(_("note"), max_length=500, blank=True, editable=False)

    # What the lead became; its later events stand in this customer's timeline.
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, related_name="leads", editable=False, db_index=False,
        verbose_name=_("customer"),
    )  # fmt: skip
    contact_person = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, related_name="+", editable=False, db_index=False,
        verbose_name=_("contact"),
    )  # fmt: skip

    opportunity = models.ForeignKey(
        "sales.Opportunity", models.SET_NULL, null=True, related_name="leads", editable=False,
        verbose_name=_("opportunity"),
    )  # fmt: skip

    # The furthest step from lead to win: leads.way.
    way_step = models.PositiveSmallIntegerField(
        _("came as far as"), choices=WayStep.choices, db_default=WayStep.LEAD, editable=False
    )
    # Derived from the contact log; while the first contact is due, that moment is the next contact.
    last_contact_at = models.DateTimeField(_("last contact"), null=True, editable=False)
    next_contact_at = models.DateTimeField(_("next contact"), null=True, editable=False)

    # How the lead came to its owner, or why it still waits.
    rule = models.ForeignKey(
        "leads.AssignmentRule", models.SET_NULL, null=True, related_name="+", editable=False, db_index=False,
        verbose_name=_("assignment rule"),
    )  # fmt: skip
    first_contact_due_at = models.DateTimeField(_("first contact until"), null=True, editable=False)
    # The first of these limits, kept by a trigger: whether it was met is judged by it, whoever the lead went to later.
    contact_limit_at = models.DateTimeField(null=True, editable=False)
    waits_because = models.CharField(max_length=24, blank=True, editable=False)

    # leads.keys
    phone_key = models.CharField(max_length=20, blank=True, default="", editable=False)
    mobile_key = models.CharField(max_length=20, blank=True, default="", editable=False)
    email_key = models.CharField(max_length=254, blank=True, default="", editable=False)
    domain_key = models.CharField(max_length=200, blank=True, default="", editable=False)
    company_key = models.CharField(max_length=200, blank=True, default="", editable=False)
    tax_key = models.CharField(max_length=40, blank=True, default="", editable=False)
    sort_key = models.CharField(max_length=200, blank=True, default="", editable=False)
    # The same as ``title``, for lists and search.
    label = models.GeneratedField(
        expression=Case(When(name="", then=F("company")), default=F("name")),
        output_field=models.CharField(max_length=200), db_persist=True, verbose_name=_("name"),
    )  # fmt: skip

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        indexes = [
            # The list: newest first, by name, by next contact; state as a dense filter.
            *owned_indexes("-created_at", "lead_created", "state"),
            *owned_indexes("sort_key", "lead_name", "state"),
            *owned_indexes("next_contact_at", "lead_next", "state"),
            # The queue in the list of those who lead: rows without owner, of a team or of none. Few, among all others.
            *(
                models.Index(fields=["team", *tail, "state"], name=f"lead_queue_{name}", condition=QUEUE)
                for name, tail in (
                    ("created", ["-created_at", "-id"]),
                    ("name", ["sort_key", "id"]),
                    ("next", ["next_contact_at", "id"]),
                )
            ),
            # The reports of leads: what was entered in a period, how far it came, by source, rule and person.
            models.Index(
                fields=["created_at"], name="lead_figures", condition=Q(deleted_at__isnull=True),
                include=[
                    "way_step", "owner", "team", "source", "rule", "opportunity", "state", "lost_reason", "lost_at",
                    "contacted_at", "qualified_at", "converted_at", "contact_limit_at", "contact_minutes",
                    "contact_working_minutes", "id",
                ],
            ),
            # The queue of leads without owner, in the order of arrival: jobs, the supervisor's queue.
            models.Index(fields=["id"], name="lead_waiting", condition=Q(state="new", deleted_at__isnull=True)),
            # The job that hands on what was not contacted in time.
            models.Index(
                fields=["first_contact_due_at", "id"], name="lead_first_contact_due",
                condition=Q(state="assigned", first_contact_due_at__isnull=False, deleted_at__isnull=True),
            ),
            # What each person closed lately: the assignment to the best converter.
            models.Index(
                fields=["owner", "converted_at"], name="lead_converted_by",
                condition=Q(state="converted", deleted_at__isnull=True),
            ),
            models.Index(
                fields=["owner", "lost_at"], name="lead_lost_by", condition=Q(state="lost", deleted_at__isnull=True)
            ),
            # The customer's page: the leads it came from, the leads it brought.
            models.Index(fields=["customer"], name="lead_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["referred_by"], name="lead_referred_by", condition=Q(referred_by__isnull=False)),
            # Duplicate signals: forms, imports, conversion. One equality per key.
            *[
                models.Index(fields=[key], name=f"lead_{key}", condition=~Q(**{key: ""}) & Q(deleted_at__isnull=True))
                for key in (
                    "phone_key", "mobile_key", "email_key", "domain_key", "company_key", "tax_key",
                )
            ],
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") | ~Q(company=""), name="lead_has_a_name",
                violation_error_message=_("Give the name of the person or of the company."),
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True, state__in=["new", "lost"])
                | Q(owner__isnull=False, state__in=["assigned", "contacted", "qualified", "converted", "lost"]),
                name="lead_has_an_owner_once_assigned",
                violation_error_message=_("A new lead has no owner; from the assignment on it has one."),
            ),
            models.CheckConstraint(
                condition=Q(state="lost", lost_reason__isnull=False, lost_at__isnull=False)
                | (~Q(state="lost") & Q(lost_reason__isnull=True, lost_at__isnull=True)),
                name="lead_lost_has_a_reason",
                violation_error_message=_("A lost lead has a reason, and only a lost one."),
            ),
            models.CheckConstraint(
                condition=~Q(state="contacted") | Q(contacted_at__isnull=False), name="lead_contacted_has_its_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state="qualified") | Q(qualified_at__isnull=False), name="lead_qualified_has_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(state="converted", customer__isnull=False, converted_at__isnull=False)
                | (~Q(state="converted") & Q(customer__isnull=True, converted_at__isnull=True)),
                name="lead_converted_has_a_customer",
                violation_error_message=_("A converted lead has a customer, and only a converted one."),
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"], condition=~Q(external_id=""), name="lead_external_id_once",
                violation_error_message=_("This number of the other system exists already."),
            ),
            models.CheckConstraint(
                condition=Q(estimated_value__isnull=True) | (Q(estimated_value__gte=0) & ~Q(currency="")),
                name="lead_value_has_a_currency",
                violation_error_message=_("An estimated value is not negative and has a currency."),
            ),
            models.CheckConstraint(condition=Q(rating__in=["", "hot", "warm", "cold"]), name="lead_rating_is_known"),
            models.CheckConstraint(
                condition=Q(rating_by_hand__in=["", "hot", "warm", "cold"]), name="lead_rating_by_hand_is_known"
            ),
            models.CheckConstraint(condition=Q(score__range=(0, 100)), name="lead_score_is_within_its_range"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What stands in lists and links: the person, else the company."""
        return self.name or self.company

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_waiting(self) -> bool:
        return self.state == LeadState.NEW

    def is_late(self, now: datetime) -> bool:
        """The first contact was due and has not happened."""
        return self.state == LeadState.ASSIGNED and bool(self.first_contact_due_at) and self.first_contact_due_at <= now

    # --- verbs ---

    @transaction.atomic
    def edit(self, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
        from leads.scoring.score import score_lead
        from leads.search import index_leads

        event = super().edit(values, by=by, **how)
        if event is not None:
            index_leads([self.pk])
            score_lead(self)
        return event

    def derived(self, changed: set[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if not changed.isdisjoint(("rating_by_hand", "rating_until")):
            found["rating_until"] = held_until(self.rating_by_hand, self.rating_until)
        if not changed.isdisjoint(SOURCES):
            found |= keys_of({name: getattr(self, name) for name in SOURCES}, country=Company.get().country)
        return found

    @transaction.atomic
    def assign(self, owner: Any, *, by: Any, batch: Any = None, now: datetime | None = None) -> Event:
        """Gives the lead to a person by hand, whatever her caps say; it starts over with her, and she is told."""
        owner = User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        self.lock()
        if not owner.is_active:
            raise Refused(_("%(name)s is not active.") % {"name": owner}, reason="inactive")
        if self.owner_id == owner.pk and self.is_open:
            raise Refused(_("%(name)s owns this lead already.") % {"name": owner}, reason="same_owner")
        facts = {"from": self.owner_id, "to": owner.pk}
        stamps = {**self._owned_by(owner, now), "rule_id": None, "first_contact_due_at": None}
        event = move(self, "assign", by=by, facts=facts, batch=batch, **stamps)
        tell_given("lead", {owner.pk: [self.pk]}, by=by, batch=batch, key="" if batch else str(event.pk))
        return event

    @transaction.atomic
    def contact(self, *, by: Any, at: datetime | None = None) -> Event:
        """The first contact. Whoever contacts a lead that waits becomes its owner."""
        from leads.scoring.score import score_lead

        taken = self._taken_by(by)
        at = at or timezone.now()
        stamps: dict[str, Any] = waited(self, at)
        stamps |= {"contacted_at": self.contacted_at or at, "last_contact_at": max(at, self.last_contact_at or at)}
        if self.next_contact_at == self.first_contact_due_at:
            stamps["next_contact_at"] = None
        event = move(self, "contact", by=by, facts=_to(taken), **taken, **stamps)
        score_lead(self)
        return event

    @transaction.atomic
    def qualify(self, *, by: Any, now: datetime | None = None) -> Event:
        taken = self._taken_by(by)
        return move(self, "qualify", by=by, facts=_to(taken), **taken, qualified_at=now or timezone.now())

    @transaction.atomic
    def lose(self, reason: Any, *, by: Any, note: str = "", batch: Any = None, now: datetime | None = None) -> Event:
        """``reason``: an entry of the list lead_lost_reason."""
        if reason is None:
            raise Refused(_("Say why the lead is lost."), reason="no_reason")
        stamps = {"lost_reason": reason, "lost_note": note.strip()[:500], "lost_at": now or timezone.now()}
        stamps |= {"next_contact_at": None, "first_contact_due_at": None}
        return move(self, "lose", by=by, facts={"reason": reason.code}, batch=batch, **stamps)

    @transaction.atomic
    def reopen(self, *, by: Any, now: datetime | None = None) -> Event:
        """Back to its owner; when she has left, back to the queue."""
        from leads.create import assign_after_commit
        from leads.scoring.score import score_lead

        self.lock()
        stays = self.owner is not None and self.owner.is_active
        stamps: dict[str, Any] = {"lost_reason": None, "lost_note": "", "lost_at": None, "rule_id": None}
        stamps |= {"assigned_at": now or timezone.now()} if stays else {"owner": None, "assigned_at": None}
        facts = {"to": self.owner_id if stays else None}
        event = move(self, "reopen", by=by, facts=facts, to=None if stays else LeadState.NEW, **stamps)
        score_lead(self, now=now)
        if not stays:
            assign_after_commit(self)
        return event

    def _taken_by(self, by: Any) -> dict[str, Any]:
        """Locks; what makes ``by`` the owner of a lead that has none yet."""
        self.lock()
        if self.owner_id is not None:
            return {}
        if by is None:
            raise Refused(_("Give this lead an owner first."), reason="no_owner")
        return self._owned_by(by, None)

    @staticmethod
    def _owned_by(owner: Any, now: datetime | None) -> dict[str, Any]:
        stamps = {"owner": owner, "team_id": owner.team_id, "assigned_at": now or timezone.now()}
        return {**stamps, "waits_because": ""}


def _to(taken: dict[str, Any]) -> dict[str, Any]:
    return {"to": taken["owner"].pk} if taken else {}
