from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from crm import normalise
from crm.money import AmountField, CurrencyField
from customers.followers import follower_models
from customers.states import CustomerState, Grade, LifeCycle
from records.models import Event, OwnedRecord, RecordQuerySet, dictionary_key
from records.models.record import owned_indexes

_LISTED = Q(deleted_at__isnull=True, owner__isnull=False)
# Filters of the customers list, answered within its indexes: no row is read only to be left out.
_FILTERED = ("state", "grade", "region", "industry", "source")


class TaxKind(models.TextChoices):
    INN = "inn", _("ИНН (Russia)")
    USCC = "uscc", _("统一社会信用代码 (China)")
    VAT = "vat", _("VAT id (European Union)")
    OTHER = "other", _("other")


class CustomerQuerySet(RecordQuerySet):
    def owned(self) -> "CustomerQuerySet":
        """Without the pools."""
        return self.filter(owner__isnull=False)

    def of_pools(self, pools: Any) -> "CustomerQuerySet":
        """Who waits in these pools. They are in nobody's reach, so that the pools must be the viewer's own."""
        return self.live().filter(owner__isnull=True, pool__in=pools)

    def due(self, until: Any) -> "CustomerQuerySet":
        """Whose next contact is planned before ``until``, the oldest first."""
        return self.filter(next_contact_at__lt=until).order_by("next_contact_at", "id")


