"""Disks that are full: what the fixture `small_disk` of tests/conftest.py is filled with."""

import os
from pathlib import Path


def fill(folder: Path, leave: int) -> None:
    """Leave so many bytes."""
    with (folder / "filler").open("wb") as file:
        free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
        file.write(b"x" * max(0, free - leave))
