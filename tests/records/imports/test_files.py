"""Files of every make: encodings, delimiters, line ends, headers; and files that mean harm."""

import io
import zipfile

import pytest
import xlsxwriter
import xlwt

from customers.imports.customers import CUSTOMERS
from records.imports.problems import FileProblem
from records.imports.table import open_table

RUSSIAN = "Название,Телефон,Комментарий\nООО «Ромашка»,+7 495 1234567,Звонить утром\nЗАО Заря,,Ё\n"
CHINESE = "客户名称,电话,备注\n上海星辰科技有限公司,021-5555,重要客户，请尽快联系\n北京朝阳贸易,,无\n"
WESTERN = "Company,City,Notes\nMüller & Söhne,Köln,Größe egal\nCafé Noël,Besançon,à bientôt\n"


def table_of(tmp_path, data, name="file.csv", **choice):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return open_table(path, name, folder=tmp_path / "sheets", knows=CUSTOMERS.knows, choice=choice)


def cells(table):
    return [row.cells for row in table]


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (RUSSIAN, "utf-8", "utf-8-sig"),
        (RUSSIAN, "utf-8-sig", "utf-8-sig"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (RUSSIAN, "utf-16-be", "utf-16-be"),
        (CHINESE, "utf-8", "utf-8-sig"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        (WESTERN, "utf-8", "utf-8-sig"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-16-le", "utf-16-le"),
    ],
)
def test_each_encoding_is_recognised(tmp_path, text, encoding, found):
    table = table_of(tmp_path, text.encode(encoding))
    assert table.encoding == found
    assert [list(table.headers), *cells(table)] == [line.split(",") for line in text.splitlines()]


@pytest.mark.parametrize("words", ["Я", "ИНН", "Иванов", "ООО ОАО ЗАО", "Ёлка и ель", "Газпром — нефть"])
def test_short_russian_is_not_taken_for_chinese(tmp_path, words):
    table = table_of(tmp_path, f"name,city\n{words},Москва\n".encode("cp1251"))
    assert table.encoding == "cp1251"


@pytest.mark.parametrize("words", ["张某", "中国石油", "名称", "李小姐、王先生"])
def test_short_chinese_is_not_taken_for_russian(tmp_path, words):
    assert table_of(tmp_path, f"name,city\n{words},上海\n".encode("gb18030")).encoding == "gb18030"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_and_line_ends(tmp_path, end, mark):
    table = table_of(tmp_path, end.join(mark.join(row) for row in (["name", "city"], ["Acme", "Rome"], ["B", "Oslo"])))
    assert (table.delimiter, cells(table)) == (mark, [["Acme", "Rome"], ["B", "Oslo"]])


def test_titles_above_the_header_and_blank_lines_are_passed_over(tmp_path):
    table = table_of(tmp_path, "Customers of the north,,\n\nName,City,Phone\nAcme,Rome,1\n\n,,\nB,Oslo,2\n")
    assert table.headers == ("Name", "City", "Phone")
    assert [row.number for row in table] == [4, 7]


def test_quotes_hold_line_breaks_and_marks(tmp_path):
    table = table_of(tmp_path, 'name,notes\nAcme,"said ""yes"",\nthen no"\n')
    assert cells(table) == [["Acme", 'said "yes",\nthen no']]


def test_short_rows_are_filled_and_long_ones_told(tmp_path):
    first, second = table_of(tmp_path, "name,city,phone\nAcme\nB,Oslo,1,surplus\n")
    assert (first.cells, first.extra) == (["Acme", "", ""], False)
    assert second.extra


def test_a_file_without_header_gets_numbered_columns(tmp_path):
    table = table_of(tmp_path, "Acme,info@acme.example,2020-01-01\nGlobex,x@globex.example,2021-01-01\n")
    assert table.headers == ("Column 1", "Column 2", "Column 3")
    assert table.rows == 2


def test_the_same_header_twice_is_told(tmp_path):
    assert table_of(tmp_path, "Name,Email,email\nAcme,a@b.example,c@d.example\n").repeated == ("Email", "email")


def test_a_guarded_formula_loses_its_apostrophe(tmp_path):
    assert cells(table_of(tmp_path, "name,city\n'=1+1,'-5\n")) == [["=1+1", "-5"]]


def workbook(rows, **sheets):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for name, lines in {"Sheet1": rows, **sheets}.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)
    return made.getvalue()


def test_workbooks_are_read_as_a_person_sees_them(tmp_path):
    data = workbook([["Title"], [], ["Name", "Phone", "Revenue"], ["Acme", 13800000000, 12.5]])
    table = table_of(tmp_path, data, "book.xlsx")
    assert (table.headers, cells(table)) == (("Name", "Phone", "Revenue"), [["Acme", "13800000000", "12.5"]])
    assert next(iter(table)).number == 4