class Customer(OwnedRecord):
    """A company or person we sell to: owned by one person, or waiting in one pool."""

    kind = "customer"
    access = Path("customer", needs_owner=True)
    EDITABLE = (
        "name", "is_person", "given_name", "family_name", "patronymic", "greeting",
        "industry", "source", "region", "employees", "revenue", "currency", "website",
        "tax_kind", "tax_number", "tax_branch", "country", "city", "street", "postcode",
        "parent", "referred_by", "intention", "focus_points", "motive", "estimated_value", "demand", "relation",
        "language", "comment", "grade", "grade_until", "is_valid", "invalid_reason",
        "external_id", "external_system",
    )  # fmt: skip

    name = models.CharField(_("name"), max_length=255)
    is_person = models.BooleanField(_("a person, not a company"), default=False)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    greeting = models.CharField(_("greeting"), max_length=120, blank=True)

    state = models.CharField(
        _("state"), max_length=8, choices=CustomerState.choices, default=CustomerState.PROSPECT, editable=False
    )
    life_cycle = models.CharField(
        _("life cycle"), max_length=8, choices=LifeCycle.choices, default=LifeCycle.ACQUIRE, editable=False
    )
    grade = models.CharField(_("grade"), max_length=1, choices=Grade.choices, default=Grade.D)
    # A grade set by hand holds until this date; then the company's rule decides again.
    grade_until = models.DateField(_("grade holds until"), null=True, blank=True)
    is_valid = models.BooleanField(_("valid"), default=True)
    invalid_reason = dictionary_key("customer_invalid_reason", verbose_name=_("why it is not valid"))

    industry = dictionary_key("industry", verbose_name=_("industry"))
    source = dictionary_key("lead_source", verbose_name=_("source"))
    region = dictionary_key("region", verbose_name=_("region"))
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    revenue = AmountField(_("yearly revenue"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    website = models.CharField(_("website"), max_length=255, blank=True)
    tax_kind = models.CharField(_("kind of tax number"), max_length=5, choices=TaxKind.choices, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=32, blank=True)
    tax_branch = models.CharField(_("КПП"), max_length=9, blank=True)

    country = models.CharField(_("country"), max_length=2, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    street = models.CharField(_("street"), max_length=255, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)

    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="subsidiaries", db_index=False,
        verbose_name=_("subsidiary of"),
    )  # fmt: skip
    referred_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="referrals", db_index=False,
        verbose_name=_("referred by"),
    )  # fmt: skip
    intention = dictionary_key("intention", verbose_name=_("intention"))
    focus_points = models.TextField(_("focus points"), blank=True)
    motive = dictionary_key("purchase_motive", verbose_name=_("purchase motive"))
    estimated_value = AmountField(_("estimated value"), null=True, blank=True)
    demand = dictionary_key("demand_type", verbose_name=_("type of demand"))
    relation = dictionary_key("relation", verbose_name=_("relation"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    external_id = models.CharField(_("number in another system"), max_length=120, blank=True)
    external_system = models.CharField(_("other system"), max_length=60, blank=True)

    # Who holds it: an owner (OwnedRecord) or a pool; written by customers.ownership only.
    pool = models.ForeignKey(
        "customers.Pool", models.PROTECT, null=True, editable=False, related_name="customers", db_index=False,
        verbose_name=_("pool"),
    )  # fmt: skip
    former_owner = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, editable=False, related_name="+", db_index=False,
        verbose_name=_("former owner"),
    )  # fmt: skip
    entered_pool_at = models.DateTimeField(_("in the pool since"), null=True, editable=False)
    protected_until = models.DateTimeField(_("protected until"), null=True, blank=True)

    # Derived facts, which raise no version.
    last_contact_at = models.DateTimeField(_("last contact"), null=True, editable=False)
    next_contact_at = models.DateTimeField(_("next contact"), null=True, editable=False)
    last_order_on = models.DateField(_("last order"), null=True, editable=False)
    phone = models.CharField(_("phone"), max_length=64, blank=True, editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, editable=False)
    sort_key = models.CharField(max_length=255, editable=False)
    company_key = models.CharField(max_length=255, blank=True, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["sort_key", "id"]
        indexes = [
            # The customers list in its three orders; a customer in a pool is in none of them.
            *owned_indexes("-created_at", "customer", *_FILTERED, condition=_LISTED, whole=True),
            *owned_indexes("sort_key", "customer_name", *_FILTERED, condition=_LISTED, whole=True),
            # Next contact: also the to-do of the today page.
            *owned_indexes("next_contact_at", "customer_next", *_FILTERED, condition=_LISTED, whole=True),
            # The pool page.
            models.Index(
                fields=["pool", "-entered_pool_at", "-id", "grade"], name="customer_pool",
                condition=Q(owner__isnull=True, deleted_at__isnull=True),
            ),
            # How many a person protects, counted against the cap.
            models.Index(
                fields=["owner", "protected_until"], name="customer_protected",
                condition=Q(protected_until__isnull=False, deleted_at__isnull=True),
            ),
            # Family and referrals on the customer's page.
            models.Index(fields=["parent"], name="customer_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["referred_by"], name="customer_referred_by", condition=Q(referred_by__isnull=False)),
            # Duplicate signals.
            models.Index(fields=["company_key"], name="customer_company_key", condition=~Q(company_key="")),
            models.Index(fields=["tax_number"], name="customer_tax_number", condition=~Q(tax_number="")),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, pool__isnull=True) | Q(owner__isnull=True, pool__isnull=False),
                name="customer_has_an_owner_or_a_pool",
                violation_error_message=_("A customer has an owner or is in a pool."),
            ),
            models.CheckConstraint(
                condition=Q(pool__isnull=True) | Q(entered_pool_at__isnull=False),
                name="customer_in_a_pool_since_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="customer_is_not_its_own_subsidiary",
                violation_error_message=_("A customer cannot be its own subsidiary."),
            ),
            models.CheckConstraint(
                condition=~Q(referred_by=F("id")), name="customer_did_not_refer_itself",
                violation_error_message=_("A customer cannot have referred itself."),
            ),
            models.CheckConstraint(
                condition=Q(is_valid=True) | Q(invalid_reason__isnull=False), name="customer_invalid_has_a_reason",
                violation_error_message=_("Say why this customer is not valid."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=CustomerState.values, life_cycle__in=LifeCycle.values, grade__in=Grade.values),
                name="customer_codes_are_known",
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"], condition=~Q(external_id=""),
                name="customer_external_id_once",
                violation_error_message=_("This number of the other system exists already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_pool(self) -> bool:
        return self.owner_id is None

    @property
    def is_protected(self) -> bool:
        return self.protected_until is not None and self.protected_until > timezone.now()

    def derive_keys(self) -> None:
        """Brings sort and duplicate keys up to the name; whoever writes the name calls it before saving."""
        self.sort_key = normalise.sort_key(self.name)[:255]
        self.company_key = "" if self.is_person else normalise.company_key(self.name)[:255]

    @transaction.atomic
    def edit(self, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
        """Changes fields (records.edit); what is derived from name and tax number follows in the same transaction."""
        from customers.edit import follow_edit

        event = super().edit(values, by=by, **how)
        if event:
            follow_edit(self, event.facts["fields"])
        return event

    def derived(self, changed: set[str]) -> dict[str, Any]:
        from customers.grade_by_hand import holds_until

        return {"grade_until": holds_until(self.grade_until)} if "grade" in changed else {}

    def hanging(self) -> list[models.QuerySet]:
        return [model._base_manager.filter(customer_id=self.pk) for model in follower_models()]
