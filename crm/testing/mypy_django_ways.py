"""mypy plugin: what our middleware makes of a request, and that a form's fields are of many kinds.

`request.user` is a User: LoginRequiredMiddleware lets nobody else near a view that does not opt out. `request.htmx` is
there: django-htmx puts it on every request.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, ClassDefContext, Plugin
from mypy.plugins.common import add_attribute_to_class
from mypy.types import AnyType, Instance, Type, TypeOfAny, UnionType, get_proper_type, get_proper_types

REQUEST = "django.http.request.HttpRequest"
FIELDS = "django.forms.forms.BaseForm.fields"


class DjangoWays(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return {f"{REQUEST}.user": _without_anonymous, FIELDS: _of_any_kind}.get(fullname)

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _with_htmx if fullname == REQUEST else None


def _with_htmx(context: ClassDefContext) -> None:
    add_attribute_to_class(context.api, context.cls, "htmx", AnyType(TypeOfAny.explicit))


def _of_any_kind(context: AttributeContext) -> Type:
    anything = AnyType(TypeOfAny.explicit)
    return context.api.named_generic_type(
        "builtins.dict", [context.api.named_generic_type("builtins.str", []), anything]
    )


def _without_anonymous(context: AttributeContext) -> Type:
    either = get_proper_type(context.default_attr_type)
    if not isinstance(either, UnionType):
        return either
    kinds = get_proper_types(either.items)
    people = [kind for kind in kinds if not (isinstance(kind, Instance) and kind.type.name == "AnonymousUser")]
    return UnionType.make_union(people)


def plugin(version: str) -> type[Plugin]:
    return DjangoWays
