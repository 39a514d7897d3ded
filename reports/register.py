"""The reports there are: a later one adds itself here, and has page, chart, menu entry and API at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm.register import Register
from reports.asked import Asked
from reports.charts import Chart


@dataclass(frozen=True)
class Report:
    """``run(user, asked)`` gives the figures; ``chart(figures)`` what is drawn; ``show(figures, asked)`` the
    API's body; ``stats(figures, currency)`` the large figures above.

    ``extra``: further questions as name → function giving (label, {code: label}), the first code being the default.
    """

    name: str
    title: Any
    about: Any
    icon: str
    run: Callable[[Any, Asked], Any]
    chart: Callable[[Any], Chart]
    show: Callable[[Any, Asked], dict[str, Any]]
    is_empty: Callable[[Any], bool]
    stats: Callable[[Any, str], list[dict[str, Any]]]
    period: str = "this_year"
    extra: Callable[[], dict[str, tuple[Any, dict[str, Any]]]] = field(default=dict)

    @property
    def template(self) -> str:
        return f"reports/{self.name}.html"


reports: Register[Report] = Register("report")
