"""The benchmark: each row measures a piece of the product against a floor, which does the same by bare means.

Ours and floor take turns in one process on one server; medians are compared (DOORS: floors). A row registers itself
(``rows.py``); pages, composed pages, sweeps, the import and the reports each have a file.
"""