def test_the_sheet_that_fits_the_kind_is_chosen(tmp_path):
    data = workbook([["x", "y"], [1, 2]], Customers=[["Name", "City"], ["Acme", "Rome"]])
    table = table_of(tmp_path, data, "book.xlsx")
    assert (table.sheet, table.sheets) == ("Customers", ("Sheet1", "Customers"))
    assert table_of(tmp_path, data, "book.xlsx", sheet="Sheet1").sheet == "Sheet1"


def test_old_workbooks_are_read(tmp_path):
    book = xlwt.Workbook()
    for row, line in enumerate([["Name", "City"], ["Acme", "Rom"]]):
        for column, cell in enumerate(line):
            if row == 0 and column == 0:
                sheet = book.add_sheet("One")
            sheet.write(row, column, cell)
    made = io.BytesIO()
    book.save(made)
    assert cells(table_of(tmp_path, made.getvalue(), "old.xls")) == [["Acme", "Rom"]]


def test_a_formula_is_read_as_its_last_value(tmp_path):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Revenue"])
        sheet.write(1, 0, "Acme")
        sheet.write_formula(1, 1, "=40+2", None, 42)
    table = table_of(tmp_path, made.getvalue(), "book.xlsx")
    assert (cells(table), table.formulas) == ([["Acme", "42"]], 1)


# --- files that cannot come in ---


def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _piece in range(700):
                part.write(b"\0" * (1 << 20))
    return made.getvalue()


def lying_bomb():
    """Its directory declares ten bytes."""
    data, real = bytearray(bomb()), (700 << 20).to_bytes(4, "little")
    return bytes(data).replace(real, (10).to_bytes(4, "little"))


def encrypted():
    data = bytearray(workbook([["Name"], ["Acme"]]))
    place = -1
    while (place := data.find(b"PK\x01\x02", place + 1)) >= 0:
        data[place + 8] |= 1
    return bytes(data)


def renamed():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "empty"),
        (b"\r\n \n", "a.csv", "empty"),
        (b"\xef\xbb\xbf", "a.csv", "empty"),
        (b"Name,City\n", "a.csv", "no_rows"),
        (b"<!DOCTYPE html><html><body><table><tr><td>Name</td></tr></table></body></html>", "a.csv", "html"),
        ("\ufeff<html><body>x</body></html>".encode("utf-16-le"), "a.csv", "html"),
        (b"<table><tr><td>Name</td></tr></table>", "a.xls", "html"),
        (b"%PDF-1.7 ...", "a.csv", "wrong_type"),
        (b"\x89PNG\r\n\x1a\n....", "a.csv", "wrong_type"),
        (b'{"name": "Acme"}', "a.json", "wrong_type"),
        (b"name,city\nAc\0me,Rome\n", "a.csv", "nul"),
        (b"name,city\n" + b"A,B\n" * 90_000 + b"Ac\0me,Rome\n", "a.csv", "nul"),
        ("name,city\nКёльн,Рим\nМосква,Тверь\n".encode().replace("Тверь".encode(), b"\xd0\xff"), "a.csv", "encoding"),
        (b"\xff\xfen\0a\0m\0e\0\n\0\x00\xd8", "a.csv", "encoding"),
        (b'name,city\nAcme,"Rome\nB,Oslo\n', "a.csv", "unclosed_quote"),
        (b"name,city\nAcme," + b"x" * 200_000 + b"\n", "a.csv", "cell_too_long"),
        (",".join(f"c{n}" for n in range(5000)).encode() + b"\n1\n", "a.csv", "too_many_columns"),
        (b"PK\x03\x04 broken", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "a.xls", "damaged"),
    ],
)
def test_a_file_that_cannot_come_in_says_why(tmp_path, data, name, code):
    with pytest.raises(FileProblem) as found:
        table_of(tmp_path, data, name)
    assert found.value.code == code
    assert str(found.value)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bomb, "bomb"),
        (lying_bomb, "bomb"),
        (encrypted, "password"),
        (renamed, "wrong_type"),
        (lambda: workbook([[]]), "no_sheet"),
        (lambda: workbook([[f"c{n}" for n in range(5000)], ["x"]]), "too_many_columns"),
        (lambda: workbook([["Name"], ["Acme"]])[:-200], "damaged"),
    ],
)
def test_a_workbook_that_cannot_come_in_says_why(tmp_path, make, code):
    with pytest.raises(FileProblem) as found:
        table_of(tmp_path, make(), "book.xlsx")
    assert found.value.code == code


def test_memory_stays_flat_while_rows_stream(tmp_path):
    import tracemalloc

    path = tmp_path / "long.csv"
    with open(path, "w") as file:
        file.write("name,city\n")
        file.writelines(f"Company {n},City {n % 100}\n" for n in range(100_000))
    tracemalloc.start()
    table = open_table(path, path.name, folder=tmp_path, knows=CUSTOMERS.knows)
    assert sum(1 for _row in table) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20
