"""The storages of photos, in folders or in buckets: a file is written, read and deleted in each."""

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from pekon.doctor.registry import Finding, Options, check, fail, ok, warn

_NAMES = {"default": "renditions", "originals": "originals"}


@check("storage")
def write_read_delete(options: Options) -> Iterator[Finding]:
    for alias, subject in _NAMES.items():
        storage = storages[alias]
        in_folder = isinstance(storage, FileSystemStorage)
        where = getattr(storage, "location", "") if in_folder else f"bucket {getattr(storage, 'bucket_name', alias)}"
        content, step = secrets.token_bytes(32), "written"
        try:
            name = storage.save(f"doctor-{secrets.token_hex(8)}.bin", ContentFile(content))
            step = "read"
            with storage.open(name) as file:
                is_same = file.read() == content
            step = "deleted"
            storage.delete(name)
        except Exception as error:  # each backend has errors of its own
            yield fail(
                f"{subject} ({where}): a file cannot be {step}: {type(error).__name__}: {error}",
                f"Give Pekon's user the right to write there (chown -R pekon {where}), and room on the disk."
                if in_folder
                else "Compare S3_ENDPOINT, S3_REGION, S3_KEY, S3_SECRET and the bucket's name; the key needs "
                "GetObject, PutObject, DeleteObject and ListBucket.",
            )
            continue
        if is_same:
            yield ok(f"{subject} ({where}): written, read, deleted")
        else:
            yield fail(f"{subject} ({where}): what was read is not what was written", "Examine the disk or the store.")
    if settings.WEB_MACHINES > 1 and not settings.S3_ORIGINALS:
        yield warn(
            f"photos are in a folder, and WEB_MACHINES is {settings.WEB_MACHINES}",
            "Set S3_ORIGINALS and S3_RENDITIONS to buckets that all machines reach, or share VAR_DIR between them.",
        )
