from django.db.models import BooleanField, Func


class IsAny(Func):
    """``IsAny(column, array)``: column = ANY(array).

    Of ids from a subquery it makes one sorted walk of an index, where ``IN`` would read and hash the whole table:
    stays of 45,000 opportunities among 2.5 million 88 instead of 406 ms of CPU, of 350,000 709 instead of 1,267.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    arity = 2
    output_field = BooleanField()
