"""The addresses of this room: one list per screen."""

from sales import board_urls, document_urls, opportunity_urls, product_urls

PREFIX = "sales/"
app_name = "sales"
urlpatterns = [
    *board_urls.urlpatterns,
    *opportunity_urls.urlpatterns,
    *product_urls.urlpatterns,
    *document_urls.urlpatterns,
]
