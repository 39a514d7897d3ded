import pytest
from django.utils import translation

from records import dictionary
from records.models import DictionaryEntry

pytestmark = pytest.mark.django_db


def test_built_in_lists_are_installed_in_three_languages():
    entry = dictionary.entry_by_code("lead_source", "web")
    assert entry.label == "Web form"
    with translation.override("zh-hans"):
        assert entry.label == "网站表单"
    with translation.override("ru"):
        assert entry.label == "Форма на сайте"


def test_installing_again_keeps_what_was_edited():
    DictionaryEntry.objects.filter(list="lead_source", code="web").update(name="Our site")
    dictionary.install_built_in_entries()
    assert dictionary.entry_by_code("lead_source", "web").name == "Our site"


def test_entries_switched_off_are_not_offered():
    DictionaryEntry.objects.filter(list="lead_source", code="web").update(is_active=False)
    assert "Web form" not in [label for _pk, label in dictionary.choices("lead_source")]
