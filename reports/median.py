from django.db.models import Aggregate, FloatField


class Median(Aggregate):
    """The median of a numeric expression; NULLs do not count."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "median"
    output_field = FloatField()
