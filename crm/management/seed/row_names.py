"""Names in three scripts, with the keys that go with them: few thousand, which the rows share with a number behind."""

from typing import Any

from django.db import connection

from crm import normalise

COMPANIES = 20_000
PEOPLE = 5_000

_EN = "Nor Bal Kes Fal Lin Mar Har Sil Red Sto Wey Bran Ost Ald Cor Dun Elm Gre Hol Ives".split()
_EN_END = (
    "berg dale mere ford wick ton haven brook field stone ley holm marsh gate crest bury land well mouth cliff".split()
)
_EN_TRADE = "Pumps Logistics Foods Energy Marine Software Textiles Robotics Timber Optics".split()
_EN_FORM = ["GmbH", "Ltd", "Inc.", "AG", "LLC"]
_ZH_CITY = "上海 北京 深圳 杭州 广州 成都 苏州 南京 武汉 西安 青岛 宁波".split()
_ZH = "星海云山青禾锦南远明华泰盛宏瑞安康达信"
_ZH_TRADE = "科技 电子 物流 食品 医疗器械 软件 建材 教育咨询".split()
_RU = "Северн Западн Восточн Светл Тих Дальн Нов Берёзов Золот Каменн Речн Морск Лесн Степн Снежн Ясн".split()
_RU_END = "ветер берег ключ город маяк путь порт парус мост бор дом луч сад край лёд остров".split()
_RU_TRADE = "Строй Энерго Торг Пром Транс Агро Мед Тех".split()
_EN_GIVEN = (
    "Maria Jonas Clara Peter Helen Oliver Ingrid Marco Sofia Daniel Emma Victor Laura Henrik Julia Simon".split()
)
_EN_FAMILY = "Keller Novak Hughes Olsen Marsh Bauer Rossi Dubois Lindholm Carter Weiss Moreau Silva Jensen Graf".split()
_ZH_GIVEN = "伟 芳 敏 静 磊 洋 艳 勇 军 杰 娟 涛 超 明 霞 平 志强 建华 晓燕 文博".split()
_ZH_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡"
_RU_GIVEN = "Иван Мария Олег Анна Пётр Елена Сергей Ольга Павел Нина Андрей Вера Игорь Дарья".split()
_RU_FAMILY = "Соловьёв Лебедев Морозов Зайцев Павлов Орлов Ковалёв Белов Тарасов Киселёв Фролов".split()


def make_names() -> None:
    """Temporary ``seed_company`` and ``seed_person``. Of five in a row three are Latin, one Chinese, one Russian."""
    _table("seed_company (n int PRIMARY KEY, name text, sort_key text, company_key text)")
    _table("seed_person (n int PRIMARY KEY, name text, given text, family text, sort_key text)")
    companies = ((n, _company(n)) for n in range(1, COMPANIES + 1))
    _copy("seed_company", ((n, x, normalise.sort_key(x), normalise.company_key(x)) for n, x in companies))
    people = ((n, *_person(n)) for n in range(1, PEOPLE + 1))
    _copy("seed_person", ((n, x, given, family, normalise.sort_key(x)) for n, x, given, family in people))


def company_names() -> list[str]:
    """All of them, in order."""
    return [_company(n) for n in range(1, COMPANIES + 1)]


def _company(n: int) -> str:
    if n % 5 == 3:
        word = _taken(n // 5, _ZH, 1) + _taken(n // 5, _ZH, len(_ZH))
        return f"{_taken(n, _ZH_CITY, 400)}{word}{_taken(n, _ZH_TRADE, 35)}有限公司"
    if n % 5 == 4:
        return f"ООО «{_taken(n, _RU, 5)}ый {_taken(n, _RU_END, 80)} {_taken(n, _RU_TRADE, 1280)}»"
    word = _taken(n, _EN, 1) + _taken(n, _EN_END, 20)
    return f"{word} {_taken(n, _EN_TRADE, 400)} {_taken(n, _EN_FORM, 4000)}"


def _person(n: int) -> tuple[str, str, str]:
    if n % 5 == 3:
        given, family = _taken(n, _ZH_GIVEN, 5), _taken(n, _ZH_FAMILY, 100)
        return family + given, given, family
    names = (_RU_GIVEN, _RU_FAMILY) if n % 5 == 4 else (_EN_GIVEN, _EN_FAMILY)
    given, family = _taken(n, names[0], 1), _taken(n, names[1], len(names[0]))
    return f"{given} {family}", given, family


def _taken(n: int, words: Any, width: int) -> str:
    """One digit of the number ``n``, spelled in these words."""
    return words[n // width % len(words)]


def _table(columns: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {columns} ON COMMIT DROP")


def _copy(table: str, rows: Any) -> None:
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {table} FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)
