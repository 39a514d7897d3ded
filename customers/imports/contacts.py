"""Import of contacts: a person by her number elsewhere, her e-mail address, or her name at the customer.

A company that is not known yet is added with its first contact; a person without any company becomes a customer of
her own.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.normalise import company_key, is_chinese, sort_key
from customers.imports import find_customer
from customers.imports.customers import HOLDER
from customers.imports.find_customer import link_customers
from customers.imports.points import DERIVED, insert_points, point_columns, put_points
from customers.models import Contact, Customer, Pool
from customers.search import copy_contacts, copy_customers
from records.imports.importables import Importable, ImportColumn
from records.imports.load import STAGE, Load
from records.imports.reasons import BadValue
from records.imports.sets import (
    check_owners,
    decide,
    insert,
    log,
    match,
    number,
    portions,
    same_in_file,
    set_aside,
    update,
)

COLUMNS = (
    ImportColumn("name", _("name"),
                 aliases=("full name", "contact", "contact name", "display name", "联系人", "姓名", "фио",
                          "имя фамилия",
                          "контакт", "контактное лицо")),
    ImportColumn("given_name", _("given name"), max_length=100,
                 aliases=("first name", "first", "firstname", "名", "имя")),
    ImportColumn("family_name", _("family name"), max_length=100,
                 aliases=("last name", "last", "lastname", "surname", "姓", "фамилия")),
    ImportColumn("patronymic", _("patronymic"), max_length=100, aliases=("middle name", "отчество")),
    ImportColumn("customer", _("customer"), "key",
                 aliases=("company", "company name", "account", "account name", "organisation", "organization", "客户",
                          "客户名称", "公司", "公司名称", "单位", "компания", "организация", "клиент", "контрагент")),
    ImportColumn("customer_number", _("number of the customer"), "key", max_length=120,
                 aliases=("account id", "customer id", "company id", "客户编号", "код клиента")),
    ImportColumn("external_id", _("number in another system"), "key", max_length=120,
                 aliases=("id", "contact id", "external id", "identifier", "编号", "код")),
    ImportColumn("greeting", _("greeting"), max_length=120, aliases=("salutation", "称呼", "обращение")),
    ImportColumn("position", _("position"), max_length=150,
                 aliases=("title", "job title", "role", "职位", "职务", "должность")),
    ImportColumn("department", _("department"), max_length=150, aliases=("部门", "отдел")),
    ImportColumn("role", _("role in the decision"), "dictionary", of="contact_role",
                 aliases=("decision role", "决策角色", "роль в решении")),
    ImportColumn("birthday", _("birthday"), "date", aliases=("birth date", "date of birth", "生日", "день рождения")),
    ImportColumn("country", _("country"), "country", aliases=("home country", "国家", "страна")),
    ImportColumn("owner", _("owner of new customers"), "person",
                 aliases=("owner", "owner id", "contact owner", "负责人", "ответственный")),
    ImportColumn("comment", _("comment"), max_length=20_000,
                 aliases=("notes", "note", "description", "background", "备注", "примечание", "комментарий")),
    ImportColumn("created_at", _("created"), "moment",
                 aliases=("created date", "created on", "first seen", "创建时间", "дата создания")),
    ImportColumn("author", _("created by"), "person", aliases=("created by id", "创建人", "автор")),
    ImportColumn("deleted", _("deleted"), "boolean", aliases=("is deleted", "action", "已删除", "удален")),
    *point_columns(_("phone"), _("mobile phone"), _("e-mail"), _("fax"), _("web"), more=True),
)  # fmt: skip

PLAIN = ("name", "given_name", "family_name", "patronymic", "greeting", "position", "department", "birthday",
         "comment",
         "external_id")  # fmt: skip


def derive(values: dict[str, Any], load: Load) -> None:
    put_points(values, load)
    values["name"] = values.get("name") or _full_name(values) or values.get("email_shown")
    if not values["name"]:
        raise BadValue("required", field=_("name"))
    values["sort_key"] = sort_key(values["name"])[:255]
    company = values.get("customer")
    if not company and not values.get("customer_number"):
        values["is_person"], company = True, values["name"]
    values["customer_name"] = company
    # A private person is known by her address; a company by its name.
    by_mail = values.get("is_person") and values.get("email_key")
    values["customer_key"] = None if values.get("is_person") else company_key(company)[:255] if company else None
    values["new_key"] = f"@{values['email_key']}" if by_mail else company and company_key(company)[:255]


def _full_name(values: dict[str, Any]) -> str:
    given, family = values.get("given_name", ""), values.get("family_name", "")
    if is_chinese(given + family):
        return family + given
    if values.get("patronymic"):
        return " ".join(filter(None, (family, given, values["patronymic"])))
    return " ".join(filter(None, (given, family)))


def load(load: Load) -> None:
    set_aside(load, "s", "s.deleted", "deleted")
    same_in_file(load, "s.external_id", "s.email_key")
    match(load, Contact, {"s.external_id": "t.external_id"})
    _match_mail(load)
    link_customers(load)
    _settle_customers(load)
    if load.on_duplicate != "add":
        same_in_file(load, "coalesce(s.customer_id::text, s.new_key) || '|' || s.sort_key", unless=_DIFFER)
        match(load, Contact, {"s.sort_key": "t.sort_key"}, only="t.customer_id = s.customer_id")
    check_owners(load)
    decide(load, Contact)
    changed = {("role_id" if name == "role" else name): name for name in (*PLAIN, "role") if name in _given(load)}
    update(load, Contact, changed, customer="t.customer_id")
    _note_new_customers(load)
    if not load.dry_run:
        _write(load)


_DIFFER = """(s.external_id IS NOT NULL AND d.first_external_id IS NOT NULL AND s.external_id <> d.first_external_id)"""


def _given(load: Load) -> set[str]:
    """Fields that the file has; a name put together from its parts counts as given."""
    parts = {"given_name", "family_name"} & load.mapping.fields
    return load.mapping.fields | ({"name"} if parts else set())


def _match_mail(load: Load) -> None:
    if load.on_duplicate == "add":
        return
    load.sql(
        f"""UPDATE {STAGE} s SET target = m.id FROM (
                SELECT s.row, min(p.contact_id) AS id FROM {STAGE} s
                JOIN customers_contactpoint p ON p.normalised = s.email_key AND p.kind = 'email'
                JOIN customers_contact t ON t.id = p.contact_id AND t.deleted_at IS NULL
                WHERE s.state = 'a' AND s.target IS NULL AND s.email_key IS NOT NULL GROUP BY 1) m
            WHERE m.row = s.row"""
    )


def _settle_customers(load: Load) -> None:
    """A number that no customer has, without a name beside it, cannot be guessed; nor can a name that several bear."""
    named = "jsonb_build_object('value', coalesce(s.customer, s.customer_number))"
    set_aside(load, "r", "s.target IS NULL AND s.customer_id = -1", "ambiguous_customer", named)
    set_aside(
        load, "r", "s.target IS NULL AND s.customer_id IS NULL AND s.new_key IS NULL", "no_customer", named
    )  # fmt: skip


def _note_new_customers(load: Load) -> None:
    new = load.sql(
        f"""SELECT min(customer_name), bool_or(coalesce(is_person, false)), count(*) FROM {STAGE}
            WHERE state = 'a' AND customer_id IS NULL GROUP BY new_key ORDER BY min(row) LIMIT 500"""
    )
    for name, is_person, count in new:
        load.notes.add("new_person" if is_person else "new_customer", count, value=name)


def _write(load: Load) -> None:
    customers = _add_customers(load)
    number(load, Contact)
    load.sql(
        f"""UPDATE {STAGE} s SET is_first = (s.row = m.row) FROM (
                SELECT customer_id, min(row) AS row FROM {STAGE} WHERE state = 'a' GROUP BY 1) m
            WHERE m.customer_id = s.customer_id"""
    )
    insert(
        load,
        Contact,
        {
            "id": "s.target", "customer_id": "s.customer_id", **{name: f"s.{name}" for name in PLAIN},
            "role_id": "s.role", "sort_key": "s.sort_key", "phone": "s.phone_shown", "email": "s.email_shown",
            "is_main": "s.is_first AND NOT EXISTS (SELECT 1 FROM customers_contact c"
            " WHERE c.customer_id = s.customer_id AND c.is_main AND c.deleted_at IS NULL)",
            "customer_owner": "(SELECT owner_id FROM customers_customer c WHERE c.id = s.customer_id)",
            "customer_team": "(SELECT team_id FROM customers_customer c WHERE c.id = s.customer_id)",
            "created_at": "coalesce(s.created_at, %(now)s)", "created_by_id": "coalesce(s.author, %(by)s)",
        },
    )  # fmt: skip
    insert_points(load, customer="s.customer_id", contact="s.target", states="'a'")
    log(load, customer="s.customer_id")
    _show_points_at_customers(load)
    for ids in portions(load):
        copy_contacts(ids)
    for start in range(0, len(customers), 5_000):
        copy_customers(customers[start : start + 5_000])


def _add_customers(load: Load) -> list[int]:
    """One new customer per name, with the owner of its first contact."""
    load.sql("DROP TABLE IF EXISTS import_customer")
    load.sql(
        f"""CREATE TEMP TABLE import_customer ON COMMIT DROP AS
            SELECT nextval(pg_get_serial_sequence('customers_customer', 'id')) AS id, n.* FROM (
                SELECT DISTINCT ON (new_key) new_key, customer_key, customer_name, customer_number, country, owner,
                       coalesce(is_person, false) AS is_person, given_name, family_name
                FROM {STAGE} WHERE state = 'a' AND customer_id IS NULL ORDER BY new_key, row) n"""
    )
    insert(
        load,
        Customer,
        {
            "id": "s.id", "name": "s.customer_name", "company_key": "s.customer_key", "country": "s.country",
            "sort_key": "lower(s.customer_name)", "external_id": "s.customer_number", "is_person": "s.is_person",
            "given_name": "CASE WHEN s.is_person THEN s.given_name END",
            "family_name": "CASE WHEN s.is_person THEN s.family_name END",
            **HOLDER, "created_at": "%(now)s", "created_by_id": "%(by)s",
        },
        source="import_customer s", params={"pool": Pool.default().pk},
    )  # fmt: skip
    load.sql(
        f"""UPDATE {STAGE} s SET customer_id = c.id FROM import_customer c
            WHERE s.state = 'a' AND s.customer_id IS NULL AND s.new_key = c.new_key"""
    )
    load.sql(
        """INSERT INTO records_event (at, by_id, verb, subject_kind, subject_id, customer_id, batch_id, facts)
           SELECT %(now)s, %(by)s, 'import', 'customer', id, id, %(batch)s,
                  jsonb_strip_nulls(jsonb_build_object('to', owner)) FROM import_customer"""
    )
    return [row[0] for row in load.sql("SELECT id FROM import_customer ORDER BY id")]


def _show_points_at_customers(load: Load) -> None:
    """A customer without a phone or address of its own shows its contact's."""
    load.sql(
        f"""UPDATE customers_customer t SET phone = coalesce(nullif(t.phone, ''), s.phone_shown, ''),
                   email = coalesce(nullif(t.email, ''), s.email_shown, '')
            FROM (SELECT DISTINCT ON (customer_id) customer_id, phone_shown, email_shown FROM {STAGE}
                  WHERE state = 'a' ORDER BY customer_id, row) s
            WHERE t.id = s.customer_id AND (t.phone = '' OR t.email = '')"""
    )


CONTACTS = Importable(
    "contact", "contacts", _("Contacts"), "customer", COLUMNS, load, derive,
    {
        **DERIVED, **find_customer.DERIVED, "sort_key": "text", "customer_name": "text", "new_key": "text",
        "is_person": "boolean", "is_first": "boolean",
    },
    needs_one_of=("name", "given_name", "family_name", "email"), order=30,
)  # fmt: skip
