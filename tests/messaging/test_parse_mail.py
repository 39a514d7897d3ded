"""What stands in a message, whatever encoding its sender used or forgot to name."""

import base64

import pytest

from messaging.inbound.parse import NotAMessage, parse
from messaging.inbound.words import header_text, text_of_html
from messaging.states import Check, Why
from tests.messaging.letters import letter

RUSSIAN = "Здравствуйте, нам нужны двенадцать насосов. Пришлите, пожалуйста, предложение."
CHINESE = "您好，我们公司需要十二台水泵，请发给我们报价单。谢谢！"


def bare(body: bytes, *lines: str) -> bytes:
    head = ["From: a@b.example", "Date: Sun, 22 Nov 2026 10:00:00 +0100", *lines]
    return "\r\n".join([*head, "", ""]).encode() + body


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "cp1251", ""),
        (RUSSIAN, "utf-8", "us-ascii"),
        (RUSSIAN, "cp1251", "x-unknown-9"),
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE, "gb18030", ""),
        (CHINESE, "utf-8", ""),
    ],
)
def test_a_text_is_read_in_the_encoding_that_was_meant(text, encoding, named):
    kind = f'; charset="{named}"' if named else ""
    raw = bare(text.encode(encoding), f"Content-Type: text/plain{kind}", "Content-Transfer-Encoding: 8bit")
    assert parse(raw).text == text


def test_a_wrong_charset_still_gives_a_text():
    raw = bare(b"\xff\xfe\x00broken \x81\x8d", "Content-Type: text/plain; charset=utf-8")
    assert "broken" in parse(raw).text
    assert "\x00" not in parse(raw).text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("=?utf-8?B?0J3QsNGB0L7RgdGL?=", "Насосы"),
        ("=?koi8-r?Q?=EE=C1=D3=CF=D3=D9?= 12", "Насосы 12"),
        ("=?gb2312?B?y66xww==?=", "水泵"),
        ("=?utf-8?B?broken?=", None),
        ("=?x-nowhere?Q?abc?=", "abc"),
        ("Two\r\n lines", "Two lines"),
        ("nul\x00byte", "nulbyte"),
    ],
)
def test_headers_are_read_as_people_read_them(raw, shown):
    text = header_text(raw)
    assert text == shown if shown is not None else isinstance(text, str)


def test_bare_bytes_in_a_subject_are_read():
    raw = bare(b"x").replace(b"Date:", b"Subject: " + "Насосы для завода".encode("cp1251") + b"\r\nDate:")
    assert parse(raw).subject == "Насосы для завода"


def test_a_chinese_character_cut_in_two_by_the_encoding_is_whole_again():
    data = "水泵询价".encode()
    words = [base64.b64encode(part).decode() for part in (data[:4], data[4:])]
    assert header_text(f"=?utf-8?B?{words[0]}?=\r\n =?utf-8?B?{words[1]}?=") == "水泵询价"


def test_the_plain_text_counts_and_html_only_where_there_is_none():
    both = parse(letter("Plain words", html="<p>Rich <b>words</b></p>"))
    assert both.text == "Plain words"
    rich = bare(b"<html><head><title>t</title><style>p{}</style></head><p>One<br>two</p><script>x()</script>",
                "Content-Type: text/html")  # fmt: skip
    assert parse(rich).text == "One\ntwo"


def test_html_beside_a_plain_footer_is_not_lost():
    raw = bare(
        b"--x\r\nContent-Type: text/html\r\n\r\n<p>The question</p>\r\n"
        b"--x\r\nContent-Type: text/plain\r\n\r\nA footer\r\n--x--\r\n",
        'Content-Type: multipart/mixed; boundary="x"',
    )
    assert parse(raw).text == "The question\n\nA footer"


def test_nothing_of_a_page_runs_and_its_words_stay():
    assert text_of_html("<img src=x onerror=alert(1)><p>a &lt;b&gt; &amp; c</p><!-- hidden -->") == "a <b> & c"


