from sales.models.opportunity import Opportunity
from sales.models.opportunity_line import OpportunityLine
from sales.models.pipeline import Pipeline, Stage, StageGate
from sales.models.price import Price, PriceList
from sales.models.product import Product
from sales.models.rate import ExchangeRate, in_company_currency
from sales.models.search import OpportunitySearch, ProductSearch
from sales.models.stage_stay import StageStay

__all__ = [
    "ExchangeRate",
    "Opportunity",
    "OpportunityLine",
    "OpportunitySearch",
    "Pipeline",
    "Price",
    "PriceList",
    "Product",
    "ProductSearch",
    "Stage",
    "StageGate",
    "StageStay",
    "in_company_currency",
]
