import pytest

from crm import normalise


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("+49 (0) 30 123456", "", "+4930123456"),
        ("030 / 12 34 56", "DE", "+4930123456"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("０１０－１２３４－５６７８", "CN", "+861012345678"),
        ("138 0013 8000", "CN", "+8613800138000"),
        ("(512) 757-6000", "US", "+15127576000"),
        ("12", "DE", None),
        ("call me", "DE", None),
        ("", "DE", None),
    ],
)
def test_phones_in_any_notation_become_e164(typed, country, number):
    assert normalise.phone(typed, country) == number


@pytest.mark.parametrize(
    "spellings",
    [
        ["上海星辰科技有限公司", "上海星辰科技", "上海星辰科技股份有限公司", "上海星辰科技有限责任公司"],
        ["ООО «Ромашка»", "Ромашка, ООО", "ромашка", 'Общество с ограниченной ответственностью "Ромашка"'],
        ["Müller GmbH", "MÜLLER", "Müller GmbH & Co. KG".replace(" & Co. KG", "")],
        ["Acme, Inc.", "ACME Incorporated", "Ａｃｍｅ  Ltd."],
        ["Kowalski Sp. z o.o.", "Kowalski"],
    ],
)
def test_company_names_agree_without_width_case_and_legal_form(spellings):
    assert len({normalise.company_key(name) for name in spellings}) == 1


@pytest.mark.parametrize("name", ["GmbH", "公司", "ООО", "Company"])
def test_a_name_of_nothing_but_a_legal_form_keeps_it(name):
    assert normalise.company_key(name)


def test_different_companies_stay_different():
    names = ["Alpha GmbH", "Beta GmbH", "北京星辰", "上海星辰"]
    assert len({normalise.company_key(name) for name in names}) == len(names)


def test_grams_leave_out_the_legal_form():
    assert normalise.grams("星辰有限公司") == ["星", "星辰", "辰"]


def test_pinyin_initials_come_from_the_chinese_part():
    assert normalise.pinyin_initials("上海星辰 Ltd") == "shxc"
    assert normalise.pinyin_initials("Acme") == ""


def test_free_mail_says_nothing_about_a_company():
    assert normalise.email_domain("rose@edge.com") == "edge.com"
    assert normalise.email_domain("rose@gmail.com") is None


@pytest.mark.parametrize("typed", ["a@b", "a b@c.de", "a@b.de, c@d.de", "@c.de", ""])
def test_what_cannot_be_an_address_is_none(typed):
    assert normalise.email(typed) is None
