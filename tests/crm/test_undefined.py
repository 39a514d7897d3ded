import pytest
from django.template import engines

from crm.testing.undefined import UndefinedVariable


class Spec:
    def search(self, words):
        return words


def test_asking_for_a_function_that_wants_arguments_fails():
    template = engines["django"].from_string("{% if spec.search %}shown{% endif %}")
    with pytest.raises(UndefinedVariable):
        template.render({"spec": Spec()})
