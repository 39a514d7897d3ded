from django.urls import path

from crm.lists.respond import page_of
from sales.document_lists import order_list, quote_list
from sales.money_lists import invoice_list
from sales.views import collecting, document_lines, document_trash, invoices, order_verbs, orders, quote_verbs, quotes

QUOTE, ORDER, INVOICE = "quotes/<int:pk>/", "orders/<int:pk>/", "invoices/<int:pk>/"


def _lines(one: str, kind: str) -> list:
    kinds = {"kind": kind}
    return [
        path(f"{one}delete/", document_trash.delete, kinds, name=f"{kind}_delete"),
        path(f"{one}restore/", document_trash.restore, kinds, name=f"{kind}_restore"),
        path(f"{one}lines/add/", document_lines.add, kinds, name=f"{kind}_line_add"),
        path(f"{one}lines/<int:line_pk>/", document_lines.change, kinds, name=f"{kind}_line_change"),
        path(f"{one}lines/<int:line_pk>/remove/", document_lines.remove, kinds, name=f"{kind}_line_remove"),
    ]


urlpatterns = [
    path("quotes/", page_of(quote_list), name="quote_list"),
    path("quotes/new/", quotes.create, name="quote_create"),
    path(QUOTE, quotes.detail, name="quote_detail"),
    path(f"{QUOTE}edit/", quotes.edit, name="quote_edit"),
    path(f"{QUOTE}submit/", quote_verbs.submit, name="quote_submit"),
    path(f"{QUOTE}approve/", quote_verbs.approve, name="quote_approve"),
    path(f"{QUOTE}return/", quote_verbs.return_it, name="quote_return"),
    path(f"{QUOTE}send/", quote_verbs.send, name="quote_send"),
    path(f"{QUOTE}pdf/", quotes.pdf, name="quote_pdf"),
    path(f"{QUOTE}accept/", quote_verbs.accept, name="quote_accept"),
    path(f"{QUOTE}decline/", quote_verbs.decline, name="quote_decline"),
    path(f"{QUOTE}withdraw/", quote_verbs.withdraw, name="quote_withdraw"),
    path(f"{QUOTE}revise/", quote_verbs.revise, name="quote_revise"),
    path(f"{QUOTE}order/", quote_verbs.order, name="quote_order"),
    *_lines(QUOTE, "quote"),
    path("orders/", page_of(order_list), name="order_list"),
    path("orders/new/", orders.create, name="order_create"),
    path(ORDER, orders.detail, name="order_detail"),
    path(f"{ORDER}edit/", orders.edit, name="order_edit"),
    path(f"{ORDER}confirm/", order_verbs.confirm, name="order_confirm"),
    path(f"{ORDER}ship/", order_verbs.ship, name="order_ship"),
    path(f"{ORDER}deliver/", order_verbs.deliver, name="order_deliver"),
    path(f"{ORDER}close/", order_verbs.close, name="order_close"),
    path(f"{ORDER}cancel/", order_verbs.cancel, name="order_cancel"),
    path(f"{ORDER}plan/", collecting.plan, name="order_plan"),
    path(f"{ORDER}receipts/add/", collecting.receive, name="order_receive"),
    path(f"{ORDER}instalments/<int:instalment_pk>/invoice/", collecting.invoice, name="order_invoice"),
    path(f"{ORDER}invoice/", collecting.invoice_whole, name="order_invoice_whole"),
    path(f"{ORDER}receipts/<int:receipt_pk>/withdraw/", collecting.withdraw, name="order_receipt_withdraw"),
    path(f"{ORDER}refunds/add/", collecting.refund, name="order_refund"),
    path(f"{ORDER}return/", order_verbs.take_back, name="order_return"),
    path(f"{ORDER}cancel_rest/", order_verbs.cancel_rest, name="order_cancel_rest"),
    *_lines(ORDER, "order"),
    path("invoices/", page_of(invoice_list), name="invoice_list"),
    path(INVOICE, invoices.detail, name="invoice_detail"),
    path(f"{INVOICE}pdf/", invoices.pdf, name="invoice_pdf"),
    path(f"{INVOICE}void/", invoices.void, name="invoice_void"),
    path("instalments/", invoices.instalments, name="instalment_list"),
    path("instalments/sums/", invoices.instalment_sums, name="instalment_sums"),
    path("instalments/<int:pk>/receive/", invoices.receive, name="instalment_receive"),
]
