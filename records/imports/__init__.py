"""Import: from a file of somebody else's making to records, tested before, explained during, undone after.

The way of a file: ``sniff`` (what is it) → ``encodings``, ``delimited`` or ``workbook`` (rows of text) → ``header``
(where the data begins) → ``mapping`` (which column is which field) → ``converters`` (text to values, by column) →
``load`` (one COPY) → the kind's ``Importable`` (a few statements for all rows) → ``run`` and ``story``.
"""
