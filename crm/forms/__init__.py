"""The form machine: edit a record that others may edit too, create one that a double click makes once.

See docs/machines.md.
"""

from crm.forms.create import create_view
from crm.forms.edit import edit_view
from crm.forms.record_form import RecordForm

__all__ = ["RecordForm", "create_view", "edit_view"]
