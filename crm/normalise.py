"""What makes two spellings the same: phones, e-mails, company names, search keys. No tables, no queries."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from pypinyin import Style, lazy_pinyin

# Words that say which legal form a company has and nothing about which company it is.
_CJK_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "集团", "公司")
_PHRASE_FORMS = (
    "общество с ограниченной ответственностью",
    "публичное акционерное общество",
    "акционерное общество",
    "индивидуальный предприниматель",
    "limited liability company",
    "sp z o o",
    "s r o",
    "s r l",
    "s p a",
    "s a",
    "b v",
    "n v",
)
_WORD_FORMS = frozenset(
    "ооо оао зао пао ао ип gmbh mbh ag kg ohg ug incorporated corporation company limited ltd llc llp plc inc "
    "corp co sarl sas sa srl spa bv nv oy ab aps kft pty pte".split()
)
_NOT_WORD = re.compile(r"[^\w]+")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CJK_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_EMAIL = re.compile(r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}$")
_E164 = re.compile(r"^\+[1-9]\d{7,14}$")
FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com aol.com gmx.de gmx.net "
    "web.de mail.ru bk.ru list.ru inbox.ru yandex.ru ya.ru rambler.ru qq.com foxmail.com 163.com 126.com sina.com "
    "sohu.com aliyun.com proton.me protonmail.com".split()
)


def fold(text: str) -> str:
    """Width, case and white space made equal: ``"ＡＢＣ　Ltd"`` → ``"abc ltd"``."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").split())


def phone(text: str, country: str = "") -> str | None:
    """A phone number as E.164, or None when it cannot be one. ``country`` (ISO 3166) reads numbers without ``+``.

    Possible numbers count, not only assigned ones: numbering plans change faster than any table of them.
    """
    text = unicodedata.normalize("NFKC", text or "").strip()
    if not text:
        return None
    text = re.sub(r"^(\+\d+)\s*\(0\)", r"\1 ", text)  # "+49 (0) 30": the trunk zero is not dialled from abroad
    compact = re.sub(r"[\s().\-/]", "", text)
    if _E164.match(compact) and len(compact) >= 11:
        return compact
    return _parse_phone(text, country.upper())


@lru_cache(maxsize=50_000)
def _parse_phone(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164 if _E164.match(e164) else None


def phone_digits(text: str) -> str:
    """Only the digits: what a search types and what the suffix index holds."""
    return "".join(c for c in unicodedata.normalize("NFKC", text or "") if c.isdigit())


def email(text: str) -> str | None:
    """An e-mail address in the spelling that duplicates share, or None when it cannot be one."""
    text = unicodedata.normalize("NFKC", text or "").strip().strip("<>").casefold()
    return text if _EMAIL.match(text) and len(text) <= 254 else None


def email_domain(address: str) -> str | None:
    """The company's domain behind an address; None for free mail services, which say nothing about a company."""
    domain = (address or "").rpartition("@")[2].casefold()
    return domain if domain and domain not in FREE_MAIL else None


def company_key(name: str) -> str:
    """A company's name without width, case, punctuation and legal form: ``"ООО «Ромашка»"`` → ``"ромашка"``."""
    words = _NOT_WORD.sub(" ", fold(name)).split()
    text = " ".join(words)
    for phrase in _PHRASE_FORMS:
        text = re.sub(rf"(?:^|\s){phrase}(?:$|\s)", " ", f" {text} ")
    kept = [word for word in text.split() if word not in _WORD_FORMS]
    text = " ".join(kept) or " ".join(words)
    for form in _CJK_FORMS:
        shorter = text.replace(form, "")
        if shorter.strip():
            text = shorter
    return " ".join(text.split())


def pinyin_initials(text: str) -> str:
    """First letters of the Chinese characters: ``"上海星辰"`` → ``"shxc"``; empty without any."""
    runs = _CJK_RUN.findall(text)
    return "".join(lazy_pinyin("".join(runs), style=Style.FIRST_LETTER)).lower() if runs else ""


def sort_key(text: str) -> str:
    """A name as it sorts for a reader: pinyin for Chinese, folded otherwise."""
    return "".join(lazy_pinyin(fold(text))) if _CJK.search(text) else fold(text)


def grams(text: str) -> list[str]:
    """The 1- and 2-grams of the Chinese runs of a name without its legal form (SCALE: Search)."""
    found: set[str] = set()
    for run in _CJK_RUN.findall(company_key(text)):
        found.update(run)
        found.update(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(found)


def is_chinese(text: str) -> bool:
    """Whether there are Chinese characters in it."""
    return bool(_CJK.search(text))
