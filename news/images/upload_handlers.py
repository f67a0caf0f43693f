"""Django's upload handler for files on disk, extended to report a full disk to the form."""

from contextlib import suppress
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from .pending_files import DiskFull, is_disk_full


class PhotoRequest(HttpRequest):
    """A request with an uploaded file. `photo_outcome` is the stored photo, or the reason why it was not stored."""

    photo_outcome: Any


class DiskUploadHandler(TemporaryFileUploadHandler):
    """Discards a file for which the disk has no room, and sets `request.photo_outcome` to DiskFull for the form."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._drop(error)
            raise SkipFile from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._drop(error)
            raise SkipFile from error

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._drop(error)
            return None

    def _drop(self, error: OSError) -> None:
        if not is_disk_full(error):
            raise error
        with suppress(OSError):  # flushing the rest fails on the full disk too
            if file := self.__dict__.pop("file", None):
                file.close()
        if self.request:
            cast("PhotoRequest", self.request).photo_outcome = DiskFull()
