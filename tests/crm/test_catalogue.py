import pytest
from babel.messages.pofile import read_po

from crm import catalogue


@pytest.fixture
def project(tmp_path):
    room = tmp_path / "leads"
    (room / "migrations").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "models.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy\n"
        'label = _("Lead")\nbadge = pgettext_lazy("rating", "hot")\n'
        'def say(n):\n    return ngettext("%(n)d lead", "%(n)d leads", n) % {"n": n}\n'
    )
    (room / "migrations" / "0001_initial.py").write_text('verbose_name = _("From a migration")\n')
    page = tmp_path / "templates" / "leads"
    page.mkdir(parents=True)
    (page / "list.html").write_text(
        "{% load i18n %}<div>\n   {# {% translate 'Hidden' %} #}<b title='{% translate \"Who is it?\" %}'>\n"
        "{% blocktranslate trimmed with name=lead.name %}\n   Assign\n   {{ name }}\n{% endblocktranslate %}</b></div>"
    )
    return tmp_path


def translate(project, language, **strings):
    """Fills the catalogue: by text, one string or a tuple of plural forms."""
    path = catalogue.path_of(project, language)
    with path.open("rb") as file:
        kept = read_po(file, locale=language)
    for message in kept:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            message.string = strings.get(first, strings.get("otherwise", ""))
    path.write_text(catalogue.as_text(kept), "utf-8")


RUSSIAN = {
    "Lead": "Лид",
    "hot": "горячий",
    "%(n)d lead": ("%(n)d лид", "%(n)d лида", "%(n)d лидов"),
    "Who is it?": "Кто это?",
    "Assign %(name)s": "Назначить %(name)s",
}


def problems(project, language="ru"):
    return [one.problem for one in catalogue.findings(project, language, catalogue.extracted(project))]


def test_texts_of_code_and_templates_are_found_but_not_of_migrations_and_comments(project):
    found = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue.extracted(project)}
    assert found == {"", "Lead", "hot", "%(n)d lead", "Who is it?", "Assign %(name)s"}


def test_each_language_gets_its_plural_forms(project):
    for language, forms in (("ru", 3), ("zh_Hans", 1)):
        catalogue.refresh(project, language)
        text = catalogue.path_of(project, language).read_text("utf-8")
        assert f"nplurals={forms}" in text
        assert text.count("msgstr[") == forms


def test_translations_are_kept_when_the_code_changes(project):
    catalogue.refresh(project, "ru")
    translate(project, "ru", **RUSSIAN)
    (project / "leads" / "views.py").write_text('title = _("Leads of the team")\n')
    assert catalogue.refresh(project, "ru") == 1
    text = catalogue.path_of(project, "ru").read_text("utf-8")
    assert "горячий" in text
    assert "лидов" in text


def test_a_second_run_changes_nothing(project):
    catalogue.refresh(project, "ru")
    before = catalogue.path_of(project, "ru").read_bytes()
    catalogue.refresh(project, "ru")
    assert catalogue.path_of(project, "ru").read_bytes() == before
    assert b"models.py:" not in before
    assert b"Date" not in before


def test_a_complete_language_has_no_findings_and_is_compiled(project):
    catalogue.refresh(project, "ru")
    translate(project, "ru", **RUSSIAN)
    assert catalogue.refresh(project, "ru") == 0
    assert problems(project) == []
    assert catalogue.path_of(project, "ru").with_suffix(".mo").exists()


def test_what_is_missing_stale_or_says_other_placeholders_is_found(project):
    assert "the catalogue is stale: run manage.py messages" in problems(project)
    catalogue.refresh(project, "ru")
    assert problems(project) == ["untranslated"] * 5
    broken = RUSSIAN | {"Assign %(name)s": "Назначить %(nmae)s", "%(n)d lead": ("%(n)d лид", "%(n)d лида", "")}
    translate(project, "ru", **broken)
    assert sorted(problems(project)) == ["placeholders differ", "untranslated"]
