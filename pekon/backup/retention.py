"""Which backups are kept, and the deleting of the others."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pekon.backup_targets import Target

from . import manifests


def kept(backups: Iterable[str], proven: Iterable[str], *, now: datetime, days: int, weeks: int) -> set[str]:
    """Of these ids: all backups of the last `days`, the newest of each of the last `weeks`, the newest of all, and the
    newest that a drill has proven."""
    ids = sorted(backups)
    keep = {backup for backup in ids if _time(backup) > now - timedelta(days=days)}
    newest_of_week = {_time(backup).isocalendar()[:2]: backup for backup in ids}
    keep |= {backup for backup in newest_of_week.values() if _time(backup) > now - timedelta(weeks=weeks)}
    keep |= set(ids[-1:]) | set(sorted(set(ids) & set(proven))[-1:])
    return keep


def proven(target: Target) -> set[str]:
    """The ids of backups that a drill has restored."""
    return {name.split("/")[1] for name in target.sizes("backups/") if name.endswith("/proven.json")}


def clean(target: Target) -> None:
    """Delete what backups that were killed have left, except for files in the pool, which the next one can use. Nobody
    else may be making a backup there."""
    target.clean()
    whole = set(manifests.complete(target))
    for name in target.sizes("backups/"):
        if name.split("/")[1] not in whole:
            target.delete(name)


def prune(target: Target, *, now: datetime, days: int, weeks: int) -> tuple[int, int]:
    """Delete the backups that need not be kept, and the files of the pool that no other one has; returns how many of
    each. Raises TargetError, and BadManifest before anything is deleted."""
    ids = manifests.complete(target)
    keep = kept(ids, proven(target), now=now, days=days, weeks=weeks)
    used = set()
    for backup in keep:
        manifest = manifests.load(target, backup, unsigned=True)
        used |= {(manifest.pool, sha256) for sha256 in manifest.used()}
    going = [backup for backup in ids if backup not in keep]
    for backup in going:
        target.delete(manifests.path(backup))  # first: from now on it is no backup
    for name in target.sizes("backups/"):
        if name.split("/")[1] in going:
            target.delete(name)
    deleted = 0
    for name in target.sizes("pool/"):
        _top, pool, _two, sha256 = name.split("/") if name.count("/") == 3 else ("", "", "", "")
        if (pool, sha256) not in used:
            target.delete(name)
            deleted += 1
    return len(going), deleted


def _time(backup: str) -> datetime:
    return datetime.strptime(backup, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
