"""Proves a backup by restoring it into a scratch database and folder, which are dropped afterwards."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings

from pekon.backup_targets import Target

from . import databases, locks, manifests
from .manifests import Manifest


class DrillFailed(Exception):
    """The backup could not be restored, or is not what it was. The message says what was found."""


def drill(target: Target, manifest: Manifest, *, scratch: str = "") -> dict[str, Any]:
    """Restore a backup, compare it with its manifest, and render pages of it; returns what was found.

    `scratch` is the URL of an empty database; by default one is made beside Pekon's own. The restore itself verifies
    the checksums of the dump and of each file, and the number of rows of each table. Raises DrillFailed,
    DatabaseError and Busy.
    """
    began = time.monotonic()
    database = databases.database(settings.DATABASES["default"])
    with ExitStack() as stack:
        stack.enter_context(locks.only_one("drill", "A drill"))
        folder = stack.enter_context(locks.working_folder("drill-"))
        if scratch:
            url = scratch
        elif isinstance(database, databases.PostgreSQL):
            url = stack.enter_context(database.drill())
        else:
            url = f"sqlite:///{folder / 'scratch.sqlite3'}"
        if settings.STATIC_ROOT.is_dir():
            (folder / "static").symlink_to(settings.STATIC_ROOT.absolute())
        environment = _environment(url, folder)
        restore = ["manage.py", "restore", target.address, "--backup", manifest.id, *(["--replace"] if scratch else [])]
        _run(restore, environment)
        restored = time.monotonic()
        found: dict[str, Any] = json.loads(_run(["-m", "pekon.backup.rendering"], environment).splitlines()[-1])
    if found["wrong"]:
        raise DrillFailed("\n".join(found["wrong"]))
    result = {
        "backup": manifest.id,
        "files": sum(len(files) for files in manifest.files.values()),
        "rows": sum(manifest.tables.values()),
        "pages": found["pages"],
        "restore_seconds": round(restored - began, 1),
        "seconds": round(time.monotonic() - began, 1),
    }
    target.write(manifests.proof_path(manifest.id), json.dumps(result).encode())
    return result


def _environment(url: str, folder: Path) -> dict[str, str]:
    """The settings of a site that writes nowhere but into the scratch, and that no proxy is in front of."""
    return os.environ | {
        "DATABASE_URL": url,
        "REPLICA_URL": "",
        "VAR_DIR": str(folder),
        "DATABASE_POOL": "false",
        "S3_ORIGINALS": "",
        "S3_RENDITIONS": "",
        "BACKUP_TO": "",
        "REDIS_URL": "",
        "READS_EVERY": "0",
        "TRUSTED_PROXY_COUNT": "0",
    }


def _run(arguments: list[str], environment: dict[str, str]) -> str:
    """Run a program with progress on standard error; returns what it printed. Raises DrillFailed."""
    done = subprocess.run(  # noqa: S603  (our own programs)
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=None if sys.stderr.isatty() else subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DrillFailed((done.stderr or done.stdout or "").strip()[-4000:] or f"{arguments} failed")
    return done.stdout
