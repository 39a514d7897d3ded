"""The API does what its description says: generated requests, good and bad, over a live server.

Data of every kind lies ready, and half of the requests name it, so that they come further than "not found".
"""

from decimal import Decimal

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from accounts.models import ApiToken
from customers.log_activity import log_activity
from customers.models import Pool
from sales import collect
from sales.issue_invoice import invoice
from tests import factories
from tests.customers import makers as customers
from tests.leads import makers as leads
from tests.sales import documents
from tests.sales import makers as sales

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
NUMBERS = ("customer", "contact", "opportunity", "order", "quote", "instalment", "product", "parent", "referred_by",
           "stage", "pipeline", "pool")  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(db):
    """Somebody who may do nearly everything, so that requests reach the verbs."""
    roles = ("supervisor", "operations", "finance", "administrator")
    return factories.person("worker", *roles, team=factories.team("East"))


@pytest.fixture
def ready(worker):
    """Records of every kind; collection → the number of one of them."""
    Pool.objects.update(is_open=True)
    customer = customers.customer(owner=worker, email="a@acme.de")
    order = documents.order(owner=worker, customer=customer)
    first, _second = collect.plan(order, documents.halves(), by=worker)
    return {
        "leads": leads.lead(owner=worker).pk,
        "customers": customer.pk,
        "contacts": customers.contact(customer).pk,
        "activities": log_activity(customer, {"type": "note", "content": "x"}, by=worker).pk,
        "tasks": customers.task(worker, customer=customer).pk,
        "products": sales.product(price=Decimal(5)).pk,
        "opportunities": sales.opportunity(owner=worker, customer=customer).pk,
        "quotes": documents.quote(owner=worker, customer=customer).pk,
        "orders": documents.draft_order(owner=worker, customer=customer).pk,
        "instalments": first.pk,
        "invoices": invoice(first, by=worker).pk,
        "receipts": collect.receive(order, Decimal(10), by=worker).pk,
        "pools": Pool.default().pk,
        "teams": worker.team_id,
        "users": factories.person("mia").pk,  # not the worker: one who is deactivated asks no more
        "stages": sales.stage(2).pk,
        "pipelines": sales.stage(2).pipeline_id,
    }


@pytest.fixture
def described(live_server):
    """What is said of tokens is left out: else the generator invents tokens, and nothing but 401 is seen."""
    told = requests.get(f"{live_server.url}/api/v1/openapi.json", timeout=60).json()
    for operations in told["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
    schema = schemathesis.openapi.from_dict(told)
    schema.config.update(base_url=live_server.url)
    return schema


def test_requests_that_fit_are_answered_as_described(described, worker, ready, request):
    ask_all(described, worker, ready, GenerationMode.POSITIVE, often(request, 2))


def test_requests_that_do_not_fit_are_refused(described, worker, ready, request):
    ask_all(described, worker, ready, GenerationMode.NEGATIVE, often(request, 2))


@pytest.mark.slow
def test_a_person_without_rights_gets_described_answers_too(described, ready):
    ask_all(described, factories.person("nobody"), ready, GenerationMode.POSITIVE, 20)


def often(request, quick):
    return 15 if request.config.getoption("--slow") else quick


def ask_all(described, person, ready, mode, count):
    headers = {"Authorization": f"Bearer {ApiToken.issue(person)}", "Connection": "close"}
    operations = [found.ok() for found in described.get_all_operations()]
    surprises = []
    for operation in sorted(operations, key=lambda one: one.method == "delete"):
        try:
            ask(operation, headers, ready, mode, count)
        except Unsatisfiable:  # an address without anything that could be wrong
            assert mode == GenerationMode.NEGATIVE
        except (Exception, BaseExceptionGroup) as surprise:
            told = "\n".join(str(one) for one in getattr(surprise, "exceptions", [surprise]))
            surprises.append(f"{operation.label}: {told}")
    assert not surprises, "\n\n".join(surprises)


def ask(operation, headers, ready, mode, count):
    named = ready.get(operation.path.split("/")[3], 1)

    @given(case=operation.as_strategy(generation_mode=mode), is_real=st.booleans())
    @settings(
        max_examples=count, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(case, is_real):
        if is_real:
            name_real_ones(case, ready, named, mode)
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=60)

    run()


def name_real_ones(case, ready, named, mode):
    if "pk" in case.path_parameters and not is_wrong(case, "path_parameters"):
        case.path_parameters["pk"] = named
    if isinstance(case.body, dict) and mode == GenerationMode.POSITIVE:
        kinds = {name: "opportunities" if name == "opportunity" else f"{name}s" for name in NUMBERS}
        kinds |= {"parent": "customers", "referred_by": "customers"}
        case.body |= {name: ready[kinds[name]] for name in NUMBERS if case.body.get(name)}


def is_wrong(case, place):
    """Whether the generator meant this part to be refused."""
    made = {str(getattr(key, "value", key)): part.mode for key, part in case.meta.components.items()}
    return made.get("path") == GenerationMode.NEGATIVE or made.get(place) == GenerationMode.NEGATIVE
