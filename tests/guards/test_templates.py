"""What the content security policy and the house rules ask of templates."""

import re
from pathlib import Path

import pytest
from django.template import Context, Origin, Template, engines

from crm.testing.undefined import UndefinedVariable
from tests.guards.source import ROOT, files, report

FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an inline event handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.I),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.I),
    "evaluated htmx": re.compile(r"\bhx-(?:on\b|vals\s*=\s*[\"']js:|vars\b)", re.I),
}
COMMENT = re.compile(r"{% comment.*?%}.*?{% endcomment %}|{#.*?#}|<!--.*?-->", re.S)


def test_templates_hold_no_inline_script_or_style():
    findings = [f for path, text in pages() for f in inline(path, text)]
    assert not findings, report(findings, "Move it to static/js or static/css; attach it by a data- attribute.")


def test_a_fragment_never_extends():
    findings = [path for path, text in pages() if is_fragment(path) and "{% extends" in text]
    assert not findings, report(findings, "A leading underscore marks a fragment; a page has none.")


def test_shared_parts_open_with_their_contract():
    findings = [path for path, text in files("*.html", "templates/_parts") if not opens_with_comment(text)]
    assert not findings, report(findings, "Begin with {% comment %}: what it needs, what it shows.")


@pytest.mark.parametrize(("place", "fails"), [("leads/list.html", True), ("admin/base.html", False)])
def test_an_undefined_variable_of_ours_fails(place, fails):
    origin = Origin(str(ROOT / "templates" / place))
    page = Template("<p>{{ nowhere }}</p>", origin=origin, engine=engines["django"].engine)
    if fails:
        with pytest.raises(UndefinedVariable, match="nowhere"):
            page.render(Context())
    else:
        assert page.render(Context()) == "<p></p>"


def test_the_guards_see_what_they_look_for():
    for text in (
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        '<p class="x" style="color: red">',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<a hx-on:click="go()">',
    ):
        assert inline("x.html", text), text
    assert not inline("x.html", '<script src="x.js" defer></script><script type="application/json">{}</script>')
    assert not opens_with_comment("<p>")


def pages():
    return files("*.html", "templates")


def inline(path: str, text: str) -> list[str]:
    bare = COMMENT.sub("", text)
    return [f"{path}: {what}" for what, pattern in FORBIDDEN.items() if pattern.search(bare)]


def is_fragment(path: str) -> bool:
    return Path(path).name.startswith("_") or "_parts" in Path(path).parts


def opens_with_comment(text: str) -> bool:
    return text.lstrip().startswith(("{% comment", "{#"))
