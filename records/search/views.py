"""Search: the fragment for the dialog, the page for a form without script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from crm.formats import current_formats
from records.search.ask import takes_parts
from records.search.find import Group, find
from records.search.kinds import searchables

ON_PAGE, IN_DIALOG, OF_ONE_KIND = 10, 5, 50


@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    """``?q=`` the words, ``?kind=`` one kind alone."""
    term = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kind", "")
    only = kind if kind in searchables else None
    is_fragment = request.htmx and not request.htmx.boosted
    shown = IN_DIALOG if is_fragment else OF_ONE_KIND if only else ON_PAGE
    groups = find(request.user, term, shown=shown, only=only) if term else []
    template = "records/_search_hits.html" if is_fragment else "records/search.html"
    context = {"term": term, "groups": groups, "only": only, "takes_parts": takes_parts(term)}
    return render(request, template, {**context, "said": _said(groups) if is_fragment and term else ""})


def _said(groups: list[Group]) -> str:
    """How much was found, for those who cannot see it: not each hit after each letter."""
    number = sum(len(group.hits) for group in groups)
    return ngettext("%(count)s found", "%(count)s found", number) % {"count": current_formats().number(number)}
