"""Uploads with a limit: what is larger is read off the line and thrown away, so that the page can still answer."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from records.imports.table import largest

# What a request is marked with whose upload was cut off.
TOO_LARGE = "upload_too_large"

# The form around the file.
_SLACK = 1 << 20


class LimitedUpload(FileUploadHandler):
    """Stands before the other handlers; ``TOO_LARGE`` on the request says that it stopped one."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: bytes, encoding: str | None = None
    ) -> None:
        self.is_over = content_length > largest() + _SLACK
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.is_over or self.received > largest():
            setattr(self.request, TOO_LARGE, True)
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
