"""Files that mean harm, through the page and through the command: said clearly, nothing kept, nothing written."""

import http.client
import io
import resource
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer
from records.models import Batch, FileImport
from tests.records.imports.test_files import bomb, encrypted, lying_bomb, renamed, workbook
from tests.records.imports.test_pages import choices, upload

pytestmark = pytest.mark.django_db

WIDE = ",".join(f"c{n}" for n in range(5_000)).encode() + b"\n1\n"
EVIL = {
    "a picture named csv": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.csv", "not a table"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.png", "not a table"),
    "another document": (renamed, "a.xlsx", "not a table"),
    "nothing": (lambda: b"", "a.csv", "The file is empty"),
    "white space": (lambda: b"\n \r\n", "a.csv", "The file is empty"),
    "a header only": (lambda: b"Company,City\n", "a.csv", "no rows below"),
    "a web page": (lambda: b"<!doctype html><html><body>Sign in</body></html>", "a.csv", "web page"),
    "a web page named xlsx": (lambda: b"<html><table></table></html>", "a.xlsx", "web page"),
    "a zip bomb": (bomb, "a.xlsx", "unpacks to far more"),
    "a zip bomb that lies": (lying_bomb, "a.xlsx", "unpacks to far more"),
    "a locked workbook": (encrypted, "a.xlsx", "password"),
    "half a workbook": (lambda: workbook([["Name"], ["Acme"]])[:-200], "a.xlsx", "damaged"),
    "5,000 columns": (lambda: WIDE, "a.csv", "5000 columns"),
    "5,000 columns in a workbook": (
        lambda: workbook([[f"c{n}" for n in range(5_000)], ["x"]]),
        "a.xlsx",
        "columns; up to 1000",
    ),
    "zero bytes": (lambda: b"Company\nAc\0me\n", "a.csv", "zero bytes in line 2"),
    "broken UTF-8": (lambda: "Company\nКёльн\nМосква\n".encode() + b"\xd0\xff\n", "a.csv", "not valid UTF-8"),
    "a mark never closed": (lambda: b'Company,City\nAcme,"Rome\nB,Oslo\n', "a.csv", "never closed"),
}


def is_untouched(folder: Path) -> bool:
    kept = [path for path in (folder / "imports").rglob("*") if path.is_file()]
    return not (kept or FileImport.objects.exists() or Batch.objects.exists() or Customer.objects.exists())


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.mark.parametrize("which", EVIL)
def test_the_page_says_what_is_wrong(signed_in, olga, media, which):
    make, name, said = EVIL[which]
    answer = upload(signed_in(olga), make(), name)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert is_untouched(media)


@pytest.mark.parametrize("which", EVIL)
def test_the_command_says_what_is_wrong(tmp_path, media, which):
    make, name, said = EVIL[which]
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(CommandError, match=said):
        call_command("import_records", "customers", str(path))
    assert is_untouched(media)


def test_the_command_refuses_what_is_too_large_unread(tmp_path, media):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(CommandError, match="larger than 100 MB"):
        call_command("import_records", "customers", str(path))
    assert is_untouched(media)


def test_the_limit_is_a_setting(tmp_path, settings):
    settings.IMPORT_LARGEST_MB = 1
    path = tmp_path / "a.csv"
    path.write_text("Company\n" + "Acme\n" * 300_000)
    with pytest.raises(CommandError, match="larger than 1 MB"):
        call_command("import_records", "customers", str(path))


# --- files that can come in, with something to mind ---


def test_the_same_header_twice_is_told_and_left_to_the_person(signed_in, olga, tmp_path):
    text = "Company,Email,Email\nAcme,a@b.example,c@d.example\n"
    client = signed_in(olga)
    page = client.get(upload(client, text).url)
    assert "Several columns have the same header" in page.content.decode()
    told = choices(client, FileImport.objects.get().pk)
    assert (told["column-1"], told["column-2"]) == ("", "")
    assert "  Several columns have the header “Email”; they were left out. (2)" in run(tmp_path, text.encode(), "a.csv")


def test_the_same_needed_header_twice_needs_a_person(tmp_path):
    with pytest.raises(SystemExit) as ended:
        run(tmp_path, b"Company,Company\nAcme,Globex\n", "a.csv")
    assert ended.value.code == 1


def test_formulas_are_told_and_read_as_they_were_calculated(signed_in, olga, tmp_path):
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Company", "City"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://evil.example","Acme")', None, "Acme")
        sheet.write(1, 1, "Rome")
    client = signed_in(olga)
    page = client.get(upload(client, made.getvalue(), "a.xlsx").url).content.decode()
    assert "The file holds formulas" in page and "evil.example" not in page
    assert any("The file holds formulas" in line for line in run(tmp_path, made.getvalue(), "a.xlsx"))
    assert Customer.objects.get().name == "Acme"


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    run(tmp_path, b"Company,City,E-mail\n=1+1,@SUM(A1),\n=cmd|' /C calc'!A0,Rome,broken\n", "a.csv",
        "--refused", str(tmp_path / "back.csv"))  # fmt: skip
    assert (Customer.objects.get().name, Customer.objects.get().city) == ("=1+1", "@SUM(A1)")
    assert "\n'=cmd|' /C calc'!A0,Rome,broken," in (tmp_path / "back.csv").read_text("utf-8-sig")


def test_columns_without_a_field_are_named_by_the_command(tmp_path):
    assert "  column “Gender”" in run(tmp_path, b"Company,Gender\nAcme,x\n", "a.csv")


def run(tmp_path, data, name, *args):
    path, out = tmp_path / name, io.StringIO()
    path.write_bytes(data)
    call_command("import_records", "customers", str(path), *args, stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


# --- 200 MB over the line ---


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_200_mb_are_refused_with_flat_memory_and_a_clean_disk(live_server, signed_in, olga, tmp_path, media, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    client = signed_in(olga)
    page = client.get("/import/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status, body = send(live_server, cookies, token, megabytes=200)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    assert status == 400
    assert "larger than 100 MB" in body
    assert grown < 40, f"{grown} MB"
    assert not list(tmp_path.glob("*.upload*")) and is_untouched(media)


def send(server, cookies, token, *, megabytes):
    """Posts a file in pieces, so that this side holds only one of them."""
    mark = "thebound"
    fields = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("csrfmiddlewaretoken", token), ("kind", "customer"))
    )
    file = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    head, tail, piece = (fields + file).encode(), f"\r\n--{mark}--\r\n".encode(), b"Company\n" * (1 << 17)
    connection = http.client.HTTPConnection(server.thread.host, server.thread.port, timeout=60)
    connection.putrequest("POST", "/import/")
    for name, value in {
        "Content-Type": f"multipart/form-data; boundary={mark}", "Cookie": cookies,
        "Content-Length": str(len(head) + megabytes * len(piece) + len(tail)),
    }.items():  # fmt: skip
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(head)
    for _piece in range(megabytes):
        connection.send(piece)
    connection.send(tail)
    with closing(connection), connection.getresponse() as answer:
        return answer.status, answer.read().decode()
