"""Names of companies that do not exist, and of nobody in particular, in three languages."""

from leads.states import WayStep

# name, country, city, industry, language
COMPANIES = [
    ("Nordlicht Pumpen GmbH", "DE", "Hamburg", "manufacturing", "en"),
    ("Birkenau Logistik AG", "DE", "Bremen", "logistics", "en"),
    ("Silverbrook Foods Ltd", "GB", "Leeds", "retail", "en"),
    ("Harrow & Finch LLP", "GB", "London", "finance", "en"),
    ("Cedar Valley Energy Inc.", "US", "Denver", "energy", "en"),
    ("Bluewater Marine Corp", "US", "Boston", "manufacturing", "en"),
    ("Atelier Montclair SARL", "FR", "Lyon", "services", "en"),
    ("Costa Verde S.L.", "ES", "Valencia", "hospitality", "en"),
    ("Polder Greenhouse B.V.", "NL", "Delft", "agriculture", "en"),
    ("Fjordtech AS", "NO", "Bergen", "technology", "en"),
    ("Kestrel Software Ltd", "GB", "Bristol", "software", "en"),
    ("Summit Medical Group", "US", "Seattle", "medical", "en"),
    ("上海星辰科技有限公司", "CN", "上海", "technology", "zh-hans"),
    ("北京远山教育咨询有限公司", "CN", "北京", "education", "zh-hans"),
    ("深圳海澜电子有限公司", "CN", "深圳", "manufacturing", "zh-hans"),
    ("杭州青禾软件有限公司", "CN", "杭州", "software", "zh-hans"),
    ("广州南风物流有限公司", "CN", "广州", "logistics", "zh-hans"),
    ("成都锦里食品有限公司", "CN", "成都", "retail", "zh-hans"),
    ("苏州云帆医疗器械有限公司", "CN", "苏州", "medical", "zh-hans"),
    ("ООО «Северный ветер»", "RU", "Мурманск", "logistics", "ru"),
    ("АО «Берёзовая роща»", "RU", "Казань", "agriculture", "ru"),
    ("ООО «Маяк-Энерго»", "RU", "Владивосток", "energy", "ru"),
    ("ООО «Золотой ключ»", "RU", "Самара", "construction", "ru"),
    ("ООО «Светлый город»", "RU", "Пермь", "construction", "ru"),
    ("Lindenhof Klinik GmbH", "DE", "Leipzig", "medical", "en"),
    ("Orchard Street Bakery", "GB", "York", "retail", "en"),
    ("Redwood Timber LLC", "US", "Portland", "construction", "en"),
    ("Aurora Telecom Oy", "FI", "Tampere", "telecommunications", "en"),
    ("Meridian Events GmbH", "AT", "Graz", "entertainment", "en"),
    ("Stonebridge College", "GB", "Durham", "education", "en"),
    ("Wavecrest Hotels S.p.A.", "IT", "Genova", "hospitality", "en"),
    ("Falkenberg Robotics AB", "SE", "Lund", "technology", "en"),
]
CONTACTS = {
    "en": [
        "Maria Keller",
        "James Whitfield",
        "Sofia Duarte",
        "Henrik Dahl",
        "Emily Hart",
        "Lucas Moreau",
        "Nora Visser",
    ],
    "zh-hans": ["王丽华", "李建国", "陈晓雨", "赵明", "周婷"],
    "ru": ["Ирина Соколова", "Дмитрий Орлов", "Елена Маркова", "Павел Громов"],
}
POSITIONS = {
    "en": ["Head of purchasing", "Managing director", "Operations manager", "Technical lead"],
    "zh-hans": ["采购经理", "总经理", "技术负责人"],
    "ru": ["Начальник отдела закупок", "Генеральный директор", "Главный инженер"],
}
PRODUCTS = [
    ("TW-100", "Circulation pump 100", "循环泵 100", "Циркуляционный насос 100", "420.00", "265.00"),
    ("TW-250", "Circulation pump 250", "循环泵 250", "Циркуляционный насос 250", "980.00", "610.00"),
    ("TW-S1", "Pressure sensor", "压力传感器", "Датчик давления", "135.50", "61.00"),
    ("TW-C9", "Control unit", "控制单元", "Блок управления", "2450.00", "1490.00"),
    ("SV-IN", "Installation, per day", "安装（每天）", "Монтаж, день", "760.00", "480.00"),
    ("SV-MT", "Maintenance plan, per year", "维护计划（每年）", "План обслуживания, год", "1200.00", "540.00"),
]
PROJECTS = {
    "en": [
        "Heating renewal, second plant", "Pumps for the new wing", "Maintenance contract", "Cooling line upgrade",
        "Remote diagnosis for all sites", "Boiler house modernisation", "Spare parts, yearly agreement",
    ],
    "zh-hans": ["二厂供暖改造", "新大楼循环泵", "年度维护合同", "冷却线升级", "锅炉房现代化"],
    "ru": [
        "Модернизация котельной", "Насосы для нового корпуса", "Договор на обслуживание", "Обновление линии охлаждения",
        "Удалённая диагностика",
    ],
}  # fmt: skip
TALKS = {
    "en": [
        "Asked for a quote for the second plant.", "Budget is approved, decision at the end of the month.",
        "Left a message with the assistant.", "Showed the control unit; they liked the remote diagnosis.",
        "Wants a reference in the same industry.", "Will call back after the holidays.",
    ],
    "zh-hans": [
        "客户要求第二工厂的报价。", "预算已批准，月底决定。", "已向助理留言。",
        "演示了控制单元，客户很感兴趣。", "节后再联系。",
    ],
    "ru": [
        "Попросили предложение для второго завода.", "Бюджет согласован, решение в конце месяца.",
        "Оставлено сообщение помощнику.", "Показали блок управления, понравилась диагностика.",
        "Перезвонят после праздников.",
    ],
}  # fmt: skip
LEADS = [
    ("Grace Holloway", "Willow Park Hotels", "web", "Needs pumps for three houses."),
    ("Tomás Rivera", "Puerto Azul", "fair", "Met at the fair, wants a call in the morning."),
    ("Anna Lindgren", "Skärgård Fisk AB", "referral", "Recommended by Fjordtech."),
    ("刘洋", "南京博雅实验学校", "web", "咨询校园供暖改造。"),
    ("孙伟", "青岛蓝湾酒店", "phone", "需要三台循环泵的报价。"),
    ("Ольга Белова", "Санаторий «Сосновый бор»", "email", "Запрос на обслуживание котельной."),
    ("Игорь Титов", "ООО «Речной порт»", "web", "Интересует блок управления."),
    ("Peter Novotny", "Moravia Glass a.s.", "advertising", "Comparing three suppliers."),
    ("Claire Dubois", "Clinique du Lac", "web", "Replacement of an old system."),
    ("Omar Haddad", "Cedars Cold Storage", "campaign", "Asked for the brochure."),
    ("Yuki Tanaka", "Sakura Onsen", "web", ""),
    ("Ben Carter", "Carter Brewing Co.", "phone", "Two breweries, one contract."),
]
# Leads that became something: name, company, country, language, source, need, days ago, how far (None: lost)
_LEAD, _INTENT, _OPPORTUNITY, _QUOTED, _WON = WayStep
WAY: list[tuple[str, str, str, str, str, str, float, WayStep | None]] = [
    ("Marta Lindqvist", "Brunnen Spa AB", "SE", "en", "web", "Pumps for a new thermal bath.", 88, _WON),
    ("Owen Pritchard", "Llanfair Dairy Ltd", "GB", "en", "fair", "Cooling line for the second hall.", 81, _QUOTED),
    ("何静", "宁波海川制冷有限公司", "CN", "zh-hans", "web", "咨询冷却线升级。", 76, _WON),
    (
        "Pieter Bakker",
        "Duinzicht Resorts B.V.",
        "NL",
        "en",
        "referral",
        "Recommended by Polder Greenhouse.",
        70,
        _OPPORTUNITY,
    ),
    ("Светлана Жукова", "ООО «Тёплый дом»", "RU", "ru", "phone", "Насосы для двух котельных.", 64, _QUOTED),
    ("Jonas Weber", "Talblick Brauerei GmbH", "DE", "en", "web", "Comparing offers.", 58, None),
    ("Ines Carvalho", "Praia Norte Hotels", "PT", "en", "campaign", "Wants to see a reference first.", 51, _INTENT),
    ("Robert Hale", "Hale Paper Mills", "GB", "en", "phone", "Maintenance for all sites.", 44, _WON),
    ("马超", "无锡东湖纺织有限公司", "CN", "zh-hans", "phone", "锅炉房现代化改造。", 39, _OPPORTUNITY),
    ("Freya Sand", "Sandvik Greenhouses", "DK", "en", "web", "Only looking around.", 34, None),
    ("Laura Rossi", "Terme di Collina S.r.l.", "IT", "en", "fair", "Renewal before the season.", 27, _WON),
    ("Кирилл Фомин", "АО «Волжский пекарь»", "RU", "ru", "web", "Обновление линии охлаждения.", 25, _QUOTED),
    ("Hannah Krüger", "Seehof Klinik GmbH", "DE", "en", "referral", "Recommended by Lindenhof.", 24, _WON),
    ("郑凯", "厦门鹭岛酒店", "CN", "zh-hans", "campaign", "新大楼需要循环泵。", 22, _QUOTED),
    ("Simon Archer", "Archer Cold Chain", "GB", "en", "web", "Price list, please.", 21, None),
    ("Elif Demir", "Bosporus Textile A.Ş.", "TR", "en", "advertising", "Two boiler houses.", 19, _OPPORTUNITY),
    ("Nina Hofer", "Alpenquell Wasser GmbH", "AT", "en", "web", "A plan for yearly maintenance.", 17, _QUOTED),
    ("Артём Лебедев", "ООО «Чистая вода»", "RU", "ru", "referral", "Датчики давления для станции.", 15, _OPPORTUNITY),
    ("Julien Marchand", "Laiterie du Val", "FR", "en", "phone", "Heating of the new hall.", 13, _INTENT),
    ("胡敏", "长沙湘江食品有限公司", "CN", "zh-hans", "web", "需要压力传感器报价。", 12, _OPPORTUNITY),
    ("Alice Thornton", "Thornton Nurseries", "GB", "en", "email", "Call after the weekend.", 9, _INTENT),
    ("Mikael Berg", "Bergslagen Stål AB", "SE", "en", "fair", "Talks with the board next week.", 7, _LEAD),
]
