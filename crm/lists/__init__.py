"""The list machine: declare a ListSpec, answer with ``respond(request, spec)``. See docs/machines.md."""
