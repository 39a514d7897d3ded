"""All editable choice lists: what comes with the product, and the choices in the reader's language.

``LISTS``: list → code → (English, Chinese, Russian). A room that needs a list adds it here.
"""

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from records.models.dictionary_entry import DictionaryEntry

# What each list is for, on the pages where it is edited.
TITLES: dict[str, Any] = {
    "lead_source": _("Sources of leads and customers"),
    "lead_lost_reason": _("Why leads are lost"),
    "industry": _("Industries"),
    "region": _("Regions"),
    "intention": _("Intentions"),
    "purchase_motive": _("Purchase motives"),
    "demand_type": _("Types of demand"),
    "relation": _("Relations"),
    "contact_role": _("Roles of contacts in the decision"),
    "activity_outcome": _("Outcomes of activities"),
    "release_reason": _("Why customers are released"),
    "customer_invalid_reason": _("Why customers are not valid"),
    "churn_reason": _("Why customers are lost"),
    "product_category": _("Series of products"),
    "product_unit": _("Units"),
    "opportunity_lost_reason": _("Why opportunities are lost"),
    "quote_decline_reason": _("Why quotes are declined"),
    "order_cancel_reason": _("Why orders are cancelled"),
    "order_return_reason": _("Why goods come back"),
}

LISTS: dict[str, dict[str, tuple[str, str, str]]] = {
    "lead_source": {
        "web": ("Web form", "网站表单", "Форма на сайте"),
        "phone": ("Phone", "电话", "Телефон"),
        "email": ("E-mail", "电子邮件", "Электронная почта"),
        "referral": ("Referral", "推荐", "Рекомендация"),
        "campaign": ("Campaign", "市场活动", "Кампания"),
        "fair": ("Trade fair", "展会", "Выставка"),
        "advertising": ("Advertising", "广告", "Реклама"),
        "import": ("Import", "导入", "Импорт"),
        "api": ("API", "接口", "API"),
        "other": ("Other", "其他", "Другое"),
    },
    "industry": {
        "technology": ("Technology", "科技", "Технологии"),
        "software": ("Software", "软件", "Программное обеспечение"),
        "manufacturing": ("Manufacturing", "制造业", "Производство"),
        "retail": ("Retail", "零售", "Розничная торговля"),
        "finance": ("Finance", "金融", "Финансы"),
        "medical": ("Medical", "医疗", "Медицина"),
        "education": ("Education", "教育", "Образование"),
        "construction": ("Construction", "建筑", "Строительство"),
        "energy": ("Energy", "能源", "Энергетика"),
        "agriculture": ("Agriculture", "农业", "Сельское хозяйство"),
        "logistics": ("Logistics", "物流", "Логистика"),
        "telecommunications": ("Telecommunications", "电信", "Телекоммуникации"),
        "marketing": ("Marketing", "市场营销", "Маркетинг"),
        "entertainment": ("Entertainment", "娱乐", "Развлечения"),
        "employment": ("Employment services", "人力资源", "Подбор персонала"),
        "hospitality": ("Hospitality", "酒店餐饮", "Гостиницы и рестораны"),
        "services": ("Services", "服务业", "Услуги"),
        "public": ("Public sector", "公共部门", "Государственный сектор"),
        "other": ("Other", "其他", "Другое"),
    },
    "lead_lost_reason": {
        "no_need": ("No need", "没有需求", "Нет потребности"),
        "no_budget": ("No budget", "没有预算", "Нет бюджета"),
        "unreachable": ("Cannot be reached", "无法联系", "Не удалось связаться"),
        "duplicate": ("Duplicate", "重复", "Дубликат"),
        "competitor": ("Chose a competitor", "选择了竞争对手", "Выбрали конкурента"),
        "spam": ("Spam", "垃圾信息", "Спам"),
        "other": ("Other", "其他", "Другое"),
    },
    "opportunity_lost_reason": {
        "price": ("Price", "价格", "Цена"),
        "product": ("Product does not fit", "产品不合适", "Продукт не подошёл"),
        "competitor": ("Chose a competitor", "选择了竞争对手", "Выбрали конкурента"),
        "no_decision": ("No decision", "没有决定", "Решение не принято"),
        "no_budget": ("No budget", "没有预算", "Нет бюджета"),
        "timing": ("Timing", "时机不对", "Не то время"),
        "unknown": ("Not recorded", "未记录", "Не указано"),
        "other": ("Other", "其他", "Другое"),
    },
    "product_category": {},
    "product_unit": {
        "piece": ("piece", "件", "шт."),
        "hour": ("hour", "小时", "час"),
        "day": ("day", "天", "день"),
        "month": ("month", "月", "месяц"),
        "year": ("year", "年", "год"),
        "kg": ("kg", "千克", "кг"),
        "metre": ("metre", "米", "м"),
        "set": ("set", "套", "комплект"),
        "licence": ("licence", "许可", "лицензия"),
    },
    "release_reason": {
        "no_need": ("No need now", "暂无需求", "Сейчас нет потребности"),
        "unreachable": ("Cannot be reached", "无法联系", "Не удалось связаться"),
        "out_of_area": ("Outside my area", "不在我的区域", "Не мой регион"),
        "no_capacity": ("No capacity", "精力不足", "Нет времени"),
        "left": ("Its owner has left", "负责人已离职", "Ответственный ушёл"),
        "other": ("Other", "其他", "Другое"),
    },
    "churn_reason": {
        "price": ("Price", "价格", "Цена"),
        "quality": ("Quality", "质量", "Качество"),
        "service": ("Service", "服务", "Обслуживание"),
        "competitor": ("Went to a competitor", "转向竞争对手", "Ушли к конкуренту"),
        "no_need": ("No need any more", "不再需要", "Больше нет потребности"),
        "closed": ("Gave up business", "已停业", "Прекратили деятельность"),
        "contact_left": ("Our contact left", "联系人离职", "Ушло контактное лицо"),
        "other": ("Other", "其他", "Другое"),
    },
    "quote_decline_reason": {
        "price": ("Price", "价格", "Цена"),
        "terms": ("Terms", "条款", "Условия"),
        "competitor": ("Chose a competitor", "选择了竞争对手", "Выбрали конкурента"),
        "other": ("Other", "其他", "Другое"),
    },
    "order_cancel_reason": {
        "customer": ("Customer withdrew", "客户取消", "Клиент отказался"),
        "mistake": ("Entered by mistake", "误录入", "Введено по ошибке"),
        "supply": ("Cannot be supplied", "无法供货", "Нет возможности поставить"),
        "other": ("Other", "其他", "Другое"),
    },
    "order_return_reason": {
        "defect": ("Defective", "有缺陷", "Брак"),
        "wrong": ("Not what was ordered", "与订单不符", "Не то, что заказано"),
        "unneeded": ("No longer needed", "不再需要", "Больше не нужно"),
        "late": ("Came too late", "到货太晚", "Пришло слишком поздно"),
        "mistake": ("Entered by mistake", "误录入", "Введено по ошибке"),
        "other": ("Other", "其他", "Другое"),
    },
    "contact_role": {
        "decides": ("Decides", "决策者", "Принимает решение"),
        "influences": ("Influences", "影响者", "Влияет на решение"),
        "buys": ("Purchasing", "采购", "Закупки"),
        "uses": ("Uses", "使用者", "Пользователь"),
        "finance": ("Finance", "财务", "Финансы"),
        "gatekeeper": ("Assistant", "助理", "Помощник"),
    },
    "region": {
        "north": ("North", "华北", "Север"),
        "east": ("East", "华东", "Восток"),
        "south": ("South", "华南", "Юг"),
        "west": ("West", "西部", "Запад"),
        "central": ("Central", "华中", "Центр"),
        "abroad": ("Abroad", "海外", "За рубежом"),
    },
    "intention": {
        "none": ("None yet", "暂无意向", "Пока нет"),
        "general": ("General interest", "一般意向", "Общий интерес"),
        "concrete": ("Concrete need", "明确需求", "Конкретная потребность"),
        "urgent": ("Buys soon", "近期采购", "Купит скоро"),
    },
    "purchase_motive": {
        "price": ("Price", "价格", "Цена"),
        "quality": ("Quality", "质量", "Качество"),
        "service": ("Service", "服务", "Сервис"),
        "brand": ("Brand", "品牌", "Бренд"),
        "delivery": ("Speed of delivery", "交付速度", "Скорость поставки"),
        "replacement": ("Replacement", "更新换代", "Замена"),
        "expansion": ("Expansion", "业务扩张", "Расширение"),
    },
    "demand_type": {
        "one_off": ("Once", "一次性", "Разовый"),
        "recurring": ("Recurring", "持续性", "Регулярный"),
        "project": ("Project", "项目型", "Проектный"),
        "seasonal": ("Seasonal", "季节性", "Сезонный"),
    },
    "relation": {
        "new": ("New", "新客户", "Новый"),
        "regular": ("Regular", "普通客户", "Обычный"),
        "key": ("Key customer", "重点客户", "Ключевой"),
        "partner": ("Partner", "合作伙伴", "Партнёр"),
        "strategic": ("Strategic", "战略客户", "Стратегический"),
    },
    "customer_invalid_reason": {
        "closed": ("Business closed", "已停业", "Закрыто"),
        "unreachable": ("Cannot be reached", "无法联系", "Не удалось связаться"),
        "wrong_data": ("Wrong data", "信息有误", "Неверные данные"),
        "not_a_customer": ("Not a possible customer", "非目标客户", "Не наш клиент"),
        "other": ("Other", "其他", "Другое"),
    },
    "activity_outcome": {
        "reached": ("Reached", "已联系上", "Связались"),
        "not_reached": ("Not reached", "未联系上", "Не дозвонились"),
        "call_back": ("Call back later", "稍后回电", "Перезвонить позже"),
        "interested": ("Interested", "有兴趣", "Есть интерес"),
        "not_interested": ("Not interested", "没有兴趣", "Нет интереса"),
    },
}


