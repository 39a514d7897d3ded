from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Path
from crm import normalise
from customers.models.follower import FollowerQuerySet, FollowsCustomer
from records.models import Event, Record, dictionary_key

FOLLOWS = Path(
    "customer",
    owned=False,
    parent="customer",
    parent_owner="customer_owner",
    parent_team="customer_team",
    needs_owner=True,
)


class Contact(FollowsCustomer, Record):
    """A person at a customer."""

    kind = "contact"
    access = FOLLOWS
    EDITABLE = (
        "name", "given_name", "family_name", "patronymic", "greeting", "position", "department", "role", "birthday",
        "is_main", "language", "comment",
    )  # fmt: skip

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="contacts", db_index=False, verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=255)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    greeting = models.CharField(_("greeting"), max_length=120, blank=True)
    position = models.CharField(_("position"), max_length=150, blank=True)
    department = models.CharField(_("department"), max_length=150, blank=True)
    role = dictionary_key("contact_role", verbose_name=_("role in the decision"))
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    is_main = models.BooleanField(_("main contact"), default=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    external_id = models.CharField(_("number in another system"), max_length=120, blank=True)
    external_system = models.CharField(_("other system"), max_length=60, blank=True)

    # Derived: the main points, for lists.
    phone = models.CharField(_("phone"), max_length=64, blank=True, editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, editable=False)
    sort_key = models.CharField(max_length=255, editable=False)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["sort_key", "id"]
        indexes = [
            # The contacts of one customer, the main one first.
            models.Index(fields=["customer", "-is_main", "sort_key", "id"], name="contact_of_customer"),
            # The contacts list by name.
            models.Index(
                fields=["customer_owner", "sort_key", "id"], name="contact_own", condition=Q(deleted_at__isnull=True)
            ),
            models.Index(
                fields=["customer_team", "sort_key", "id"], name="contact_team", condition=Q(deleted_at__isnull=True)
            ),
            models.Index(fields=["sort_key", "id"], name="contact_all", condition=Q(deleted_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_main=True, deleted_at__isnull=True), name="contact_one_main",
                violation_error_message=_("This customer has a main contact already."),
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"], condition=~Q(external_id=""),
                name="contact_external_id_once",
                violation_error_message=_("This number of the other system exists already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def derive_keys(self) -> None:
        """Brings the sort key up to the name; whoever writes the name calls it before saving."""
        self.sort_key = normalise.sort_key(self.name)[:255]

    @transaction.atomic
    def edit(self, values: dict[str, Any], *, by: Any, **how: Any) -> Event | None:
        """Changes fields (records.edit); there is one main contact, so the former one steps back."""
        from customers.edit import follow_contact_edit

        if values.get("is_main") and not self.is_main:
            self.customer.lock()
            others = Contact.objects.filter(customer_id=self.customer_id, is_main=True)
            others.exclude(pk=self.pk).update(is_main=False)
        event = super().edit(values, by=by, **how)
        if event:
            follow_contact_edit(self, event.facts["fields"])
        return event
