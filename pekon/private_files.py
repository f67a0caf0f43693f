"""Makes private files readable only by the owner of the processes, whatever the umask of the shell that started them.

The folders of originals and uploads are protected as a whole. SQLite's file is created here, before SQLite would create
it with another mode; SQLite then uses the same mode for its -wal and -shm files.
"""

import os
from pathlib import Path
from typing import Any

FOLDERS = ("originals", "uploads")


def protect(var_dir: Path, database: dict[str, Any]) -> None:
    """Create `var_dir` with its private folders, and the file of an SQLite database."""
    if not var_dir.exists():
        var_dir.mkdir(parents=True)
        var_dir.chmod(0o755)  # the proxy serves static files and renditions from here
    for name in FOLDERS:
        folder = var_dir / name
        folder.mkdir(exist_ok=True)
        _close(folder, 0o700)
    name = str(database["NAME"])
    if database["ENGINE"].endswith("sqlite3") and ":memory:" not in name:
        file = Path(name)
        if file.parent.is_dir():
            os.close(os.open(file, os.O_CREAT | os.O_RDONLY, 0o600))
            for path in (file, Path(f"{name}-wal"), Path(f"{name}-shm")):
                _close(path, 0o600)


def _close(path: Path, mode: int) -> None:
    """Set the path's mode, if it exists and belongs to this user. Otherwise its owner's processes have done so."""
    if path.exists() and path.stat().st_uid == os.geteuid() and path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)
