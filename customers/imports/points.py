"""Phones, e-mails and other ways to reach somebody, from the columns of a file to rows of ContactPoint."""

import json
import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm import normalise
from customers.models import ContactPoint, PointKind
from customers.models.contact_point import DIALLED
from records.imports.importables import ImportColumn
from records.imports.load import STAGE, Load
from records.imports.reasons import BadValue
from records.imports.sets import insert

_SEVERAL = re.compile(r"\s*(?:[;,、，；|\n]|\s/\s|/(?=\s*[+\d(]))\s*")
_SEVERAL_MAILS = re.compile(r"[\s;,、，；|/]+")
_EXTENSION = re.compile(r"\s*(?:ext\.?|доб\.?|x|转|#)\s*\d{1,6}$", re.I)

# field of the file → kind of point; the first of a kind is the main one
FIELDS = {
    "phone": PointKind.PHONE, "mobile": PointKind.MOBILE, "phone_2": PointKind.PHONE, "phone_3": PointKind.PHONE,
    "fax": PointKind.FAX, "email": PointKind.EMAIL, "email_2": PointKind.EMAIL, "email_3": PointKind.EMAIL,
    "wechat": PointKind.WECHAT, "whatsapp": PointKind.WHATSAPP, "telegram": PointKind.TELEGRAM, "web": PointKind.WEB,
}  # fmt: skip


def put_points(values: dict[str, Any], load: Load) -> None:
    """Adds ``points`` (JSON), and what lists show: ``phone_shown``, ``email_shown``, ``email_key``."""
    country = values.get("country") or load.country
    points: list[dict[str, Any]] = []
    known: set[tuple[str, str]] = set()
    for field, kind in FIELDS.items():
        if text := values.get(field):
            for point in _points(kind, text, country, load):
                key = (point["kind"], point["normalised"])
                if key not in known:
                    known.add(key)
                    point["is_main"] = not any(_group(p["kind"]) == _group(point["kind"]) for p in points)
                    points.append(point)
    values["points"] = json.dumps(points, ensure_ascii=False) if points else None
    values["phone_shown"] = next((p["value"][:64] for p in points if p["kind"] in DIALLED and p["kind"] != "fax"), None)
    mail = next((p for p in points if p["kind"] == PointKind.EMAIL), None)
    values["email_shown"], values["email_key"] = (mail["value"], mail["normalised"]) if mail else (None, None)


def _group(kind: str) -> str:
    return "dialled" if kind in DIALLED else kind


def _points(kind: str, text: str, country: str, load: Load) -> list[dict[str, Any]]:
    if kind == PointKind.EMAIL:
        return [_mail(part) for part in _SEVERAL_MAILS.split(text) if part]
    if kind in DIALLED:
        return _phones(kind, text, country, load)
    key = normalise.fold(text).lstrip("@")
    return [_point(kind, text[:254], key[:254])] if key else []


def _point(kind: str, value: str, key: str, domain: str = "") -> dict[str, Any]:
    return {"kind": str(kind), "value": value, "normalised": key, "domain": domain}


def _mail(text: str) -> dict[str, Any]:
    address = normalise.email(text)
    if address is None:
        raise BadValue("email", value=text)
    return _point(PointKind.EMAIL, text.strip("<>"), address, normalise.email_domain(address) or "")


def _phones(kind: str, text: str, country: str, load: Load) -> list[dict[str, Any]]:
    whole = normalise.phone(text, country)
    if whole:
        return [_point(kind, text, whole)]
    parts = [part for part in _SEVERAL.split(text) if part.strip()]
    return [_phone(kind, part, country, load) for part in parts]


def _phone(kind: str, text: str, country: str, load: Load) -> dict[str, Any]:
    """One that says its country and cannot be a number is refused; a local one of unknown country stays as written."""
    number = normalise.phone(text, country) or normalise.phone(_EXTENSION.sub("", text), country)
    if number:
        return _point(kind, text, number)
    digits = normalise.phone_digits(text)
    if text.lstrip().startswith("+") or not 4 <= len(digits) <= 20:
        raise BadValue("phone", value=text)
    load.notes.add("phone", value=text)
    return _point(kind, text[:254], digits)


DERIVED = {"points": "jsonb", "phone_shown": "text", "email_shown": "text", "email_key": "text"}


def insert_points(load: Load, *, customer: str, contact: str = "NULL", states: str = "'a', 'u'") -> int:
    """One statement for the points of all rows; those that are noted already stay as they are."""
    return insert(
        load,
        ContactPoint,
        {
            "customer_id": customer, "contact_id": contact, "kind": "p.kind", "value": "p.value",
            "normalised": "p.normalised", "domain": "p.domain",
            "is_main": "p.is_main AND s.state = 'a'",
        },
        source=f"""{STAGE} s CROSS JOIN LATERAL jsonb_to_recordset(s.points)
                   AS p(kind text, value text, normalised text, domain text, is_main boolean)
                   WHERE s.state IN ({states}) AND s.points IS NOT NULL""",
        conflict="ON CONFLICT DO NOTHING",
    )  # fmt: skip


def point_columns(phone: Any, mobile: Any, email: Any, fax: Any, web: Any, *, more: bool = False) -> tuple:
    """The columns of points, with their names in exports of any make."""
    first = (
        ImportColumn(
            "phone", phone, "phone", max_length=254,
            aliases=("phone number", "telephone", "tel", "business phone", "phone work", "work phone", "office phone",
                     "home phone", "phone home", "电话", "联系电话", "固定电话", "座机", "телефон", "рабочий телефон"),
        ),
        ImportColumn(
            "mobile", mobile, "phone", max_length=254,
            aliases=("mobile phone", "cell", "cell phone", "cellphone", "手机", "手机号", "手机号码", "移动电话",
                     "мобильный", "мобильный телефон", "сотовый"),
        ),
        ImportColumn(
            "email", email, "email", max_length=600,
            aliases=("e-mail", "mail", "email address", "e-mail address", "email work", "work email", "author email",
                     "邮箱", "电子邮箱", "电子邮件", "邮件", "почта", "эл. почта", "электронная почта"),
        ),
        ImportColumn("fax", fax, "phone", max_length=254, aliases=("business fax", "fax number", "传真", "факс")),
        ImportColumn("wechat", _("WeChat"), max_length=254, aliases=("weixin", "微信", "微信号")),
        ImportColumn("whatsapp", "WhatsApp", "phone", max_length=254),
        ImportColumn("telegram", "Telegram", max_length=254, aliases=("телеграм",)),
        ImportColumn("web", web, max_length=254, aliases=("linkedin", "linkedin url", "profile")),
    )  # fmt: skip
    return (*first, *_further(phone, email)) if more else first


def _further(phone: Any, email: Any) -> tuple:
    return (
        ImportColumn("phone_2", phone, "phone", max_length=254,
                     aliases=("phone 2", "business phone 2", "other phone", "phone other", "home phone 2", "电话2")),
        ImportColumn("phone_3", phone, "phone", max_length=254, aliases=("phone 3", "assistant phone", "pager")),
        ImportColumn("email_2", email, "email", max_length=600,
                     aliases=("email 2", "e-mail 2 address", "email home", "other email", "邮箱2")),
        ImportColumn("email_3", email, "email", max_length=600,
                     aliases=("email 3", "e-mail 3 address", "email other")),
    )  # fmt: skip
