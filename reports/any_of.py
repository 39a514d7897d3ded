from django.db.models import BooleanField, Func


class IsAny(Func):
    """``IsAny(column, array)``: column = ANY(array).

    Of ids from a subquery it makes one sorted walk of an index, where ``IN`` looks each up by itself or hashes the
    whole table: the stays of 45,000 opportunities among 2.5 million cost 99 instead of 168 ms of CPU, of 350,000
    cost 786 instead of 1,352 (random_page_cost 1.1; with 4 the month costs 406).
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    arity = 2
    output_field = BooleanField()
