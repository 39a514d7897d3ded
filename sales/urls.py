"""The addresses of this room: one list per screen."""

from sales import board_urls, document_urls, opportunity_urls, product_urls
from sales.pipelines import urls as pipeline_urls
from sales.pricing import urls as pricing_urls

PREFIX = "sales/"
app_name = "sales"
urlpatterns = [
    *board_urls.urlpatterns,
    *opportunity_urls.urlpatterns,
    *product_urls.urlpatterns,
    *pipeline_urls.urlpatterns,
    *pricing_urls.urlpatterns,
    *document_urls.urlpatterns,
]
