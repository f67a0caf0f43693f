"""Files that only their owner can read, whatever the umask of the shell."""

import os
import sqlite3
import stat
import subprocess
import sys

import pytest

from tests.server import ROOT

STORE = """
import django; django.setup()
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.files.storage import storages
storages["originals"].save("ab/cd.jpg", ContentFile(b"x"))
storages["default"].save("ef/gh.jpg", ContentFile(b"x"))
call_command("migrate", "sessions", verbosity=0)
"""


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_the_database_and_originals_are_closed_and_what_readers_get_is_open(tmp_path, umask):
    var = tmp_path / "var"
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "pekon.settings", "VAR_DIR": str(var)}
    environment["DATABASE_URL"] = f"sqlite:///{var}/pekon.sqlite3"
    subprocess.run([sys.executable, "-c", STORE], cwd=ROOT, env=environment, umask=umask, check=True)
    assert {name: mode(var / name) for name in ("originals", "uploads", "originals/ab")} == {
        "originals": 0o700,
        "uploads": 0o700,
        "originals/ab": 0o700,
    }
    assert mode(var / "originals/ab/cd.jpg") == 0o600
    assert (mode(var), mode(var / "media/ef"), mode(var / "media/ef/gh.jpg")) == (0o755, 0o755, 0o644)
    file = var / "pekon.sqlite3"
    os.umask(before := os.umask(umask))
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE x (y)")
        connection.commit()
        assert {path.name: mode(path) for path in var.glob("pekon.sqlite3*")} == dict.fromkeys(
            ("pekon.sqlite3", "pekon.sqlite3-wal", "pekon.sqlite3-shm"), 0o600
        )
    os.umask(before)


def test_files_of_an_older_install_are_closed(tmp_path):
    file = tmp_path / "old.sqlite3"
    file.touch(0o644)
    (tmp_path / "originals").mkdir(0o755)
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{file}"}
    subprocess.run([sys.executable, "-c", "import pekon.settings"], cwd=ROOT, env=environment, check=True)
    assert (mode(file), mode(tmp_path / "originals")) == (0o600, 0o700)
