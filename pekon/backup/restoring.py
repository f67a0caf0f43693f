"""Puts a backup in place of a database and its files.

Everything is verified before the database is touched: the dump as a whole, then file by file. Then the dump is loaded
in one step, and in a process of its own, which has the restored database for its own, `finishing` brings it up to this
release and applies the tombstones. On PostgreSQL these are applied in the loading transaction already, as far as that
hides things from readers: whoever is killed between both leaves nothing that was withdrawn.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy

from pekon.backup_targets import Target
from pekon.tombstones import kinds, places, records, texts
from pekon.tombstones.models import Tombstone

from . import databases, encryption, files, locks, pool, release
from .encryption import Key
from .making import Bar
from .manifests import Manifest

_UNKNOWN_REASON = gettext_lazy("The reason is not known.")


class CannotRestore(Exception):
    """Nothing was changed, except that files of the backup may be in their storages. The message says what to do."""


@dataclass
class Restored:
    manifest: Manifest
    files: int
    copied: int
    lacking: list[str]
    """What is wrong with files that were left out."""
    again: int = 0
    """Stories and other things that the tombstones have taken from readers again."""
    doubtful: int = 0
    """Tombstones without a valid signature, which were applied all the same."""
    photos: int = 0
    """Photos whose renditions are to be made."""
    finished: dict[str, Any] = field(default_factory=dict)


def restore(
    target: Target,
    manifest: Manifest,
    key: Key | None,
    *,
    bar: Bar,
    count: pool.Progress,
    into: str = "",
    replace: bool = False,
    without_damaged: bool = False,
) -> Restored:
    """Restore a backup into this installation's storages, and into its database or the one that `into` names (a URL).

    `replace`: the database may have content, which is given up. `without_damaged`: files that are missing or damaged in
    the backup are left out. Raises CannotRestore, DatabaseError, BadManifest, TargetError, WrongKey, Busy, Unreadable.
    """
    database = databases.database(databases.settings_of(into) if into else settings.DATABASES["default"])
    with locks.only_one():
        _require_readable(manifest, database, key)
        if database.is_used() and not replace:
            raise CannotRestore(
                "This database has content. Give an empty one, or say --replace to give up what is in it."
            )
        with locks.working_folder("restore-") as folder:
            dump = folder / "database"
            _fetch_dump(target, manifest, key, dump, count)
            result = _restore_files(target, manifest, key, folder, bar, without_damaged)
            tombstones, result.doubtful = gather([target], database.tombstones())
            hidden = _statements(tombstones)
            url = database.begin(dump, hidden) or into
            dump.unlink()
            loaded = database.loaded_tables(set(manifest.tables))
            if loaded != manifest.tables:
                differing = sorted(name for name in manifest.tables if loaded.get(name) != manifest.tables[name])
                raise CannotRestore(
                    f"These tables have another number of rows than when they were backed up: {differing}"
                )
            _finish(url, tombstones, result)
            database.finish()
    return result


def _require_readable(manifest: Manifest, database: databases.Database, key: Key | None) -> None:
    release.require_not_newer(manifest)
    if manifest.vendor != database.vendor:
        raise CannotRestore(
            f"This is a backup of a {manifest.vendor} database, and DATABASE_URL is one of {database.vendor}."
        )
    if manifest.pool != pool.name_of(key):
        what = "is not encrypted: restore it without BACKUP_KEY" if manifest.pool == "plain" else "needs"
        which = "" if manifest.pool == "plain" else f" the BACKUP_KEY named {manifest.pool}"
        raise encryption.WrongKey(f"This backup {what}{which}. What is set is {pool.name_of(key)}.")


def _fetch_dump(target: Target, manifest: Manifest, key: Key | None, dump: Path, count: pool.Progress) -> None:
    try:
        with dump.open("wb") as file:
            pool.fetch(target, manifest.database_name, file, key, expected=manifest.database_content, progress=count)
    except FileNotFoundError:
        raise CannotRestore(f"The database of {manifest.id} is missing. Choose another backup (--list).") from None
    except encryption.Damaged as error:
        raise CannotRestore(
            f"The database of {manifest.id} is damaged ({error}). Choose another backup (--list)."
        ) from None


def _restore_files(
    target: Target, manifest: Manifest, key: Key | None, folder: Path, bar: Bar, without_damaged: bool
) -> Restored:
    total = sum(len(names) for names in manifest.files.values())
    result = Restored(manifest, total, 0, [])
    for done in bar(files.restore(target, manifest, key, folder), total, "files"):
        result.copied += done.is_new
        if done.problem:
            result.lacking.append(f"{done.storage}/{done.name} {done.problem}")
    if result.lacking and not without_damaged:
        shown = "\n".join(f"  {line}" for line in sorted(result.lacking)[:20])
        raise CannotRestore(
            f"{len(result.lacking)} files of this backup cannot be restored:\n{shown}\n"
            "The database was not touched. Choose an older backup, or leave them out with --without-damaged."
        )
    return result


# --- Tombstones -----------------------------------------------------------------------------------------------


def gather(targets: Iterable[Target], rows: Iterable[tuple[Any, ...]] = ()) -> tuple[list[Tombstone], int]:
    """All tombstones that can be found: in backup targets, in this installation's storage, and in `rows` of a database
    that is given up. The signed ones are put into the storage before that one goes. Also, how many are damaged or
    doubtful.

    Raises CannotRestore for a kind that this release does not know.

    One without a valid signature is applied, as long as it hides something: it is easier to bring back a story than to
    take it out of people's hands. One that would bring something back needs its signature. Readers see none of its
    words, and it is neither stored nor signed: who can write into a backup target may be a stranger.
    """
    found: dict[Any, Tombstone] = {}
    doubtful = 0
    for content in (*chain.from_iterable(map(places.files_of, targets)), *places.files_of_storage()):
        try:
            tombstone, is_signed = texts.parse(content)
        except texts.Malformed:
            doubtful += 1
            continue
        if not is_signed:
            doubtful += 1
            if tombstone.lifts or tombstone.kind not in kinds.KINDS:
                continue
        if tombstone.kind in kinds.KINDS and not kinds.KINDS[tombstone.kind].is_valid(tombstone):
            doubtful += is_signed
            continue
        if is_signed:
            found[tombstone.pk] = tombstone
        elif tombstone.pk not in found:
            tombstone.detail = {"reason": str(_UNKNOWN_REASON)}
            found[tombstone.pk] = tombstone
    for row in rows:
        tombstone = _of_row(row)
        found[tombstone.pk] = tombstone
    if unknown := {tombstone.kind for tombstone in found.values()} - set(kinds.KINDS):
        raise CannotRestore(
            f"There are tombstones of a kind that this release does not know ({unknown}): install a newer one."
        )
    for tombstone in filter(attrgetter("is_signed"), found.values()):
        places.put_into_storage(texts.name_of(tombstone), texts.text(tombstone))
    return list(found.values()), doubtful


def apply(tombstones: Iterable[Tombstone]) -> int:
    """Record the signed tombstones that the database has not, and apply all that are in force; returns for how many
    there was something to do."""
    tombstones = list(tombstones)
    Tombstone.objects.bulk_create((one for one in tombstones if one.is_signed), ignore_conflicts=True)
    unsigned = [one for one in tombstones if not one.is_signed]
    applied = 0
    for tombstone in records.in_force([*Tombstone.objects.all(), *unsigned]):
        with transaction.atomic():
            applied += kinds.KINDS[tombstone.kind].apply(tombstone)
    return applied


def _of_row(row: tuple[Any, ...]) -> Tombstone:
    """A tombstone from a row of the table, whatever database it is in."""
    names = ("id", "kind", "subject", "lifts", "made_at", "detail")
    values = dict(zip(names, row, strict=True))
    if isinstance(values["detail"], str):  # SQLite has neither times nor JSON
        values["detail"] = json.loads(values["detail"])
        values["made_at"] = f"{values['made_at']}+00:00"
    tombstone = Tombstone(**values)
    tombstone.clean_fields(exclude=["detail"])
    return tombstone


def _statements(tombstones: list[Tombstone]) -> list[str]:
    lines = []
    for name, kind in kinds.KINDS.items():
        lines += kind.statements(each for each in records.in_force(tombstones) if each.kind == name)
    return lines


def _finish(url: str, tombstones: list[Tombstone], result: Restored) -> None:
    """Run `finishing` with the restored database as its own."""
    environment = os.environ | ({"DATABASE_URL": url} if url else {})
    asked = json.dumps([texts.text(tombstone) for tombstone in tombstones])
    done = subprocess.run(
        [sys.executable, "-m", "pekon.backup.finishing"],
        input=asked,
        capture_output=True,
        cwd=settings.BASE_DIR,
        env=environment,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotRestore(
            f"The database is loaded but not ready: do not start Pekon on it, and restore again.\n{done.stderr[-4000:]}"
        )
    result.finished = json.loads(done.stdout.splitlines()[-1])
    result.again, result.photos = result.finished["again"], result.finished["photos"]
