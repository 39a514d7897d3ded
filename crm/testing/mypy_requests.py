"""mypy plugin: what our middleware makes of a request.

`request.user` is a User: LoginRequiredMiddleware lets nobody else near a view that does not opt out. `request.htmx` is
there: django-htmx puts it on every request.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, ClassDefContext, Plugin
from mypy.plugins.common import add_attribute_to_class
from mypy.types import AnyType, Instance, Type, TypeOfAny, UnionType, get_proper_type, get_proper_types

REQUEST = "django.http.request.HttpRequest"


class Requests(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return _without_anonymous if fullname == f"{REQUEST}.user" else None

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _with_htmx if fullname == REQUEST else None


def _with_htmx(context: ClassDefContext) -> None:
    add_attribute_to_class(context.api, context.cls, "htmx", AnyType(TypeOfAny.explicit))


def _without_anonymous(context: AttributeContext) -> Type:
    either = get_proper_type(context.default_attr_type)
    if not isinstance(either, UnionType):
        return either
    kinds = get_proper_types(either.items)
    people = [kind for kind in kinds if not (isinstance(kind, Instance) and kind.type.name == "AnonymousUser")]
    return UnionType.make_union(people)


def plugin(version: str) -> type[Plugin]:
    return Requests
