from sales.models.pipeline import Pipeline, Stage, StageGate
from sales.models.price import Price, PriceList
from sales.models.product import Product
from sales.models.rate import ExchangeRate, in_company_currency

__all__ = [
    "ExchangeRate",
    "Pipeline",
    "Price",
    "PriceList",
    "Product",
    "Stage",
    "StageGate",
    "in_company_currency",
]