def test_attachments_keep_name_and_bytes_and_a_forwarded_message_is_one_file():
    parsed = parse(
        letter(files=[("Прайс.pdf", "application/pdf", b"%PDF"), ("winmail.dat", "application/ms-tnef", b"x")])
    )
    assert [(file.name, file.data) for file in parsed.files] == [("Прайс.pdf", b"%PDF"), ("winmail.dat", b"x")]
    inner = letter("Inside")
    raw = bare(
        b"--x\r\nContent-Type: text/plain\r\n\r\nSee below\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--x--",
        'Content-Type: multipart/mixed; boundary="x"',
    )
    parsed = parse(raw)
    assert parsed.text == "See below"
    assert parsed.files[0].name.endswith(".eml") and b"Inside" in parsed.files[0].data


def test_a_path_in_a_file_name_is_only_its_end():
    names = [file.name for file in parse(letter(files=[("..\\..\\etc/passwd.txt", "text/plain", b"x")])).files]
    assert names == ["passwd.txt"]


def test_a_thousand_boxes_in_each_other_are_cut():
    raw = b"From: a@b.example\r\n" + b"".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n'.encode() for n in range(120)
    )
    parse(raw + b"Content-Type: text/plain\r\n\r\ndeep")


@pytest.mark.parametrize("raw", [b"", b"hello\n", b"\n\nhello\n", b"\x00\x01\x02", b"{}"])
def test_what_has_no_header_is_no_message(raw):
    with pytest.raises(NotAMessage):
        parse(raw)


def test_a_message_without_a_number_is_told_by_its_content():
    one, again, other = (parse(letter(text, message_id="")) for text in ("A", "A", "B"))
    assert one.message_id == "" and one.digest == again.digest != other.digest
    route = b"Received: from elsewhere\r\n"
    assert parse(route + letter("A", message_id="")).digest == one.digest


def test_references_name_the_answered_message_first():
    parsed = parse(letter(answers="<c@x>", References="<a@x> <b@x>  <c@x>"))
    assert parsed.references == ["c@x", "b@x", "a@x"]


def test_the_name_of_a_sender_is_never_taken_for_the_address():
    parsed = parse(letter(sender='"boss@ours.example" <thief@evil.example>'))
    assert (parsed.from_name, parsed.from_address) == ("boss@ours.example", "thief@evil.example")


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"Auto_Submitted": "auto-replied (vacation)"}, Why.AUTO_REPLY),
        ({"Precedence": "auto_reply"}, Why.AUTO_REPLY),
        ({"X_Autoreply": "yes"}, Why.AUTO_REPLY),
        ({"Return_Path": "<>"}, Why.AUTO_REPLY),
        ({"List_Id": "<news.example>"}, Why.LIST),
        ({"List_Unsubscribe": "<mailto:x@y.example>"}, Why.LIST),
        ({"Precedence": "bulk"}, Why.LIST),
        ({"X_Failed_Recipients": "a@b.example"}, Why.BOUNCE),
        ({"sender": "MAILER-DAEMON@mx.example"}, Why.BOUNCE),
    ],
)
def test_what_no_person_wrote_is_told_apart(headers, why):
    assert parse(letter(**headers)).automatic == why


def test_only_our_own_server_is_believed(settings):
    said = "mx.ours.example; dmarc=pass header.from=acme.example"
    assert parse(letter(Authentication_Results=said)).check == Check.NONE
    settings.MAIL_AUTHSERV = "mx.ours.example"
    assert parse(letter(Authentication_Results=said)).check == Check.PASS
    assert parse(letter(Authentication_Results="mx.evil.example; dmarc=pass")).check == Check.NONE
    assert parse(letter(Authentication_Results="mx.ours.example; spf=pass; dmarc=fail")).check == Check.FAIL
    signed = "mx.ours.example; dkim=pass header.d={}"
    assert parse(letter(Authentication_Results=signed.format("acme.example"))).check == Check.PASS
    assert parse(letter(Authentication_Results=signed.format("evil.example"))).check == Check.NONE


def test_of_two_results_of_our_server_the_topmost_counts(settings):
    settings.MAIL_AUTHSERV = "mx.ours.example"
    forged = letter(Authentication_Results="mx.ours.example; dmarc=pass")
    assert parse(b"Authentication-Results: mx.ours.example; dmarc=fail\r\n" + forged).check == Check.FAIL


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Xyz 2026", "Sun, 22 Nov 9999 10:00:00 +0000"])
def test_a_date_that_makes_no_sense_is_none(date):
    assert parse(letter().replace(b"Sun, 22 Nov 2026 10:00:00 +0100", date.encode())).sent_at is None
