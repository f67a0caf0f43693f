"""Who may read secrets, originals, unfinished uploads and SQLite's file: Pekon's own user alone.

deploy/install.sh gives `.env` to root, and lets Pekon's group read it, so that Pekon cannot change its own settings.
"""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from pekon import private_files
from pekon.doctor.registry import Finding, Options, check, fail, ok, warn


@check("files")
def file_modes(options: Options) -> Iterator[Finding]:
    owner, group = settings.VAR_DIR.stat().st_uid, settings.VAR_DIR.stat().st_gid
    if owner != os.geteuid():
        yield warn(
            f"VAR_DIR belongs to {_user(owner)}, and this is {_user(os.geteuid())}",
            f"Run Pekon's commands as its own user: sudo -u {_user(owner)} …",
        )
    by_group = {path for path in _private() if path.exists() and _is_lent(path, owner, group)}
    open_to_others = [
        path for path in _private() if path.exists() and path.stat().st_mode & (0o037 if path in by_group else 0o077)
    ]
    for path in open_to_others:
        mode = "640" if path in by_group else "700" if path.is_dir() else "600"
        yield fail(f"{path} can be read by other users", f"chmod {mode} {path}")
    foreign = [path for path in _private() if path.exists() and path.stat().st_uid != owner and path not in by_group]
    for path in foreign:
        yield warn(f"{path} does not belong to {_user(owner)}", f"chown {_user(owner)} {path}")
    if not open_to_others and not foreign:
        yield ok("secrets, originals and uploads are readable by Pekon's own user alone")


def _private() -> Iterator[Path]:
    yield settings.BASE_DIR / ".env"
    yield settings.VAR_DIR / "secret-key"
    yield from (settings.VAR_DIR / name for name in private_files.FOLDERS)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and "memory" not in str(database["NAME"]):
        yield from (Path(f"{database['NAME']}{suffix}") for suffix in ("", "-wal", "-shm"))


def _is_lent(path: Path, owner: int, group: int) -> bool:
    """Whether a file is root's, and Pekon reads it as its own group."""
    return path.is_file() and owner != 0 and (path.stat().st_uid, path.stat().st_gid) == (0, group)


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
