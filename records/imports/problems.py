"""What is wrong with a file as a whole: a code with its parameters, in words for the page and the command.

No Django models here: the reading process raises these too and hands them over as JSON.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "empty": _("The file is empty."),
    "no_rows": _("The file has a header and no rows below it."),
    "too_large": _("The file is larger than %(limit)s MB. Split it into parts and import them one after another."),
    "wrong_type": _("This is not a table. Use a CSV, TSV, XLSX or XLS file."),
    "html": _("This is a web page, not a table. Export the data again and choose CSV or XLSX."),
    "damaged": _("The file is damaged and cannot be opened. Save it again and retry."),
    "password": _("The file is protected by a password. Save it without one and retry."),
    "bomb": _("The file unpacks to far more than it should. It was not opened."),
    "too_slow": _("Reading the file took too long or needed too much memory. Save it as CSV and retry."),
    "no_sheet": _("The file has no sheet with data."),
    "nul": _("The file contains zero bytes in line %(line)s, as damaged files do. Export it again."),
    "encoding": _("Line %(line)s is not valid %(encoding)s. Choose another encoding or export the file again."),
    "unknown_encoding": _("The encoding of the file was not recognised. Save it as CSV in UTF-8 and retry."),
    "too_many_columns": _("The file has %(columns)s columns; up to %(limit)s can be read."),
    "unclosed_quote": _(
        "The quotation mark in line %(line)s is never closed, so the rows after it cannot be told apart."
    ),
    "cell_too_long": _("A cell near line %(line)s is longer than %(limit)s characters."),
    "no_columns": _("No column was recognised. Choose at least one."),
    "required": _("These fields are needed and no column was chosen for them: %(fields)s."),
    "twice": _("Two columns are meant for the same field: %(fields)s."),
    "not_allowed": _("You may not import this kind any more."),
    "failed": _(
        "Something went wrong, and nothing was written. Try again; if it happens again, tell your administrator."
    ),
    "stopped": _("Stopped as you asked. Nothing was written."),
    "headers_changed": _("The file has no column “%(header)s”, which the mapping names."),
}


class FileProblem(Exception):
    """The file is refused whole and nothing was written. ``str()`` says why in the active language."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return str(MESSAGES[self.code]) % self.params

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": self.params}
