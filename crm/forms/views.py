"""Suggestions of a lookup field."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.forms.lookup import SHOWN, lookup_of


@require_safe
def suggest(request: HttpRequest, name: str) -> HttpResponse:
    """What the person reaches of the typed words; the box's own name ends in ``_text``."""
    lookup = lookup_of(name)
    if lookup is None:
        raise Http404
    given = [request.GET[key] for key in request.GET if key == "q" or key.endswith("_text")]
    words = given[0].replace("\x00", "").strip()[:200] if given else ""
    found = lookup.find(request.user, words, SHOWN) if words else []
    hits = [{"pk": row.pk, "text": str(row), "line": lookup.line(row)} for row in found]
    return render(request, "forms/_lookup_hits.html", {"hits": hits, "words": words})
