"""All rows, in the order in which they are measured."""

from crm.management.bench import composed, form_pages, imports, pages, report_rows, sweeps


def register() -> None:
    for rows in (pages, form_pages, composed, imports, sweeps, report_rows):
        rows.register()