def entries(of: str) -> list[DictionaryEntry]:
    """The offered entries of a list, in their order."""
    return list(DictionaryEntry.objects.filter(list=of, is_active=True).order_by("order", "name", "id"))


def choices(of: str) -> list[tuple[int, str]]:
    """The offered entries as (id, name in the active language)."""
    return [(entry.pk, entry.label) for entry in entries(of)]


def reasons(of: str) -> list[tuple[str, str]]:
    """The offered entries as (code, name), for the question of a verb; kept for a minute: they are on every page."""
    key = f"dictionary-{of}"
    found = cache.get(key)
    if found is None:
        found = [(entry.code, entry.name, entry.name_zh, entry.name_ru) for entry in entries(of)]
        cache.set(key, found, 60)
    return [(code, DictionaryEntry(name=en, name_zh=zh, name_ru=ru).label) for code, en, zh, ru in found]


def entry_by_code(of: str, code: str) -> DictionaryEntry | None:
    return DictionaryEntry.objects.filter(list=of, code=code).first()


def install_built_in_entries(**_signal: Any) -> None:
    """Adds the entries that are missing and touches no row that exists."""
    DictionaryEntry.objects.bulk_create(
        [
            DictionaryEntry(list=of, code=code, name=en, name_zh=zh, name_ru=ru, order=(place + 1) * 10)
            for of, known in LISTS.items()
            for place, (code, (en, zh, ru)) in enumerate(known.items())
        ],
        ignore_conflicts=True,
    )
