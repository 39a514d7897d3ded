"""mypy plugin: `request.user` is a User. LoginRequiredMiddleware lets nobody else near a view that does not opt out."""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type, UnionType, get_proper_type, get_proper_types


class SignedIn(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return _without_anonymous if fullname == "django.http.request.HttpRequest.user" else None


def _without_anonymous(context: AttributeContext) -> Type:
    either = get_proper_type(context.default_attr_type)
    if not isinstance(either, UnionType):
        return either
    kinds = get_proper_types(either.items)
    people = [kind for kind in kinds if not (isinstance(kind, Instance) and kind.type.name == "AnonymousUser")]
    return UnionType.make_union(people)


def plugin(version: str) -> type[Plugin]:
    return SignedIn
