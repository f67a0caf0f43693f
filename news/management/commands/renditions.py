"""`manage.py renditions`: check that every photo has its renditions, and make those that are missing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from news.images import cleanup, renditions, sandbox, storage
from news.images.models import Photo
from pekon.background.runs import record_run


class Command(BaseCommand):
    help = "Checks (--check) or makes (--make) photos' renditions. May be stopped and started again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="say what is missing or left over; fail if anything is")
        what.add_argument("--make", action="store_true", help="make what is missing, delete what is left over")
        parser.add_argument("--workers", type=int, default=2, help="photos made at the same time (default: 2)")
        parser.add_argument("--all-lost", action="store_true", help="go on even if the storage has none at all")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["make"]:
            with record_run("renditions"):
                self._handle(**options)
        else:
            self._handle(**options)

    def _handle(self, **options: Any) -> None:
        if options["make"]:
            try:
                cleanup.forget_lost_renditions(even_all=options["all_lost"])
            except storage.StorageDown as error:
                raise CommandError(f"The storage cannot be reached: {error}") from error
        stale = cleanup.stale()
        if options["make"]:
            self._make(stale, max(1, options["workers"]))
            stale = cleanup.stale()
        try:
            left_over = cleanup.orphans()
            if options["make"]:
                cleanup.remove(left_over)
                cleanup.remove_expired_uploads()
                left_over = cleanup.orphans()
        except storage.StorageDown as error:
            raise CommandError(f"The storage cannot be reached: {error}") from error
        keys, originals = len(left_over.keys), len(left_over.originals)
        summary = f"{len(stale)} photos to make, {keys} sets of renditions and {originals} originals left over"
        if stale or keys or originals:
            raise CommandError(summary)
        self.stdout.write(f"{Photo.objects.count()} photos, all as they should be.")

    def _make(self, ids: list[int], workers: int) -> None:
        for complaint in tqdm(self._making(ids, workers), total=len(ids), unit="photo", disable=None):
            if complaint:
                tqdm.write(complaint, file=self.stderr)

    def _making(self, ids: list[int], workers: int) -> Iterator[str]:
        """Make photos in parallel. Threads are enough, because the decoding runs in processes of its own. Each thread
        has its own database connection."""
        if workers == 1:
            yield from map(self._make_one, ids)
            return
        with ThreadPoolExecutor(workers) as pool, sandbox.allow_parallel(workers):
            running = [pool.submit(self._make_one_in_thread, pk) for pk in ids]
            for done in as_completed(running):
                yield done.result()

    def _make_one_in_thread(self, pk: int) -> str:
        try:
            return self._make_one(pk)
        finally:
            connection.close()

    def _make_one(self, pk: int) -> str:
        """Make one photo's renditions, unless another worker has made them meanwhile. Returns the error message, or an
        empty string."""
        try:
            photo = Photo.objects.filter(pk=pk).first()
            if photo:
                renditions.make(photo)
        except sandbox.PhotoRejected as refusal:
            return f"Photo {pk}: {refusal.messages[0]}"
        except storage.StorageDown as error:
            return f"Photo {pk}: the storage cannot be reached: {error}"
        return ""
