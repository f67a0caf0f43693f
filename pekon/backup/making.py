"""Makes a backup, of a running site."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from news.images.models import Photo
from pekon.backup_targets import Target, TargetError
from pekon.tombstones import places
from pekon.tombstones.models import Tombstone

from . import databases, files, locks, manifests, pool, release, retention
from .encryption import Key
from .files import Wanted
from .manifests import BadManifest, Manifest

MARK = "pekon-backup.json"
Bar = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Shows progress: what is gone through, how many there are, and what they are."""


@dataclass
class Made:
    manifest: Manifest
    copied: int
    copied_bytes: int
    incomplete: list[str]
    """Files that the database names and that are not there, as `storage/name`."""


@contextmanager
def alone() -> Iterator[None]:
    """No other backup of this installation is made meanwhile, on whatever machine. Raises Busy and DatabaseError."""
    with locks.only_one(), databases.database(settings.DATABASES["default"]).locked():
        yield


def make(target: Target, key: Key | None, *, bar: Bar, count: pool.Progress, again: bool = False) -> Made:
    """Back up database and files into the target, for a caller that is `alone`. `count` is told of the dump's bytes.

    First the files that are there now, which may take hours the first time; then the database, as it is at one moment;
    then the files that have come meanwhile. Raises TargetError, DatabaseError and Unreadable; then the target has no
    new backup, but what was copied to the pool is there for the next one.
    """
    database = databases.database(settings.DATABASES["default"])
    mark(target)
    retention.clean(target)
    now = timezone.now()
    manifest = Manifest(
        id=manifests.new_id(now),
        pekon=release.version(),
        domain=settings.DOMAIN,
        begun_at=now.isoformat(),
        vendor=database.vendor,
        server=database.version(),
        pool=pool.name_of(key),
    )
    copier = files.Copier(target, key, newest(target, manifest.pool), again=again)
    made = Made(manifest, 0, 0, [])
    _copy(copier, files.wanted(Photo.objects.values_list(*files.PHOTO_COLUMNS)), made, bar)
    with (
        locks.working_folder("unfinished-backup-") as folder,
        database.snapshot(folder) as snapshot,
    ):
        _dump(snapshot, target, key, manifest, count)
        wanted = files.wanted(snapshot.rows(files.PHOTOS))
    found = _copy(copier, wanted, made, bar)
    for one in wanted:
        content = found.get(one)
        if content is None:
            manifest.missing.setdefault(one.storage, []).append(one.name)
            made.incomplete.append(f"{one.storage}/{one.name}")
        else:
            manifest.files.setdefault(one.storage, {})[one.name] = [content.sha256, content.size]
    if Tombstone._meta.db_table in manifest.tables:  # otherwise the database waits for its migrations
        places.copy_all_to(target)
    manifest.ended_at = timezone.now().isoformat()
    manifests.store(target, manifest)
    return made


def mark(target: Target) -> None:
    """Say in the target whose backups these are. Raises TargetError if they are another installation's."""
    try:
        whose = json.loads(target.read(MARK))["domain"]
    except FileNotFoundError:
        if any(not name.startswith(("unfinished/", places.PREFIX)) for name in target.sizes()):
            raise TargetError(
                f"{target.address} is neither empty nor has it backups of Pekon. Choose another place."
            ) from None
        target.write(MARK, json.dumps({"domain": settings.DOMAIN, "format": manifests.FORMAT}).encode())
        return
    except (ValueError, KeyError, TypeError):
        raise TargetError(f"{MARK} in {target.address} is damaged.") from None
    if whose != settings.DOMAIN:
        raise TargetError(f"{target.address} has the backups of {whose}. Each installation needs a place of its own.")


def newest(target: Target, pool_name: str) -> Manifest | None:
    """The target's newest backup, if it can be read and its files are in that part of the pool."""
    for backup in manifests.complete(target)[-1:]:
        try:
            manifest = manifests.load(target, backup)
        except BadManifest:
            return None
        return manifest if manifest.pool == pool_name else None
    return None


def _copy(copier: files.Copier, wanted: list[Wanted], made: Made, bar: Bar) -> dict[Wanted, pool.Content | None]:
    found = {}
    for copied in bar(copier.copy(wanted), len(wanted), "files"):
        found[copied.wanted] = copied.content
        if copied.is_new and copied.content:
            made.copied += 1
            made.copied_bytes += copied.content.size
    return found


def _dump(
    snapshot: databases.Snapshot, target: Target, key: Key | None, manifest: Manifest, count: pool.Progress
) -> None:
    # The dump's end tells whether it is whole, so it comes before the file has its name.
    with target.writer(manifest.database_name) as file, snapshot.dump() as source:
        content = pool.write(file, source, key, progress=count)
    manifest.database = {"sha256": content.sha256, "size": content.size}
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if not model._meta.proxy}
    manifest.tables = snapshot.tables(names)
    for app, name in snapshot.rows("SELECT app, name FROM django_migrations ORDER BY app, name"):
        manifest.migrations.setdefault(app, []).append(name)
