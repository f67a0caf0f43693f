"""The same as `pending_files`, in the database, for several machines: what begins on one can end on another.

It is used with an object store (docs/decisions/0080). The bytes are there for minutes: a finished upload's are deleted,
and a waiting original's when the store has taken it.
"""

import secrets
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.db import models, transaction
from django.utils import timezone

from .pending_limits import KEEP_PARTS, MAX_PARTS, TooManyUploads, WrongOffset

CHUNK = 2**20
"""Bytes of a waiting original in one row."""


class PendingFile(models.Model):
    """An unfinished upload, or an original that waits for its storage. `photo` is what a finished upload became."""

    name = models.CharField(max_length=60, primary_key=True)
    person = models.PositiveBigIntegerField(db_index=True)  # who uploads; 0 for a waiting original
    length = models.PositiveBigIntegerField(default=0)  # bytes that have arrived
    photo = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "images"

    def __str__(self) -> str:
        return self.name


class PendingChunk(models.Model):
    file = models.ForeignKey(PendingFile, on_delete=models.CASCADE, related_name="chunks")
    offset = models.PositiveBigIntegerField()
    content = models.BinaryField()

    class Meta:
        app_label = "images"
        constraints = [models.UniqueConstraint(fields=["file", "offset"], name="pending_chunk_once")]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.offset}"


class DatabaseParts:
    """Unfinished uploads in the database. The methods are those of `pending_files.FolderParts`."""

    def begin(self, person: int) -> str:
        remove_expired()
        if PendingFile.objects.filter(person=person, photo=None).count() >= MAX_PARTS:
            raise TooManyUploads
        return PendingFile.objects.create(name=f"{person}-{secrets.token_hex(16)}", person=person).name

    def offset(self, upload_id: str) -> int:
        row = PendingFile.objects.filter(name=upload_id).first()
        if row is None:
            raise FileNotFoundError(upload_id)
        return row.length

    def append(self, upload_id: str, offset: int, read: Callable[[int], bytes]) -> int:
        """Nothing is locked while the bytes arrive. What arrived before a connection broke is kept."""
        if offset != self.offset(upload_id):
            raise WrongOffset
        received = bytearray()
        try:
            while chunk := read(2**16):
                received += chunk
        except OSError:  # the connection broke
            pass
        reached = offset + len(received)
        with transaction.atomic():
            if not PendingFile.objects.filter(name=upload_id, length=offset, photo=None).update(length=reached):
                raise WrongOffset
            if received:
                PendingChunk.objects.create(file_id=upload_id, offset=offset, content=bytes(received))
        return reached

    @contextmanager
    def opened(self, upload_id: str) -> Iterator[Path]:
        with on_disk(upload_id) as path:
            yield path

    def finish(self, upload_id: str, photo_id: int) -> None:
        with transaction.atomic():
            PendingFile.objects.filter(name=upload_id).update(photo=photo_id)
            PendingChunk.objects.filter(file_id=upload_id).delete()

    def photo(self, upload_id: str) -> int | None:
        return PendingFile.objects.filter(name=upload_id).values_list("photo", flat=True).first()

    def discard(self, upload_id: str) -> None:
        remove(upload_id)


def keep(name: str, source: Path) -> None:
    """Store a waiting original under this name."""
    with transaction.atomic(), source.open("rb") as file:
        row = PendingFile.objects.create(name=name, person=0)
        while content := file.read(CHUNK):
            PendingChunk.objects.create(file=row, offset=row.length, content=content)
            row.length += len(content)
        row.save(update_fields=["length"])


@contextmanager
def on_disk(name: str) -> Iterator[Path]:
    """The bytes as a file on this machine. Raises FileNotFoundError if they are gone, or not all there."""
    row = PendingFile.objects.filter(name=name).first()
    if row is None:
        raise FileNotFoundError(name)
    with tempfile.NamedTemporaryFile(prefix="pekon-upload-") as copy:
        for key in list(row.chunks.order_by("offset").values_list("pk", flat=True)):
            copy.write(PendingChunk.objects.filter(pk=key).values_list("content", flat=True).first() or b"")
        copy.flush()
        if copy.tell() != row.length:  # another machine has just finished it
            raise FileNotFoundError(name)
        yield Path(copy.name)


def remove(name: str) -> None:
    PendingFile.objects.filter(name=name).delete()


def remove_expired(but: Collection[str] | None = None) -> int:
    """Delete uploads that are older than KEEP_PARTS, and with `but` waiting originals too, except those that it names;
    returns how many."""
    old = PendingFile.objects.filter(created_at__lt=timezone.now() - timedelta(seconds=KEEP_PARTS))
    old = old.exclude(person=0) if but is None else old.exclude(name__in=but)
    return old.delete()[1].get("images.PendingFile", 0)
