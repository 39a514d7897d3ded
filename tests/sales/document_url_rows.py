"""The addresses of quotes and orders; tests/sales/url_rows.py takes them in."""

from decimal import Decimal

from sales.collect import plan
from sales.models import InvoiceFile, QuoteFile
from tests.guards.url_matrix import row
from tests.sales import documents

SEES_QUOTE = {"bob": 404, "charlie": 404, "ada": 404, "finn": 404, "nobody": 404}
WORKS_ON_QUOTE = {**SEES_QUOTE, "erin": 403, "olga": 403}
DOES_QUOTE = {"everybody": 302, **WORKS_ON_QUOTE}
NO_QUOTES = {"ada": 403, "finn": 403, "nobody": 403}
SEES_ORDER = {"bob": 404, "charlie": 404, "ada": 404, "nobody": 404}
WORKS_ON_ORDER = {**SEES_ORDER, "erin": 403, "olga": 403, "finn": 403}
DOES_ORDER = {"everybody": 302, **WORKS_ON_ORDER}
RUNS_ORDER = {**DOES_ORDER, "finn": 302}
ONLY_MONEY = {**DOES_ORDER, "alice": 403, "tess": 403, "finn": 302}


def quote(people):
    return {"pk": documents.quote(owner=people["alice"]).pk}


def pending(people):
    made = documents.quote(owner=people["alice"])
    made.submit(by=people["alice"], reason="15 %")
    return {"pk": made.pk}


def sent(people):
    return {"pk": documents.sent_quote(owner=people["alice"]).pk}


def approved(people):
    made = documents.quote(owner=people["alice"])
    made.submit(by=people["alice"])
    return {"pk": made.pk}


def kept(people):
    made = documents.sent_quote(owner=people["alice"])
    QuoteFile.objects.create(quote=made, content=b"%PDF", sha256="0" * 64)
    return {"pk": made.pk}


def accepted(people):
    made = documents.sent_quote(owner=people["alice"])
    made.accept(by=people["alice"])
    return {"pk": made.pk}


def quote_line(people):
    made = documents.quote(owner=people["alice"])
    return {"pk": made.pk, "line_pk": made.lines.get().pk}


def draft(people):
    return {"pk": documents.draft_order(owner=people["alice"]).pk}


def order_line(people):
    made = documents.draft_order(owner=people["alice"])
    return {"pk": made.pk, "line_pk": made.lines.get().pk}


def order(people):
    return {"pk": documents.order(owner=people["alice"]).pk}


def delivered(people):
    from sales.run_order import deliver

    made = documents.order(owner=people["alice"])
    deliver(made, by=people["alice"])
    return {"pk": made.pk}


def instalment(people):
    made = documents.order(owner=people["alice"])
    first, _second = plan(made, documents.halves(), by=people["alice"])
    return {"pk": made.pk, "instalment_pk": first.pk}


def invoice(people):
    from sales.issue_invoice import invoice as issue

    made = documents.order(owner=people["alice"])
    [whole] = plan(made, [documents.whole()], by=people["alice"])
    return {"pk": issue(whole, by=people["finn"]).pk}


def invoice_with_file(people):
    kept = invoice(people)
    InvoiceFile.objects.create(invoice_id=kept["pk"], content=b"%PDF", sha256="0" * 64)
    return kept


def one_instalment(people):
    return {"pk": instalment(people)["instalment_pk"]}


def paid_too_much(people):
    from sales.collect import receive

    made = documents.order(owner=people["alice"])
    receipt = receive(made, Decimal(130), by=people["finn"], on=documents.DAY)
    return {"pk": made.pk, "receipt_pk": receipt.pk}


def to_refund(people):
    return {"pk": paid_too_much(people)["pk"]}


def shipped(people):
    from sales.run_order import ship

    made = documents.order(owner=people["alice"])
    ship(made, by=people["alice"])
    return {"pk": made.pk}


def trashed_quote(people):
    made = documents.quote(owner=people["alice"])
    made.trash(by=people["alice"])
    return {"pk": made.pk}


def trashed_order(people):
    made = documents.draft_order(owner=people["alice"])
    made.trash(by=people["alice"])
    return {"pk": made.pk}


