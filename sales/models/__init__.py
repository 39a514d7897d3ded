from sales.models.instalment import Instalment
from sales.models.invoice import Invoice, InvoiceFile
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
from sales.models.receipt import Receipt, Refund, Settlement
from sales.models.search import OpportunitySearch, OrderSearch, ProductSearch, QuoteSearch
from sales.models.shipment import OrderReturn, OrderReturnLine, Shipment, ShipmentLine
from sales.models.stage_stay import StageStay

__all__ = [
    "ExchangeRate",
    "Instalment",
    "Invoice",
    "InvoiceFile",
    "NumberCounter",
    "NumberSeries",
    "Opportunity",
    "OpportunityLine",
    "OpportunitySearch",
    "Order",
    "OrderLine",
    "OrderReturn",
    "OrderReturnLine",
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
    "Refund",
    "Settlement",
    "Shipment",
    "ShipmentLine",
    "Stage",
    "StageGate",
    "StageStay",
    "in_company_currency",
]
