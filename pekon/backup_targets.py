"""Where backups are: a folder, or a prefix in a bucket of an S3-compatible store.

Both hold files under names with slashes, and a file is there whole or not at all: whoever is killed while writing
leaves no part of one under its name.
"""

import errno
import os
import re
import secrets
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings

_ADDRESS = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]+)(?:/(?P<prefix>[\w./-]*))?")
_UNFINISHED = "unfinished"
"""The folder of files that are being written. What is left there belongs to nobody."""


class TargetError(Exception):
    """The target cannot be used. The message says why, and what to do."""


class Target(ABC):
    """Files under names such as `pool/ab/cd`. All methods raise TargetError."""

    def __init__(self, address: str) -> None:
        self.address = address

    @abstractmethod
    def sizes(self, prefix: str = "") -> dict[str, int]:
        """The names that begin with `prefix` (which ends with a slash), and the bytes of each file."""

    @abstractmethod
    def writer(self, name: str) -> Any:
        """A context manager that gives a file to write. It is stored under its name when the block ends well."""

    @abstractmethod
    def reader(self, name: str) -> Any:
        """A context manager that gives the file to read from its beginning. Raises FileNotFoundError."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Delete a file. One that is not there is no error."""

    def clean(self) -> None:  # noqa: B027  (a bucket keeps no parts of files)
        """Delete what writers that were killed have left. Call it while nobody else writes."""

    def read(self, name: str) -> bytes:
        with self.reader(name) as file:
            content: bytes = file.read()
        return content

    def write(self, name: str, content: bytes) -> None:
        with self.writer(name) as file:
            file.write(content)


def target(address: str) -> Target:
    """The target with this address: a folder's path, or `s3://bucket/prefix`. Raises TargetError if it cannot be
    one."""
    if not address.startswith("s3:"):
        return Folder(address)
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise TargetError(f"{address}: write the bucket as s3://bucket or s3://bucket/prefix.")
    return Bucket(address, match["bucket"], (match["prefix"] or "").strip("/"))


class Folder(Target):
    """A folder that only its owner can read. Files are on the disk when they have their names."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.path = Path(address).absolute()
        if not self.path.parent.is_dir():
            raise TargetError(f"{self.path.parent} is not there. Make it, or mount the disk that it is on.")
        with self._errors():
            self.path.mkdir(mode=0o700, exist_ok=True)

    def sizes(self, prefix: str = "") -> dict[str, int]:
        found = {}
        with self._errors():
            for top, _folders, names in os.walk(self.path / prefix):
                for name in names:
                    path = Path(top, name)
                    found[path.relative_to(self.path).as_posix()] = path.stat().st_size
        return found

    @contextmanager
    def writer(self, name: str) -> Iterator[IO[bytes]]:
        unfinished = self.path / _UNFINISHED / secrets.token_hex(16)
        final = self.path / name
        with self._errors():
            for folder in (unfinished.parent, final.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.replace(final)
                self._sync(final.parent)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise

    @contextmanager
    def reader(self, name: str) -> Iterator[IO[bytes]]:
        with (self.path / name).open("rb") as file:
            yield file

    def delete(self, name: str) -> None:
        path = self.path / name
        with self._errors():
            path.unlink(missing_ok=True)
            if path.parent != self.path and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()

    def clean(self) -> None:
        for name in self.sizes(f"{_UNFINISHED}/"):
            self.delete(name)

    @staticmethod
    def _sync(folder: Path) -> None:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise TargetError(
                    f"{self.path} is full. Make room there, or keep fewer backups (--keep-days)."
                ) from error
            if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise TargetError(
                    f"{self.path} cannot be written: {error.strerror}. Give Pekon's user that folder."
                ) from error
            raise


class Bucket(Target):
    """A prefix in a bucket. Files are put together in the folder for temporary files before they are sent."""

    def __init__(self, address: str, bucket: str, prefix: str) -> None:
        super().__init__(address)
        import boto3  # imported only if needed, because it takes 100 ms
        from botocore.config import Config

        self.bucket, self.prefix = bucket, f"{prefix}/" if prefix else ""
        self.client = boto3.client(
            "s3",
            endpoint_url=settings.BACKUP_S3_ENDPOINT or None,
            region_name=settings.BACKUP_S3_REGION or None,
            aws_access_key_id=settings.BACKUP_S3_KEY or None,
            aws_secret_access_key=settings.BACKUP_S3_SECRET or None,
            config=Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 3},
                # What other stores than Amazon's understand.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def sizes(self, prefix: str = "") -> dict[str, int]:
        with self._errors():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=f"{self.prefix}{prefix}"
            )
            return {
                entry["Key"].removeprefix(self.prefix): entry["Size"]
                for page in pages
                for entry in page.get("Contents", [])
            }

    @contextmanager
    def writer(self, name: str) -> Iterator[IO[bytes]]:
        with tempfile.TemporaryFile(prefix="pekon-backup-") as file:
            yield file
            file.seek(0)
            with self._errors():
                self.client.upload_fileobj(file, self.bucket, f"{self.prefix}{name}")

    @contextmanager
    def reader(self, name: str) -> Iterator[IO[bytes]]:
        with self._errors(name):
            body = self.client.get_object(Bucket=self.bucket, Key=f"{self.prefix}{name}")["Body"]
            with body:
                yield body

    def delete(self, name: str) -> None:
        with self._errors():
            self.client.delete_object(Bucket=self.bucket, Key=f"{self.prefix}{name}")

    @contextmanager
    def _errors(self, name: str = "") -> Iterator[None]:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            if name and error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                raise FileNotFoundError(errno.ENOENT, "not in the bucket", name) from error
            raise TargetError(
                f"{self.address}: {error}. Look at BACKUP_S3_ENDPOINT, its keys and the bucket."
            ) from error
        except (BotoCoreError, Boto3Error) as error:
            raise TargetError(f"{self.address} cannot be reached: {error}") from error
