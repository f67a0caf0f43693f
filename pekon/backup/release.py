"""Which release of Pekon this is, and whether it can read another one's backups."""

import re
import tomllib
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from .manifests import BadManifest, Manifest


@cache
def version() -> str:
    """Pekon's version, from pyproject.toml."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def require_not_newer(manifest: Manifest) -> None:
    """Raise BadManifest for a backup of a release that is newer than this one, whose tables this one does not know."""
    theirs, ours = _parts(manifest.pekon), _parts(version())
    unknown = [] if theirs < ours else _unknown(manifest.migrations)
    if theirs > ours or unknown:
        why = f" (it has the migration {unknown[0]}, which this one does not know)" if unknown else ""
        raise BadManifest(
            f"This backup was made by Pekon {manifest.pekon}, which is newer than this release, {version()}{why}. "
            "Install that release or a later one, and restore there."
        )


def _unknown(migrations: dict[str, list[str]]) -> list[str]:
    """Applied migrations of our applications that are not on this machine."""
    on_disk = set(MigrationLoader(None).disk_migrations)
    return [
        f"{app}.{name}"
        for app, names in sorted(migrations.items())
        if app in apps.app_configs
        for name in names
        if (app, name) not in on_disk
    ]


def _parts(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))
