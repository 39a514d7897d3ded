from sales.models.instalment import Instalment, Invoice, Receipt, Settlement
from sales.models.number_series import NumberCounter, NumberSeries
from sales.models.opportunity import Opportunity
from sales.models.opportunity_line import OpportunityLine
from sales.models.order import Order, OrderLine
from sales.models.pipeline import Pipeline, Stage, StageGate
from sales.models.price import Price, PriceList
from sales.models.product import Product
from sales.models.quote import Quote, QuoteFile, QuoteLine
from sales.models.quote_policy import QuotePolicy
from sales.models.rate import ExchangeRate, in_company_currency
from sales.models.search import OpportunitySearch, OrderSearch, ProductSearch, QuoteSearch
from sales.models.stage_stay import StageStay

__all__ = [
    "ExchangeRate",
    "Instalment",
    "Invoice",
    "NumberCounter",
    "NumberSeries",
    "Opportunity",
    "OpportunityLine",
    "OpportunitySearch",
    "Order",
    "OrderLine",
    "OrderSearch",
    "Pipeline",
    "Price",
    "PriceList",
    "Product",
    "ProductSearch",
    "Quote",
    "QuoteFile",
    "QuoteLine",
    "QuotePolicy",
    "QuoteSearch",
    "Receipt",
    "Settlement",
    "Stage",
    "StageGate",
    "StageStay",
    "in_company_currency",
]