LINE = {"name": "Hose", "unit_price": "10", "quantity": "2"}
MONEY = {"amount": "5", "received_on": "2026-03-02"}
REFUND = {"refund-amount": "30", "refund-refunded_on": "2026-03-02"}
BACK = {"reason": "defect"}
DOCUMENT_ROWS = [
    row("sales:quote_list", **NO_QUOTES),
    row("sales:quote_create", **NO_QUOTES, erin=403, olga=403),
    row("sales:quote_detail", quote, **SEES_QUOTE),
    row("sales:quote_edit", quote, **WORKS_ON_QUOTE),
    row("sales:quote_submit", quote, method="post", **DOES_QUOTE),
    row("sales:quote_approve", pending, method="post", **{**DOES_QUOTE, "alice": 403}),
    row("sales:quote_return", pending, method="post", data={"reason": "less"}, **{**DOES_QUOTE, "alice": 403}),
    row("sales:quote_send", approved, method="post", **DOES_QUOTE),
    row("sales:quote_pdf", kept, **SEES_QUOTE),
    row("sales:quote_accept", sent, method="post", **DOES_QUOTE),
    row("sales:quote_decline", sent, method="post", data={"reason": "price"}, **DOES_QUOTE),
    row("sales:quote_withdraw", quote, method="post", **DOES_QUOTE),
    row("sales:quote_revise", sent, method="post", **DOES_QUOTE),
    row("sales:quote_order", accepted, method="post", **DOES_QUOTE),
    row("sales:quote_delete", quote, method="post", **DOES_QUOTE),
    row("sales:quote_restore", trashed_quote, method="post", everybody=404, alice=302, tess=302),
    row("sales:order_delete", draft, method="post", **DOES_ORDER),
    row("sales:order_restore", trashed_order, method="post", everybody=404, alice=302, tess=302),
    row("sales:quote_line_add", quote, method="post", data=LINE, **DOES_QUOTE),
    row("sales:quote_line_change", quote_line, **WORKS_ON_QUOTE),
    row("sales:quote_line_remove", quote_line, method="post", **DOES_QUOTE),
    row("sales:order_list", ada=403, nobody=403),
    row("sales:order_create", ada=403, nobody=403, erin=403, olga=403, finn=403),
    row("sales:order_detail", order, **SEES_ORDER),
    row("sales:order_edit", draft, **WORKS_ON_ORDER),
    row("sales:order_confirm", draft, method="post", **{**RUNS_ORDER, "alice": 403}),
    row("sales:order_ship", order, method="post", **RUNS_ORDER),
    row("sales:order_deliver", order, method="post", **RUNS_ORDER),
    row("sales:order_close", delivered, method="post", **RUNS_ORDER),
    row("sales:order_cancel", order, method="post", data={"reason": "mistake"}, **{**RUNS_ORDER, "alice": 403}),
    row("sales:order_plan", order, method="post", data={"preset": "thirds"}, **RUNS_ORDER),
    row("sales:order_receive", order, method="post", data=MONEY, **ONLY_MONEY),
    row("sales:order_invoice", instalment, method="post", **ONLY_MONEY),
    row("sales:order_invoice_whole", order, method="post", **ONLY_MONEY),
    row("sales:order_receipt_withdraw", paid_too_much, method="post", **ONLY_MONEY),
    row("sales:order_refund", to_refund, method="post", data=REFUND, **ONLY_MONEY),
    row("sales:order_return", shipped, method="post", data=BACK, **{**RUNS_ORDER, "alice": 403}),
    row("sales:order_cancel_rest", shipped, method="post", data=BACK, **{**RUNS_ORDER, "alice": 403}),
    row("sales:invoice_list", ada=403, nobody=403),
    row("sales:invoice_detail", invoice, **SEES_ORDER),
    row("sales:invoice_pdf", invoice_with_file, **SEES_ORDER),
    row("sales:invoice_void", invoice, method="post", data={"reason": "wrong name"}, **ONLY_MONEY),
    row("sales:instalment_list", ada=403, nobody=403),
    row("sales:instalment_sums", ada=403, nobody=403),
    row("sales:instalment_receive", one_instalment, everybody=403, finn=200, **SEES_ORDER),
    row("sales:order_line_add", draft, method="post", data=LINE, **DOES_ORDER),
    row("sales:order_line_change", order_line, **WORKS_ON_ORDER),
    row("sales:order_line_remove", order_line, method="post", **DOES_ORDER),
]
