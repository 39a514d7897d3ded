"""All rows, in the order in which they are measured."""

from crm.management.bench import composed, form_pages, pages


def register() -> None:
    for rows in (pages, form_pages, composed):
        rows.register()
