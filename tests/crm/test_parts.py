import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError, engines

from crm.icon_sprite import declared_icons, write_sprite
from crm.initials import initials


def show(source, **context):
    return engines["django"].from_string("{% load look %}" + source).render(context)


def test_a_part_prints_its_slots_and_body():
    page = show(
        '{% part "card" title="Facts" %}{% slot "actions" %}<a>{{ verb }}</a>{% endslot %}'
        "body of {{ name }}{% endpart %}",
        verb="Edit",
        name="Acme",
    )
    assert re.search(r"card-actions.><a>Edit</a>", page)
    assert re.search(r"card-body.>body of Acme<", page)


def test_a_part_does_not_see_the_variables_of_the_page():
    assert "Page" not in show('{% part "card" %}body{% endpart %}', title="Page")


def test_a_part_inside_a_part_keeps_its_own_slots():
    page = show(
        '{% part "card" title="Outer" %}'
        '{% part "card" title="Inner" %}{% slot "actions" %}in{% endslot %}x{% endpart %}'
        '{% slot "footer" %}out{% endslot %}{% endpart %}'
    )
    assert page.count("card-actions") == 1
    assert page.count("card-footer") == 1


def test_arguments_are_escaped():
    assert "<script>" not in show('{% part "card" title=bad %}{{ bad }}{% endpart %}', bad="<script>")


def test_an_unknown_icon_is_a_mistake_told_at_once():
    with pytest.raises(TemplateSyntaxError, match="is not in crm/icons"):
        show('{% icon "no-such-icon" %}')


def test_an_icon_is_decoration_unless_it_is_named():
    assert 'aria-hidden="true"' in show('{% icon "phone" %}')
    assert 'aria-label="&lt;Call&gt;"' in show('{% icon "phone" label=text %}', text="<Call>")


def test_every_icon_written_in_a_template_is_declared():
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    written = {name for file in templates for name in re.findall(r'{% icon "([\w-]+)"', file.read_text("utf-8"))}
    assert written - declared_icons() == set()


def test_the_sprite_holds_each_declared_icon_and_an_unknown_one_stops_it(tmp_path):
    for name in declared_icons():
        (tmp_path / f"{name}.svg").write_text('<svg\n width="24">\n<path d="M1 1" />\n</svg>\n')
    target = tmp_path / "out" / "icons.svg"
    assert write_sprite(tmp_path, target) == target.read_text().count("<symbol") == len(declared_icons())
    (tmp_path / "phone.svg").unlink()
    with pytest.raises(FileNotFoundError):
        write_sprite(tmp_path, target)


def test_a_moment_carries_its_long_form_and_its_machine_form():
    at = datetime(2020, 3, 4, 5, 6, tzinfo=UTC)
    page = show("{% when at %}|{% when at 'moment' %}|{% when nothing %}", at=at, nothing=None)
    assert 'datetime="2020-03-04T05:06:00+00:00"' in page
    assert 'title="Wednesday, March 4, 2020, 05:06 UTC"' in page
    assert ">4 Mar 2020 05:06<" in page
    assert page.endswith('<span class="text-secondary">–</span>')


def test_zero_is_a_figure_and_not_a_gap():
    assert show("{% number 0 %} {% money 0 'EUR' %}") == "0 €0.00"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Alice Meyer", "AM"), ("alice", "A"), ("王小明", "小明"), ("李雷", "雷"), ("Анна Каренина", "АК"), ("", "?")],
)
def test_initials_say_most_in_two_letters(name, letters):
    assert initials(name) == letters


def test_a_person_s_name_is_escaped():
    class Person:
        pk, name = 3, "<b>Zoe</b>"

    assert "<b>" not in show("{% person who %}", who=Person())
